{
    "name": "B2B2C Loyalty Portal",
    "summary": "Participants see their points, what is pending and why, on their phone",
    "version": "19.0.1.0.0",
    "category": "Sales/Loyalty",
    "author": "Loyalty B2B2C contributors",
    "website": "https://github.com/loyalty-b2b2c/loyalty-b2b2c",
    "license": "LGPL-3",
    "depends": [
        "loyalty_b2b2c",
        "portal",
    ],
    "data": [
        "views/portal_templates.xml",
        "views/portal_goods_templates.xml",
        "views/portal_preferences_templates.xml",
        "views/portal_scan_templates.xml",
        "views/portal_receipts_templates.xml",
        "views/portal_store_templates.xml",
        "views/portal_reward_templates.xml",
        "views/portal_requests_templates.xml",
        "views/portal_supply_templates.xml",
        "views/portal_join_templates.xml",
        "views/portal_shop_templates.xml",
        "views/portal_dealer_templates.xml",
    ],
    "assets": {
        "web.assets_frontend": [
            "loyalty_b2b2c_portal/static/src/scss/portal_rewards.scss",
            "loyalty_b2b2c_portal/static/src/scss/portal_store.scss",
            "loyalty_b2b2c_portal/static/src/interactions/*",
            "loyalty_b2b2c_portal/static/src/scan/*",
        ],
        "web.assets_tests": [
            "loyalty_b2b2c_portal/static/tests/tours/**/*",
        ],
    },
}
