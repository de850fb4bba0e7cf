from odoo import api, models


class B2b2cDesk(models.AbstractModel):
    """As long as nothing was set up the desk shows what can be."""

    _inherit = "b2b2c.desk"

    @api.model
    def _is_new(self):
        if not self.env["b2b2c.program"].has_access("create"):
            return False
        made = sorted(self.env["b2b2c.checklist"]._inherit_children)
        return not any(
            self.env[model].with_context(active_test=False).search_count([], limit=1)
            for model in made
        )
