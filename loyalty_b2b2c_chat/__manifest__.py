{
    "name": "B2B2C Loyalty Chat",
    "summary": "Participants scan, spend and recommend in the chat they use anyway",
    "version": "19.0.1.0.0",
    "category": "Sales/Loyalty",
    "author": "Loyalty B2B2C contributors",
    "website": "https://github.com/loyalty-b2b2c/loyalty-b2b2c",
    "license": "LGPL-3",
    "depends": [
        "loyalty_b2b2c_portal",
    ],
    "data": [
        "security/ir.model.access.csv",
        "security/b2b2c_chat_security.xml",
        "views/portal_chats_templates.xml",
        "views/scan_page_templates.xml",
        "data/ir_cron.xml",
    ],
}
