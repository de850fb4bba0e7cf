from odoo import api, models
from odoo.tools.translate import LazyTranslate

_lt = LazyTranslate(__name__)


class B2b2cChannel(models.AbstractModel):
    _inherit = "b2b2c.channel"

    @api.model
    def _get_channel_models(self):
        return [*super()._get_channel_models(), "b2b2c.channel.sms"]


class B2b2cChannelSms(models.AbstractModel):
    """SMS: one short text, sent by Odoo's own queue."""

    _name = "b2b2c.channel.sms"
    _description = "Messages by SMS"
    _inherit = "b2b2c.channel"

    _code = "sms"
    _label = _lt("SMS")
    _phrase = _lt("by SMS")
    _missing = _lt("We have no phone number of yours yet.")

    def _get_address(self, partner):
        return partner and (partner._get_loyalty_phone() or partner.phone) or ""

    def _send(self, message):
        values = {
            "body": self._get_text(message),
            "number": self._get_recipient(message),
            "partner_id": message.partner_id.id,
        }
        return message.env["sms.sms"].sudo().create(values)

    def _get_text(self, message):
        """Return the words of the kind, else those of the template with the balance."""
        kind = message._get_kind()
        if kind.short_text:
            return kind.short_text(message)
        if not message.account_id:
            news = [f"{message.headline}.", *message.sentences[:1]]
            return f"{message.company_id.name}: {' '.join(news)}"
        template = message.env.ref("loyalty_b2b2c.sms_template_message")
        bodies = template._render_field("body", message.ids, compute_lang=True)
        return bodies[message.id]

    def _get_failure_words(self):
        causes = self.env["sms.sms"]._fields["failure_type"]
        return dict(causes._description_selection(self.env))

    def _get_queued(self, records):
        return records.filtered(lambda text: text.state in ("outgoing", "process"))

    def _withdraw(self, records):
        records.exists().unlink()
