"""The loyalty manager reaches the loyalty settings, and nothing beside."""

from lxml import etree

from odoo.exceptions import AccessError
from odoo.tests import Form, tagged

from ...models.codes.scan_presets import PRESETS
from ..common import LoyaltyCommon


@tagged("post_install", "-at_install")
class TestManagerSettings(LoyaltyCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager = cls._create_user("manager", "loyalty_b2b2c.group_manager")
        cls.pages = cls.env["b2b2c.settings"].with_user(cls.manager)

    def test_figures_of_suspicion_the_limit_and_joining(self):
        with Form(self.pages) as form:
            form.b2b2c_scan_member_hour = 7
            form.b2b2c_adjust_limit = 250
            form.b2b2c_join_approval = "manager"
        form.record.execute()
        self.assertEqual(self.company.b2b2c_scan_member_hour, 7)
        self.assertEqual(self.company.b2b2c_adjust_limit, 250)
        self.assertEqual(self.company.b2b2c_join_approval, "manager")

    def test_the_page_shows_them_and_no_accounts(self):
        arch = etree.fromstring(self.pages.get_view(view_type="form")["arch"])
        shown = set(arch.xpath("//field/@name"))
        self.assertLessEqual(
            {"b2b2c_scan_preset", "b2b2c_adjust_limit", "b2b2c_receipt_limit"}, shown
        )
        for name in shown:
            self.assertFalse(name.startswith(("b2b2c_payout", "b2b2c_liability")), name)
        self.assertNotIn("b2b2c_auditor_ids", shown)

    def test_nothing_else_of_the_company(self):
        page = self.pages.create({})
        for name in ("name", "b2b2c_payout_trusted", "b2b2c_auditor_ids"):
            self.assertNotIn(name, page._get_setting_names())
        with self.assertRaises(AccessError):
            self.company.with_user(self.manager).write({"b2b2c_adjust_limit": 1})

    def test_of_another_company(self):
        company = self.env["res.company"].create({"name": "Other"})
        with self.assertRaises(AccessError):
            self.pages.create({"company_id": company.id, "b2b2c_adjust_limit": 9})
        self.assertNotEqual(company.b2b2c_adjust_limit, 9)

    def test_officers_do_not_reach_them(self):
        officer = self._create_user("officer", "loyalty_b2b2c.group_officer")
        with self.assertRaises(AccessError):
            self.pages.with_user(officer).create({"b2b2c_adjust_limit": 9})

    def test_presets(self):
        self.company.write(PRESETS["usual"])
        with Form(self.pages) as form:
            self.assertEqual(form.b2b2c_scan_preset, "usual")
            form.b2b2c_scan_preset = "strict"
            self.assertEqual(form.b2b2c_scan_failures, 8)
        self.assertEqual(self.company.b2b2c_scan_other_shop, "refuse")
        with Form(self.pages) as form:
            self.assertEqual(form.b2b2c_scan_preset, "strict")
            form.b2b2c_scan_failures = 9
            self.assertEqual(form.b2b2c_scan_preset, "own")

    def test_a_new_company_has_the_usual_figures(self):
        company = self.env["res.company"].create({"name": "New"})
        self.assertEqual(
            {name: company[name] for name in PRESETS["usual"]}, PRESETS["usual"]
        )
