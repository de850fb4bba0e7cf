"""Whose volume a purchase is stays history; who moves a dealer's contact is asked.

Paper costs 100.00: 1,000 pieces are 100,000 and deserve 5 %.
"""

from odoo import Command, fields
from odoo.exceptions import UserError
from odoo.tests import Form, tagged

from .test_ladder import LadderCommon


class MovesCommon(LadderCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.dealer = cls._create_dealer(cls._create_ladder())
        partners = cls.env["res.partner"]
        cls.big = partners.create({"name": "Big", "is_company": True})
        cls.john = partners.create({"name": "John", "parent_id": cls.big.id})
        cls.salesman = cls._create_user(
            "salesman",
            "sales_team.group_sale_salesman_all_leads",
            "base.group_partner_manager",
        )
        cls.manager = cls._create_user(
            "manager",
            "sales_team.group_sale_salesman_all_leads",
            "base.group_partner_manager",
            "base.group_erp_manager",
            "account.group_account_invoice",
            "loyalty_b2b2c.group_manager",
        )
        cls.company.b2b2c_manager_id = cls.manager

    def assertVolume(self, volume, dealer=None):
        """Fail unless the volume is so, and the documents prove it."""
        self._process()
        dealer = dealer or self.dealer
        dealer.invalidate_recordset()
        self.assertEqual(dealer.volume, volume)
        self.assertEqual(dealer.ladder_id.standing_ids._prove(), [])


@tagged("post_install", "-at_install")
class TestVolumes(MovesCommon):
    def test_a_buyer_leaves(self):
        for change in ({"parent_id": self.big.id}, {"parent_id": False}):
            order = self._sell(600)
            with self.subTest(change):
                self.contact.write(change)
                before = self.dealer.volume
                self._invoice(order)
                self.assertVolume(before)
                self.contact.parent_id = self.client

    def test_somebody_comes_with_purchases_of_elsewhere(self):
        order = self._sell(20000, partner_id=self.john.id)
        self.john.parent_id = self.client
        self._invoice(order)
        order.user_id = self.salesman
        self.assertVolume(0)
        self.dealer._count_again()
        self.assertVolume(0)
        self._sell(10, partner_id=self.john.id)
        self.assertVolume(1000)

    def test_purchases_of_before_the_ladder(self):
        """No row was written then: the move writes it, before it happens."""
        self.dealer._end()
        self.env.cr.execute("DELETE FROM b2b2c_document_buyer")
        self.dealer.ladder_id.action_close()
        old = self._sell(20000, partner_id=self.john.id)
        self.assertFalse(self.env["b2b2c.document.buyer"].search([]))
        dealer = self._create_dealer(self._create_ladder())
        self.john.parent_id = self.client
        self._invoice(old)
        self.assertVolume(0, dealer)

    def test_contacts_of_two_dealers_merge(self):
        other = self._create_dealer(self.dealer.ladder_id, self.big)
        self._sell(600)
        order = self._sell(500, partner_id=self.john.id)
        self._merge(self.john, self.contact)
        self._invoice(order)
        self.assertVolume(60000)
        self.assertVolume(50000, other)

    def test_an_invoice_without_an_order(self):
        ladder = self._create_ladder(name="Invoiced", moment="invoiced")
        dealer = self._create_dealer(ladder, self.big)
        line = {"product_id": self.product.id, "quantity": 500, "price_unit": 100}
        invoice = self.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": self.john.id,
                "invoice_date": fields.Date.today(),
                "invoice_line_ids": [Command.create({**line, "tax_ids": []})],
            }
        )
        invoice.action_post()
        self.assertVolume(50000, dealer)
        self.john.parent_id = self.client
        self._credit_note(invoice, 100)
        self.assertVolume(40000, dealer)
        self.assertVolume(0)

    def test_the_bonus_of_a_tier_is_of_who_bought(self):
        tiers = [
            Command.create({"volume_from": volume, "bonus": bonus})
            for volume, bonus in ((0, 0), (100000, 10))
        ]
        ladder = self._create_ladder(name="Bonus", benefit="bonus", tier_ids=tiers)
        dealer = self._create_dealer(ladder, self.big)
        owner = self._create_member(
            name="Big's Owner", email="big@example.com", phone=None, role="owner",
            employer_id=self.big.id,
        )  # fmt: skip
        self._create_program({"trigger": "paid", "role": "owner", "kind": "tier"})
        self._sell(1000, partner_id=self.john.id)
        self.assertEqual(dealer.tier_id.bonus, 10)
        order = self._sell(10, partner_id=self.john.id)
        order.date_order = fields.Datetime.add(order.date_order, seconds=5)
        self.john.parent_id = self.client
        self._pay(self._invoice(order))
        self.assertEqual(self._balances(owner), (100, 0, 0))


@tagged("post_install", "-at_install")
class TestProof(MovesCommon):
    def test_it_finds_what_counts_for_two(self):
        other = self._create_dealer(self.dealer.ladder_id, self.big)
        order = self._sell(600)
        self.env.cr.execute(
            """
            INSERT INTO b2b2c_volume_entry (ladder_id, standing_id, company_id, day,
                   value, document_model, document_id, document_name, line_key,
                   source_key, recorded_at)
            SELECT ladder_id, %s, company_id, day, value, document_model, document_id,
                   document_name, line_key, source_key || 'x', recorded_at
              FROM b2b2c_volume_entry WHERE document_id = %s
            """,
            [other.id, order.id],
        )
        problems = self.dealer._prove()
        self.assertIn(
            f"{order.name} counts for Office Client, Big; it was bought by Office "
            "Client.",
            problems,
        )

    def test_it_finds_what_counts_for_another(self):
        order = self._sell(600)
        self.env.cr.execute(
            "UPDATE b2b2c_document_buyer SET buyer_company_id = %s"
            " WHERE document_id = %s",
            [self.big.id, order.id],
        )
        problems = self.dealer._prove()
        self.assertEqual(
            problems,
            [
                f"{order.name} counts for Office Client; it was bought by Big.",
                "1 entries are missing or wrong by the documents.",
            ],
        )

    def test_it_finds_what_counts_for_nobody(self):
        order = self._create_order(600)  # the outbox was not processed
        self.assertEqual(
            self.dealer._prove(),
            [
                f"{order.name} counts for nobody, and Office Client bought it.",
                "1 entries are missing or wrong by the documents.",
            ],
        )
        self._process()
        self.assertEqual(self.dealer._prove(), [])


@tagged("post_install", "-at_install")
class TestWhoMoves(MovesCommon):
    """A contact with documents that count moves with the right only, and is told of."""

    def _get_todos(self, dealer=None):
        return (dealer or self.dealer).activity_ids.filtered(
            lambda one: one.summary == "A contact of a dealer was moved"
        )

    def test_out_of_a_dealer_without_the_right(self):
        self._sell(600)
        for change in (
            {"parent_id": self.big.id}, {"parent_id": False}, {"is_company": True},
        ):  # fmt: skip
            with self.subTest(change):
                contact = self.contact.with_user(self.salesman)
                with self.assertRaisesRegex(UserError, "loyalty manager"):
                    contact.write(change)
                self.assertEqual(self.contact.commercial_partner_id, self.client)
        self.contact.with_user(self.salesman).write(
            {"parent_id": self.client.id, "phone": "1"}
        )

    def test_into_a_dealer_without_the_right(self):
        """Points were booked for what John bought: it counts, if not for a dealer."""
        self._create_program({"trigger": "confirmed", "role": "owner"})
        self._create_member(
            name="Big's Owner", email="big@example.com", phone=None, role="owner",
            employer_id=self.big.id,
        )  # fmt: skip
        self._sell(10, partner_id=self.john.id)
        with self.assertRaisesRegex(UserError, "Office Client is a dealer"):
            self.john.with_user(self.salesman).parent_id = self.client
        self.john.with_user(self.manager).parent_id = self.client
        self.assertVolume(0)

    def test_below_a_contact_that_moves(self):
        """The address below it belongs to the other company, too."""
        address = self.env["res.partner"].create(
            {"name": "Gate 2", "type": "delivery", "parent_id": self.contact.id}
        )
        self._sell(600, partner_id=address.id)
        with self.assertRaisesRegex(UserError, "Gate 2"):
            self.contact.with_user(self.salesman).parent_id = self.big

    def test_with_documents_that_count_for_nobody(self):
        """Nothing is counted that could move, but it was bought at a free price: with
        the right only, and the manager hears of it."""
        order = self._sell(20000, partner_id=self.john.id)
        with self.assertRaisesRegex(UserError, "loyalty manager"):
            self.john.with_user(self.salesman).parent_id = self.client
        self.salesman.group_ids += self.env.ref("loyalty_b2b2c.group_manager")
        self.john.with_user(self.salesman).parent_id = self.client
        self._invoice(order)
        self.assertVolume(0)
        todo = self._get_todos()
        self.assertEqual(todo.user_id, self.manager)
        self.assertIn("moved John from Big to Office Client", todo.note)
        self.assertIn("(documents: 1)", todo.note)

    def test_what_is_invoiced_already_and_counts_for_nobody(self):
        """Nothing is left to be billed at a free price: anybody, and it is told."""
        self._invoice(self._sell(20000, partner_id=self.john.id))
        self.john.with_user(self.salesman).parent_id = self.client
        self.assertVolume(0)
        self.assertIn("moved John from Big to Office Client", self._get_todos().note)

    def test_a_manager_moves_and_nothing_earned_does(self):
        self._sell(1000)
        self.contact.with_user(self.manager).parent_id = self.big
        self.assertVolume(100000)
        self.assertEqual(self.dealer.tier_id.discount, 5)
        self.assertFalse(self._get_todos(), "who did it need not be told")
        self.assertIn(
            "Manager moved Olena Kovalenko from Office Client to Big",
            " ".join(self.dealer.message_ids.mapped("body")),
        )

    def test_nobody_is_asked_without_documents_or_dealers(self):
        new = self.env["res.partner"].create(
            {"name": "New", "parent_id": self.client.id}
        )
        new.with_user(self.salesman).parent_id = self.big
        self._sell(10, partner_id=self.john.id)
        self.john.with_user(self.salesman).parent_id = False
        self.assertFalse(self._get_todos())

    def test_merges_across_companies(self):
        self._sell(600)
        wizard = self.env["base.partner.merge.automatic.wizard"]
        for gone, stays in ((self.contact, self.john), (self.john, self.contact)):
            with self.assertRaisesRegex(UserError, "loyalty manager"):
                wizard.with_user(self.salesman).create({})._merge(
                    (gone | stays).ids, stays
                )
        wizard.with_user(self.manager).create({})._merge(
            (self.contact | self.john).ids, self.john, extra_checks=False
        )
        self.assertFalse(self.contact.exists())
        self.assertVolume(60000)
        self.assertIn(
            "moved Olena Kovalenko from Office Client to Big",
            " ".join(self.dealer.message_ids.mapped("body")),
        )

    def test_a_company_is_not_merged_into_a_dealer_without_the_right(self):
        """Its purchases would become the dealer's: 2,000,000 and the best tier."""
        self._sell(20000, partner_id=self.john.id)
        wizard = self.env["base.partner.merge.automatic.wizard"]
        with self.assertRaisesRegex(UserError, "loyalty manager"):
            wizard.with_user(self.salesman).create({})._merge(
                (self.big | self.client).ids, self.client
            )
        self.assertVolume(0)

    def test_the_form_asks(self):
        self._sell(600)
        contact = self.contact.with_user(self.manager)
        with self.assertLogs("odoo.tests.form.onchange", "WARNING") as logs:
            form = Form(contact)
            form.parent_id = self.big
        self.assertIn("counts for Office Client as before", " ".join(logs.output))
