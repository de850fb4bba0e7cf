"""Settings: each package says its own, and what is cached follows every change."""

from odoo.tests import TransactionCase, tagged

from ..fakes import extended


class FakeSettings:
    """A package whose settings are asked for very often."""

    def _get_loyalty_setting_names(self):
        names = super()._get_loyalty_setting_names()
        return {**names, "fake": ("b2b2c_adjust_limit", "currency_id")}


@tagged("post_install", "-at_install")
class TestSettings(TransactionCase):
    def setUp(self):
        super().setUp()
        self.enterContext(extended(self.env, "res.company", FakeSettings))
        self.company = self.env.company
        self.company.b2b2c_adjust_limit = 1000

    def _get(self):
        return self.env["res.company"]._get_loyalty_settings(self.company.id, "fake")

    def test_a_group_of_a_package_is_read(self):
        self.assertEqual(
            self._get(),
            {"b2b2c_adjust_limit": 1000, "currency_id": self.company.currency_id.id},
        )
        self.assertIn("scan", self.company._get_loyalty_setting_names())

    def test_they_are_read_once(self):
        self._get()
        self.env.invalidate_all()
        with self.assertQueryCount(0):
            self._get()

    def test_a_change_is_seen_at_once(self):
        self._get()
        self.company.b2b2c_adjust_limit = 500
        self.assertEqual(self._get()["b2b2c_adjust_limit"], 500)

    def test_a_setting_of_no_group_keeps_the_cache(self):
        self._get()
        self.company.b2b2c_join_approval = "manager"
        self.env.flush_all()
        self.env.invalidate_all()
        with self.assertQueryCount(0):
            self._get()
