from odoo import models

from .settlement import settle_left, settle_payments

#: What is settled here and judged nowhere.
_OURS = ("pos.payment", "b2b2c.till.payment")


class B2b2cEvent(models.Model):
    """What was paid with points at a till is settled from the outbox, too."""

    _inherit = "b2b2c.event"

    def _process(self):
        """Settle payments; the rest is judged as ever."""
        ours = self.filtered(lambda event: event.source_model in _OURS)
        for model, settle in (
            ("pos.payment", settle_payments),
            ("b2b2c.till.payment", settle_left),
        ):
            events = ours.filtered(lambda event, name=model: event.source_model == name)
            if events:
                settle(self.env[model].sudo().browse(events.mapped("source_id")))
                done = dict.fromkeys(events.mapped("source_id"), 1)
                events._finish("done", outcome=done)
        return super(B2b2cEvent, self - ours)._process()
