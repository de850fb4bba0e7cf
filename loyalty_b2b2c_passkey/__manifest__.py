{
    "name": "B2B2C Loyalty Passkeys",
    "summary": "Participants confirm a payout with their passkey",
    "version": "19.0.1.0.0",
    "category": "Sales/Loyalty",
    "author": "Loyalty B2B2C contributors",
    "website": "https://github.com/loyalty-b2b2c/loyalty-b2b2c",
    "license": "LGPL-3",
    "depends": [
        "loyalty_b2b2c_portal",
        "auth_passkey_portal",
    ],
    "data": [
        "views/portal_payouts_templates.xml",
    ],
    "assets": {
        "web.assets_frontend": [
            "loyalty_b2b2c_passkey/static/src/interactions/*",
        ],
        "web.assets_tests": [
            "loyalty_b2b2c_passkey/static/tests/tours/*",
        ],
    },
    "auto_install": True,
}
