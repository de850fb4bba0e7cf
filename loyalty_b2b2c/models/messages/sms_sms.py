from odoo import fields, models


class SmsSms(models.Model):
    _inherit = "sms.sms"

    b2b2c_notification_id = fields.Many2one(
        "b2b2c.notification",
        string="Loyalty Message",
        index="btree_not_null",
        ondelete="set null",
    )

    def _handle_call_result_hook(self, results):
        """Tell our messages that their SMS could not be delivered."""
        labels = dict(self._fields["failure_type"]._description_selection(self.env))
        for sms in self:
            if sms.b2b2c_notification_id and sms.state == "error":
                sms.b2b2c_notification_id.sudo()._fail(
                    "sms", labels.get(sms.failure_type) or sms.failure_type or ""
                )
        return super()._handle_call_result_hook(results)
