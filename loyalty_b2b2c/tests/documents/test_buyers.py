"""Who bought is who bought then: contacts move, nothing that was earned does.

An order of 10 × 100.00 at 5 % brings the owner, the contact and the seller of the
buying company 50 points each; after one of ten pieces is credited, 45.
"""

from contextlib import contextmanager
from unittest.mock import patch

from odoo import Command, fields
from odoo.tests import tagged
from odoo.tools import SQL

from ..common import LoyaltyCommon


class _Undone(Exception):
    """Ends a story whose changes the next one must not see."""


class BuyersCommon(LoyaltyCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        partners = cls.env["res.partner"]
        cls.other = partners.create({"name": "Other", "is_company": True})
        cls.other_contact = partners.create(
            {"name": "Their Buyer", "parent_id": cls.other.id}
        )
        cls.owner = cls._create_owner("Owner A", cls.client)
        cls.other_owner = cls._create_owner("Owner B", cls.other)
        cls.seller = cls._create_person("Seller A", cls.client, "salesperson")

    @classmethod
    def _create_person(cls, name, employer, role):
        email = f"{name.replace(' ', '.')}@example.com"
        return cls._create_member(
            name=name, email=email, phone=None, role=role, employer_id=employer.id
        )

    @classmethod
    def _create_owner(cls, name, employer):
        return cls._create_person(name, employer, "owner")

    def _points(self, *members):
        """Return what members have, pending points included."""
        return [sum(self._balances(member)[:2]) for member in members]

    def _kept(self, document):
        """Return the row of a document."""
        return self.env["b2b2c.document.buyer"].search(
            [
                ("document_model", "=", document._name),
                ("document_id", "=", document.id),
            ]
        )

    @contextmanager
    def _undone(self):
        """Undo what happens inside."""
        try:
            with self.env.cr.savepoint():
                yield
                raise _Undone
        except _Undone:
            self.env.invalidate_all()

    # === MOVES === #

    def _move_contact(self, contact):
        contact.parent_id = self.other

    def _leave_company(self, contact):
        contact.parent_id = False

    def _become_company(self, contact):
        contact.is_company = True

    def _put_company_below(self, contact):
        contact.commercial_partner_id.parent_id = self.other

    def _dissolve_company(self, contact):
        company = contact.commercial_partner_id
        company.write({"is_company": False, "parent_id": self.other.id})

    def _merge_contact(self, contact):
        self._merge(contact, self.other_contact)

    def _archive(self, contact):
        contact.active = False

    def _add_address(self, contact):
        self.env["res.partner"].create(
            {"name": "Gate", "type": "delivery", "parent_id": contact.id}
        )

    @property
    def moves(self):
        return (
            self._move_contact, self._leave_company, self._become_company,
            self._put_company_below, self._dissolve_company, self._merge_contact,
            self._archive, self._add_address,
        )  # fmt: skip


@tagged("post_install", "-at_install")
class TestStories(BuyersCommon):
    """Every move of a contact, between every two steps of a sale."""

    STEPS = ("deliver", "invoice", "pay", "credit", "end")

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._create_program(
            {"trigger": "confirmed", "role": "owner"},
            {"trigger": "confirmed", "pick": "contact", "hold": "until_paid"},
            {"trigger": "paid", "role": "salesperson", "pick": "seller"},
        )

    def _play(self, order, invoice, steps):
        """Deliver, invoice, get paid and credit one of ten pieces, or some of that.

        :return: the invoice, None before there is one
        """
        for step in steps:
            if step == "deliver":
                self._deliver(order)
            elif step == "invoice":
                invoice = self._invoice(order)
            elif step == "pay":
                self._pay(invoice)
            elif step == "credit":
                people = (self.owner, self.member, self.seller, self.other_owner)
                self.assertEqual(self._points(*people), [50, 50, 50, 0])
                self._credit_note(invoice, 1)
        return invoice

    def test_a_move_at_any_step_changes_nothing(self):
        people = (self.owner, self.member, self.seller, self.other_owner)
        for number, before in enumerate(self.STEPS):
            with self._undone():
                order = self._create_order(b2b2c_seller_id=self.seller.id)
                self._process()
                invoice = self._play(order, None, self.STEPS[:number])
                for move in self.moves:
                    with self.subTest(move=move.__name__, before=before):
                        with self._undone():
                            move(order.partner_id)
                            self._play(order, invoice, self.STEPS[number:])
                            # and again by whoever looks at it later
                            self.env["b2b2c.event"]._record(order)
                            self.assertEqual(self._points(*people), [45, 45, 45, 0])
                            self.assertBooksRight()

    def test_a_private_person_joins_a_company(self):
        """A person without a company buys for herself, whatever she does later."""
        person = self.env["res.partner"].create({"name": "Sole Trader"})
        trader = self._create_owner("Trader", person)
        order = self._create_order(partner_id=person.id)
        self._process()
        person.parent_id = self.other
        invoice = self._invoice(order)
        self._pay(invoice)
        self._credit_note(invoice, 1)
        self.assertEqual(self._points(trader, self.other_owner), [45, 0])

    def test_before_it_is_sold_it_is_the_next_company(self):
        order = self._create_order(confirm=False)
        self.contact.parent_id = self.other
        order.action_confirm()
        self.assertEqual(self._points(self.owner, self.other_owner), [0, 50])

    def test_companies_that_merge_are_one(self):
        """Two companies that are merged are the same legal entity: rows follow."""
        order = self._create_order()
        self._process()
        self._merge(self.client, self.other)
        row = self._kept(order)
        self.assertEqual(row.buyer_company_id, self.other)
        self.assertEqual(row.buyer_id, self.contact)
        self._pay(self._invoice(order))
        self.assertEqual(self._points(self.owner, self.other_owner), [50, 0])


@tagged("post_install", "-at_install")
class TestRows(BuyersCommon):
    """When a row is written, and what makes it another one."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.program = cls._create_program({"trigger": "confirmed", "role": "owner"})

    def _create_invoice(self, partner=None, quantity=10):
        return self.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": (partner or self.contact).id,
                "invoice_date": fields.Date.today(),
                "invoice_line_ids": [
                    Command.create(
                        {
                            "product_id": self.product.id,
                            "quantity": quantity,
                            "price_unit": 100,
                            "tax_ids": [Command.clear()],
                        }
                    )
                ],
            }
        )

    def assertKept(self, document, reason, buyer, company, receiver=None):
        """Fail unless the one row of a document says so."""
        row = self._kept(document)
        self.assertEqual(
            (row.reason, row.buyer_id, row.buyer_company_id, row.receiver_company_id),
            (reason, buyer, company, receiver or company),
        )

    def test_at_the_moment_it_happens(self):
        """Before anything is processed: a row is no matter of the outbox."""
        quotation = self._create_order(confirm=False)
        self.assertFalse(self._kept(quotation))
        quotation.action_confirm()
        self.assertKept(quotation, "confirmed", self.contact, self.client)
        invoice = self._create_invoice()
        self.assertFalse(self._kept(invoice))
        invoice.action_post()
        self.assertKept(invoice, "posted", self.contact, self.client)

    def test_with_the_first_booking_otherwise(self):
        """An order of before, when nobody took part yet."""
        order = self._create_order()
        self._process()
        self._kept(order).flush_recordset()
        self.env.cr.execute("DELETE FROM b2b2c_document_buyer")
        self._create_program({"trigger": "paid", "role": "owner"}, name="Later")
        self._pay(self._invoice(order))
        self._process()
        self.assertKept(order, "first_seen", self.contact, self.client)

    def _count_confirmation(self):
        """Return the number of statements that confirm an order."""
        order = self._create_order(confirm=False)
        self.env.flush_all()
        before = self.env.cr.sql_log_count
        order.action_confirm()
        self.env.flush_all()
        return self.env.cr.sql_log_count - before

    def test_a_confirmation_costs_one_statement(self):
        source = self.registry["b2b2c.source"]
        for _filling_caches in range(2):
            self._count_confirmation()
        with patch.object(source, "_keep_parties", lambda *args: None):
            usual = self._count_confirmation()
        self.assertEqual(self._count_confirmation(), usual + 1)
        self.program.write({"state": "draft"})
        self._count_confirmation()  # the cache was cleared
        self.assertEqual(self._count_confirmation(), usual)

    def test_nobody_takes_part(self):
        """No program, no dealer: no row."""
        self.program.write({"state": "draft"})
        self.assertFalse(self.env["b2b2c.source"]._get_counting_companies())
        order = self._create_order()
        self.contact.parent_id = self.other
        self.assertFalse(self._kept(order))

    def test_documents_of_before_are_kept_before_a_contact_moves(self):
        """An old order without a row, then a program, then the move."""
        order = self._create_order()
        invoice = self._create_invoice()
        invoice.action_post()
        self.env.cr.execute("DELETE FROM b2b2c_document_buyer")
        quotation = self._create_order(confirm=False)
        self.contact.parent_id = self.other
        for document in (order, invoice):
            self.assertKept(document, "moved", self.contact, self.client)
        self.assertFalse(self._kept(quotation))
        self.assertEqual(self._points(self.owner, self.other_owner), [100, 0])

    def test_a_merge_across_companies_keeps_them_too(self):
        order = self._create_order()
        self.env.cr.execute("DELETE FROM b2b2c_document_buyer")
        self._merge(self.contact, self.other_contact)
        self.assertKept(order, "moved", self.other_contact, self.client)

    # === AGAIN === #

    def _confirm_again(self, order):
        order._action_cancel()
        order.action_draft()
        order.action_confirm()

    def test_confirmed_again_before_anything_was_booked(self):
        order = self._create_order()
        self.contact.parent_id = self.other
        self._confirm_again(order)
        self.assertKept(order, "confirmed", self.contact, self.other)

    def test_confirmed_again_after_something_was_booked(self):
        order = self._create_order()
        self.assertEqual(self._points(self.owner), [50])
        self.contact.parent_id = self.other
        self._confirm_again(order)
        self.assertKept(order, "confirmed", self.contact, self.client)
        self.assertEqual(self._points(self.owner, self.other_owner), [50, 0])

    def test_an_invoice_typed_again(self):
        """The same contact: history. Another one: it is the invoice of that one."""
        invoice = self._create_invoice()
        invoice.action_post()
        self.assertEqual(self._points(self.owner), [50])
        invoice.button_draft()
        self.contact.parent_id = self.other
        invoice.partner_id = self.contact
        invoice.action_post()
        self.assertEqual(self._points(self.owner, self.other_owner), [50, 0])
        invoice.button_draft()
        invoice.partner_id = self.other_contact
        invoice.action_post()
        self.assertEqual(self._points(self.owner, self.other_owner), [0, 50])

    # === ANOTHER NAME ON THE DOCUMENT === #

    def test_another_customer_before_anything_went_out(self):
        order = self._create_order()
        self.assertEqual(self._points(self.owner), [50])
        order.partner_id = self.other_contact
        self.assertKept(order, "corrected", self.other_contact, self.other)
        self.assertEqual(self._points(self.owner, self.other_owner), [0, 50])

    def test_another_customer_afterwards(self):
        for step in (self._deliver, self._invoice):
            with self.subTest(step.__name__), self._undone():
                order = self._create_order()
                step(order)
                order.partner_id = self.other_contact
                self.assertEqual(self._kept(order).buyer_company_id, self.client)
                self.assertEqual(self._points(self.owner, self.other_owner), [50, 0])

    def test_another_address_of_a_contact_that_moved(self):
        """Only the address is another one: who bought is who bought then."""
        order = self._create_order()
        self.contact.parent_id = self.other
        order.partner_shipping_id = self.other_contact
        self.assertKept(order, "corrected", self.contact, self.client, self.other)
        self.assertEqual(self._points(self.owner, self.other_owner), [50, 0])

    # === WHAT BELONGS TO A SALE === #

    def test_the_free_line_of_an_orders_invoice(self):
        """It is the purchase of who ordered, whoever the contact works for now."""
        self.program.counts_typed_lines = True
        order = self._create_order()
        self._process()
        self.contact.parent_id = self.other
        invoice = order._create_invoices()
        invoice.invoice_line_ids = [
            Command.create(
                {
                    "product_id": self.product.id,
                    "quantity": 1,
                    "price_unit": 200,
                    "tax_ids": [Command.clear()],
                }
            )
        ]
        invoice.action_post()
        self.assertKept(invoice, "posted", self.contact, self.client)
        self.assertEqual(self._points(self.owner, self.other_owner), [60, 0])

    def test_a_note_and_a_note_of_the_note(self):
        invoice = self._create_invoice()
        invoice.action_post()
        self._process()
        self.contact.parent_id = self.other
        note = self._credit_note(invoice, 4)
        self.assertEqual(self._points(self.owner, self.other_owner), [30, 0])
        undone = note._reverse_moves([{"invoice_date": fields.Date.today()}])
        undone.action_post()
        self.assertEqual(self._points(self.other_owner), [0])

    def test_imagined_and_stored_documents_are_asked_alike(self):
        order = self._create_order()
        self._process()
        self.contact.parent_id = self.other
        source = self.env["b2b2c.source.sale.order"]
        imagined = order.new(origin=order)
        self.assertEqual(source._get_parties(order).buyer_company, self.client)
        self.assertEqual(source._get_parties(imagined).buyer_company, self.client)
        quotation = self._create_order(confirm=False)
        self.assertEqual(source._get_parties(quotation).buyer_company, self.other)

    def test_nobody_writes_rows_by_hand(self):
        row = self._kept(self._create_order())
        for change in (
            lambda: row.write({"buyer_company_id": self.other.id}),
            row.unlink,
            lambda: row.create({"document_model": "sale.order", "document_id": 1}),
        ):
            with self.assertRaisesRegex(Exception, "kept by the system"):
                change()


@tagged("post_install", "-at_install")
class TestReceivers(BuyersCommon):
    """Where the goods go is history as well."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        rule = {"role": "owner", "trigger": "delivered", "party": "receiver"}
        cls._create_program({**rule, "kind": "per_unit", "value": 5})
        cls.door = cls.env["res.partner"].create(
            {"name": "Back Door", "parent_id": cls.other.id, "type": "delivery"}
        )

    def test_the_address_becomes_another_shops(self):
        order = self._create_order(partner_shipping_id=self.door.id)
        picking = self._deliver(order)
        self.assertEqual(self._points(self.other_owner), [50])
        self.door.parent_id = self.client
        self._return(picking, 4)
        self.assertEqual(self._points(self.other_owner, self.owner), [30, 0])

    def test_goods_without_an_order(self):
        picking = self._create_picking(self.other_contact)
        self.assertEqual(self._points(self.other_owner), [50])
        self.other_contact.parent_id = self.client
        self._return(picking, 1)
        self.assertEqual(self._points(self.other_owner, self.owner), [45, 0])

    def test_the_goods_book_shows_what_came_then(self):
        order = self._create_order(partner_shipping_id=self.door.id)
        self._deliver(order)
        picking = self._create_picking(self.other_contact)
        expected = {("sale.order", order.id), ("stock.picking", picking.id)}
        self.assertEqual(self._get_goods(self.other), expected)
        self.assertEqual(self._get_goods(self.client), {("sale.order", order.id)})
        (self.door | self.other_contact).parent_id = self.client
        self.assertEqual(self._get_goods(self.other), expected)
        self.assertEqual(self._get_goods(self.client), {("sale.order", order.id)})

    def _create_picking(self, partner):
        """Deliver ten pieces without an order."""
        warehouse = self.env["stock.warehouse"].search(
            [("company_id", "=", self.company.id)], limit=1
        )
        places = {
            "location_id": warehouse.lot_stock_id.id,
            "location_dest_id": self.env.ref("stock.stock_location_customers").id,
        }
        move = {"product_id": self.product.id, "product_uom_qty": 10, **places}
        picking = self.env["stock.picking"].create(
            {
                "picking_type_id": warehouse.out_type_id.id,
                "partner_id": partner.id,
                "move_ids": [Command.create(move)],
                **places,
            }
        )
        picking.action_confirm()
        picking.move_ids.write({"quantity": 10, "picked": True})
        picking.button_validate()
        return picking

    def _get_goods(self, shop):
        """Return (model, id) of the documents in a shop's goods book."""
        self._process()
        shops = SQL(
            "(SELECT %s AS shop_id, %s AS company_id, date '2020-01-01' AS since)",
            shop.id,
            self.company.id,
        )
        query = self.env["b2b2c.source"]._select_goods(shops)
        return {(model, id_) for model, id_, _at in self.env.execute_query(query)}


@tagged("post_install", "-at_install")
class TestNextEmployer(BuyersCommon):
    """What a participant buys for another company earns nothing (D11)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.program = cls._create_program({"trigger": "confirmed", "pick": "contact"})
        cls.officer = cls._create_user("officer", "loyalty_b2b2c.group_officer")
        cls.company.b2b2c_manager_id = cls.officer

    def _get_proposals(self):
        return self.env["mail.activity"].search(
            [("res_model", "=", "b2b2c.member"), ("res_id", "=", self.member.id)]
        )

    def test_nothing_there_and_a_proposal_once(self):
        self._create_order()
        self.assertEqual(self._balances(), (50, 0, 0))
        self.assertFalse(self._get_proposals())
        self.contact.parent_id = self.other
        order = self._create_order()
        self.assertEqual(self._balances(), (50, 0, 0))
        proposal = self._get_proposals()
        self.assertEqual(proposal.user_id, self.officer)
        self.assertEqual(proposal.summary, "Olena Kovalenko buys for Other now")
        self.assertIn(order.name, proposal.note)
        self._create_order()
        self._process()
        self.assertEqual(len(self._get_proposals()), 1)
        proposal.action_done()
        self._create_order()
        self._process()
        self.assertFalse(self._get_proposals())

    def test_the_preview_says_why(self):
        self.contact.parent_id = self.other
        preview = self.env["b2b2c.preview"]._build(self._create_order(confirm=False))
        self.assertFalse(preview.award_ids)
        self.assertEqual(
            preview.refusal_ids.mapped(lambda one: (one.member_id, one.why)),
            [
                (
                    self.member,
                    "This was bought for another company than the one where the "
                    "person takes part.",
                )
            ],
        )
        self._process()
        self.assertFalse(self._get_proposals(), "nothing was bought yet")

    def test_another_membership_earns(self):
        self.contact.parent_id = self.other
        self._create_order()
        self._process()
        second = self._create_member(
            partner_id=self.member.partner_id.id,
            employer_id=self.other.id,
            contact_id=self.contact.id,
        )
        self._create_order()
        self.assertEqual(self._points(self.member, second), [0, 50])

    def test_who_buys_anywhere_is_bound_to_nobody(self):
        self._create_program({"trigger": "confirmed", "role": "customer"}, name="Any")
        guest = self._create_person("Guest", self.other, "customer")
        guest.contact_id = self.contact
        self._create_order()
        self.assertEqual(self._points(guest), [50])

    def test_roles_without_a_rule_are_not_proposed(self):
        self.program.action_close()
        self._create_program({"trigger": "confirmed", "role": "owner"}, name="Owners")
        self.program.write({"state": "draft"})
        self.contact.parent_id = self.other
        self._create_order()
        self._process()
        self.assertFalse(self._get_proposals())
