"""A participant with a login, and a stranger."""

from odoo import Command

from odoo.addons.loyalty_b2b2c.tests.common import LoyaltyCommon

PASSWORD = "a-portal-password"


class PortalCommon(LoyaltyCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.user = cls._create_portal_user("olena", cls.member.partner_id)
        cls.account = cls.member._get_account(cls.unit)
        cls.other_member = cls._create_member(
            name="Petro Other", email="petro@example.com", role="owner"
        )
        cls.other_user = cls._create_portal_user("petro", cls.other_member.partner_id)
        cls.other_account = cls.other_member._get_account(cls.unit)

    @classmethod
    def _create_portal_user(cls, login, partner=None, group="base.group_portal"):
        """Create a user who can log in with ``PASSWORD``."""
        partner = partner or cls.env["res.partner"].create({"name": login})
        return (
            cls.env["res.users"]
            .with_context(no_reset_password=True)
            .create(
                {
                    "login": login,
                    "password": PASSWORD,
                    "partner_id": partner.id,
                    "group_ids": [Command.set(cls.env.ref(group).ids)],
                    "tz": "Europe/Kyiv",
                }
            )
        )

    def _get(self, url, login="olena", **kw):
        """Open a page as a user (``None``: without a login)."""
        self.authenticate(login, PASSWORD if login else None)
        return self.url_open(url, **kw)
