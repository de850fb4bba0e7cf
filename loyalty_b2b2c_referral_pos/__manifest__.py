{
    "name": "B2B2C Loyalty Recommendations at the Till",
    "summary": "Codes of recommenders are scanned or typed at the till",
    "version": "19.0.1.0.0",
    "category": "Sales/Loyalty",
    "author": "Loyalty B2B2C contributors",
    "website": "https://github.com/loyalty-b2b2c/loyalty-b2b2c",
    "license": "LGPL-3",
    "depends": [
        "loyalty_b2b2c_pos",
        "loyalty_b2b2c_referral_discount",
        "pos_loyalty",
    ],
    "assets": {
        "web.assets_tests": [
            "loyalty_b2b2c_referral_pos/static/tests/tours/*",
        ],
        "point_of_sale._assets_pos": [
            "loyalty_b2b2c_referral_pos/static/src/app/*",
        ],
    },
    "auto_install": True,
}
