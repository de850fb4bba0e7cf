"""Databases of the version before: events get a company, read files and subjects go."""

import base64

from odoo.tests import tagged

from .common import LoyaltyCommon
from .migrating import migrate

SCRIPT = "loyalty_b2b2c/migrations/19.0.1.3.0/end-rights.py"


@tagged("post_install", "-at_install")
class TestRightsMigration(LoyaltyCommon):
    def _migrate(self):
        """Run the script as Odoo does between two versions."""
        migrate(self.env, SCRIPT, "19.0.1.2.0")

    def test_every_event_gets_a_company(self):
        other = self.env["res.company"].create({"name": "Other"})
        theirs = self._create_user("theirs", "base.group_user")
        theirs.write({"company_ids": [(6, 0, other.ids)], "company_id": other.id})
        order = self._create_order()
        event = self._events(order)
        gone, strange = event.copy(), event.copy()
        self.env.cr.execute(
            """UPDATE b2b2c_event SET company_id = NULL;
               UPDATE b2b2c_event SET source_id = 0, actor_id = %s WHERE id = %s;
               UPDATE b2b2c_event SET source_model = 'no.model' WHERE id = %s""",
            [theirs.id, gone.id, strange.id],
        )
        self._migrate()
        self.assertEqual(event.company_id, self.company)
        self.assertEqual(gone.company_id, other, "of who changed what is gone")
        self.assertTrue(strange.company_id)
        self.assertFalse(self.env["b2b2c.event"].search([("company_id", "=", False)]))

    def test_a_file_that_was_read_is_deleted(self):
        batches = self.env["b2b2c.code.batch"].create(
            [
                {
                    "name": "List",
                    "product_id": self.product.id,
                    "origin": "import",
                    "import_file": base64.b64encode(b"Code"),
                    "import_report": report,
                }
                for report in ("Nothing was taken over.", False)
            ]
        )
        self._migrate()
        self.assertEqual([bool(one.import_file) for one in batches], [False, True])

    def test_the_subject_forgets_the_code(self):
        template = self.env.ref("loyalty_b2b2c.mail_template_join_code")
        template.subject = "{{ ctx.get('join_code') }} is your code"
        self._migrate()
        self.assertEqual(template.subject, "Your code to join")
        template.subject = "Welcome"
        self._migrate()
        self.assertEqual(template.subject, "Welcome", "somebody's own words stay")
