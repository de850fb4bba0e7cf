"""Files that only our code fills are changed by nobody else, whatever the right."""

from odoo.exceptions import UserError
from odoo.tests import tagged

from ..common import LoyaltyCommon


@tagged("post_install", "-at_install")
class TestKeptFiles(LoyaltyCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.admin = cls._create_user(
            "filing", "loyalty_b2b2c.group_manager", "base.group_system"
        )

    def _get_fields(self):
        """Yield (model, field) of stored files of ours that are read-only."""
        for name, model in self.env.registry.items():
            if not name.startswith("b2b2c.") or model._abstract or model._transient:
                continue
            for field in model._fields.values():
                is_file = field.type in ("binary", "image") and field.attachment
                if is_file and field.store and field.readonly and not field.related:
                    yield name, field.name

    def test_every_read_only_file_of_ours(self):
        found = [*self._get_fields()]
        self.assertTrue(found)
        for model, name in found:
            with self.subTest(model=model, field=name):
                values = {"name": name, "res_model": model, "res_field": name}
                kept = self.env["ir.attachment"].create(
                    {**values, "res_id": 0, "raw": b"as it was"}
                )
                theirs = kept.with_user(self.admin)
                for act in (
                    lambda theirs=theirs: theirs.write({"raw": b"forged"}),
                    lambda theirs=theirs: theirs.write({"res_field": False}),
                    lambda theirs=theirs: theirs.unlink(),
                    lambda values=values: (
                        self.env["ir.attachment"]
                        .with_user(self.admin)
                        .create({**values, "raw": b"beside it"})
                    ),
                ):
                    with self.assertRaises(UserError):
                        act()
                self.assertEqual(kept.raw, b"as it was")

    def test_other_files_are_theirs(self):
        """Notes with a file, and files of other records, are as before."""
        files = self.env["ir.attachment"].with_user(self.admin)
        for record in (self.client, self.env["b2b2c.program"].create({"name": "P"})):
            file = files.create(
                {"name": "x", "res_model": record._name, "res_id": record.id}
            )
            file.write({"raw": b"changed"})
            file.unlink()
