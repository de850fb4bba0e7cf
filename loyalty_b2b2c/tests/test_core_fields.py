"""What we add to models that others read has the group that needs it (A2, A22)."""

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .test_rights import GROUPS, RightsCommon

#: Fields without a group, and why whoever reads the record may read them.
OPEN = {
    "account.move": {
        "b2b2c_settlement_id": "a number; the settlement has its own rights",
    },
    "res.partner": {
        "b2b2c_opening_hours": "what everybody reads at the door of the shop",
    },
    "loyalty.card": {
        "b2b2c_number": "which piece of the request it is",
        "b2b2c_points": "what the card began with; who sees it sees what is left",
        "b2b2c_redemption_id": "a number; the request has its own rights",
    },
    "pos.order": {
        "b2b2c_member_token": "the till's word, signed by us; empty once it is read",
        "b2b2c_receipt": "what was printed for the buyer, without a name",
        "b2b2c_seller_token": "what the till says itself; believed by nobody",
    },
    "pos.payment.method": {
        "b2b2c_unit_id": "which points a method takes stands on its form",
    },
    "product.template": {
        "b2b2c_terminal_ok": "whether operators can name the product",
    },
    "res.company": {
        "b2b2c_address_problem": "whether phones can open the site's address",
        "b2b2c_manager_id": "whom to ask about rewards",
        "b2b2c_share_places": "whether sellers see each other, who know it",
        "b2b2c_timezone": "when a day begins",
        "b2b2c_join_approval": "who agrees when somebody joins: said on the way",
        "b2b2c_money_account_ids": "accounts of the chart, which has rights of its own",
        "b2b2c_loss_account_ids": "accounts of the chart, which has rights of its own",
    },
    "sale.order": {
        "b2b2c_confirmed_at": "a day of the order itself",
        "b2b2c_takes_points": "whether the customer has points to choose",
        "b2b2c_redated_at": "a day of the order itself",
        "b2b2c_price_by_tier": "shapes the form; the prices themselves are there",
        "b2b2c_is_managed": "shapes the form; the prices themselves are there",
    },
    "sale.order.line": {
        "b2b2c_net_price": "what the line was confirmed at",
        "b2b2c_net_quantity": "what the line was confirmed at",
        "b2b2c_net_uom_id": "what the line was confirmed at",
        "b2b2c_net_product_id": "what the line was confirmed at",
    },
}
#: Names of fields that hold a secret; each is closed to everybody, or listed with why.
_SECRET = ("secret", "hash", "pin", "password", "token", "otp")
TOLD = {
    "b2b2c.invitation.token": "printed on posters; whoever invites needs it again",
    "b2b2c.api.key.show.token": "shown once, stored in no table",
    "b2b2c.chat.channel.token": "administrators of the system enter it",
    "b2b2c.code.batch.with_pin": "whether there is one",
    "b2b2c.spend.proof.pin_set_at": "when it was chosen; not the PIN",
    "b2b2c.code.batch.can_print_pins": "whether there is one",
    "b2b2c.external.document.content_hash": "tells two documents apart; of no secret",
    "pos.order.b2b2c_seller_token": "says who sold, and opens nothing",
    "b2b2c.activity.photo.upload_hash": "tells two photos apart; of no secret",
    "b2b2c.activity.video.token": "a phone knows its file again by it; opens nothing",
    "b2b2c.receipt.upload_hash": "tells two photos apart; of no secret",
    "b2b2c.seal.previous_hash": "sent to auditors; proves rows, and opens nothing",
    "b2b2c.seal.block_hash": "sent to auditors; proves rows, and opens nothing",
    "b2b2c.seal.head.block_hash": "sent to auditors; proves rows, and opens nothing",
}


#: Fields of documents that people fill in.
BY_HAND = ("b2b2c_seller_id",)
#: A value of each type that nobody kept.
_VALUES = {
    "json": [["2020-01-01 00:00:00", 1, 1]],
    "float": 7.0,
    "integer": 7,
    "char": "goods",
    "boolean": True,
    "datetime": "2020-01-01 00:00:00",
    "date": "2020-01-01",
    "many2one": 1,
}


@tagged("post_install", "-at_install")
class TestCoreFields(RightsCommon):
    def test_every_field_has_a_group_or_a_reason(self):
        found = {}
        for model, field in self._get_added():
            if not field.groups:
                found.setdefault(model, set()).add(field.name)
        for model, names in found.items():
            with self.subTest(model=model):
                self.assertEqual(names, set(OPEN.get(model, ())) & names)
        installed = {model: set(names) for model, names in OPEN.items()}
        gone = {
            f"{model}.{name}"
            for model, names in installed.items()
            if model in found
            for name in names - found[model]
        }
        self.assertFalse(gone, "no longer without a group: take them off the list")

    def test_an_employee_reads_none_of_the_others(self):
        """Read by remote call, as domain, as order and by group."""
        employee = self._create_user("employee", "base.group_user")
        for model, field in self._get_added():
            if not field.groups or field.groups == "base.group_user":
                continue
            rows = self.env[model].with_user(employee)
            if not rows.has_access("read"):
                continue
            with self.subTest(model=model, field=field.name):
                row = rows.search([], limit=1)
                with self.assertRaises(AccessError):
                    row.read([field.name])
                if field.store and field.column_type:
                    value = field.convert_to_write(row.sudo()[field.name], row.sudo())
                    row.invalidate_recordset()
                    with self.assertRaises(AccessError):
                        rows.search([(field.name, "=", value)])

    def test_whoever_needs_them_reads_them(self):
        names = ["b2b2c_dealer_tier", "b2b2c_dealer_info"]
        for user in ("salesman", "user", "manager"):
            with self.subTest(user=user):
                self.client.with_user(self.users[user]).read(names)
        self.client.with_user(self.users["user"]).read(["b2b2c_member_count"])

    def test_what_was_kept_of_a_sale_is_written_by_nobody(self):
        """What a line was, or was confirmed at, decides about points and prices."""
        seller = self._create_user(
            "closer", "sales_team.group_sale_manager", "account.group_account_manager"
        )
        order = self._create_order(10)
        bill = order._create_invoices()
        tried = []
        for record in (order, order.order_line, bill, bill.invoice_line_ids):
            for name, field in record._fields.items():
                is_ours = "b2b2c" in name and field.store and not field.compute
                if not is_ours or name in BY_HAND or field.type not in _VALUES:
                    continue
                tried.append(name)
                before = record.sudo()[name]
                with self.subTest(model=record._name, field=name):
                    with self.assertRaises(UserError):
                        record.with_user(seller).write({name: _VALUES[field.type]})
                    record.invalidate_recordset()
                    self.assertEqual(record.sudo()[name], before)
        self.assertLessEqual(
            {"b2b2c_before", "b2b2c_lowered", "b2b2c_net_price", "b2b2c_confirmed_at"},
            set(tried),
        )

    def test_buttons_tell_no_more_than_fields(self):
        """Who may not read a dealer's standing is not told it by the button."""
        for name in ("accountant", "storekeeper", "operator"):
            contact = self.client.with_user(self.users[name])
            with self.subTest(user=name), self.assertRaises(UserError):
                contact.action_b2b2c_dealer()
        told = self.client.with_user(self.users["salesman"]).action_b2b2c_dealer()
        self.assertEqual(told["tag"], "display_notification")

    def test_secrets_are_closed_to_everybody(self):
        """Also in debug mode: nobody, whatever groups he has, reads them."""
        closed = []
        for model in sorted(self.env.registry):
            if not model.startswith("b2b2c."):
                continue
            for name, field in self.env[model]._fields.items():
                if not any(word in name.split("_") for word in _SECRET):
                    continue
                if f"{model}.{name}" in TOLD or name.endswith("_ids"):
                    continue
                closed.append(f"{model}.{name}")
                with self.subTest(model=model, field=name):
                    self.assertEqual(field.groups, fields.NO_ACCESS)
        self.assertIn("b2b2c.code.batch.print_secret", closed)
        self.assertIn("b2b2c.code.pin_hash", closed)
        self.assertIn("b2b2c.join.code_hash", closed)
        self.assertIn("b2b2c.api.key.secret_hash", closed)

    def _get_added(self):
        """Yield (model, field) of what our add-ons add to models of Odoo."""
        for model in sorted(self.env.registry):
            rows = self.env[model]
            # settings are read by the administrator alone
            if model.startswith("b2b2c.") or rows._abstract or rows._transient:
                continue
            for name, field in rows._fields.items():
                if name.startswith("b2b2c_") and not field.inherited:
                    yield model, field


@tagged("post_install", "-at_install")
class TestPrintingSecret(RightsCommon):
    """PINs are computed from the secret of their batch."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.batch = cls.env["b2b2c.code.batch"].create(
            {
                "name": "Cards",
                "product_id": cls.product.id,
                "count": 2,
                "with_pin": True,
            }
        )
        cls.batch.action_make()

    def test_nobody_reads_the_secret(self):
        """No role, no way: read, domain, order, group, export."""
        administrator = self._create_user(
            "administrator", "base.group_system", "loyalty_b2b2c.group_manager"
        )
        for user in (*(self.users[name] for name in GROUPS), administrator):
            batches = self.env["b2b2c.code.batch"].with_user(user)
            batch = batches.browse(self.batch.id)
            for way in (
                lambda rows=batch: rows.read(["print_secret"]),
                lambda rows=batch: rows.export_data(["print_secret"]),
                lambda rows=batches: rows.search([("print_secret", "=like", "a%")]),
                lambda rows=batches: rows.search([], order="print_secret"),
                lambda rows=batches: rows.formatted_read_group([], ["print_secret"]),
            ):
                with self.subTest(user=user.login), self.assertRaises(UserError):
                    way()
            if batches.has_access("read"):
                self.assertNotIn("print_secret", batch.read()[0])

    def test_managers_still_print_pins(self):
        wizard = self.env["b2b2c.code.print"].with_user(self.users["manager"])
        wizard = wizard.browse(
            self.batch.with_user(self.users["manager"]).action_print()["res_id"]
        )
        row = next(wizard._select())
        self.assertEqual(len(wizard._get_pin(row)), 6)

    def test_the_file_with_pins_is_for_who_makes_batches(self):
        batch = self.env["b2b2c.code.batch"].create(
            {
                "name": "Imported",
                "product_id": self.product.id,
                "origin": "import",
                "import_file": b"Q29kZSxQSU4=",
            }
        )
        for name in ("user", "officer"):
            seen = batch.with_user(self.users[name])
            with self.subTest(user=name), self.assertRaises(AccessError):
                seen.read(["import_file"])
            files = self.env["ir.attachment"].with_user(self.users[name])
            domain = [("res_model", "=", batch._name), ("res_field", "!=", False)]
            self.assertFalse(files.search(domain))
        manager = batch.with_user(self.users["manager"])
        self.assertTrue(manager.read(["import_file"])[0]["import_file"])
        # read, though nothing was taken over: deleted
        manager.action_make()
        self.assertEqual(batch.state, "draft")
        self.assertFalse(batch.import_file)
        self.assertFalse(self.env["ir.attachment"].sudo().search(domain))
