from odoo import api, fields, models


class B2b2cEventIgnore(models.TransientModel):
    """Give failed events up, with a reason (officers)."""

    _name = "b2b2c.event.ignore"
    _description = "Ignore Failed Events"
    _inherit = "b2b2c.dialog"

    event_ids = fields.Many2many("b2b2c.event", readonly=True)
    event_count = fields.Integer(compute="_compute_event_count")
    reason = fields.Char(required=True)

    @api.model
    def default_get(self, fields_list):
        values = super().default_get(fields_list)
        events = self.env["b2b2c.event"].browse(self.env.context.get("active_ids"))
        failed = events.filtered(lambda event: event.state == "failed")
        return dict(values, event_ids=[fields.Command.set(failed.ids)])

    @api.depends("event_ids")
    def _compute_event_count(self):
        for wizard in self:
            wizard.event_count = len(wizard.event_ids)

    def action_ignore(self):
        """Give the events up; a later change of their documents is processed."""
        self.ensure_one()
        self.event_ids._ignore(self.reason)
        return {"type": "ir.actions.act_window_close"}
