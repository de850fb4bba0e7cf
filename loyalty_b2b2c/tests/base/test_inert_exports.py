"""Odoo's own exports of what strangers typed: text, never a formula (A15, R19)."""

import csv
import io
import json
import re
import zipfile
from unittest.mock import patch

from odoo.exceptions import ValidationError
from odoo.http import Request
from odoo.tests import HttpCase, tagged

from ...controllers import export
from ...models.joining.join_input import read_input
from ..common import LoyaltyCommon

#: How strangers would call themselves.
NAMES = (
    '=HYPERLINK("http://evil.example","Olena")',
    "=1+1",
    "{=1+1}",
    "@SUM(A1)",
    "+1+1",
    "-1+1",
    "\t=1+1",
    " =1+1",
    "＝1+1",
    "external:C:\\evil.xlsx",
)


@tagged("post_install", "-at_install")
class TestInertExports(LoyaltyCommon, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # as they stand in databases from before such names were refused
        cls.people = [
            cls._create_member(name=name, email=f"p{number}@example.com", phone=None)
            for number, name in enumerate(NAMES)
        ]
        for member, name in zip(cls.people, NAMES, strict=True):
            member.partner_id.name = name
        cls.env.flush_all()

    def _export(self, extension, model, records, groupby=(), fields=("name", "email")):
        """Return what Odoo's export of records sends, as bytes."""
        self.authenticate("admin", "admin")
        data = {
            "model": model,
            "fields": [
                {"name": name, "label": name, "type": "char", "store": True}
                for name in fields
            ],
            "ids": records.ids,
            "domain": [],
            "groupby": list(groupby),
            "import_compat": False,
            "context": {},
        }
        answer = self.url_open(
            f"/web/export/{extension}",
            data={"data": json.dumps(data), "csrf_token": Request.csrf_token(self)},
        )
        self.assertEqual(answer.status_code, 200)
        return answer.content

    def _get_sheet(self, content):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = archive.namelist()
            sheet = archive.read("xl/worksheets/sheet1.xml").decode()
            texts = archive.read("xl/sharedStrings.xml").decode()
        links = [name for name in names if "sheet1.xml.rels" in name]
        return sheet, texts, links

    def _sources(self):
        members = self.env["b2b2c.member"].union(*self.people)
        return (("b2b2c.member", members), ("res.partner", members.partner_id))

    def test_xlsx(self):
        for model, records in self._sources():
            for groupby in ((), ("name",)):
                with self.subTest(model=model, groupby=groupby):
                    if model == "b2b2c.member" and groupby:
                        groupby = ("partner_id",)
                    content = self._export("xlsx", model, records, groupby)
                    sheet, texts, links = self._get_sheet(content)
                    self.assertNotIn("<f", sheet)
                    self.assertFalse(links)
                    self.assertIn("HYPERLINK", texts)  # the text is there

    def test_csv(self):
        for model, records in self._sources():
            with self.subTest(model=model):
                content = self._export("csv", model, records).decode()
                rows = [*csv.reader(io.StringIO(content))][1:]
                self.assertEqual(len(rows), len(NAMES))
                for row in rows:
                    for cell in row:
                        self.assertFalse(re.match(r"\s*[=+\-@＝]", cell), cell)

    def test_control_without_it_formulas_get_through(self):
        model, records = self._sources()[1]
        with (
            patch.object(export, "_inert_xlsx", lambda value: value),
            patch.object(export, "_inert_csv", lambda value: value),
        ):
            sheet, _texts, _links = self._get_sheet(
                self._export("xlsx", model, records)
            )
            content = self._export("csv", model, records).decode()
        self.assertIn("<f", sheet)
        self.assertIn('"@SUM(A1)"', content)

    def test_what_is_no_formula_stays_as_it_is(self):
        person = self.env["res.partner"].create(
            {"name": "Анна-Марія O'Hara", "email": "anna@example.com"}
        )
        content = self._export("csv", "res.partner", person).decode()
        self.assertIn('"Анна-Марія O\'Hara","anna@example.com"', content)

    # === WHERE THEY ARE TYPED === #

    def test_names_that_a_form_refuses(self):
        country = self.env.ref("base.ua")
        for name in (*NAMES, "Win at evil.example", "see http://evil", "a@b.c"):
            with self.subTest(name=name):
                form = {"name": name, "email": "a@example.com"}
                self.assertTrue(read_input(self.env, form, country).problem)
        for name in ("Анна-Марія Ґалаґан", "O.Kovalenko", "D'Arcy O'Neill", "Li"):
            with self.subTest(name=name):
                form = {"name": name, "email": "a@example.com"}
                self.assertFalse(read_input(self.env, form, country).problem)

    def test_strangers_do_not_rename_a_contact_so(self):
        """Whatever page it comes from: an address form, a sign-up, a shop."""
        public = self.env.ref("base.public_user")
        partner = self.member.partner_id
        for name in NAMES[:9]:
            if name.startswith("{"):
                continue  # text for every reader of a cell but one writer
            with self.subTest(name=name):
                with self.assertRaises(ValidationError), self.cr.savepoint():
                    partner.with_user(public).sudo().name = name
        partner.with_user(public).sudo().name = "Olena Kovalenko-Bondar"
        # the office knows what it does
        partner.name = "@home"
