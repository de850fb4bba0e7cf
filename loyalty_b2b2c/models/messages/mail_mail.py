from odoo import models


class MailMail(models.Model):
    _inherit = "mail.mail"

    def _postprocess_sent_message(
        self, success_pids, success_emails, failure_reason=False, failure_type=None
    ):
        """Tell our messages that their e-mail could not be delivered."""
        if failure_type:
            self.env["b2b2c.notification.delivery"]._not_delivered(
                self, failure_reason or failure_type
            )
        return super()._postprocess_sent_message(
            success_pids,
            success_emails,
            failure_reason=failure_reason,
            failure_type=failure_type,
        )
