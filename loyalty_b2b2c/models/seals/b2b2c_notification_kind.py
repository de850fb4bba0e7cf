from odoo import api, models
from odoo.tools.translate import LazyTranslate

from ..messages.b2b2c_notification_kind import Kind

_lt = LazyTranslate(__name__)


def _word_headline(message):
    return message.env._(
        "%(company)s: seal %(number)s of the loyalty ledger",
        company=message.company_id.name,
        number=message.details["number"],
    )


def _word_sentences(message):
    env, told = message.env, message.details
    sentences = [
        env._(
            "Keep this message: later it proves that nobody changed what was booked."
        ),
        env._("Hash: %s", told["hash"]),
        env._("Statement: %s", told["statement"]),
    ]
    if told["signature"]:
        sentences += [
            env._("Signature (Ed25519): %s", told["signature"]),
            env._("Public key: %s", told["public_key"]),
        ]
    else:
        sentences.append(env._("It is not signed: the server has no key."))
    if told.get("time_stamp"):
        sentences.append(
            env._(
                "Time stamp (RFC 3161) of %(time)s (UTC): %(stamp)s",
                time=told["stamped_at"],
                stamp=told["time_stamp"],
            )
        )
    return sentences


#: Stored value -> kind; stored values are for ever.
KINDS = {
    "seal_head": Kind(
        label=_lt("Statement about seals"),
        headline=_word_headline,
        sentences=_word_sentences,
        is_digested=False,
        channels=("email",),
    )
}


class B2b2cNotificationKind(models.AbstractModel):
    """Statements about seals, to auditors."""

    _inherit = "b2b2c.notification.kind"

    @api.model
    def _get_kinds(self):
        return {**super()._get_kinds(), **KINDS}
