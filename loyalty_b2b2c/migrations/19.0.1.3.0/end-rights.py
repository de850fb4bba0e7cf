"""Companies are walls: events know theirs, and secrets are not kept where they lie
about: in files that were read, in the subject of a mail."""

from odoo import SUPERUSER_ID, api
from odoo.tools import SQL

#: Language -> subject of the mail with a one-time code.
_SUBJECTS = {"en_US": "Your code to join", "uk_UA": "Ваш код для приєднання"}


def migrate(cr, version):
    """Give every event the company of its document, and forget files that were read.

    An event whose document is gone belongs to the company of who changed it; nobody's
    would be invisible to everybody from now on.
    """
    env = api.Environment(cr, SUPERUSER_ID, {})
    cr.execute("SELECT DISTINCT source_model FROM b2b2c_event WHERE company_id IS NULL")
    for (model,) in cr.fetchall():
        field = model in env and env[model]._fields.get("company_id")
        if not field or not field.store:
            continue
        cr.execute(
            SQL(
                """UPDATE b2b2c_event e SET company_id = d.company_id FROM %s d
                    WHERE e.source_model = %s AND d.id = e.source_id
                      AND e.company_id IS NULL AND d.company_id IS NOT NULL""",
                SQL.identifier(env[model]._table),
                model,
            )
        )
    cr.execute(
        SQL(
            """UPDATE b2b2c_event e
                  SET company_id = coalesce(
                      (SELECT u.company_id FROM res_users u
                        WHERE u.id = coalesce(e.actor_id, e.create_uid)), %s)
                WHERE e.company_id IS NULL""",
            env.company.id,
        )
    )
    batches = env["b2b2c.code.batch"].search([("origin", "=", "import")])
    batches.filtered(lambda b: b.state != "making" and b.import_report).write(
        {"import_file": False}
    )
    template = env.ref("loyalty_b2b2c.mail_template_join_code", False)
    for lang, _name in env["res.lang"].get_installed() if template else ():
        worded = template.with_context(lang=lang)
        if "join_code" in (worded.subject or ""):
            worded.subject = _SUBJECTS.get(lang, _SUBJECTS["en_US"])
