"""Who serves the counter reads the terminal's answers and nothing else (A6)."""

from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tests import HttpCase, JsonRpcException, tagged
from odoo.tools import mute_logger

from .test_terminal import PASSWORD, TerminalCommon

#: What operators find by searching, and why.  Adding a line is a decision.
OPEN = {
    "discuss.channel": "the own chats, no channels",
    "ir.ui.menu": "the way to the terminal",
    "res.company": "the own companies",
    "res.currency": "how amounts are written",
    "res.lang": "how dates and numbers are written",
    "res.partner": "the own contact",
    "res.users": "the own user",
    "res.users.settings": "the own settings",
}
_LOGS = ("odoo.addons.base.models.ir_model", "odoo.addons.base.models.ir_rule")


@tagged("post_install", "-at_install")
class TestCounterOnly(TerminalCommon, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._create_order()
        cls.env["b2b2c.event"]._process_now()
        cls.env.flush_all()

    def _get_models(self):
        """Yield every model of the database that has a table or a query."""
        for name in sorted(self.env.registry):
            model = self.env[name]
            if not model._abstract and (model._auto or model._table_query):
                yield name

    def _find_ids(self, name, user):
        """Return the ids a user finds in a model; what is refused is nothing."""
        with mute_logger(*_LOGS):
            try:
                rows = self.env[name].with_user(user).with_context(active_test=False)
                return {row["id"] for row in rows.search_read([], ["id"], limit=500)}
            except UserError:
                return set()

    # === WHAT IS FOUND === #

    def test_nothing_is_found_in_any_model(self):
        channels = self.env["discuss.channel"].search(
            [
                ("channel_type", "=", "chat"),
                ("channel_partner_ids", "=", self.operator.partner_id.id),
            ]
        )
        own = {
            "discuss.channel": channels.ids,
            "res.users": self.operator.ids,
            "res.partner": self.operator.partner_id.ids,
            "res.company": self.company.ids,
        }
        tried = 0
        for name in self._get_models():
            found = self._find_ids(name, self.operator)
            tried += 1
            with self.subTest(model=name):
                if name not in OPEN:
                    self.assertFalse(found)
                elif name in own:
                    self.assertEqual(found, set(own[name]))
        self.assertGreater(tried, 200)

    def test_nothing_is_read_by_its_id(self):
        """Guessing ids, in every model that has a row."""
        for name in self._get_models():
            if name in OPEN or self.env[name]._transient:
                continue
            try:
                row = self.env[name].sudo().search([], limit=1)
            except UserError:  # of these not even the superuser gets all
                continue
            if not row:
                continue
            seen = row.with_user(self.operator)
            with self.subTest(model=name), mute_logger(*_LOGS):
                with self.assertRaises(AccessError):
                    seen.read(["id", "display_name"])
                with self.assertRaises(AccessError):
                    seen.web_read({"display_name": {}})

    def test_no_other_way_to_people(self):
        people = self.env["res.partner"].with_user(self.operator)
        olena = self.member.partner_id
        self.assertFalse(people.name_search("Olena"))
        self.assertFalse(people.search([("phone", "like", "67 123")]))
        self.assertFalse(people.search_count([("id", "=", olena.id)]))
        rows = people.formatted_read_group([], ["email"], ["__count"])
        self.assertEqual(sum(row["__count"] for row in rows), 1)
        users = self.env["res.users"].with_user(self.operator)
        self.assertFalse(users.search([("login", "=", "colleague")]))
        self.assertFalse(users.name_search("Colleague"))
        self.operator.group_ids += self.env.ref("base.group_allow_export")
        self.env.invalidate_all()
        with self.assertRaises(AccessError), mute_logger(*_LOGS):
            people.browse(olena.id).export_data(["name", "phone"])

    def test_nothing_is_written(self):
        seen = self.member.partner_id.with_user(self.operator)
        for way in (lambda: seen.write({"phone": "1"}), seen.unlink):
            with self.assertRaises(AccessError):
                way()

    def test_a_way_through_the_own_contact_ends_there(self):
        """The own company's people are reached by no field of the own record."""
        self.operator.partner_id.sudo().parent_id = self.client
        own = self.operator.partner_id.with_user(self.operator)
        self.assertFalse(own.search([("parent_id.child_ids.name", "like", "Olena")]))
        self.assertFalse(own.child_ids)

    # === THE TERMINAL ITSELF === #

    def test_the_terminal_answers(self):
        answer = self._record("100")
        self.assertEqual(answer["points"], "5 pts")
        self.assertEqual(self.terminal.start()["operator"], "Cashier")

    def test_control_an_employee_would_find_everybody(self):
        users = self.registry["res.users"]
        with patch.object(users, "_serves_counter_only", lambda user: False):
            found = self._find_ids("res.partner", self.operator)
            self.assertIn(self.member.partner_id.id, found)

    # === MORE THAN THE TERMINAL === #

    def test_who_may_more_keeps_it(self):
        people = self.member.partner_id
        for more in (
            "sales_team.group_sale_salesman",
            "loyalty_b2b2c.group_user",
            "loyalty_b2b2c.group_manager",
            "base.group_partner_manager",
        ):
            user = self._create_user(more, "loyalty_b2b2c.group_terminal", more)
            with self.subTest(more=more):
                self.assertFalse(user._serves_counter_only())
                people.with_user(user).read(["phone"])

    def test_it_follows_the_rights_at_once(self):
        people = self.member.partner_id
        seller = self.env.ref("sales_team.group_sale_salesman")
        self.operator.group_ids += seller
        people.with_user(self.operator).read(["phone"])
        self.operator.group_ids -= seller
        people.invalidate_recordset()
        with self.assertRaises(AccessError), mute_logger(*_LOGS):
            people.with_user(self.operator).read(["phone"])

    def test_what_settings_give_to_all_employees_is_not_more(self):
        """A switch of the settings is a group of every employee, with rights or not."""
        employees = self.env.ref("base.group_user")
        employees.implied_ids += self.env.ref("product.group_product_pricelist")
        employees.implied_ids += self.env.ref("stock.group_production_lot")
        self.operator.group_ids += self.env.ref("base.group_allow_export")
        self.assertTrue(self.operator._serves_counter_only())

    def test_others_are_not_concerned(self):
        for group in ("base.group_user", "base.group_portal", "base.group_public"):
            user = self._create_user(group, group)
            with self.subTest(group=group):
                self.assertFalse(user._serves_counter_only())

    # === BY HTTP === #

    def test_a_refusal_names_nobody_in_debug_mode(self):
        """The usual refusal lists the names of the records it refuses."""
        self.authenticate("cashier", PASSWORD, session_extra={"debug": "1"})
        olena = self.member.partner_id
        with mute_logger("odoo.http", *_LOGS):
            with self.assertRaises(JsonRpcException) as refused:
                self.make_jsonrpc_request(
                    "/web/dataset/call_kw/res.partner/read",
                    {
                        "model": "res.partner",
                        "method": "read",
                        "args": [olena.ids, ["name"]],
                        "kwargs": {},
                    },
                )
        said = str(refused.exception)
        self.assertNotIn("Olena", said)

    def test_the_web_client_starts_and_tells_of_nobody(self):
        """Also what Odoo's own pages load without being asked."""
        general = self.env.ref("mail.channel_all_employees")
        name = self.member.name
        general.message_post(body=name, message_type="comment")
        self.authenticate("cashier", PASSWORD)
        self.assertEqual(self.url_open("/odoo").status_code, 200)
        wanted = ["failures", "systray_get_activities", "init_messaging"]
        wanted += ["channels_as_member"]
        said = self.make_jsonrpc_request("/mail/data", {"fetch_params": wanted})
        said = [said, self.url_open("/web/webclient/load_menus").json()]
        said.append(
            self.make_jsonrpc_request(
                "/web/action/load", {"action_id": "loyalty-terminal"}
            )
        )
        for secret in ("Olena", "Colleague", "colleague@", "Office Client"):
            with self.subTest(secret=secret):
                self.assertFalse(secret in str(said))  # a short message when it is

    def test_pictures_and_pages_of_people_stay_closed(self):
        self.authenticate("cashier", PASSWORD)
        olena = self.member.partner_id
        attachment = self.env["ir.attachment"].create(
            {"name": "x.txt", "raw": b"Olena", "res_model": "res.partner"}
        )
        attachment.res_id = olena.id
        for path in (
            f"/web/content/{attachment.id}",
            f"/web/content/res.partner/{olena.id}/name",
        ):
            with self.subTest(path=path), mute_logger("odoo.http", *_LOGS):
                self.assertNotIn("Olena", self.url_open(path).text)
