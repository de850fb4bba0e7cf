from odoo import models


class SmsSms(models.Model):
    _inherit = "sms.sms"

    def _handle_call_result_hook(self, results):
        """Tell our messages that their SMS could not be delivered."""
        failed = self.filtered(lambda sms: sms.state == "error")
        for cause, texts in failed.grouped("failure_type").items():
            self.env["b2b2c.notification.delivery"]._not_delivered(texts, cause or "")
        return super()._handle_call_result_hook(results)
