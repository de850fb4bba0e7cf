"""Any order of choosing, paying, confirming, editing, returning and refunding."""

import os

from odoo.tests import tagged

from odoo.addons.loyalty_b2b2c.tests.processing.machine_kit import play_stories

from .common import PartPaymentCommon
from .part_payment_machine import PartPaymentMachine


class MachineCommon(PartPaymentCommon):
    """Plays stories of quotations."""

    def _create_story_order(self, number):
        """Return an order of two reams, invoiced on delivery or on order."""
        product = self.product if number else self.delivered
        return self._quote(2, product)

    def _change(self, order, goods, quantity):
        """Change how much is ordered, as a seller does."""
        order.order_line = [(1, goods.id, {"product_uom_qty": quantity})]
        if order.state in ("draft", "sent"):
            order._update_programs_and_rewards()

    def _credit(self, invoice, quantity, whole):
        """Post a credit note over some pieces of an invoice."""
        note = invoice._reverse_moves([{"invoice_date": invoice.invoice_date}])
        if not whole:
            note.invoice_line_ids.filtered(
                lambda item: item.sale_line_ids.coupon_id
            ).unlink()
            for item in note.invoice_line_ids:
                item.quantity = min(quantity, item.quantity)
        note.action_post()

    def _play(self, examples, steps=14):
        story = type("Story", (PartPaymentMachine,), {"test": self})
        play_stories(story, int(os.environ.get("LOYALTY_EXAMPLES", examples)), steps)


@tagged("post_install", "-at_install")
class TestMachine(MachineCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.delivered = cls._create_product("Pens", 100, invoice_policy="delivery")

    def test_payment(self):
        self._play(25)


@tagged("post_install", "-at_install")
class TestMachineDiscount(TestMachine):
    kind = "discount"
