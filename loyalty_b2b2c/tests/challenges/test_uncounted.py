"""What did not count, and why: orders, invoices, and whose they are."""

from datetime import timedelta

from odoo import Command, fields
from odoo.tests import tagged

from .test_score_feed import ScoreCommon


@tagged("post_install", "-at_install")
class TestUncounted(ScoreCommon):
    """Anna sells; only what is of the category *Paper* counts.

    Today: when a document was entered is written by the database.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.paper = cls.env["product.category"].create({"name": "Paper"})
        cls.other = cls._create_product("Chair", 50.0)

    def _start(self, **values):
        today = fields.Date.today()
        return (
            super()
            ._start(
                first_day=today - timedelta(days=5),
                last_day=today + timedelta(days=5),
                category_ids=[Command.set(self.paper.ids)],
                **values,
            )
            .round_ids
        )

    def _get_missed(self, round_, member):
        """Return the documents that did not count, with the reasons."""
        self._process()
        found = round_._get_uncounted(member)
        return [(one["document"], one["reasons"]) for one in found]

    def _bill(self, product=None, **values):
        """Post an invoice without an order over three pieces."""
        bill = self.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": self.shop.id,
                "invoice_date": fields.Date.today(),
                "invoice_line_ids": [
                    Command.create(
                        {
                            "product_id": (product or self.other).id,
                            "quantity": 3,
                            "price_unit": 100,
                            "tax_ids": [Command.clear()],
                        }
                    )
                ],
                **values,
            }
        )
        bill.action_post()
        return bill

    def test_an_order_of_other_goods(self):
        round_ = self._start()
        order = self._sell(self.anna, 2, product=self.other)
        self.assertEqual(
            self._get_missed(round_, self.anna),
            [(order.display_name, ["The product does not count here."])],
        )
        self.assertEqual(self._get_missed(round_, self.bohdan), [])

    def test_an_invoice_without_an_order_that_our_salesperson_wrote(self):
        round_ = self._start(moment="invoiced")
        user = self._create_user("anna_at_work", "base.group_user")
        user.partner_id = self.anna.partner_id
        bill = self._bill(invoice_user_id=user.id)
        self.assertEqual(
            self._get_missed(round_, self.anna),
            [(bill.display_name, ["The product does not count here."])],
        )
        self.other.categ_id = self.paper
        counted = self._bill(invoice_user_id=user.id)
        self._process()
        self.assertEqual(round_._get_scores(self.anna)[self.anna.id], 3)
        names = [name for name, _reasons in self._get_missed(round_, self.anna)]
        self.assertNotIn(counted.display_name, names)

    def test_an_invoice_that_names_who_bought(self):
        """Nobody sold it: who is named as buyer scores, and reads why not."""
        contact = self.env["res.partner"].create(
            {"name": "Anna at North", "parent_id": self.shop.id}
        )
        self.anna.contact_id = contact
        round_ = self._start(moment="invoiced")
        bill = self._bill(partner_id=contact.id, invoice_user_id=False)
        self.assertEqual(
            self._get_missed(round_, self.anna),
            [(bill.display_name, ["The product does not count here."])],
        )

    def test_what_somebody_else_sold_is_the_others(self):
        """Anna is named as the buyer, Bohdan as who sold."""
        contact = self.env["res.partner"].create(
            {"name": "Anna at North", "parent_id": self.shop.id}
        )
        self.anna.contact_id = contact
        round_ = self._start()
        order = self._create_order(
            2,
            partner_id=contact.id,
            b2b2c_seller_id=self.bohdan.id,
            product=self.other,
        )
        self.assertEqual(self._get_missed(round_, self.anna), [])
        self.assertEqual(
            [name for name, _reasons in self._get_missed(round_, self.bohdan)],
            [order.display_name],
        )
