{
    "name": "B2B2C Loyalty Point of Sale",
    "summary": "Till orders earn like any other document, returns take it back",
    "version": "19.0.1.0.0",
    "category": "Sales/Loyalty",
    "author": "Loyalty B2B2C contributors",
    "website": "https://github.com/loyalty-b2b2c/loyalty-b2b2c",
    "license": "LGPL-3",
    "depends": [
        "loyalty_b2b2c",
        "point_of_sale",
    ],
    "data": [
        "security/ir.model.access.csv",
        "security/b2b2c_seller_security.xml",
        "security/b2b2c_spend_security.xml",
        "security/b2b2c_buyer_security.xml",
        "data/b2b2c_document_kind_data.xml",
        "data/barcode_rule_data.xml",
        "data/ir_cron_seller_data.xml",
        "data/ir_cron_spend_data.xml",
        "views/b2b2c_till_seller_views.xml",
        "views/spend_views.xml",
        "views/buyer_views.xml",
        "wizards/b2b2c_till_points_views.xml",
    ],
    "assets": {
        "point_of_sale._assets_pos": [
            "loyalty_b2b2c_pos/static/src/app/**/*",
        ],
        "point_of_sale.customer_display_assets": [
            "loyalty_b2b2c_pos/static/src/customer_display/**/*",
        ],
        "web.assets_tests": [
            "loyalty_b2b2c_pos/static/tests/tours/**/*",
        ],
    },
}
