from odoo import api, models
from odoo.fields import Domain

from .filled_rows import fill_rows


class B2b2cRewardRole(models.Model):
    """A role a reward may be for: one row for each role there is.

    Roles are code (``b2b2c.role``); the rows are there so that a reward can name some
    of them, and screens offer them all.  They fill themselves.
    """

    _name = "b2b2c.reward.role"
    _description = "Role a Reward Is For"
    _inherit = "b2b2c.role"
    _order = "id"

    _role_once = models.UniqueIndex("(role)", "There is a row for this role already.")

    @api.depends_context("lang")
    @api.depends("role")
    def _compute_display_name(self):
        for row in self:
            row.display_name = row._get_role_label()

    @api.model
    def _search_display_name(self, operator, value):
        """Find roles by their label in the reader's language, or a part of it."""
        if operator not in ("in", "ilike"):
            return NotImplemented
        labels = self.env["b2b2c.role"]._get_role_selection()
        if operator == "in":
            codes = [code for code, label in labels if label in value]
        else:
            codes = [code for code, label in labels if value.lower() in label.lower()]
        return Domain("role", "in", codes)

    # === FILLING === #

    def init(self):
        self._fill()

    def _register_hook(self):
        super()._register_hook()
        self._fill()  # a role may have come with a file only

    @api.model
    def _fill(self):
        """Add the rows of roles that have none."""
        fill_rows(self, "role", self._get_roles())

    @api.model
    def _get_rows(self, *codes):
        """Return the rows of roles.

        :param codes: stored values of ``b2b2c.role``
        """
        return self.search([("role", "in", codes)])
