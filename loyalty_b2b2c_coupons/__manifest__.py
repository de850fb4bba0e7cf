{
    "name": "B2B2C Loyalty Coupons",
    "summary": "Coupons and gift cards of your own as rewards",
    "version": "19.0.1.0.0",
    "category": "Sales/Loyalty",
    "author": "Loyalty B2B2C contributors",
    "website": "https://github.com/loyalty-b2b2c/loyalty-b2b2c",
    "license": "LGPL-3",
    "depends": [
        "loyalty_b2b2c",
        "sale_loyalty",
    ],
    "external_dependencies": {
        "python": [
            "qrcode",
        ]
    },
    "data": [
        "security/ir.model.access.csv",
        "views/b2b2c_reward_views.xml",
        "views/loyalty_card_views.xml",
    ],
    "auto_install": True,
}
