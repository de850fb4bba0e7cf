from odoo import fields, models
from odoo.exceptions import AccessDenied

from odoo.addons.auth_passkey._vendor.webauthn.helpers import exceptions

#: What an answer that no passkey gave makes Odoo's reader raise.
_UNREADABLE = (
    AttributeError,
    KeyError,
    TypeError,
    ValueError,
    exceptions.InvalidAuthenticatorDataStructure,
    exceptions.InvalidCBORData,
    exceptions.InvalidJSONStructure,
)


class B2b2cPayout(models.Model):
    """Who has a passkey proves with it who asks for money.

    The device signs a challenge of this session, which is used up by the answer.
    """

    _inherit = "b2b2c.payout"

    proof_way = fields.Selection(
        selection_add=[("passkey", "Passkey")], ondelete={"passkey": "set null"}
    )

    def _get_proof(self, user):
        if user.sudo().auth_passkey_key_ids:
            return "passkey"
        return super()._get_proof(user)

    def _is_right(self, way, user, text):
        if way != "passkey":
            return super()._is_right(way, user, text)
        credential = {"type": "webauthn", "webauthn_response": text}
        try:
            user.with_user(user)._check_credentials(credential, {"interactive": True})
        except (AccessDenied, *_UNREADABLE):
            return False
        return True

    def _word_wrong(self, way):
        if way != "passkey":
            return super()._word_wrong(way)
        return self.env._("That was not your passkey. Try again.")
