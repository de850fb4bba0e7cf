from odoo import fields, models


class B2b2cPriceDeviation(models.Model):
    """Deviations of tills."""

    _inherit = "b2b2c.price.deviation"

    kind = fields.Selection(
        selection_add=[("pos", "Sold at the till")],
        # what was recorded never changes, also when tills are gone
        ondelete={"pos": lambda deviations: None},
    )
