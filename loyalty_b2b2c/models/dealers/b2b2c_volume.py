from odoo import fields, models

from ...const import POINTS


class B2b2cVolume(models.AbstractModel):
    """Volume of a dealer on a day: of a line of a document, or of the whole day."""

    _name = "b2b2c.volume"
    _description = "Dealer Volume"
    _inherit = "b2b2c.closed"

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
    day = fields.Date(required=True, readonly=True, help="The day it counts for.")
    value = fields.Float(**POINTS, readonly=True, string="Volume")
