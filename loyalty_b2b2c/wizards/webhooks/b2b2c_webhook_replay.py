from odoo import fields, models


class B2b2cWebhookReplay(models.TransientModel):
    """Tells a webhook once more what came after some place in the feed."""

    _name = "b2b2c.webhook.replay"
    _description = "Replay of a Webhook"
    _inherit = "b2b2c.dialog"

    webhook_id = fields.Many2one("b2b2c.webhook", required=True, ondelete="cascade")
    stream_id = fields.Many2one(
        "b2b2c.webhook.stream",
        string="Kind",
        required=True,
        ondelete="cascade",
        domain="[('webhook_id', '=', webhook_id)]",
    )
    cursor = fields.Char(
        "After",
        help="“next” of the last batch that arrived. Empty: from the beginning.",
    )

    def action_replay(self):
        """Go back to that place (managers)."""
        self.ensure_one()
        webhook = self.webhook_id._check_manager()
        stream = self.stream_id.filtered(lambda one: one.webhook_id == webhook)
        stream._replay(self.cursor)
        webhook._message_log(
            body=self.env._("Told once more after %s.", self.cursor or "0-0")
        )
        self.env.ref("loyalty_b2b2c.cron_webhooks").sudo()._trigger()
        return {"type": "ir.actions.act_window_close"}
