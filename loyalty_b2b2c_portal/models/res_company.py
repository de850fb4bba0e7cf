from odoo import models

from .. import addresses


class ResCompany(models.Model):
    _inherit = "res.company"

    def _get_rewards_path(self, page="overview", **params):
        """Return the path of a page of the portal; the same for every company."""
        return addresses.path(page, **params)
