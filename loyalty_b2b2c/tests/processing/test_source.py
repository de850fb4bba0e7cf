"""A new kind of document earns with one file, and everybody who asks knows of it."""

from odoo import Command
from odoo.tests import tagged
from odoo.tools import SQL

from ..common import LoyaltyCommon
from ..fakes import add_models
from . import fake_source


@tagged("post_install", "-at_install")
class TestSource(LoyaltyCommon):
    """5 % of two parts at 100.00 used at the client, for who let the van in."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        add_models(
            cls,
            fake_source.FakeVisit,
            fake_source.FakeVisitPart,
            fake_source.FakeSourceVisit,
            fake_source.FakeSource,
        )
        cls.kind = cls.env["b2b2c.document.kind"].create(
            {"name": "Visit", "code": "b2b2c.fake.visit"}
        )
        cls.program = cls._create_program({"trigger": "delivered"})
        cls.visit = cls.env["b2b2c.fake.visit"].create(
            {
                "name": "VISIT/1",
                "state": "plan",
                "company_id": cls.company.id,
                "partner_id": cls.client.id,
                "host_id": cls.member.id,
                "visited_at": "2026-03-10 10:00:00",
                "part_ids": [
                    Command.create(
                        {"product_id": cls.product.id, "quantity": 2, "price": 100}
                    )
                ],
            }
        )

    def tearDown(self):
        self.assertBooksRight()
        super().tearDown()

    def test_it_earns_and_takes_back(self):
        self.visit.state = "done"
        self.assertEqual(self._balances(), (10, 0, 0))
        entry = self._entries("earn")
        self.assertEqual(entry.document_name, "VISIT/1")
        self.assertEqual(entry.line_model, "b2b2c.fake.visit.part")
        self.visit.state = "void"
        self.assertEqual(self._balances(), (0, 0, 0))

    def test_other_sources_know_nothing_of_it(self):
        self._deliver(self._create_order())
        self.assertEqual(self._balances(), (50, 0, 0))

    def test_rules_may_be_for_it_alone(self):
        self.program.rule_ids.document_kind_ids = self.kind
        self._deliver(self._create_order())
        self.visit.state = "done"
        self.assertEqual(self._balances(), (10, 0, 0))

    def test_it_is_previewed(self):
        preview = self.env["b2b2c.preview"]._build(self.visit)
        self.assertTrue(preview.is_hypothetical)
        award = preview.award_ids
        self.assertEqual((award.member_id, award.points), (self.member, 10))
        self.assertEqual(award.source_name, "Paper A4")
        self.visit.state = "done"
        preview = self.env["b2b2c.preview"]._build(self.visit)
        self.assertFalse(preview.is_hypothetical)
        why = self.env["b2b2c.why"].create(
            {
                "member_id": self.member.id,
                "document_ref": f"{self.visit._name},{self.visit.id}",
            }
        )
        self.assertIn(self.visit._name, dict(why._select_document()))
        self._process()
        self.assertEqual(why.verdict, "Yes: 10 pts.")

    def test_it_is_in_the_goods_book(self):
        """The query of every source's documents, and what each brought."""
        self.visit.state = "done"
        order = self._create_order()
        self._deliver(order)
        source = self.env["b2b2c.source"]
        rows = self.env.execute_query(
            SQL(
                """
                WITH owner (shop_id, company_id, since) AS (
                    VALUES (%s, %s, '2020-01-01'::timestamp))
                %s ORDER BY model
                """,
                self.client.id,
                self.company.id,
                source._select_goods(SQL.identifier("owner")),
            )
        )
        self.assertEqual(
            [row[:2] for row in rows],
            [(self.visit._name, self.visit.id), ("sale.order", order.id)],
        )
        brought = {
            model: source._for_model(model)._get_goods_lines(
                self.env[model].browse(id_)
            )
            for model, id_, _at in rows
        }
        unit = self.product.uom_id
        self.assertEqual(
            brought,
            {
                self.visit._name: [(self.product, 2, unit)],
                "sale.order": [(self.product, 10, unit)],
            },
        )
        supplier = source._for_model(self.visit._name)._get_supplier(self.visit)
        self.assertEqual(supplier, self.company.partner_id)

    def test_it_is_personal_data(self):
        """A copy names it, and it is the person's own when that is forgotten."""
        other = self._create_member(name="Petro", email="petro@example.com")
        for member, names, ids in (
            (self.member, ["VISIT/1"], {self.visit.id}),
            (other, [], set()),
        ):
            self.assertEqual(member._get_personal_data()["documents"], names)
            documents = member._get_personal_documents()
            self.assertEqual(documents[self.visit._name], ids)
