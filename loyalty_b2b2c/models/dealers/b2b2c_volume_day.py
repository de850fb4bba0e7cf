from odoo import fields, models

from ...const import POINTS


class B2b2cVolumeDay(models.Model):
    """The volume of a dealer on a day: the sum of its entries."""

    _name = "b2b2c.volume.day"
    _description = "Dealer Volume of a Day"
    _inherit = "b2b2c.closed"
    _order = "day desc"
    _rec_name = "day"
    _log_access = False

    ladder_id = fields.Many2one(
        "b2b2c.ladder", required=True, readonly=True, ondelete="restrict"
    )
    standing_id = fields.Many2one(
        "b2b2c.ladder.standing",
        required=True,
        readonly=True,
        string="Dealer",
        ondelete="restrict",
    )
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, ondelete="restrict"
    )
    day = fields.Date(required=True, readonly=True)
    value = fields.Float(**POINTS, readonly=True, string="Volume")

    _once = models.UniqueIndex("(standing_id, ladder_id, day)")
