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
        "data/ir_cron_office.xml",
        "views/b2b2c_chat_question_views.xml",
        "views/b2b2c_chat_link_views.xml",
        "views/b2b2c_chat_broadcast_views.xml",
        "views/b2b2c_chat_day_views.xml",
        "views/b2b2c_chat_channel_views.xml",
        "views/b2b2c_member_views.xml",
        "views/chat_menus.xml",
    ],
    "assets": {
        "web.assets_backend": [
            "loyalty_b2b2c_chat/static/src/thread/*",
        ],
    },
}
