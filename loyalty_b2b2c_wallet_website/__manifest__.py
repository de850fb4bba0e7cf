{
    "name": "B2B2C Loyalty Part Payment in the Web Shop",
    "summary": "Participants enter in the cart how many points they use",
    "version": "19.0.1.0.0",
    "category": "Sales/Loyalty",
    "author": "Loyalty B2B2C contributors",
    "website": "https://github.com/loyalty-b2b2c/loyalty-b2b2c",
    "license": "LGPL-3",
    "depends": [
        "loyalty_b2b2c_wallet",
        "website_sale_loyalty",
    ],
    "data": [
        "views/cart_templates.xml",
    ],
    "assets": {
        "web.assets_tests": ["loyalty_b2b2c_wallet_website/static/tests/tours/*"],
    },
    "auto_install": True,
}
