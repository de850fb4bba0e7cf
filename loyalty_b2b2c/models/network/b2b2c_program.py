from odoo import api, fields, models, tools


class B2b2cProgram(models.Model):
    """Programs of the network give points at partners by agreement only."""

    _inherit = "b2b2c.program"

    is_network = fields.Boolean(
        string="At Partners by Agreement Only",
        tracking=True,
        help="What partners sell earns here only under an agreement in force on the "
        "day of the sale. An agreement that names the program ticks this.",
    )

    @api.model
    @tools.ormcache("company_id", cache="default")
    def _get_network_ids(self, company_id):
        """Return the ids of a company's programs that need an agreement at partners.

        Cached: every change of a program clears the registry cache.
        """
        programs = self.sudo().with_context(active_test=False)
        domain = [("company_id", "=", company_id), ("is_network", "=", True)]
        return frozenset(programs.search(domain).ids)
