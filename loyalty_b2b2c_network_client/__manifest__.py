{
    "name": "B2B2C Loyalty Network Client",
    "summary": "Tills that give and take the points of another company's network",
    "version": "19.0.1.0.0",
    "category": "Sales/Loyalty",
    "author": "Loyalty B2B2C contributors",
    "website": "https://github.com/loyalty-b2b2c/loyalty-b2b2c",
    "license": "LGPL-3",
    "depends": [
        "point_of_sale",
    ],
    "external_dependencies": {
        "python": [
            "requests",
        ]
    },
    "data": [
        "security/b2b2c_network_security.xml",
        "security/ir.model.access.csv",
        "data/ir_cron_data.xml",
        "views/points_network_call_views.xml",
        "views/res_config_settings_views.xml",
    ],
    "assets": {
        "point_of_sale._assets_pos": [
            "loyalty_b2b2c_network_client/static/src/app/**/*",
        ],
        "web.assets_tests": [
            "loyalty_b2b2c_network_client/static/tests/tours/**/*",
        ],
    },
}
