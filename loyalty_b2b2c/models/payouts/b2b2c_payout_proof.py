from datetime import timedelta

from odoo import fields, models
from odoo.exceptions import AccessDenied
from odoo.tools import SQL, consteq, hmac

from ..joining.join_input import masked_address
from ..people.one_time_code import new_code, read_digits
from .b2b2c_notification_kind import CODE_MINUTES

DIGITS = 6
TRIES = 5  # per code
#: What is too much within an hour, of one person.
SENDS = 5
WRONG = 10
#: So much of an answer is read.
_ANSWER = 4000


class B2b2cPayout(models.Model):
    """Who asks for money proves to be the person, in the strongest way he has.

    A second factor; else a code that is sent to a proved address; else the password.
    What is proved is this payout and nothing else: the state moves in the request that
    proved it, so there is nothing in the session that could be used for another one.
    """

    _inherit = "b2b2c.payout"

    proof_way = fields.Selection(
        [
            ("totp", "Second factor"),
            ("code", "Code sent to a proved address"),
            ("password", "Password"),
        ],
        string="Identity Confirmed By",
        readonly=True,
        help="Empty: the amount was too small to ask for it.",
    )
    proved_at = fields.Datetime("Identity Confirmed On", readonly=True)

    # The code that is out; of no use to whoever reads the database
    code_hash = fields.Char(readonly=True, copy=False, groups=fields.NO_ACCESS)
    code_until = fields.Datetime(readonly=True, groups=fields.NO_ACCESS)
    tries = fields.Integer(required=True, default=0, readonly=True)
    sends = fields.Integer(required=True, default=0, readonly=True)

    def _needs_proof(self):
        """Tell whether so much money needs a proof of who asks."""
        limit = self.company_id.b2b2c_payout_proof_above
        compare = self.company_id.currency_id.compare_amounts
        return not limit or compare(self._get_value(), limit) > 0

    def _get_proof(self, user):
        """Return the strongest way in which a user can prove who he is.

        :param user: ``res.users`` who is signed in, and is the participant
        :return: a value of :attr:`proof_way`
        """
        if user._mfa_type() == "totp":
            return "totp"
        return "code" if self._get_proof_address() else "password"

    def _get_proof_address(self):
        """Return where a code goes: an address the person proved to have."""
        proofs = self.env["b2b2c.address.proof"]
        return proofs._get_address(self.partner_id, phone_first=False)

    def _get_shown_address(self):
        """Return where a code goes, for the person it goes to."""
        return masked_address(self._get_proof_address())

    # === A CODE === #

    def _send_code(self):
        """Send a new code; the one before is void.

        :return: a sentence when it was not sent, else nothing
        """
        self.ensure_one()
        address = self._get_proof_address()
        if self.state != "requested" or not address:
            return ""
        scope = f"payout-code:{self.partner_id.id}"
        if not self.env["b2b2c.hour.count"]._count(self.company_id, scope, SENDS):
            return self.env._("Too many codes were sent. Try again in an hour.")
        code = new_code(DIGITS)
        self.write(
            {
                "code_hash": self._hash(code),
                "code_until": fields.Datetime.now() + timedelta(minutes=CODE_MINUTES),
                "tries": 0,
                "sends": self.sends + 1,
            }
        )
        message = self.env["b2b2c.notification"]._tell(
            [
                {
                    "kind": "payout_code",
                    "key": f"payout_code/{self.id}/{self.sends}",
                    "contact_id": self.partner_id.id,
                    "address": address,
                    "channel": "email" if "@" in address else "sms",
                    "lang": self.partner_id.lang,
                    "company_id": self.company_id.id,
                    "res_model": self._name,
                    "res_id": self.id,
                }
            ],
            payout_code=code,
        )
        if message.state != "sent":
            return self.env._("The code could not be sent. Try again a little later.")
        return ""

    def _has_code(self):
        """Tell whether a code is out that can still be typed."""
        return bool(
            self.code_hash
            and self.tries < TRIES
            and self.code_until > fields.Datetime.now()
        )

    def _hash(self, code):
        """Return what stands for a code: it is for this payout, amount and account."""
        told = (self.id, str(self.amount), self.account_digest, code)
        return hmac(self.env(su=True), "b2b2c_payout_code", told)

    # === PROVING === #

    def _prove(self, user, text):
        """Take what the person typed; a right answer hands the payout to the approver.

        :param user: ``res.users`` who is signed in, and is the participant
        :param str text: a code or the password
        :return: a sentence when it is not right, else nothing
        """
        self.ensure_one()
        if self.state != "requested":
            return ""
        count = self.env["b2b2c.hour.count"]
        scope = f"payout-wrong:{self.partner_id.id}"
        if count._get(self.company_id, scope)[scope] >= WRONG:
            return self.env._("Too many wrong answers. Try again in an hour.")
        way = self._get_proof(user)
        if not self._is_right(way, user, str(text or "")[:_ANSWER]):
            count._count(self.company_id, scope)
            return self._word_wrong(way)
        now = fields.Datetime.now()
        if self._move_to(
            "proved", "requested", proof_way=way, proved_at=now, code_hash=None
        ):
            self._message_log(body=self.env._("The participant confirmed it."))
            self._tell_approver()
        return ""

    def _is_right(self, way, user, text):
        if way == "code":
            return self._is_right_code(text)
        credential = {"type": "password", "password": text}
        if way == "totp":
            digits = read_digits(text, _ANSWER)
            if len(digits) != DIGITS:
                return False
            credential = {"type": "totp", "token": int(digits)}
        try:
            user.with_user(user)._check_credentials(credential, {"interactive": True})
        except AccessDenied:
            return False
        return True

    def _is_right_code(self, text):
        """Tell whether a code is the one that was sent; the try is counted by the
        statement that reads it."""
        self.flush_recordset()
        rows = self.env.execute_query(
            SQL(
                """
                UPDATE b2b2c_payout SET tries = tries + 1
                 WHERE id = %s AND state = 'requested' AND code_hash IS NOT NULL
                   AND tries < %s AND code_until > %s
             RETURNING code_hash
                """,
                self.id,
                TRIES,
                fields.Datetime.now(),
            )
        )
        self.invalidate_recordset(["tries"])
        digits = read_digits(text, _ANSWER)
        return (
            bool(rows)
            and len(digits) == DIGITS
            and consteq(self._hash(digits), rows[0][0])
        )

    def _word_wrong(self, way):
        return {
            "totp": self.env._(
                "This code is not right. A code you signed in with just now cannot be "
                "used again: wait for the next one."
            ),
            "code": self.env._(
                "This code is wrong or no longer valid. Look at the last message we "
                "sent, or ask for a new code."
            ),
            "password": self.env._("This is not your password."),
        }[way]
