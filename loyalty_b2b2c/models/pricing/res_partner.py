from odoo import models

from .contact_guard import LOCKED, check_contacts
from .marks import LADDER, is_marked


class ResPartner(models.Model):
    """Price guard: nobody chooses the price list of a managed dealer."""

    _inherit = "res.partner"

    def write(self, vals):
        if not LOCKED.isdisjoint(vals) and not is_marked(LADDER):
            check_contacts(self, vals)
        return super().write(vals)
