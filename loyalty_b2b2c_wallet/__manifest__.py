{
    "name": "B2B2C Loyalty Part Payment",
    "summary": "Pay a part of an order's price in points",
    "version": "19.0.1.0.0",
    "category": "Sales/Loyalty",
    "author": "Loyalty B2B2C contributors",
    "website": "https://github.com/loyalty-b2b2c/loyalty-b2b2c",
    "license": "LGPL-3",
    "depends": [
        "loyalty_b2b2c",
        "sale_loyalty",
    ],
    "data": [
        "security/ir.model.access.csv",
        "security/b2b2c_security.xml",
        "data/uom_data.xml",
        "data/ir_cron_data.xml",
        "wizards/b2b2c_part_payment_choose_views.xml",
        "views/b2b2c_part_payment_views.xml",
        "views/sale_order_views.xml",
        "views/res_config_settings_views.xml",
    ],
    "assets": {
        "web.assets_frontend": ["loyalty_b2b2c_wallet/static/src/interactions/*"],
    },
    "auto_install": True,
    "uninstall_hook": "uninstall_hook",
}
