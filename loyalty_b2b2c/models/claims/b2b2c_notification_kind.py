from odoo import api, models
from odoo.tools.translate import LazyTranslate

from ..messages.b2b2c_notification_kind import Kind

_lt = LazyTranslate(__name__)


def _word_headline(message):
    name = message._get_record().display_name or message.document_name
    return message.env._("%s was not accepted", name)


def _word_reasons(message):
    claim = message._get_record()
    return claim._get_refused_texts() if claim else []


def _word_short(message):
    return message.env._(
        "%(company)s: %(what)s was not accepted. %(reason)s",
        company=message.company_id.name,
        what=message._get_record().display_name,
        reason=" ".join(message.sentences),
    )


#: Stored value -> kind; stored values are for ever.
KINDS = {
    "claim_refused": Kind(
        label=_lt("Proof of sale refused"),
        headline=_word_headline,
        sentences=_word_reasons,
        short_text=_word_short,
        mail_template="loyalty_b2b2c.mail_template_claim_refused",
        tone="bad",
        is_digested=False,
    ),
}


class B2b2cNotificationKind(models.AbstractModel):
    """What people are told whose proof of sale waited for a person and was refused.

    Who is credited hears it from the books; a refusal books nothing.
    """

    _inherit = "b2b2c.notification.kind"

    @api.model
    def _get_kinds(self):
        return {**super()._get_kinds(), **KINDS}


class B2b2cClaim(models.Model):
    """Telling people that their proof of sale was refused."""

    _inherit = "b2b2c.claim"

    def _tell_refused(self):
        """Queue a message to who handed each of these in."""
        self.env["b2b2c.notification"]._tell(
            [
                {
                    "kind": "claim_refused",
                    "key": f"claim_refused/{claim.id}",
                    "member_id": claim.submitter_id._get_survivor().id,
                    "document_name": claim.display_name,
                    "res_model": claim._name,
                    "res_id": claim.id,
                }
                for claim in self.sudo()
            ]
        )

    def _get_refused_texts(self):
        """Return why this was refused, for the person: the reason, and a note."""
        self.ensure_one()
        note = self.note if self.note != self.reason_text else ""
        return [text for text in (self.reason_text, note) if text]
