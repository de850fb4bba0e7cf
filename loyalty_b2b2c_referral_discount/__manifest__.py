{
    "name": "B2B2C Loyalty Recommendation Discount",
    "summary": "Who comes with a recommendation pays less",
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
        "views/b2b2c_referral_campaign_views.xml",
    ],
    "auto_install": True,
    "uninstall_hook": "uninstall_hook",
}
