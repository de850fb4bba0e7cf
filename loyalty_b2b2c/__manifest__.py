{
    "name": "B2B2C Loyalty",
    "summary": "Reward the people who sell and choose your products: "
    "rules, an append-only ledger, and proof from your own documents",
    "version": "19.0.1.0.0",
    "category": "Sales/Loyalty",
    "author": "Loyalty B2B2C contributors",
    "website": "https://github.com/loyalty-b2b2c/loyalty-b2b2c",
    "license": "LGPL-3",
    "application": True,
    "depends": [
        "account",
        "loyalty",
        "phone_validation",
        "sale_stock",
        "sms",
    ],
    "external_dependencies": {"python": ["openpyxl", "phonenumbers"]},
    "data": [
        # rights first: everything below is protected by them
        "security/b2b2c_groups.xml",
        "security/ir.model.access.csv",
        "security/b2b2c_security.xml",
        # data
        "data/b2b2c_unit_data.xml",
        "data/b2b2c_document_kind_data.xml",
        "data/ir_cron_data.xml",
        "data/mail_template_data.xml",
        "data/sms_template_data.xml",
        # wizards: the screens below open them
        "wizards/b2b2c_enroll_views.xml",
        "wizards/b2b2c_preview_views.xml",
        "wizards/b2b2c_report_import_views.xml",
        "wizards/b2b2c_entry_reverse_views.xml",
        "wizards/b2b2c_account_transfer_views.xml",
        "wizards/b2b2c_terminal_cancel_views.xml",
        "wizards/b2b2c_erase_views.xml",
        "wizards/b2b2c_event_ignore_views.xml",
        "wizards/b2b2c_member_move_views.xml",
        "wizards/b2b2c_why_views.xml",
        # screens
        "views/b2b2c_ledger_entry_views.xml",
        "views/b2b2c_ledger_lot_views.xml",
        "views/b2b2c_adjustment_views.xml",
        "views/b2b2c_account_views.xml",  # opens an adjustment
        "views/b2b2c_report_views.xml",
        "views/b2b2c_unit_views.xml",
        "views/b2b2c_earning_rule_views.xml",
        "views/b2b2c_program_views.xml",
        "views/b2b2c_member_views.xml",
        "views/b2b2c_event_views.xml",
        "views/b2b2c_notification_views.xml",
        "views/b2b2c_external_document_views.xml",
        "views/b2b2c_terminal_operation_views.xml",
        "views/b2b2c_terminal_views.xml",
        "views/b2b2c_api_key_views.xml",
        "views/b2b2c_volume_entry_views.xml",
        "views/b2b2c_ladder_contract_views.xml",
        "views/b2b2c_ladder_standing_views.xml",
        "views/b2b2c_ladder_views.xml",
        "views/res_partner_views.xml",
        "views/sale_order_views.xml",
        "views/res_config_settings_views.xml",  # verifies accounts
        "views/menus.xml",  # last: names the actions above
    ],
    "assets": {
        "web.assets_backend": [
            "loyalty_b2b2c/static/src/views/*",
            "loyalty_b2b2c/static/src/terminal/*",
        ],
        "web.assets_tests": ["loyalty_b2b2c/static/tests/tours/*"],
    },
    "uninstall_hook": "uninstall_hook",
}
