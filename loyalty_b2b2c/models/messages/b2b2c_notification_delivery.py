from odoo import api, fields, models

_BATCH = 1000


class B2b2cNotificationDelivery(models.Model):
    """What became of a message over one channel.

    Rows come from the sender, when it decides on a message: queueing writes none.
    """

    _name = "b2b2c.notification.delivery"
    _description = "Delivery of a Message"
    _order = "id"

    notification_id = fields.Many2one(
        "b2b2c.notification", required=True, readonly=True, ondelete="cascade"
    )
    channel = fields.Selection(
        selection=lambda self: self.env["b2b2c.channel"]._get_channel_selection(),
        required=True,
        readonly=True,
    )
    state = fields.Selection(
        [
            ("waiting", "Waiting"),
            ("sent", "Sent"),
            ("failed", "Failed"),
            ("skipped", "Not sent"),
        ],
        required=True,
        readonly=True,
        string="Status",
    )
    reason_code = fields.Selection(
        [
            ("declined", "Not wanted"),
            ("no_address", "No address"),
            ("no_channel", "There is no such channel any more"),
            ("later", "Not taken yet"),
            ("paused", "The channel pauses"),
            ("behind", "After an earlier message"),
            ("gave_up", "Not taken after several tries"),
            ("refused", "Refused"),
            ("error", "Error"),
        ],
        readonly=True,
        string="Cause",
    )
    reason = fields.Char(
        readonly=True, help="What the service said: a sentence, or a code of its own."
    )
    reason_text = fields.Char(compute="_compute_reason_text", string="Reason")
    tries = fields.Integer(required=True, default=0, readonly=True)
    retry_at = fields.Datetime(readonly=True, string="Next Try")
    sent_at = fields.Datetime(readonly=True, string="Sent On")

    # Where it was handed over to, and until when a secret may stay there
    res_model = fields.Char(readonly=True)
    res_id = fields.Many2oneReference(model_field="res_model", readonly=True)
    forget_at = fields.Datetime(readonly=True)

    _once = models.UniqueIndex("(notification_id, channel)")
    _waiting = models.Index("(retry_at) WHERE state = 'waiting'")
    _reference = models.Index("(res_model, res_id) WHERE res_id IS NOT NULL")
    _secret = models.Index("(forget_at) WHERE forget_at IS NOT NULL")

    @api.depends("channel", "state")
    @api.depends_context("lang")
    def _compute_display_name(self):
        channels, states = (
            dict(self._fields[name]._description_selection(self.env))
            for name in ("channel", "state")
        )
        for row in self:
            label = channels.get(row.channel, row.channel)
            row.display_name = f"{label}: {states.get(row.state)}"

    @api.depends("channel", "reason", "reason_code")
    @api.depends_context("lang")
    def _compute_reason_text(self):
        """Word why a message was not sent: what the service said, else the cause."""
        causes = dict(self._fields["reason_code"]._description_selection(self.env))
        said = {
            code: channel._get_failure_words()
            for code, channel in self.env["b2b2c.channel"]._get_sending().items()
        }
        for row in self:
            # a code of the service, and on the next line what it said besides
            code, _line, detail = (row.reason or "").partition("\n")
            words = said.get(row.channel, {}).get(code, code)
            if words and detail:
                words = f"{words}: {detail}"
            row.reason_text = words or causes.get(row.reason_code, "")

    def _get_queued(self):
        """Return those of these rows whose message has not left yet: it waits in the
        queue of its channel."""
        queued = self.browse()
        channels = self.env["b2b2c.channel"]._get_sending()
        handed = self.filtered(
            lambda row: row.state == "sent" and row.res_id and row.channel in channels
        )
        for (code, model), rows in handed.grouped(
            lambda row: (row.channel, row.res_model)
        ).items():
            records = self.env[model].sudo().browse(rows.mapped("res_id")).exists()
            waiting = set(channels[code]._get_queued(records).ids)
            queued |= rows.filtered(lambda row, ids=waiting: row.res_id in ids)
        return queued

    @api.model
    def _not_delivered(self, records, reason):
        """Note that what a channel handed over failed later (called by its queue).

        :param records: what the channel's ``_send`` returned
        :param str reason: what the service said
        """
        deliveries = self.sudo().search(
            [("res_model", "=", records._name), ("res_id", "in", records.ids)]
        )
        deliveries.write(
            {"state": "failed", "reason_code": "refused", "reason": reason}
        )
        deliveries.notification_id._conclude()

    def _withdraw(self):
        """Remove these messages from the queues of their channels."""
        channels = self.env["b2b2c.channel"]._get_sending()
        handed = self.filtered(lambda row: row.res_id and row.channel in channels)
        for (code, model), rows in handed.grouped(
            lambda row: (row.channel, row.res_model)
        ).items():
            records = self.env[model].sudo().browse(set(rows.mapped("res_id")))
            channels[code]._withdraw(records)
        self.write({"res_model": False, "res_id": False, "forget_at": False})

    @api.model
    def _forget_secrets(self):
        """Remove secrets that are of no use any more, sent or not."""
        domain = [("forget_at", "<=", fields.Datetime.now())]
        self.sudo().search(domain, limit=_BATCH)._withdraw()
