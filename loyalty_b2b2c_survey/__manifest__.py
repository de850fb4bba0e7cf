{
    "name": "B2B2C Loyalty Surveys",
    "summary": "Certifications of Odoo Surveys bring participants points",
    "version": "19.0.1.0.0",
    "category": "Sales/Loyalty",
    "author": "Loyalty B2B2C contributors",
    "website": "https://github.com/loyalty-b2b2c/loyalty-b2b2c",
    "license": "LGPL-3",
    "depends": [
        "loyalty_b2b2c",
        "survey",
    ],
    "data": [
        "wizards/b2b2c_challenge_begin_views.xml",
        "views/b2b2c_challenge_views.xml",
    ],
    "auto_install": True,
}
