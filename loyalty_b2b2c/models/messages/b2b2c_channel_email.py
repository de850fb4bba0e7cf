from odoo import api, models
from odoo.tools.translate import LazyTranslate

_lt = LazyTranslate(__name__)


class B2b2cChannel(models.AbstractModel):
    _inherit = "b2b2c.channel"

    @api.model
    def _get_channel_models(self):
        return [*super()._get_channel_models(), "b2b2c.channel.email"]


class B2b2cChannelEmail(models.AbstractModel):
    """E-mails: a template makes them, Odoo's own queue sends them."""

    _name = "b2b2c.channel.email"
    _description = "Messages by E-mail"
    _inherit = "b2b2c.channel"

    _code = "email"
    _label = _lt("E-mail")
    _phrase = _lt("by e-mail")
    _missing = _lt("We have no e-mail address of yours yet.")
    _is_default = True

    def _get_address(self, partner):
        return partner.email

    def _send(self, message):
        kind = message._get_kind()
        template = message.env.ref(kind.mail_template)
        record = message
        if template.model != message._name:
            record = message._get_record()
        mail_id = template.send_mail(
            record.id,
            force_send=False,
            email_layout_xmlid=kind.mail_layout,
            email_values=self._get_email_values(message),
        )
        if kind.is_urgent:
            message.env.ref("mail.ir_cron_mail_scheduler_action").sudo()._trigger()
        return message.env["mail.mail"].sudo().browse(mail_id)

    def _get_email_values(self, message):
        """Return what the template does not decide: who gets it.

        To the person only, whatever the template says.
        """
        values = {"recipient_ids": [(6, 0, message.partner_id.ids)], "email_to": False}
        if message.address:
            values = {"recipient_ids": [], "email_to": message.address}
        if message._get_kind().secret_minutes:
            # beside the record: who may read the record must not read the secret;
            # a subject is shown on locked screens and kept in logs of mail servers
            values |= {"model": False, "res_id": False, "subject": message.subject}
        return values

    def _get_failure_words(self):
        causes = self.env["mail.mail"]._fields["failure_type"]
        return dict(causes._description_selection(self.env))

    def _get_queued(self, records):
        return records.filtered(lambda mail: mail.state == "outgoing")

    def _withdraw(self, records):
        records.exists().unlink()
