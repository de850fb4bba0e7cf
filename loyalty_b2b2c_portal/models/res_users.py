from odoo import models

from ..addresses import PATHS, path
from ..pages.app import App, get_color


class ResUsers(models.Model):
    _inherit = "res.users"

    def _get_rewards_app(self, address):
        """Return what the head of a page says of the app it belongs to.

        :param str address: path of the page
        :return: dict with ``manifest``, ``icon``, ``name``, ``color``, and ``prefix``,
            how addresses begin in the language of the page; nothing for other pages,
            and where the app is switched off
        """
        app = App(self.env(su=True))
        if not address.startswith(PATHS["overview"]) or not app.is_on():
            return {}
        company = self._get_rewards_company()
        return {
            "manifest": path("app_manifest"),
            "icon": app.get_icon_address(company, 180),
            "name": company.name,
            "color": get_color(company),
            "prefix": self._get_language_prefix(),
        }

    def _get_language_prefix(self):
        """Return how addresses of pages begin in the language of the page: "/uk"."""
        if self.env.lang == self.env["ir.http"]._get_default_lang().code:
            return ""
        return f"/{self.env['res.lang']._get_data(code=self.env.lang).url_code}"

    def _get_rewards_company(self):
        """Return the company a person takes part at, else that of the site (sudo)."""
        members = self.env["b2b2c.member"]._get_portal_members(self.partner_id)
        return (members.company_id[:1] or self.env.company).sudo()
