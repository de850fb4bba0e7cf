"""The import of reported documents has another name; its old tables hold no data."""


def migrate(cr, version):
    cr.execute("DROP TABLE IF EXISTS b2b2c_report_import_line, b2b2c_report_import")
