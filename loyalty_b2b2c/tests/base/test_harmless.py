"""A guarded method: a fault stops nobody, and for nothing it costs nothing."""

from odoo import api
from odoo.tests import TransactionCase, tagged
from odoo.tools import mute_logger

from ...models.base.harmless import harmless

LOGGER = "odoo.addons.loyalty_b2b2c.models.base.harmless"


@harmless("A name could not be written: %s")
def rename(partners, name):
    partners.name = name
    partners.flush_recordset()
    return 1 / len(name)


@harmless("Nothing could be counted: %s")
@api.model
def count(partners):
    return partners.search_count([])


@tagged("post_install", "-at_install")
class TestHarmless(TransactionCase):
    def test_a_fault_is_undone_and_stops_nobody(self):
        partner = self.env["res.partner"].create({"name": "Olena"})
        with mute_logger(LOGGER):
            self.assertIsNone(rename(partner, ""))
        partner.invalidate_recordset()
        self.assertEqual(partner.name, "Olena")
        self.assertEqual(rename(partner, "Vira"), 0.25)
        self.assertEqual(partner.name, "Vira")

    def test_on_no_records_nothing_is_done(self):
        """Odoo calls its hooks for nothing dozens of times an order."""
        self.env.flush_all()
        with self.assertQueryCount(0):
            self.assertIsNone(rename(self.env["res.partner"], ""))

    def test_a_method_of_the_model_needs_no_records(self):
        self.assertGreater(count(self.env["res.partner"]), 0)
