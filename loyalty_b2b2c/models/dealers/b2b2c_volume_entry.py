from odoo import fields, models

from ...const import POINTS


class B2b2cVolumeEntry(models.Model):
    """What a line of a document adds to, or takes from, a dealer's volume.

    Rows are added by :class:`~.volume_feed.VolumeFeed`, never changed: with them the
    standing of any day can be proved as it was known then.
    """

    _name = "b2b2c.volume.entry"
    _description = "Dealer Volume"
    _inherit = "b2b2c.closed"
    _order = "id desc"
    _rec_name = "source_key"
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
    day = fields.Date(required=True, readonly=True, help="The day it counts for.")
    value = fields.Float(**POINTS, readonly=True, string="Volume")
    volume_label = fields.Char(related="ladder_id.volume_label")
    document_model = fields.Char(required=True, readonly=True)
    document_id = fields.Many2oneReference(
        model_field="document_model", readonly=True, string="Document ID"
    )
    document_name = fields.Char(readonly=True, string="Document")
    line_key = fields.Char(required=True, readonly=True)
    source_key = fields.Char(required=True, readonly=True)
    recorded_at = fields.Datetime(required=True, readonly=True)

    _source_once = models.UniqueIndex(
        "(source_key)", "This volume has already been counted."
    )
    _document = models.Index("(document_model, document_id)")
    _standing_day = models.Index("(standing_id, day)")

    def init(self):
        """Keep the history as it is: append-only for everybody."""
        self._make_append_only()


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
