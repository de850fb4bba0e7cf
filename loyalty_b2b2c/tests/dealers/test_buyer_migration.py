"""Existing databases: who bought is told by what is booked, else by the contact."""

from pathlib import Path

from odoo.modules.module import load_script
from odoo.tests import tagged

from .test_ladder_buyers import MovesCommon

SCRIPT = Path(__file__).parents[2] / "migrations/19.0.1.2.0/end-document_buyer.py"


@tagged("post_install", "-at_install")
class TestBuyerMigration(MovesCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.owner, cls.other_owner, cls.seller = (
            cls._create_member(
                name=f"{role} of {company.name}",
                email=f"{role}.{company.id}@example.com",
                phone=None,
                role=role,
                employer_id=company.id,
            )
            for role, company in (
                ("owner", cls.client), ("owner", cls.big), ("salesperson", cls.big),
            )
        )  # fmt: skip

    def _migrate(self):
        """Run the script on a database as it was before: nothing was kept."""
        self._process()
        self.env.flush_all()
        self.env.cr.execute("DELETE FROM b2b2c_document_buyer")
        digest = self.env["b2b2c.account"]._ledger_digest()
        module = load_script(str(SCRIPT), "end_document_buyer")
        for _twice in range(2):
            module.migrate(self.env.cr, "19.0.1.1.0")
        self.assertEqual(self.env["b2b2c.account"]._ledger_digest(), digest)
        self.env.invalidate_all()
        return self.env["b2b2c.document.buyer"].search([])

    def _move_behind_our_back(self, contact, company):
        """Move a contact as it was before: nothing is kept, nobody asked."""
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE res_partner SET parent_id = %s, commercial_partner_id = %s"
            " WHERE id = %s",
            [company.id, company.id, contact.id],
        )
        self.env.invalidate_all()

    def _get_companies(self, row):
        return row.buyer_id, row.buyer_company_id, row.receiver_company_id

    def test_the_dealer_whose_volume_it_is(self):
        order = self._sell(600)
        self._move_behind_our_back(self.contact, self.big)
        [row] = self._migrate()
        self.assertEqual((row.document_id, row.reason), (order.id, "first_seen"))
        self.assertEqual(
            self._get_companies(row), (self.contact, self.client, self.client)
        )
        self._invoice(order)
        self.assertVolume(60000)

    def test_the_employer_of_who_earned(self):
        self.dealer._end()
        self._create_program(
            {"trigger": "confirmed", "role": "owner"},
            {"trigger": "confirmed", "role": "salesperson", "pick": "seller"},
        )
        self.salesman.partner_id = self.seller.partner_id
        self._sell(10, user_id=self.salesman.id)
        self.assertEqual(self._balances(self.owner)[0], 50)
        self.assertEqual(self._balances(self.seller)[0], 50)
        self._move_behind_our_back(self.contact, self.big)
        [row] = self._migrate()
        self.assertEqual(
            self._get_companies(row), (self.contact, self.client, self.client)
        )

    def test_the_shop_that_got_the_goods(self):
        self.dealer._end()
        rule = {"role": "owner", "trigger": "confirmed"}
        self._create_program({**rule, "party": "receiver"})
        self._sell(10, partner_shipping_id=self.john.id)
        self.assertEqual(self._balances(self.other_owner)[0], 50)
        self._move_behind_our_back(self.john, self.client)
        [row] = self._migrate()
        self.assertEqual(
            self._get_companies(row), (self.contact, self.client, self.big)
        )

    def test_the_contact_where_nothing_tells(self):
        """The member is told of by name, and documents without entries are not."""
        self.dealer._end()
        self._create_program({"trigger": "confirmed", "role": "owner"})
        order = self._sell(10)
        order._action_cancel()
        self._process()
        self.assertEqual(self._balances(self.owner)[0], 0)
        self._create_order(10, confirm=False)
        [row] = self._migrate()
        self.assertEqual(row.document_id, order.id)
        self.assertEqual(
            self._get_companies(row), (self.contact, self.client, self.client)
        )
