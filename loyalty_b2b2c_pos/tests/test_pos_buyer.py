"""Who bought at a till is who bought then."""

from odoo.tests import tagged

from .common import PosLoyaltyCommon


@tagged("post_install", "-at_install")
class TestPosBuyer(PosLoyaltyCommon):
    """Every sale is 10 × 100.00; the owner of the company gets 5 %: 50 points."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._create_program({"role": "owner"})
        cls.other = cls.env["res.partner"].create({"name": "Other", "is_company": True})
        cls.other_contact = cls.env["res.partner"].create(
            {"name": "Their Buyer", "parent_id": cls.other.id}
        )
        cls.owner, cls.other_owner = (
            cls._create_member(
                name=f"Owner of {company.name}",
                email=f"{company.id}@example.com",
                phone=None,
                role="owner",
                employer_id=company.id,
            )
            for company in (cls.client, cls.other)
        )

    def _points(self):
        """Return what the owners of both companies have."""
        return [self._balances(owner)[0] for owner in (self.owner, self.other_owner)]

    def _kept(self, order):
        return self.env["b2b2c.document.buyer"].search(
            [("document_model", "=", "pos.order"), ("document_id", "=", order.id)]
        )

    def test_kept_when_it_is_paid(self):
        order = self._sell(pay=False)
        self.assertFalse(self._kept(order))
        self._pay_till(order)
        row = self._kept(order)
        self.assertEqual(row.reason, "paid")
        self.assertEqual(
            (row.buyer_id, row.buyer_company_id), (self.contact, self.client)
        )

    def test_goods_come_back_after_the_contact_moved(self):
        order = self._sell()
        self.assertEqual(self._points(), [50, 0])
        self.contact.parent_id = self.other
        self._bring_back(order, quantity=4)
        self.assertEqual(self._points(), [30, 0])

    def test_a_move_before_the_outbox_is_processed(self):
        self._sell()
        self.contact.parent_id = self.other
        self.assertEqual(self._points(), [50, 0])

    def test_documents_of_before_are_kept_before_a_contact_moves(self):
        order = self._sell()
        self.env.cr.execute("DELETE FROM b2b2c_document_buyer")
        self.contact.parent_id = self.other
        self.assertEqual(self._kept(order).reason, "moved")
        self.assertEqual(self._points(), [50, 0])

    def test_a_customer_named_afterwards(self):
        """Nothing was booked for a passer-by; what is booked stays where it is."""
        passer = self.env["res.partner"].create({"name": "Passer-by"})
        order = self._sell(partner=passer)
        self.assertEqual(self._points(), [0, 0])
        order.partner_id = self.contact
        self.assertEqual(self._kept(order).reason, "corrected")
        self.assertEqual(self._points(), [50, 0])
        order.partner_id = self.other_contact
        self.assertEqual(self._points(), [50, 0])
        self.assertEqual(self._kept(order).buyer_id, self.contact)
