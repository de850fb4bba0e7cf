"""The counter: what an operator may do, what the server believes, what it keeps."""

from datetime import timedelta
from uuid import uuid4

from freezegun import freeze_time

from odoo import Command, fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import HttpCase, JsonRpcException, tagged

from ..common import LoyaltyCommon

PASSWORD = "a-terminal-password"


class TerminalCommon(LoyaltyCommon):
    """5 % of a sale; an operator, a colleague of his and a participant."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.country_id = cls.env.ref("base.ua")
        cls.program = cls._create_program({"trigger": "paid"})
        cls.operator = cls._create_operator("cashier")
        cls.colleague = cls._create_operator("colleague")
        cls.terminal = cls.env["b2b2c.terminal"].with_user(cls.operator)
        cls.ticket = cls._find(cls.terminal)["ticket"]

    @classmethod
    def _create_operator(cls, login):
        user = cls._create_user(login, "loyalty_b2b2c.group_terminal")
        user.password = PASSWORD
        return user

    @classmethod
    def _find(cls, terminal, query="067 123 45 67"):
        [member] = terminal.search_member(query)["members"]
        return member

    def _record(self, amount="100", terminal=None, key=None, ticket=None, **sale):
        """Record a sale of 100.00 as the operator (or another one)."""
        terminal = terminal if terminal is not None else self.terminal
        ticket = ticket or self._find(terminal)["ticket"]
        return terminal.record(ticket, {"amount": amount, **sale}, key or str(uuid4()))

    def _operations(self):
        return self.env["b2b2c.terminal.operation"].search([], order="id")

    def assertRefused(self, text, function, *args, **kwargs):
        """Check that a call is refused in words that contain ``text``."""
        with self.assertRaisesRegex(UserError, text), self.env.cr.savepoint():
            function(*args, **kwargs)


@tagged("post_install", "-at_install")
class TestTerminal(TerminalCommon):
    # === FINDING === #

    def test_a_person_is_found_however_it_is_typed(self):
        for query in (
            "067 123 45 67",
            "+380671234567",
            "+38 (067) 123-45-67",
            " OLENA@example.com ",
            self.member.code,
            f"M:{self.member.code}",
            self.member.code.lower(),
        ):
            with self.subTest(query=query):
                self.assertEqual(self.terminal.search_member(query)["status"], "found")

    def test_before_choosing_little_is_told(self):
        found = self._find(self.terminal)
        self.assertEqual(found["name"], "Olena")
        self.assertEqual(found["contact"], "+380 ••• 567")
        self.assertNotIn("Kovalenko", str(found))
        found = self._find(self.terminal, "olena@example.com")
        self.assertEqual(found["contact"], "o•••@example.com")

    def test_after_choosing_the_person_is_told(self):
        person = self.terminal.open_member(self.ticket)
        self.assertEqual(person["name"], "Olena Kovalenko")
        self.assertEqual(person["shop"], "Office Client")

    def test_unknown_and_not_enrolled_get_the_same_answer(self):
        self.env["res.partner"].create(
            {"name": "No Member", "phone": "+380 67 999 99 99"}
        )
        left = self._create_member(name="Left", email="left@example.com")
        left.action_leave()
        paused = self._create_member(name="Paused", email="paused@example.com")
        paused.action_suspend()
        answers = [
            self.terminal.search_member(query)
            for query in (
                "+380 67 999 99 99",
                "+380 67 000 00 00",
                "left@example.com",
                "paused@example.com",
                "nobody@example.com",
                "junk",
                "%",
            )
        ]
        self.assertEqual(answers, [answers[0]] * len(answers))
        self.assertEqual(answers[0]["status"], "unknown")
        self.assertEqual(answers[0]["ways"], [])

    def test_who_is_unknown_can_join_at_the_counter(self):
        """With the invitations of the shop that are in force, one of each role."""
        self.env["ir.config_parameter"].set_param(
            "web.base.url", "https://ours.example"
        )
        shop, other = self.env["res.partner"].create(
            [{"name": name, "is_company": True} for name in ("Shop", "Other")]
        )
        values = {"company_id": self.company.id, "approval": "none"}
        invitations = self.env["b2b2c.invitation"].create(
            [
                {**values, "employer_id": shop.id, "role": "salesperson"},
                {**values, "employer_id": shop.id, "role": "salesperson"},
                {**values, "employer_id": shop.id, "role": "owner"},
                {**values, "employer_id": other.id, "role": "salesperson"},
            ]
        )
        invitations[2].action_revoke()
        self.operator.b2b2c_terminal_partner_id = shop

        def find():
            self.env.invalidate_all()
            return self.terminal.search_member("nobody@example.com")["ways"]

        [way] = find()
        self.assertEqual(way["role"], invitations[1]._get_role_label())
        code = invitations[1].qr_code.decode()
        self.assertEqual(way["picture"], f"data:image/png;base64,{code}")
        found = self.terminal.search_member("067 123 45 67")
        self.assertNotIn("ways", found)
        self.env["ir.config_parameter"].set_param(
            "web.base.url", "http://localhost:8069"
        )
        self.assertEqual(find(), [], "a phone would open nothing")

    def test_several_memberships_are_offered(self):
        self._create_member(
            partner_id=self.member.partner_id.id, role="owner", contact_id=False
        )
        for query in ("067 123 45 67", self.member.code):
            found = self.terminal.search_member(query)["members"]
            self.assertEqual(
                [member["role"] for member in found],
                ["Buyer's employee", "Shop owner"],
            )

    def test_nothing_entered_is_no_search(self):
        for query in ("", "   ", None, 5, ["x"], {"phone": "1"}):
            with self.subTest(query=query):
                self.assertEqual(self.terminal.search_member(query)["status"], "empty")
        counts = self.env["b2b2c.hour.count"]
        searches = counts.search([("scope", "like", "search/")])
        self.assertEqual(sum(searches.mapped("number")), 0)

    def test_the_phone_book_cannot_be_tried_out(self):
        self.company.b2b2c_terminal_lookups = 3
        for number in range(3):
            answer = self.terminal.search_member(f"067 000 00 0{number}")
            self.assertEqual(answer["status"], "unknown")
        # from now on nobody is found, not even who is there
        self.assertEqual(self.terminal.search_member("0671234567")["status"], "wait")
        other = self.terminal.with_user(self.colleague)
        self.assertEqual(other.search_member("0671234567")["status"], "found")
        with freeze_time(fields.Datetime.now() + timedelta(minutes=61)):
            answer = self.terminal.search_member("0671234567")
        self.assertEqual(answer["status"], "found")

    def test_finding_somebody_costs_nothing(self):
        self.company.b2b2c_terminal_lookups = 2
        for _again in range(5):
            answer = self.terminal.search_member("067 123 45 67")
            self.assertEqual(answer["status"], "found")

    # === TICKETS === #

    def test_a_ticket_is_not_guessed(self):
        foreign = self._find(self.terminal.with_user(self.colleague))["ticket"]
        for ticket in (
            str(self.member.id),
            self.member.id,
            None,
            "",
            "x" * 300,
            "ж",
            self.ticket[:-2] + "AA",
            foreign,
        ):
            with self.subTest(ticket=ticket):
                self.assertRefused("Search", self.terminal.open_member, ticket)

    def test_a_ticket_expires(self):
        with freeze_time(fields.Datetime.now() + timedelta(hours=13)):
            self.assertRefused("Search", self.terminal.open_member, self.ticket)

    def test_who_left_meanwhile_is_not_served(self):
        self.member.action_leave()
        self.assertRefused("Search", self._record, ticket=self.ticket)

    def test_nobody_serves_himself(self):
        own = self._create_member(
            name="Cashier", email="private@example.com", phone="+380 67 765 43 21"
        )
        ticket = self._find(self.terminal, "private@example.com")["ticket"]
        self.terminal.open_member(ticket)  # somebody else so far
        self.operator.partner_id.phone = "067 765 43 21"
        self.operator.partner_id.country_id = self.env.ref("base.ua")
        self.assertRefused("This is you", self.terminal.open_member, ticket)
        self.operator.partner_id.phone = False
        own.partner_id.email = "Cashier@Example.com"
        self.assertRefused("This is you", self._record, ticket=ticket)

    # === RECORDING === #

    def test_preview_then_record(self):
        sale = {"amount": "100,00", "receipt": "A-17"}
        preview = self.terminal.preview(self.ticket, sale)
        self.assertEqual(preview["total"], "5 pts")
        self.assertTrue(preview["awards"][0]["reasons"])
        self.assertFalse(self._operations())
        result = self._record("100,00", receipt="A-17")
        self.assertEqual(result["points"], "5 pts")
        self.assertEqual(result["balances"][0]["available"], "5 pts")
        self.assertFalse(result["waiting"])
        self.assertEqual(result["message"], "Olena gets a message by e-mail.")
        self.assertEqual(self._balances(), (5, 0, 0))
        operation = self._operations()
        self.assertRecordValues(
            operation,
            [
                {
                    "operator_id": self.operator.id,
                    "member_id": self.member.id,
                    "reference": "A-17",
                    "amount": 100,
                    "points": 5,
                    "state": "recorded",
                }
            ],
        )
        self.assertEqual(operation.document_id.channel, "terminal")
        self.assertBooksRight()

    def test_a_sale_that_gives_nothing_says_why(self):
        self.program.rule_ids.product_ids = self.product
        preview = self.terminal.preview(self.ticket, {"amount": "100"})
        self.assertEqual((preview["total"], preview["awards"]), ("", []))
        self.assertTrue(preview["refusals"])
        self.assertFalse(self._record()["points"])

    def test_a_product_the_terminal_offers(self):
        self.program.rule_ids.product_ids = self.product
        self.assertEqual(self.terminal.search_product("Paper"), [])
        refused = {"product_id": self.product.id, "quantity": "2"}
        self.assertRefused("does not offer", self._record, "200", **refused)
        self.product.product_tmpl_id.b2b2c_terminal_ok = True
        [product] = self.terminal.search_product("paper")
        self.assertEqual(product["id"], self.product.id)
        result = self._record("200", product_id=product["id"], quantity="2")
        # 5 % of 200
        self.assertEqual(result["points"], "10 pts")
        line = self._operations().document_id.line_ids
        self.assertEqual((line.product_id, line.quantity), (self.product, 2))

    def test_figures_that_are_none(self):
        for amount in (
            "",
            " ",
            "abc",
            "12a",
            "-5",
            "+5",
            "0",
            "0,00",
            "NaN",
            "Infinity",
            "1e12",
            "1e3",
            "1_000",
            "1,234.56",
            "1.234,56",
            "1,,5",
            ",5",
            "12.345",
            "9" * 13,
            "١٢٣",
            None,
            100,
            1e12,
            float("nan"),
            True,
            [],
            {"a": 1},
        ):
            with self.subTest(amount=amount):
                self.assertRefused(".", self._record, amount)
                self.assertRefused(
                    ".", self.terminal.preview, self.ticket, {"amount": amount}
                )
        self.assertFalse(self._operations())
        for amount, points in (
            ("100.5", 5),
            ("1 000", 50),
            ("1 000,50", 50),
            ("20,", 1),
        ):
            with self.subTest(amount=amount):
                self.assertEqual(self._record(amount)["points"], f"{points} pts")

    def test_figures_with_two_readings(self):
        """Neither amount nor quantity is guessed, and both readings are told."""
        self.product.product_tmpl_id.b2b2c_terminal_ok = True
        product = {"product_id": self.product.id}
        for text, larger, smaller in (
            ("1,000", "1000", "1"),
            ("1.000", "1000", "1"),
            ("12,500", "12500", "12.5"),
            ("1.234", "1234", "1.2340"),
        ):
            words = f"as {larger} or as {smaller};"
            with self.subTest(text):
                self.assertRefused(words, self._record, text)
                self.assertRefused(words, self._record, "10", quantity=text, **product)
                self.assertRefused(
                    words, self.terminal.preview, self.ticket, {"amount": text}
                )
        self.assertFalse(self._operations())
        for text, quantity in (("1.2340", 1.234), ("1000", 1000), ("0,125", 0.125)):
            self._record("10", quantity=text, **product)
            self.assertEqual(self._operations()[-1].quantity, quantity)

    def test_two_people_behind_one_phone_are_asked(self):
        self._create_member(name="Petro Bondar", email="petro@example.com")
        found = self.terminal.search_member("067 123 45 67")
        self.assertEqual(found["status"], "found")
        self.assertIn("Ask for the name", found["message"])
        self.assertEqual(
            {row["name"]: row["contact"] for row in found["members"]},
            # what they do not have in common
            {"Olena": "o•••@example.com", "Petro": "p•••@example.com"},
        )
        self.assertFalse(self.terminal.search_member(self.member.code)["message"])
        self.assertFalse(self.terminal.search_member("petro@example.com")["message"])

    def test_a_barcode_in_any_spelling_finds_the_product(self):
        self.product.product_tmpl_id.b2b2c_terminal_ok = True
        for stored in ("036000291452", "0036000291452", "00036000291452"):
            self.product.barcode = stored
            for scanned in ("036000291452", "0036000291452", "00036000291452"):
                [found] = self.terminal.search_product(scanned)
                self.assertEqual(found["id"], self.product.id)
        self.assertEqual(self.terminal.search_product("0036000291453"), [])

    def test_sales_that_are_none(self):
        for sale in (None, [], "x", {}, {"amount": "1", "product_id": "x"}):
            with self.subTest(sale=sale):
                self.assertRefused(
                    ".", self.terminal.record, self.ticket, sale, str(uuid4())
                )
        for key in (None, "", "short", 5, "x" * 100):
            with self.subTest(key=key):
                self.assertRefused(
                    "key", self.terminal.record, self.ticket, {"amount": "1"}, key
                )

    def test_a_double_tap_records_once(self):
        key = str(uuid4())
        first = self._record(key=key)
        again = self._record(key=key)
        self.assertFalse(first["repeated"])
        self.assertTrue(again["repeated"])
        self.assertEqual(first["operation"], again["operation"])
        self.assertEqual(self._balances(), (5, 0, 0))
        self.assertEqual(self.env["b2b2c.terminal.day"].search([]).operations, 1)

    def test_a_key_stands_for_one_sale(self):
        key = str(uuid4())
        self._record(key=key)
        self.assertRefused("already recorded", self._record, "999", key=key)

    def test_a_receipt_number_is_accepted_once(self):
        self._record(receipt="A-17")
        other = self.terminal.with_user(self.colleague)
        for terminal in (self.terminal, other):
            for receipt in ("A-17", " a-17 "):
                with self.subTest(operator=terminal.env.user.login, receipt=receipt):
                    self.assertRefused(
                        "already recorded on .* by Cashier",
                        self._record,
                        terminal=terminal,
                        receipt=receipt,
                    )
        preview = {"amount": "1", "receipt": "A-17"}
        self.assertRefused("already", self.terminal.preview, self.ticket, preview)
        self.terminal.cancel(self._operations().id)
        self.assertRefused("cancelled", self._record, receipt="A-17")
        self.assertEqual(self._balances(), (0, 0, 0))

    def test_an_operator_of_a_partner_shop(self):
        shop = self.env["res.partner"].create({"name": "Corner", "is_company": True})
        self.operator.b2b2c_terminal_partner_id = shop
        self.assertEqual(self.terminal.start()["shop"], "Corner")
        self._record(receipt="A-17")
        self.assertEqual(self._operations().reporter_id, shop)
        self.assertEqual(self._operations().document_id.reporter_id, shop)
        # receipts are numbered by shop: ours may have the same number
        self._record(terminal=self.terminal.with_user(self.colleague), receipt="A-17")
        self.assertEqual(self._balances(), (10, 0, 0))

    # === LIMITS === #

    def test_the_largest_operation(self):
        self.company.b2b2c_terminal_max_amount = 100
        self._record("100")
        self.assertRefused("At most", self._record, "100.01")

    def test_operations_of_a_day(self):
        self.company.b2b2c_terminal_day_operations = 2
        self._record()
        self._record()
        self.assertRefused("limit of 2 operations", self._record)
        self._record(terminal=self.terminal.with_user(self.colleague))
        self.terminal.cancel(self._operations()[0].id)
        self.assertRefused("limit of 2 operations", self._record)
        with freeze_time(fields.Datetime.now() + timedelta(days=1)):
            self._record(ticket=self._find(self.terminal)["ticket"])

    def test_amount_of_a_day(self):
        self.company.b2b2c_terminal_day_amount = 250
        self.assertRefused("exceed", self._record, "250.01")
        self._record("200")
        self.assertRefused("exceed", self._record, "50.01")
        self._record("50")
        self.terminal.cancel(self._operations()[0].id)
        self._record("200")

    def test_points_of_a_day(self):
        self.company.b2b2c_terminal_day_points = 7
        self._record("100")
        self.assertRefused("7 points", self._record, "100")
        self.assertEqual(self._balances(), (5, 0, 0))
        self._record("40")
        self.assertEqual(self.env["b2b2c.terminal.day"].search([]).points, 7)

    # === CANCELLING === #

    def test_an_own_operation_is_cancelled(self):
        operation = self._record()["operation"]
        answer = self.terminal.cancel(operation["id"], "Wrong amount")
        self.assertTrue(answer["cancelled"])
        self.assertEqual(self._balances(), (0, 0, 0))
        self.assertRecordValues(
            self._operations(),
            [
                {
                    "state": "cancelled",
                    "cancelled_by_id": self.operator.id,
                    "cancel_reason": "Wrong amount",
                    "points": 5,
                }
            ],
        )
        self.assertTrue(self.terminal.cancel(operation["id"])["cancelled"])
        self.assertEqual(self.env["b2b2c.terminal.day"].search([]).points, 0)
        self.assertBooksRight()

    def test_too_late(self):
        operation = self._record()["operation"]
        with freeze_time(fields.Datetime.now() + timedelta(minutes=16)):
            self.assertRefused("until", self.terminal.cancel, operation["id"])
        self.assertEqual(self._balances(), (5, 0, 0))

    def test_others_do_not_cancel(self):
        operation = self._record()["operation"]
        other = self.terminal.with_user(self.colleague)
        for number in (operation["id"], 0, -1, 10**12, "1", None, [1]):
            with self.subTest(number=number):
                self.assertRefused("no such", other.cancel, number)

    def test_an_officer_cancels_any_time(self):
        self._record()
        officer = self._create_user("officer", "loyalty_b2b2c.group_officer")
        operation = self._operations().with_user(officer)
        action = operation.action_open_cancel()
        wizard = (
            self.env["b2b2c.terminal.cancel"]
            .with_user(officer)
            .with_context(**action["context"])
            .create({"reason": "Goods returned"})
        )
        with freeze_time(fields.Datetime.now() + timedelta(days=9)):
            wizard.action_cancel()
        self.assertEqual(self._operations().cancelled_by_id, officer)
        self.assertEqual(self._balances(), (0, 0, 0))

    def test_the_list_of_the_day_is_ones_own(self):
        self._record("100", receipt="A-1")
        self._record("20", terminal=self.terminal.with_user(self.colleague))
        [row] = self.terminal.recent()
        self.assertEqual(
            (row["name"], row["receipt"], row["points"]), ("Olena", "A-1", "5 pts")
        )
        self.assertTrue(row["can_cancel"])
        with freeze_time(fields.Datetime.now() + timedelta(days=1)):
            self.assertEqual(self.terminal.recent(), [])

    # === COMPANIES === #

    def test_members_of_another_company_are_unknown(self):
        other = self.env["res.company"].create({"name": "Other"})
        self._create_member(
            name="Far", email="far@example.com", phone=False, company_id=other.id
        )
        self.assertEqual(
            self.terminal.search_member("far@example.com")["status"], "unknown"
        )
        with self.assertRaises(AccessError):
            self.terminal.with_context(allowed_company_ids=other.ids).start()


@tagged("post_install", "-at_install")
class TestTerminalRights(TerminalCommon, HttpCase):
    """An operator opens the terminal and nothing else of ours, by the wire."""

    def _call(self, model, method, *args, **kwargs):
        return self.make_jsonrpc_request(
            f"/web/dataset/call_kw/{model}/{method}",
            {"model": model, "method": method, "args": args, "kwargs": kwargs},
        )

    def test_an_operator_reads_nothing_of_ours(self):
        self._record()
        self.authenticate("cashier", PASSWORD)
        models = [
            name
            for name in sorted(self.env.registry)
            if name.startswith("b2b2c.") and not self.env[name]._abstract
        ]
        self.assertGreater(len(models), 20)
        for model in models:
            for method, args in (
                ("search_read", [[]]),
                ("read", [[1]]),
                ("web_search_read", [[], {}]),
                ("create", [{}]),
                ("write", [[1], {}]),
                ("unlink", [[1]]),
            ):
                with self.subTest(model=model, method=method):
                    with self.assertRaisesRegex(
                        JsonRpcException, "AccessError|LedgerIsAppendOnly"
                    ):
                        self._call(model, method, *args)

    def test_the_rest_of_the_terminal_service_is_closed(self):
        self.authenticate("cashier", PASSWORD)
        for model, method in (
            ("b2b2c.intake", "_record"),
            ("b2b2c.member", "_find_in_force"),
            ("b2b2c.terminal", "_get_counter"),
            ("b2b2c.terminal", "_log"),
            ("b2b2c.terminal.day", "_count_operation"),
        ):
            with self.subTest(method=method), self.assertRaises(JsonRpcException):
                self._call(model, method)

    def test_others_do_not_use_the_terminal(self):
        self._create_user("seller", "sales_team.group_sale_manager").password = PASSWORD
        loyal = self._create_user("loyal", "loyalty_b2b2c.group_officer")
        loyal.password = PASSWORD
        calls = {
            "start": [],
            "search_member": ["067 123 45 67"],
            "open_member": [self.ticket],
            "search_product": [""],
            "preview": [self.ticket, {"amount": "1"}],
            "record": [self.ticket, {"amount": "1"}, str(uuid4())],
            "cancel": [1],
            "recent": [],
        }
        for login in ("seller", "loyal"):
            self.authenticate(login, PASSWORD)
            for method, args in calls.items():
                with self.subTest(login=login, method=method):
                    with self.assertRaisesRegex(JsonRpcException, "AccessError"):
                        self._call("b2b2c.terminal", method, *args)

    def test_a_failed_search_counts_although_nothing_was_found(self):
        self.company.b2b2c_terminal_lookups = 2
        self.authenticate("cashier", PASSWORD)
        answers = [
            self._call("b2b2c.terminal", "search_member", "067 000 00 00")["status"]
            for _again in range(3)
        ]
        self.assertEqual(answers, ["unknown", "unknown", "wait"])

    def test_where_from_is_kept(self):
        self.authenticate("cashier", PASSWORD)
        found = self._call("b2b2c.terminal", "search_member", self.member.code)
        self._call(
            "b2b2c.terminal",
            "record",
            found["members"][0]["ticket"],
            {"amount": "100"},
            str(uuid4()),
        )
        self.assertEqual(self._operations().ip, "127.0.0.1")
        self.assertTrue(self._operations().device)

    def test_a_manager_may_serve_too(self):
        manager = self._create_user("boss", "loyalty_b2b2c.group_manager")
        terminal = self.env["b2b2c.terminal"].with_user(manager)
        self.assertEqual(self._record(terminal=terminal)["points"], "5 pts")

    def test_who_lands_on_the_terminal(self):
        action = self.env.ref("loyalty_b2b2c.b2b2c_terminal_action").id
        self.authenticate("cashier", PASSWORD)
        info = self.make_jsonrpc_request("/web/session/get_session_info", {})
        self.assertEqual(info["home_action_id"], action)
        # managers keep their own start, and whoever chose one
        manager = self._create_user("boss", "loyalty_b2b2c.group_manager")
        manager.password = PASSWORD
        self.authenticate("boss", PASSWORD)
        info = self.make_jsonrpc_request("/web/session/get_session_info", {})
        self.assertFalse(info["home_action_id"])


@tagged("post_install", "-at_install")
class TestTerminalAudit(TerminalCommon):
    def test_officers_see_every_operation(self):
        self._record(receipt="A-17")
        officer = self._create_user("officer", "loyalty_b2b2c.group_officer")
        [row] = self.env["b2b2c.terminal.operation"].with_user(officer).search_read([])
        self.assertEqual(row["reference"], "A-17")
        for operation in ("write", "unlink", "create"):
            with self.subTest(operation=operation), self.assertRaises(AccessError):
                self._operations().with_user(officer).check_access(operation)

    def test_operators_of_other_companies_are_not_shown(self):
        self._record()
        other = self.env["res.company"].create({"name": "Other"})
        officer = self._create_user("officer", "loyalty_b2b2c.group_officer")
        officer.write({"company_ids": [Command.set(other.ids)], "company_id": other.id})
        self.assertFalse(
            self.env["b2b2c.terminal.operation"].with_user(officer).search([])
        )


@tagged("post_install", "-at_install")
class TestTerminalPoints(TerminalCommon):
    """What the screen foresees, in points of every program that counts the sale."""

    def _preview(self, **sale):
        return self.terminal.preview(self.ticket, {"amount": "100", **sale})

    def test_two_units_of_one_name(self):
        """5 of the one, 2 of the other, each with its own symbol and decimals."""
        self.unit.name = "Points"
        stars = self.env["b2b2c.unit"].create(
            {"name": "Points", "symbol": "★", "decimals": 1}
        )
        self._create_program(
            {"name": "Stars", "trigger": "paid", "value": 2.5}, unit_id=stars.id
        )
        self.assertEqual(self._preview()["total"], "5 pts + 2.5 ★")
        self.assertEqual(self._record()["points"], "5 pts + 2.5 ★")

    def test_what_another_company_gives_is_foreseen(self):
        """2 % of 100.00 there, where the same person takes part, too."""
        partner = self.env["res.company"].create(
            {"name": "Partner", "currency_id": self.company.currency_id.id}
        )
        there = self._create_member(
            partner_id=self.member.partner_id.id, company_id=partner.id
        )
        stars = self.env["b2b2c.unit"].create(
            {"name": "Stars", "symbol": "★", "company_id": partner.id}
        )
        self._create_program(
            {"name": "Stars", "trigger": "paid", "value": 2},
            name="Partner Club",
            company_id=partner.id,
            unit_id=stars.id,
            source_company_ids=[Command.set(self.company.ids)],
        )
        foreseen = self._preview()
        self.assertEqual(foreseen["total"], "5 pts + 2 ★")
        self.assertEqual(
            [award["program"] for award in foreseen["awards"]],
            ["Office Club", "Partner Club"],
        )
        self.assertEqual(self._record()["points"], foreseen["total"])
        self.assertEqual(there._get_account(stars).balance_available, 2)
        self.assertEqual(self._balances(), (5, 0, 0))
