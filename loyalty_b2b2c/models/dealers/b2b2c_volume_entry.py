from odoo import fields, models


class B2b2cVolumeEntry(models.Model):
    """What a line of a document adds to, or takes from, a dealer's volume.

    Rows are added by :class:`~.volume_feed.VolumeFeed`, never changed: with them the
    standing of any day can be proved as it was known then.
    """

    _name = "b2b2c.volume.entry"
    _description = "Dealer Volume"
    _inherit = "b2b2c.volume"
    _order = "id desc"
    _rec_name = "source_key"
    _log_access = False

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
