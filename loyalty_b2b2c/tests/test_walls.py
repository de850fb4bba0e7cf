"""Dialogs point to own records only, whatever way an id comes in (A11)."""

from unittest.mock import patch

from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..models.base import pointers
from ..models.base.b2b2c_dialog import B2b2cDialog
from ..models.base.rows import insert_rows
from .test_rights import ForeignerCommon

_SQL = "odoo.sql_db"


class WallsCommon(ForeignerCommon):
    """A manager of another company, who knows ids of this one."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.theirs = cls.env["res.partner"].create(
            {"name": "Secret Shop", "company_id": cls.company.id, "is_company": True}
        )
        if "b2b2c.till.seller" in cls.env:  # of an add-on
            seller = {"person_model": "res.users", "person_id": cls.env.uid}
            sellers = cls.env["b2b2c.till.seller"]
            insert_rows(sellers, [{"company_id": cls.company.id, **seller}])

    @classmethod
    def _get_dialogs(cls):
        """Yield the names of our dialogs."""
        for name in sorted(cls.env.registry):
            if name.startswith("b2b2c.") and cls.env[name]._transient:
                yield name

    def _get_attempts(self):
        """Yield (dialog, field, a record of this company that the field can name)."""
        for name in self._get_dialogs():
            dialog = self.env[name]
            for field_name in pointers.get_pointers(dialog):
                field = dialog._fields[field_name]
                if field.type == "reference":
                    row = self.order
                else:
                    row = self._get_row(field.comodel_name)
                if row and not row.with_user(self.foreigner).has_access("read"):
                    yield name, field_name, row

    def _get_row(self, model):
        """Return a record of this company."""
        if model == "res.partner":
            return self.theirs
        if model == "res.company":
            return self.company
        if self.env[model]._transient:
            return None  # nobody's dialog is anybody else's: Odoo sees to it
        return self.env[model].search([], limit=1, order="id desc")

    def _get_value(self, name, field_name, row):
        """Return a record as a client writes it into a field."""
        kind = self.env[name]._fields[field_name].type
        if kind == "reference":
            return f"{row._name},{row.id}"
        return [(6, 0, row.ids)] if kind == "many2many" else row.id

    def _fill(self, name):
        """Return values of all required fields but the relational ones."""
        samples = {"char": "x", "text": "x", "float": 1, "integer": 1}
        values = {}
        for field_name, field in self.env[name]._fields.items():
            if not field.required or field.compute or field.relational:
                continue
            if field.type == "selection":
                values[field_name] = field.get_values(self.env)[0]
            elif field.type == "datetime":
                values[field_name] = "2026-01-01 00:00:00"
            elif field.type in samples:
                values[field_name] = samples[field.type]
        return values

    def _get_spec(self, name):
        """Return what a client asks of a dialog: every field, names included."""
        spec = {}
        for field_name, field in self.env[name]._fields.items():
            inner = {"fields": {"display_name": {}}} if field.relational else {}
            spec[field_name] = inner
        return spec


@tagged("post_install", "-at_install")
class TestDialogs(WallsCommon):
    def test_every_dialog_checks_what_it_names(self):
        for name in self._get_dialogs():
            with self.subTest(dialog=name):
                self.assertIsInstance(self.env[name], B2b2cDialog)

    def test_attempts_are_many(self):
        attempts = {(name, field) for name, field, _row in self._get_attempts()}
        for expected in (
            ("b2b2c.account.transfer", "account_id"),
            ("b2b2c.account.transfer", "target_member_id"),
            ("b2b2c.code.print", "batch_id"),
            ("b2b2c.enroll", "company_id"),
            ("b2b2c.enroll", "contact_id"),
            ("b2b2c.entry.reverse", "entry_id"),
            ("b2b2c.erase", "member_id"),
            ("b2b2c.event.ignore", "event_ids"),
            ("b2b2c.ladder.why", "standing_id"),
            ("b2b2c.member.move", "employer_id"),
            ("b2b2c.member.move", "member_id"),
            ("b2b2c.payout.answer", "batch_id"),
            ("b2b2c.payout.pay", "payout_ids"),
            ("b2b2c.payout.reason", "payout_id"),
            ("b2b2c.store.preview", "member_id"),
            ("b2b2c.preview.line", "member_id"),
            ("b2b2c.receipt.refuse", "receipt_id"),
            ("b2b2c.redemption.refuse", "redemption_ids"),
            ("b2b2c.terminal.cancel", "operation_id"),
            ("b2b2c.voucher.return", "pool_id"),
            ("b2b2c.webhook.replay", "webhook_id"),
            ("b2b2c.why", "document_ref"),
            ("b2b2c.why", "member_id"),
        ):
            self.assertIn(expected, attempts)

    def test_no_way_in(self):
        """Dialog × field × way: each is refused, in words that name nothing."""
        for name, field_name, row in self._get_attempts():
            value = self._get_value(name, field_name, row)
            for way in (self._create, self._onchange, self._default, self._read):
                with self.subTest(dialog=name, field=field_name, way=way.__name__):
                    with self.assertRaises(AccessError) as refused, self._undone():
                        way(name, field_name, value)
                    for secret in (
                        "Secret",
                        "Office Client",
                        "Olena",
                        row.display_name,
                    ):
                        self.assertNotIn(secret, str(refused.exception))

    def test_an_id_of_nothing_is_answered_alike(self):
        """Nobody finds out by the answer which ids there are."""
        said = set()
        for account_id in (self._account().id, 2**31 - 1):
            with self.assertRaises(AccessError) as refused, self._undone():
                self._onchange("b2b2c.account.transfer", "account_id", account_id)
            said.add(str(refused.exception))
        self.assertEqual(len(said), 1)

    def test_lines_within_a_form_are_looked_at(self):
        line = {"is_award": True, "member_id": self.member.id}
        values = {"line_ids": [(0, "virtual_1", line)]}
        dialog = self.env["b2b2c.preview"].with_user(self.foreigner)
        spec = {"line_ids": {"fields": {"member_id": {"fields": {"display_name": {}}}}}}
        with self.assertRaises(AccessError), self._undone():
            dialog.onchange(dict(values), ["line_ids"], spec)
        with self.assertRaises(AccessError), self._undone():
            dialog.create({"line_ids": [(0, 0, line)]})

    def test_a_dialog_is_its_maker_s(self):
        """Not even a colleague of the same company reads, or uses, what it says."""
        maker, colleague = self.users["manager"], self.users["officer"]
        self.env["b2b2c.preview"].with_user(maker)._build(self.order)
        for name in ("b2b2c.preview", "b2b2c.preview.line"):
            made = self.env[name].sudo().search([("create_uid", "=", maker.id)])
            self.assertTrue(made)
            self.assertEqual(self.env[name].with_user(maker).search([]), made)
            seen = self.env[name].with_user(colleague)
            with self.subTest(dialog=name):
                self.assertFalse(seen.search([]))
                with self.assertRaises(AccessError):
                    seen.browse(made.ids).read(["create_date"])
                with self.assertRaises(AccessError):
                    seen.browse(made.ids).write({"write_date": "2026-01-01"})

    def test_the_own_company_is_open(self):
        manager = self.users["manager"]
        dialog = self.env["b2b2c.account.transfer"].with_user(manager)
        account = self._account()
        spec = self._get_spec(dialog._name)
        values = dialog.onchange({"account_id": account.id}, ["account_id"], spec)
        self.assertEqual(values["value"]["available"], account.balance_available)
        given = dialog.with_context(active_id=account.id).default_get(["account_id"])
        self.assertEqual(given["account_id"], account.id)

    def test_control_without_the_check_the_balance_is_told(self):
        with patch.object(pointers, "points_to_own", lambda *args: True):
            dialog = self.env["b2b2c.account.transfer"].with_user(self.foreigner)
            spec = {"available": {}, "account_id": {}}
            account = self._account()
            told = dialog.onchange({"account_id": account.id}, ["account_id"], spec)
        self.assertEqual(told["value"]["available"], account.balance_available)
        self.assertTrue(account.balance_available)

    def test_forms_of_rows_compute_from_nothing_of_others(self):
        """The same for every model of ours, and what we add to models of Odoo."""
        tried = 0
        for model in sorted(self.env.registry):
            rows = self.env[model].with_user(self.foreigner)
            if rows._abstract or not rows.has_access("create"):
                continue
            for name in pointers.get_pointers(rows):
                field = rows._fields[name]
                row = field.type != "reference" and self._get_row(field.comodel_name)
                if not row or row.with_user(self.foreigner).has_access("read"):
                    continue
                tried += 1
                value = self._get_value(model, name, row)
                for way in (self._onchange, self._default):
                    with self.subTest(model=model, field=name, way=way.__name__):
                        with self.assertRaises(AccessError), self._undone():
                            way(model, name, value)
        self.assertGreater(tried, 40)

    # === WAYS === #

    def _undone(self):
        return self.env.cr.savepoint()

    @mute_logger(_SQL)
    def _create(self, name, field_name, value):
        """Write the id into a new dialog, and read all of it."""
        dialog = self.env[name].with_user(self.foreigner)
        required = {
            other: self._get_value(name, other, self._get_row(field.comodel_name))
            for other, field in dialog._fields.items()
            if field.type == "many2one"
            and field.required
            and not field.compute
            and not self.env[field.comodel_name]._transient
        }
        values = {**self._fill(name), **required, field_name: value}
        for other in ("preview_id", "wizard_id", "import_id"):
            if other in dialog._fields:  # a line of a dialog
                parents = dialog.env[dialog._fields[other].comodel_name]
                own = {"company_id": self.other.id} if other == "import_id" else {}
                values[other] = parents.create(own).id
        dialog.create(values).web_read(self._get_spec(name))

    def _onchange(self, name, field_name, value):
        """Name it in a form that is open."""
        dialog = self.env[name].with_user(self.foreigner)
        dialog.onchange({field_name: value}, [field_name], self._get_spec(name))

    def _default(self, name, field_name, value):
        """Name it in the context a form is opened with."""
        dialog = self.env[name].with_user(self.foreigner)
        key = f"default_{field_name}"
        dialog.with_context(**{key: value}).default_get(list(dialog._fields))

    @mute_logger(_SQL)
    def _read(self, name, field_name, value):
        """Read, and write, a dialog that points there already."""
        dialog = self.env[name].with_user(self.foreigner)
        dialog.env.cr.execute("SET CONSTRAINTS ALL DEFERRED")
        values = self._fill(name)
        for other, field in dialog._fields.items():
            if field.type == "many2one" and field.required and not field.compute:
                row = self._get_row(field.comodel_name)
                if self.env[field.comodel_name]._transient:
                    row = dialog.env[field.comodel_name].sudo().create({})
                values[other] = row.id
        made = dialog.sudo().create({**values, field_name: value}).sudo(False)
        made.invalidate_recordset()
        with self.assertRaises(AccessError), self._undone():
            made.write(self._fill(name) or {"create_date": "2026-01-01"})
        made.web_read(self._get_spec(name))
