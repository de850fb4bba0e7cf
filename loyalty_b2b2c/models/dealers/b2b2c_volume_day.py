from odoo import models


class B2b2cVolumeDay(models.Model):
    """The volume of a dealer on a day: the sum of its entries."""

    _name = "b2b2c.volume.day"
    _description = "Dealer Volume of a Day"
    _inherit = "b2b2c.volume"
    _order = "day desc"
    _rec_name = "day"
    _log_access = False

    _once = models.UniqueIndex("(standing_id, ladder_id, day)")
