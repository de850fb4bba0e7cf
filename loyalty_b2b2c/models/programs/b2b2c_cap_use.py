from odoo import fields, models

from ...const import POINTS


class B2b2cCapUse(models.Model):
    """What one document takes of a limit, and what the limit kept back from it."""

    _name = "b2b2c.cap.use"
    _description = "Limit Use"
    _inherit = "b2b2c.closed"
    _log_access = False
    _rec_name = "scope"

    document = fields.Char(required=True, readonly=True)
    scope = fields.Char(required=True, readonly=True)
    points = fields.Float(**POINTS, readonly=True)
    cut = fields.Float(**POINTS, readonly=True, default=0)

    _cut = models.Index("(scope) WHERE cut > 0")
    _once = models.UniqueIndex("(document, scope)")
