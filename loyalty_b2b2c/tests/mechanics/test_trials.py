"""Try it: what it says is what is booked later, and it writes nothing."""

from odoo import fields
from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import SQL

from .mechanic_common import MechanicCommon

#: Tables that a trial must not touch, nor anything beside its own dialog.
_BOOKS = (
    "b2b2c_account",
    "b2b2c_cap_use",
    "b2b2c_claim",
    "b2b2c_event",
    "b2b2c_external_document",
    "b2b2c_ledger_entry",
    "b2b2c_notification",
    "res_partner",
    "sale_order",
)


class TrialCommon(MechanicCommon):
    """3 pieces of 100.00 each, sold to or in the shop of everybody."""

    def _try(self, program, **values):
        """Return the dialog that plays a sale with a program.

        :param values: what is entered; ``product_id=None``: what is suggested stays
        """
        action = program.action_try()
        dialogs = self.env[action["res_model"]].with_user(self.manager)
        entered = {"product_id": self.product.id, "quantity": 3, **values}
        if entered["product_id"] is None:
            del entered["product_id"]
        return dialogs.with_context(**action["context"]).create(entered)

    def _kind(self, code):
        return self._get_document_kinds(code).id

    def _points(self, dialog):
        """Return member -> points, usable and pending together."""
        self.assertFalse(dialog.problem)
        totals = {}
        for line in dialog.award_ids:
            points = line.points + line.points_pending
            totals[line.member_id] = totals.get(line.member_id, 0) + points
        return totals

    def _booked(self):
        """Process the outbox; return member -> points, usable and pending together."""
        self._process()
        accounts = self.env["b2b2c.account"].search([])
        totals = {
            account.member_id: account.balance_available + account.balance_pending
            for account in accounts
        }
        return {member: points for member, points in totals.items() if points}


@tagged("post_install", "-at_install")
class TestTrials(TrialCommon):
    def tearDown(self):
        self.assertBooksRight()
        super().tearDown()

    # === AS IT IS BOOKED LATER === #

    def test_an_order(self):
        """5 % of 300.00 for the employee, once it is paid."""
        program = self._set_up("cashback")
        foreseen = self._points(self._try(program))
        self.assertEqual(foreseen, {self.member: 15})
        program.action_start()
        self._create_order(3)
        self.assertEqual(self._booked(), foreseen)

    def test_a_delivery(self):
        """2 points for each of 3 pieces, for the shop's owner."""
        program = self._set_up("deliveries")
        foreseen = self._points(self._try(program))
        self.assertEqual(foreseen, {self.people["owner"]: 6})
        program.action_start()
        self._deliver(self._create_order(3))
        self.assertEqual(self._booked(), foreseen)

    def test_scans_of_the_seller_and_for_the_owner(self):
        programs = self._set_up("scan") | self._set_up("owner_scan")
        seller = self.people["salesperson"]
        own, owners = (
            self._points(self._try(program, member_id=seller.id))
            for program in programs
        )
        self.assertEqual(own, {seller: 30})
        self.assertEqual(owners, {self.people["owner"]: 6})
        programs.action_start()
        self._hand_in("scan", seller)
        self.assertEqual(self._booked(), {**own, **owners})

    def test_a_receipt(self):
        program, seller = self._set_up("receipt"), self.people["salesperson"]
        foreseen = self._points(self._try(program, kind_id=self._kind("receipt")))
        self.assertEqual(foreseen, {seller: 9})
        program.action_start()
        self._hand_in("receipt", seller)
        self.assertEqual(self._booked(), foreseen)

    def test_what_is_reported(self):
        """A shipment of 3 pieces, a sale of 300.00, and an event by its code."""
        shipped, sold = self._set_up("distributor"), self._set_up("terminal")
        event = self._set_up("event", event_codes="visit, lesson")
        foreseen = {
            **self._points(self._try(shipped)),
            **self._points(self._try(sold)),
            **self._points(self._try(event)),
        }
        self.assertEqual(
            foreseen,
            {
                self.people["owner"]: 6,
                self.member: 15,
                self.people["salesperson"]: 20,
            },
        )
        other = self._try(event, event="other")
        self.assertEqual(self._points(other), {})
        self.assertTrue(other.refusal_ids)
        (shipped | sold | event).action_start()
        line = {"product": {"id": self.product.id}, "quantity": 3, "amount": 300}
        seller = {"id": self.people["salesperson"].id}
        client = {"id": self.client.id}
        for number, values in enumerate(
            (
                {"type": "shipment", "partner": client, "lines": [line]},
                {"type": "sale", "member": {"id": self.member.id}, "lines": [line]},
                {"type": "event", "member": seller, "event_code": "lesson"},
            )
        ):
            self.env["b2b2c.intake"]._record(
                {"reference": f"R{number}", **values},
                company=self.company,
                channel="api",
            )
        self.assertEqual(self._booked(), foreseen)

    def _hand_in(self, kind, member):
        self.env["b2b2c.claim"]._submit(
            member,
            {
                "kind": kind,
                "reference": "R-1",
                "request_key": "request-1",
                "state": "accepted",
                "accepted_at": fields.Datetime.now(),
            },
            [{"product_id": self.product.id, "quantity": 3}],
        )

    # === NOTHING IS WRITTEN === #

    def test_nothing_is_written(self):
        programs = [
            self._set_up(code) for code in ("cashback", "scan", "distributor", "event")
        ]
        before, digest = self._count(), self.env["b2b2c.account"]._ledger_digest()
        for program in programs:
            self.assertTrue(self._points(self._try(program)))
        self.assertEqual(self._count(), before)
        self.assertEqual(self.env["b2b2c.account"]._ledger_digest(), digest)
        self.assertEqual({program.state for program in programs}, {"draft"})
        self.assertFalse(
            self.env["b2b2c.program"]._get_engine_programs(self.company.id)
        )

    def _count(self):
        self.env.flush_all()
        return {
            table: self.env.execute_query(
                SQL("SELECT count(*) FROM %s", SQL.identifier(table))
            )
            for table in _BOOKS
        }

    # === WHAT ELSE IT SAYS === #

    def test_other_programs_pay_the_same_sale(self):
        """The total is this program's; the other one stands in the list."""
        other = self._create_program({"value": 1}, name="Older")
        program = self._set_up("cashback")
        dialog = self._try(program)
        self.assertEqual(dialog.total, 15)
        self.assertEqual(
            {line.program_id.name: line.points for line in dialog.award_ids},
            {program.name: 15, other.name: 3},
        )
        self.assertEqual(other.state, "running")

    def test_why_not(self):
        other = self._create_product("Pens", 10)
        program = self._set_up("cashback", product_ids=[Command.set(other.ids)])
        dialog = self._try(program)
        self.assertEqual(self._points(dialog), {})
        self.assertEqual(dialog.refusal_ids.rule_id, program.rule_ids)
        self.assertEqual(
            dialog.refusal_ids.mapped("why"), ["The product is not in the rule."]
        )
        pens = self._try(program, product_id=other.id, amount=200)
        self.assertEqual(self._points(pens), {self.member: 10})

    def test_conditions_of_a_draft_are_asked(self):
        """A filter of products of a program that never ran."""
        program = self._set_up("cashback")
        program.rule_ids.product_domain = "[('list_price', '>', 500)]"
        self.assertEqual(self._points(self._try(program)), {})
        program.rule_ids.product_domain = "[('list_price', '>', 50)]"
        self.assertEqual(self._points(self._try(program)), {self.member: 15})

    def test_a_product_that_the_rule_is_for_is_suggested(self):
        """By its filter or by its tag: 5 % of 3 pieces of 20.00 or 100.00."""
        pens = self._create_product("Pens", 20)
        program = self._set_up("cashback")
        for product, points in ((pens, 3), (self.product, 15)):
            program.rule_ids.product_domain = f"[('id', '=', {product.id})]"
            dialog = self._try(program, product_id=None)
            self.assertEqual(dialog.product_id, product)
            self.assertEqual(self._points(dialog), {self.member: points})
        program.rule_ids.product_domain = False
        tag = self.env["product.tag"].create({"name": "Promoted"})
        program.rule_ids.tag_ids = tag
        for product in (pens, self.product):
            tag.product_product_ids = product
            self.assertEqual(self._try(program, product_id=None).product_id, product)

    def test_before_its_first_day(self):
        later = fields.Datetime.add(fields.Datetime.now(), days=3)
        dialog = self._try(self._set_up("cashback", date_from=later))
        self.assertEqual(self._points(dialog), {})
        self.assertTrue(dialog.refusal_ids)

    def test_a_closed_one_is_asked_as_if_it_ran(self):
        program = self._set_up("cashback")
        program.action_start()
        program.action_close()
        self.assertEqual(self._points(self._try(program)), {self.member: 15})

    def test_what_is_missing(self):
        program = self._set_up("scan")
        nobody = self._try(program, member_id=False, partner_id=False)
        self.assertIn("Choose a participant", nobody.problem)
        shop = self._try(program, member_id=False, partner_id=self.client.id)
        self.assertIn("who hands it in", shop.problem)
        self.assertIn("product", self._try(program, product_id=False).problem)
        self.assertIn("above 0", self._try(program, quantity=0).problem)
        program.rule_ids.unlink()
        self.assertIn("no rule", self._try(program).problem)

    def test_of_another_company_nothing_is_told(self):
        elsewhere = self.env["res.company"].create({"name": "Elsewhere"})
        program = self._set_up("cashback")
        stranger = self._create_user("stranger", "loyalty_b2b2c.group_manager")
        stranger.write(
            {"company_ids": [Command.set(elsewhere.ids)], "company_id": elsewhere.id}
        )
        with self.assertRaises(AccessError):
            self.env["b2b2c.mechanic.try"].with_user(stranger).create(
                {"program_id": program.id}
            )
