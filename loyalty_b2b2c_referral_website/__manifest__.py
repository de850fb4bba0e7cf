{
    "name": "B2B2C Loyalty Recommendations in the Web Shop",
    "summary": "A recommendation that was opened gives its discount in the cart",
    "version": "19.0.1.0.0",
    "category": "Sales/Loyalty",
    "author": "Loyalty B2B2C contributors",
    "website": "https://github.com/loyalty-b2b2c/loyalty-b2b2c",
    "license": "LGPL-3",
    "depends": [
        "loyalty_b2b2c_portal",
        "loyalty_b2b2c_referral_discount",
        "website_sale_loyalty",
    ],
    "data": [
        "views/recommended_templates.xml",
    ],
    "assets": {
        "web.assets_tests": [
            "loyalty_b2b2c_referral_website/static/tests/tours/*",
        ],
    },
    "auto_install": True,
}
