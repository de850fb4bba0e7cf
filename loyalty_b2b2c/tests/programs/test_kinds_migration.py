"""Rules and ladders of the version before keep what they were for."""

from odoo.tests import tagged

from ..common import LoyaltyCommon
from ..migrating import migrate

SCRIPT = "loyalty_b2b2c/migrations/19.0.1.2.0/post-document_kinds.py"


@tagged("post_install", "-at_install")
class TestKindsMigration(LoyaltyCommon):
    def _migrate(self):
        """Run the script as Odoo does between two versions."""
        migrate(self.env, SCRIPT, "19.0.1.1.0")

    def _forget_answers(self, *rules):
        """Let rules have no kinds of documents, as before."""
        for rule in rules:
            self.env.cr.execute(
                "DELETE FROM b2b2c_earning_rule_document_kind_rel"
                " WHERE b2b2c_earning_rule_id = %s",
                (rule.id,),
            )
        self.env.invalidate_all()

    def test_no_answer_meant_every_kind(self):
        every, events, scans = self._create_program(
            {}, {"event_codes": "training"}, {"name": "Scans"}
        ).rule_ids
        scans.document_kind_ids = self._get_document_kinds("scan")
        self._forget_answers(every, events)
        self._migrate()
        self.assertEqual(every.document_kind_ids, self._get_document_kinds())
        self.assertEqual(events.document_kind_ids.mapped("code"), ["event"])
        self.assertEqual(scans.document_kind_ids.mapped("code"), ["scan"])
        self.assertFalse((every | events | scans).filtered("without_product"))

    def test_unknown_products_count_where_the_company_said_so(self):
        rule = self._create_program({}).rule_ids
        self.company.b2b2c_receipt_whole = True
        self._migrate()
        self.assertTrue(rule.without_product)
