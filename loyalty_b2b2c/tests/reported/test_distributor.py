"""A distributor, another company of this database, ships to the shop."""

from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import tagged

from ..common import LoyaltyCommon


@tagged("post_install", "-at_install")
class TestDistributor(LoyaltyCommon):
    """The distributor sells in CHF; one unit of our money is two of them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.currency = cls._create_currency_rate("CHF", 2.0)
        cls.distributor = cls.env["res.company"].create({"name": "Distributor"})
        cls.env.user.company_ids |= cls.distributor
        cls.env["account.chart.template"].try_loading(
            "generic_coa", cls.distributor, install_demo=False
        )
        cls.distributor.currency_id = cls.currency
        cls.pricelist = cls._create_pricelist(cls.currency)
        cls.pricelist.company_id = cls.distributor
        cls.program = cls._create_program(
            {"trigger": "delivered"},
            source_company_ids=[Command.set(cls.distributor.ids)],
        )

    def tearDown(self):
        self.assertBooksRight()
        super().tearDown()

    def _sell(self, **values):
        """Confirm an order of the distributor: 10 × 100.00 CHF."""
        order = (
            self.env["sale.order"]
            .with_company(self.distributor)
            .create(
                {
                    "partner_id": self.contact.id,
                    "company_id": self.distributor.id,
                    "pricelist_id": self.pricelist.id,
                    "order_line": [
                        Command.create(
                            {
                                "product_id": self.product.id,
                                "product_uom_qty": 10,
                                "price_unit": 100,
                                "tax_ids": [Command.clear()],
                            }
                        )
                    ],
                    **values,
                }
            )
        )
        order.action_confirm()
        return order

    def test_what_the_distributor_ships_earns_here(self):
        """1,000 CHF are 500: 25 points; after 4 of 10 came back 15."""
        order = self._sell()
        self.assertEqual(order.company_id, self.distributor)
        picking = self._deliver(order)
        self.assertEqual(self._balances(), (25, 0, 0))
        entry = self._entries("earn")
        self.assertEqual(entry.company_id, self.company)
        self._return(picking, 4)
        self.assertEqual(self._balances(), (15, 0, 0))

    def test_both_companies_reward_the_same_document(self):
        there = self._create_member(
            partner_id=self.member.partner_id.id, company_id=self.distributor.id
        )
        self._create_program(
            {"trigger": "delivered"}, name="Theirs", company_id=self.distributor.id
        )
        picking = self._deliver(self._sell())
        self.assertEqual(self._balances(), (25, 0, 0))
        self.assertEqual(self._balances(there), (50, 0, 0))
        self._return(picking, 10)
        self.assertEqual(self._balances(), (0, 0, 0))
        self.assertEqual(self._balances(there), (0, 0, 0))

    def test_it_is_explained_to_who_sees_both_companies(self):
        order = self._sell()
        self._deliver(order)
        self._process()
        preview = self.env["b2b2c.preview"]
        both = {"allowed_company_ids": [self.company.id, self.distributor.id]}
        seen = preview.with_context(**both)._build(order).award_ids
        self.assertEqual(
            seen.mapped(lambda row: (row.member_id, row.points, row.points_booked)),
            [(self.member, 25, 25)],
        )
        theirs = {"allowed_company_ids": self.distributor.ids}
        self.assertFalse(preview.with_context(**theirs)._build(order).line_ids)
        why = self.env["b2b2c.why"].with_context(**both)
        why = why.create(
            {"member_id": self.member.id, "document_ref": f"sale.order,{order.id}"}
        )
        self.assertEqual(why.verdict_kind, "yes")
        self.assertEqual(why.award_ids.points, 25)
        self.program.source_company_ids = False
        other = self._sell()
        why.document_ref = other
        self.assertEqual(why.verdict_kind, "no")
        self.assertIn("belongs to Distributor", why.answer)

    def test_our_own_documents_earn_as_ever(self):
        self._deliver(self._create_order())
        self.assertEqual(self._balances(), (50, 0, 0))

    def test_a_company_that_is_not_listed_earns_nothing(self):
        self.program.source_company_ids = False
        self._deliver(self._sell())
        self.assertEqual(self._balances(), (0, 0, 0))

    def test_a_company_taken_off_the_list_keeps_what_it_brought(self):
        first = self._deliver(self._sell())
        self.assertEqual(self._balances(), (25, 0, 0))
        self.program.source_company_ids = False
        self._deliver(self._sell())
        self.env["b2b2c.event"]._record(first.sale_id)
        self.assertEqual(self._balances(), (25, 0, 0))
        self._return(first, 4)
        self.assertEqual(self._balances(), (15, 0, 0))

    def test_no_rate_between_the_companies(self):
        order = self._sell()
        self.currency.rate_ids.unlink()
        self._deliver(order)
        self._sweep()
        self.assertEqual(self._events(order, "failed").mapped("state")[:1], ["failed"])

    def test_nobody_sees_the_other_companys_documents(self):
        order = self._sell()
        self._deliver(order)
        self._process()
        manager = self._create_user(
            "manager", "loyalty_b2b2c.group_manager", "sales_team.group_sale_manager"
        )
        entry = self._entries("earn").with_user(manager)
        entry.read()  # the entry is ours, with the name of the document
        with self.assertRaises(AccessError):
            order.with_user(manager).read(["amount_total"])
        stranger = self._create_user("stranger", "sales_team.group_sale_manager")
        stranger.write(
            {
                "company_ids": [Command.set(self.distributor.ids)],
                "company_id": self.distributor.id,
            }
        )
        theirs = order.with_user(stranger).with_company(self.distributor)
        theirs = theirs.with_context(allowed_company_ids=self.distributor.ids)
        self.assertEqual(theirs.b2b2c_entry_count, 0)
        self.assertEqual(theirs.b2b2c_points, 0)

    def test_only_companies_one_may_see_can_be_listed(self):
        """Else a manager could count the sales of a company that is none of his."""
        manager = self._create_user("manager", "loyalty_b2b2c.group_manager")
        self.program.source_company_ids = False
        with self.assertRaises(AccessError):
            self.program.with_user(manager).source_company_ids = [
                Command.link(self.distributor.id)
            ]
