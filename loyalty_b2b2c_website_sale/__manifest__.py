{
    "name": "B2B2C Loyalty eCommerce",
    "summary": "Dealers buy in the web shop at the price of their tier",
    "version": "19.0.1.0.0",
    "category": "Sales/Loyalty",
    "author": "Loyalty B2B2C contributors",
    "website": "https://github.com/loyalty-b2b2c/loyalty-b2b2c",
    "license": "LGPL-3",
    "depends": [
        "loyalty_b2b2c",
        "website_sale",
    ],
    "auto_install": True,
}
