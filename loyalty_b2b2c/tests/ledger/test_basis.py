"""What an award was measured on stands on its entries; old entries get it, too."""

from pathlib import Path

from odoo import Command
from odoo.modules.module import load_script
from odoo.tests import tagged

from ...engine import Basis
from ...models.ledger.booked import get_booked
from ...models.ledger.ledger_door import LedgerDoor, Posting
from ..common import LoyaltyCommon

ADDON = Path(__file__).parents[2]
TRIGGERS = "b2b2c_append_only_row"


class BasisCommon(LoyaltyCommon):
    """5 % of 10 × 100.00; the shop's owner and two salespeople take part, too."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.owner, cls.seller, cls.other = (
            cls._create_member(
                name=name, email=f"{name}@example.com", phone=False, role=role
            )
            for name, role in (
                ("oksana", "owner"), ("stepan", "salesperson"), ("taras", "salesperson")
            )
        )  # fmt: skip

    def _entries_of(self, *documents):
        return self.env["b2b2c.ledger.entry"].search(
            [("document_id", "in", [document.id for document in documents]),
             ("document_model", "=", documents[0]._name)],
            order="id",
        )  # fmt: skip

    def _sell(self, *rules, **order):
        """Confirm an order with these rules in force; return it, processed."""
        self._create_program(*rules)
        order = self._create_order(**order)
        self._process()
        return order


@tagged("post_install", "-at_install")
class TestBasis(BasisCommon):
    def test_what_was_measured(self):
        """10 pieces for 1,000.00, pending until paid."""
        order = self._sell({"hold": "until_paid"})
        [entry] = self._entries_of(order)
        self.assertEqual(
            entry.basis,
            {
                "member": self.member.id,
                "trigger": "confirmed",
                "quantity": "10",
                "amount": "1000",
                "lines": [f"sale.order.line,{order.order_line.id}"],
                "part": "1",
                "whole": "1",
                "hold": "until_paid",
                "cause": "",
            },
        )
        self._pay(self._invoice(order))
        self._process()
        _earned, confirmed = self._entries_of(order)
        self.assertEqual(confirmed.basis, {**entry.basis, "hold": ""})

    def test_why_it_was_taken_back(self):
        order = self._sell({})
        order._action_cancel()
        self._process()
        _earned, reversed_ = self._entries_of(order)
        self.assertEqual(
            reversed_._get_basis(), Basis(self.member.id, cause="cancelled")
        )

    def test_shares(self):
        """Three fifths for the owner, two for two salespeople: a fifth each."""
        order = self._sell(self._get_shares())
        parts = {
            entry.member_id: (entry.basis["part"], entry.basis["whole"])
            for entry in self._entries_of(order)
        }
        self.assertEqual(
            parts,
            {
                self.owner: ("3", "5"),
                self.seller: ("1", "5"),
                self.other: ("1", "5"),
            },
        )

    def _get_shares(self):
        rows = (
            {"role": "owner", "pick": "split", "percent": 60},
            {"role": "salesperson", "pick": "split", "percent": 40},
        )
        return {"name": "Shares", "share_ids": [Command.create(row) for row in rows]}

    def test_lines_that_counted_count_on(self):
        """A product moved to another category stays in the sale it was sold with."""
        category = self.env["product.category"].create({"name": "Paper"})
        self.product.categ_id = category
        pen = self._create_product("Pen", 10.0)
        self._create_program(
            {"scope": "document", "category_ids": [Command.set(category.ids)]}
        )
        order = self._create_lines_order((self.product, 10, 100), (pen, 5, 10))
        self.assertEqual(self._balances(), (50, 0, 0))
        paper_line = f"sale.order.line,{order.order_line[0].id}"
        [award] = get_booked(self.env, "sale.order", order.ids)[order.id].values()
        self.assertEqual(award.counted_lines, {paper_line})
        self.assertEqual(award.source_key, f"sale.order,{order.id}")
        self.assertEqual(award.member_id, self.member.id)
        self.product.categ_id = pen.categ_id
        order.order_line[0].product_uom_qty = 6
        self.assertEqual(self._balances(), (30, 0, 0))

    def test_an_entry_by_hand_belongs_to_the_same_award(self):
        order = self._sell({})
        [earned] = self._entries_of(order)
        by_hand = self._account()._reverse(earned, 20, reason="Test", is_manual=True)
        self.assertEqual(by_hand.basis, earned.basis)
        self.env["b2b2c.event"]._record(order)
        self.assertEqual(self._balances(), (30, 0, 0))

    def test_the_door_takes_no_award_without_its_basis(self):
        door, account = LedgerDoor(self.env), self._account()
        award = {"points": 1, "award_key": "sale.order,1|r1|m1"}
        for basis in (None, {"amount": "1"}, Basis("7"), Basis(7, part=2)):
            posting = Posting(account.id, "earn", "test/1", basis=basis, **award)
            with self.subTest(basis=basis), self.assertRaises(ValueError):
                door.credit([posting])
        with self.assertRaises(ValueError):
            door.credit([Posting(account.id, "earn", "test/1", points=1, basis={})])
        door.credit([Posting(account.id, "earn", "test/1", basis=Basis(7), **award)])
        self.assertEqual(self._balances(), (1, 0, 0))


@tagged("post_install", "-at_install")
class TestBasisOfOldEntries(BasisCommon):
    """Entries of a database from before, as the update finds them."""

    def _create_history(self):
        """Book all kinds of awards; return their entries."""
        shares = TestBasis._get_shares(self)
        self._create_program(
            {"name": "Held", "hold": "until_paid"},
            {"name": "Document", "scope": "document", "value": 3},
            {"name": "Capped", "kind": "fixed", "value": 9, "cap_document": 4},
            {"name": "Each", "role": "salesperson", "pick": "each", "value": 1},
            {"name": "Split", "role": "salesperson", "pick": "split", "value": 7},
            shares,
            dict(shares, name="Part", share_ids=shares["share_ids"][1:]),
        )
        # no line is too small for a point: entries of before do not say which were
        pen = self._create_product("Pen", 77.7)
        first = self._create_lines_order((self.product, 3, 100), (pen, 7, 77.7))
        second, third = self._create_order(1), self._create_order(2)
        self._process()
        invoice = self._invoice(first)
        self._pay(invoice)
        self._process()
        self._credit_note(invoice, 1)
        second._action_cancel()
        third.order_line.product_uom_qty = 5
        self._process()
        return self._entries_of(first, second, third)

    def _migrate(self):
        """Run what an update runs."""
        for name in ("19.0.1.1.0/post-basis.py", "19.0.1.2.0/post-each.py"):
            script = load_script(str(ADDON / "migrations" / name), "migration")
            script.migrate(self.env.cr, "19.0.1.0.0")
        self.env.invalidate_all()

    def _forget(self, basis="NULL"):
        """Make the entries what they were before the update.

        :param basis: SQL of what they had for a basis
        """
        for verb, work in (
            ("DISABLE", f"UPDATE b2b2c_ledger_entry SET basis = {basis}"),
            ("ENABLE", "SELECT 1"),
        ):
            self.env.flush_all()
            self.env.cr.execute(
                f"ALTER TABLE b2b2c_ledger_entry {verb} TRIGGER {TRIGGERS}"
            )
            self.env.cr.execute(work)
        self.env.invalidate_all()

    def test_the_update_fills_in_what_the_booker_would_have_written(self):
        entries = self._create_history()
        expected = {entry.id: entry.basis for entry in entries}
        self.assertGreater(len(entries), 30)
        hold, cause = ({b[n] for b in expected.values()} for n in ("hold", "cause"))
        self.assertEqual(hold, {"until_paid", ""})
        self.assertEqual(cause, {"cancelled", "credited", ""})
        parts = {(basis["part"], basis["whole"]) for basis in expected.values()}
        self.assertEqual(parts, {("1", "1"), ("3", "5"), ("1", "5"), ("1", "2")})
        digest = self.env["b2b2c.account"]._ledger_digest()
        self._forget()
        self.assertFalse(any(entries.mapped("basis")))
        self._migrate()
        for entry in entries:
            self.assertEqual(entry.basis, expected[entry.id], entry.display_name)
        self.assertEqual(self.env["b2b2c.account"]._ledger_digest(), digest)
        self.assertBooksRight()  # the table is append-only again

    def test_the_update_twice_is_the_update_once(self):
        entries = self._create_history()
        self._forget()
        self._migrate()
        once = entries.mapped("basis")
        self._migrate()
        self.assertEqual(entries.mapped("basis"), once)

    def test_an_award_corrected_by_hand_goes_on(self):
        order = self._sell({})
        [earned] = self._entries_of(order)
        self._account()._reverse(earned, 20, reason="Test", is_manual=True)
        self._forget()
        self._migrate()
        self.assertEqual(
            {entry._get_basis().member for entry in self._entries_of(order)},
            {self.member.id},
        )
        order.order_line.product_uom_qty = 20
        self.assertEqual(self._balances(), (80, 0, 0))

    def test_a_shared_sale_is_counted_again(self):
        """Before, 1,000.00 shared by two counted as 2,000.00 in what was folded."""
        self._sell(TestBasis._get_shares(self))
        ranges = self.env["b2b2c.stat.range"]
        ranges._fold()
        self.env.cr.execute("UPDATE b2b2c_stat_day SET amount = 2 * amount")
        self.assertTrue(ranges._verify())
        self._forget()
        self._migrate()
        self.assertFalse(ranges._verify())

    def test_a_sale_each_got_in_full_is_counted_again(self):
        """Before, 1,000.00 for two who both get all points counted as 2,000.00."""
        order = self._sell({"role": "salesperson", "pick": "each"})
        entries = self._entries_of(order)
        expected = entries.mapped("basis")
        self.assertEqual({basis["whole"] for basis in expected}, {"2"})
        self._forget('basis || \'{"whole": "1"}\'')
        self.env["b2b2c.stat.range"]._rebuild()
        self.assertEqual(self._get_amount(), 2000)
        self._migrate()
        self.assertEqual(entries.mapped("basis"), expected)
        self.assertEqual(self._get_amount(), 1000)

    def _get_amount(self):
        """Return the sales amount of all programs in what was folded."""
        self.env.cr.execute("SELECT sum(amount) FROM b2b2c_stat_day")
        return self.env.cr.fetchone()[0]
