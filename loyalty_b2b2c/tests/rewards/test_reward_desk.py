"""The desk: queues, deadlines, codes to show, slips, and what rewards cost."""

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import Form, tagged

from ..migrating import migrate
from .test_redemption import RedemptionCommon


class DeskCommon(RedemptionCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.account._earn(300, source_key="earn/desk")
        cls.mug.write({"pickup_place": "Reception", "deadline_days": 3})

    def _scan(self, text, user=None):
        """Return the dialog of the desk after a code was scanned."""
        dialogs = self.env["b2b2c.redemption.handover"].with_user(user or self.officer)
        return dialogs.create({"code": text})


@tagged("post_install", "-at_install")
class TestHandover(DeskCommon):
    def test_scan_and_hand_over(self):
        request = self._ask(quantity=2)
        desk = self._scan(f"H:{request.handover_code}")
        self.assertEqual(desk.redemption_id, request)
        self.assertEqual(desk.member_id, self.member)
        self.assertEqual(desk.quantity_waiting, 2)
        action = desk.action_hand_over()
        self.assertIn("Olena", action["params"]["message"])
        self.assertEqual((request.state, request.decided_by_id.login),
                         ("fulfilled", "rewarding"))  # fmt: skip
        self.assertEqual(self._figures(), (180, 180, 0, 0))
        with self.assertRaisesRegex(UserError, "decided already"):
            self._scan(request.handover_code).action_hand_over()
        self.assertEqual(self._figures(), (180, 180, 0, 0))

    def test_typed_as_people_read_it(self):
        request = self._ask()
        shown = request._get_handover_text()
        self.assertRegex(shown, r"^(\w{4}-){3}\w{4}$")
        for text in (shown, shown.lower(), f" h:{shown.replace('-', ' ')} "):
            with self.subTest(text):
                self.assertEqual(self._scan(text).redemption_id, request)

    def test_codes_are_unguessable_and_one_of_a_kind(self):
        codes = {self._ask(key=f"k{number}").handover_code for number in range(4)}
        self.assertEqual(len(codes), 4)
        self.assertEqual({len(code) for code in codes}, {16})

    def test_what_is_no_code_finds_nothing(self):
        self._ask()
        for text in ("", False, "H:", "0" * 16, "M:" + self.member.code, "%", "1" * 99):
            with self.subTest(text):
                desk = self._scan(text)
                self.assertFalse(desk.redemption_id)
                with self.assertRaisesRegex(UserError, "no request with this code"):
                    desk.action_hand_over()

    def test_a_code_of_another_company_is_not_found(self):
        request = self._ask()
        other = self.env["res.company"].create({"name": "Other Supplier"})
        self.officer.write({"company_ids": other.ids, "company_id": other.id})
        desk = self._scan(request.handover_code)
        self.assertFalse(desk.redemption_id)
        self.assertTrue(desk.is_unknown)

    def test_who_reads_only_hands_nothing_over(self):
        reader = self._create_user("reads", "loyalty_b2b2c.group_user")
        with self.assertRaises(UserError):
            self._scan(self._ask().handover_code, reader)
        with self.assertRaises(UserError):
            self._ask().with_user(reader).read(["handover_code"])

    def test_the_form_shows_who_stands_there(self):
        request = self._ask()
        with Form(self.env["b2b2c.redemption.handover"].with_user(self.officer)) as f:
            f.code = request.handover_code
            self.assertEqual(f.redemption_id, request)
            self.assertEqual(f.reward_id, self.mug)

    def test_the_participant_sees_code_and_place_while_it_waits(self):
        request = self._ask()
        described = request._describe()
        self.assertEqual(described.code, request._get_handover_text())
        self.assertTrue(described.picture.startswith("data:image/png;base64,"))
        self.assertEqual(described.lines, ("Collect it at: Reception",))
        request._fulfil(self.officer)
        self.assertEqual((request._describe().code, request._describe().picture),
                         ("", ""))  # fmt: skip

    def test_what_is_not_collected_has_no_code_to_show(self):
        self.mug.pickup_place = False
        self.assertEqual(self._ask()._describe().code, "")

    def test_the_slip(self):
        request = self._ask(quantity=2)
        html, _kind = self.env["ir.actions.report"]._render_qweb_html(
            "loyalty_b2b2c.redemption_slip", request.ids
        )
        text = html.decode()
        for part in ("Coffee mug", request.name, request._get_handover_text(),
                     "Olena Kovalenko", "Reception", "data:image/png"):  # fmt: skip
            self.assertIn(part, text)
        self.assertEqual(
            request.with_user(self.officer).action_print_slip()["report_name"],
            "loyalty_b2b2c.redemption_slip",
        )


@tagged("post_install", "-at_install")
class TestQueues(DeskCommon):
    def test_deadline_and_activity(self):
        self.mug.responsible_id = self.officer
        with freeze_time("2026-03-02 10:00:00"):
            request = self._ask()
        self.assertEqual(request.deadline, fields.Date.to_date("2026-03-05"))
        self.assertEqual(request.activity_ids.user_id, self.officer)
        self.assertEqual(request.activity_ids.date_deadline, request.deadline)
        for day, is_overdue in (("2026-03-05", False), ("2026-03-06", True)):
            with self.subTest(day), freeze_time(f"{day} 12:00:00"):
                request.invalidate_recordset(["is_overdue"])
                self.assertEqual(request.is_overdue, is_overdue)
                found = request.search([("is_overdue", "=", True)])
                self.assertEqual(request in found, is_overdue)
        request._fulfil(self.officer)
        self.assertFalse(request.activity_ids)
        with freeze_time("2026-04-01"):
            self.assertFalse(request.search([("is_overdue", "=", True)]) & request)

    def test_the_day_is_the_company_s(self):
        self.company.b2b2c_timezone = "Pacific/Auckland"
        with freeze_time("2026-03-02 13:00:00"):  # already the third there
            self.assertEqual(str(self._ask().deadline), "2026-03-06")

    def test_no_deadline_no_activity(self):
        self.mug.write({"deadline_days": 0, "responsible_id": self.officer.id})
        request = self._ask()
        self.assertFalse(request.deadline)
        self.assertFalse(request.activity_ids)

    def test_queues_by_kind_are_counted(self):
        self._ask(key="1")
        self._ask(key="2")
        found = self.env["b2b2c.redemption"].search_panel_select_range(
            "kind", enable_counters=True,
            search_domain=[("reward_id", "=", self.mug.id)],
        )  # fmt: skip
        counts = {row["id"]: row["__count"] for row in found["values"]}
        self.assertEqual(counts["manual"], 2)

    def test_several_are_refused_with_one_reason(self):
        requests = self._ask(key="1") | self._ask(key="2")
        action = requests.with_user(self.officer).action_refuse()
        dialog = self.env["b2b2c.redemption.refuse"].with_user(self.officer)
        dialog = dialog.with_context(**action["context"]).create({"note": "Sold out"})
        dialog.action_refuse()
        self.assertEqual(requests.mapped("state"), ["refused", "refused"])
        self.assertEqual(requests.mapped("note"), ["Sold out", "Sold out"])
        self.assertEqual(self._figures(), (300, 300, 0, 0))

    def test_several_are_fulfilled_together_or_not_at_all(self):
        requests = self._ask(key="1") | self._ask(key="2")
        requests.with_user(self.officer).action_fulfil()
        self.assertEqual(set(requests.mapped("state")), {"fulfilled"})
        self.assertEqual(self._figures(), (180, 180, 0, 0))


@tagged("post_install", "-at_install")
class TestFigures(DeskCommon):
    """Mugs at 60 points of 0.10, which cost 4.00 each."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.unit.with_company(cls.company).write({"point_value": 0.1, "face_value": 0})
        cls.mug.cost = 4

    def _money(self, request):
        return request.worth, request.cost, request.margin

    def test_given_waiting_cost_and_margin(self):
        given, waiting = self._ask(key="1", quantity=2), self._ask(key="2", quantity=3)
        given._fulfil(self.officer)
        self.assertEqual(self._money(given), (12, 8, 4))
        self.assertEqual(self._money(waiting), (0, 0, 0))
        self.mug.invalidate_recordset()
        self.assertEqual((self.mug.quantity_given, self.mug.quantity_waiting), (2, 3))
        self.assertEqual((self.mug.total_cost, self.mug.total_margin), (8, 4))

    def test_the_value_people_read_comes_first(self):
        self.unit.with_company(self.company).face_value = 0.2
        request = self._ask()
        request._fulfil(self.officer)
        self.assertEqual(self._money(request), (12, 4, 8))

    def test_the_product_s_cost_when_none_is_entered(self):
        product = self._create_product("Mug", 9)
        product.standard_price = 2.5
        self.mug.write({"cost": 0, "product_id": product.id})
        request = self._ask(quantity=2)
        request._fulfil(self.officer)
        self.assertEqual(request.cost, 5)

    def test_figures_are_those_of_the_day_it_was_given(self):
        request = self._ask(quantity=2)
        request._give(1, self.officer)
        self.mug.cost = 5
        request._fulfil(self.officer)
        self.assertEqual(self._money(request), (12, 9, 3))
        self.mug.cost = 100
        self.assertEqual(request.cost, 9)

    def test_what_came_back_costs_nothing(self):
        request = self._ask(quantity=2)
        request._fulfil(self.officer)
        request._return(self.officer, "Broken", quantity=1)
        self.assertEqual(self._money(request), (6, 4, 2))
        request._return(self.officer, "Broken")
        self.assertEqual(self._money(request), (0, 0, 0))

    def test_pivot_and_graph_read_the_figures(self):
        self._ask(key="1", quantity=2)._fulfil(self.officer)
        [row] = self.env["b2b2c.redemption"].formatted_read_group(
            [("reward_id", "=", self.mug.id)], ["reward_id"],
            ["quantity_kept:sum", "cost:sum", "margin:sum"],
        )  # fmt: skip
        self.assertEqual(
            (row["quantity_kept:sum"], row["cost:sum"], row["margin:sum"]), (2, 8, 4)
        )
        self.assertEqual(self.mug.action_open_figures()["view_mode"][:5], "pivot")


@tagged("post_install", "-at_install")
class TestDeskMigration(DeskCommon):
    """Requests of a database that knew neither pieces nor codes."""

    def test_pieces_and_codes_of_before(self):
        given, waiting = self._ask(key="1", quantity=2), self._ask(key="2")
        given._fulfil(self.officer)
        self.env.flush_all()
        self.env.cr.execute(
            """
            UPDATE b2b2c_redemption
               SET quantity_given = NULL, quantity_kept = NULL,
                   quantity_returned = NULL, handover_code = NULL
             WHERE id = ANY(%s)
            """,
            [(given | waiting).ids],
        )
        migrate(
            self.env,
            "loyalty_b2b2c/migrations/19.0.1.4.0/post-rewards_desk.py",
            "19.0.1.3.0",
        )
        self.assertEqual((given.quantity_given, given.quantity_kept), (2, 2))
        self.assertEqual((waiting.quantity_given, waiting.quantity_kept), (0, 0))
        self.assertEqual(self._scan(waiting.handover_code).redemption_id, waiting)
        self.assertNotEqual(given.handover_code, waiting.handover_code)
        given._return(self.officer, "Broken")
        self.assertEqual(self._figures(), (240, 300, 60, 0))
