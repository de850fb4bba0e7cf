from odoo import models


class MailMail(models.Model):
    _inherit = "mail.mail"

    def _postprocess_sent_message(
        self, success_pids, success_emails, failure_reason=False, failure_type=None
    ):
        """Tell our messages that their e-mail could not be delivered."""
        if failure_type:
            said = [failure_type, failure_reason or ""]
            self.env["b2b2c.notification.delivery"]._not_delivered(
                self, "\n".join(said).strip()
            )
        return super()._postprocess_sent_message(
            success_pids,
            success_emails,
            failure_reason=failure_reason,
            failure_type=failure_type,
        )
