from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL, consteq, format_amount, hmac

from ...engine import to_decimal
from ...values import shown
from ..base.days import get_today
from ..joining.join_input import masked_address
from ..people.one_time_code import new_code, read_digits
from .b2b2c_notification_kind import CODE_MINUTES

CODE_DIGITS = 6
PIN_DIGITS = (4, 8)  # at least, at most
#: Codes that are sent to a person within an hour.
SENDS = 5
#: Wrong answers in a row, however long ago: then the PIN is over, then codes are.
PIN_WRONG = 5
WRONG = 20
#: So many characters of an answer are read.
_TYPED = 32


class B2b2cSpendProof(models.Model):
    """What a participant proves with that he is the one who spends: a PIN, or a code
    that is sent to an address he proved to have.

    Both are typed where others look on, so what was wrong is counted in the statement
    that reads what is right, and the count begins anew with a right answer or a new PIN
    only: waiting gives nobody another try.  Nothing here is of use to whoever reads the
    database, and nothing of it is sent to a till.
    """

    _name = "b2b2c.spend.proof"
    _description = "Proof of Who Spends"
    _rec_name = "member_id"

    member_id = fields.Many2one(
        "b2b2c.member", required=True, readonly=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="member_id.company_id")
    pin_hash = fields.Char(readonly=True, copy=False, groups=fields.NO_ACCESS)
    pin_set_at = fields.Datetime("PIN Chosen On", readonly=True)
    code_hash = fields.Char(readonly=True, copy=False, groups=fields.NO_ACCESS)
    code_until = fields.Datetime(readonly=True, groups=fields.NO_ACCESS)
    sends = fields.Integer("Codes Sent", required=True, default=0, readonly=True)
    wrong = fields.Integer(
        "Wrong Answers in a Row", required=True, default=0, readonly=True
    )

    _once = models.UniqueIndex("(member_id)", "A participant proves in one place.")

    # === WHEN IT IS ASKED FOR === #

    @api.model
    def _is_needed(self, request):
        """Tell whether a participant has to prove that it is he who spends so much.

        Small amounts add up: what was spent within a day without a proof counts along,
        so nobody splits a large one.  What was proved for this payment is not asked
        again, unless it becomes more.

        :param request: :class:`.spend_request.SpendRequest`
        """
        company = request.member.sudo().company_id
        limit, currency = company.b2b2c_spend_proof_above, company.currency_id
        if not limit:
            return False
        day = get_today(company)
        total = request.currency._convert(shown(request.amount), currency, company, day)
        for spend in self._get_spends(request.member):
            if spend.key == request.key:
                if spend.proved_by and to_decimal(spend.amount) >= request.amount:
                    return False
            elif not spend.proved_by:
                total += spend.currency_id._convert(
                    spend.amount, currency, company, day
                )
        return currency.compare_amounts(total, limit) > 0

    @api.model
    def _get_spends(self, member):
        """Return what a participant reserved or spent within a day (sudo)."""
        accounts = member.sudo()._get_survivor().account_ids
        return (
            self.env["b2b2c.spend"]
            .sudo()
            .search(
                [
                    ("account_id", "in", accounts.ids),
                    ("held_at", ">=", fields.Datetime.now() - timedelta(days=1)),
                    ("state", "in", ("held", "spent")),
                ]
            )
        )

    # === WHAT A PERSON HAS === #

    @api.model
    def _get(self, member):
        """Return the row of a participant (sudo), made when needed."""
        proof = self.sudo().search([("member_id", "=", member.id)], limit=1)
        return proof or self.sudo().create({"member_id": member.id})

    def _has_pin(self):
        """Tell whether a PIN can be typed."""
        return bool(self.pin_hash) and self.wrong < PIN_WRONG

    def _get_shown_address(self):
        """Return where a code would go, masked; empty where none can."""
        if self.wrong >= WRONG:
            return ""
        return masked_address(self._get_address())

    def _get_address(self):
        """Return an address the person proved to have, the phone first: it is at hand
        where people pay."""
        proofs = self.env["b2b2c.address.proof"]
        return proofs._get_address(self.member_id.partner_id, phone_first=True)

    def _word_ways(self):
        """Return what the cashier asks the participant for."""
        if self._has_pin() and self._get_shown_address():
            return self.env._("Ask for the PIN, or send a code.")
        if self._has_pin():
            return self.env._("Ask for the PIN.")
        if self._get_shown_address():
            return self.env._("Send a code, and ask for it.")
        return self.env._(
            "This participant can confirm nothing here: a PIN is chosen on the page of "
            "points, “PIN for paying with points”."
        )

    # === THE PIN === #

    @api.model
    def _choose_pin(self, members, pin, repeated):
        """Let a person choose the PIN; what was wrong before is forgotten.

        :param members: the memberships of the person
        :param str pin, repeated: what was typed, twice
        :raise UserError: says what is wrong with it
        """
        pin, repeated = read_digits(pin, _TYPED), read_digits(repeated, _TYPED)
        least, most = PIN_DIGITS
        if not least <= len(pin) <= most:
            raise UserError(
                self.env._("A PIN has %(least)s to %(most)s digits.", least=least,
                           most=most)
            )  # fmt: skip
        if pin != repeated:
            raise UserError(self.env._("The two PINs are not the same."))
        if _is_guessed(pin):
            raise UserError(
                self.env._("Anybody guesses this PIN first: choose another one.")
            )
        now = fields.Datetime.now()
        for member in members:
            proof = self._get(member)
            pin_hash = self._get_hasher().hash(proof._pepper(pin))
            proof.write({"pin_hash": pin_hash, "pin_set_at": now, "wrong": 0})
        self._tell_chosen(members[:1], now)

    def _tell_chosen(self, member, now):
        """Tell a participant that a PIN was chosen: perhaps it was somebody else."""
        self.env["b2b2c.notification"]._tell(
            [
                {
                    "kind": "spend_pin",
                    "key": f"spend_pin/{member.id}/{now}",
                    "member_id": member.id,
                }
            ]
        )

    def _is_pin(self, digits):
        return bool(self.pin_hash) and self._get_hasher().verify(
            self._pepper(digits), self.pin_hash
        )

    def _get_hasher(self):
        """Return the slow hash that Odoo keeps passwords with."""
        return self.env["res.users"]._crypt_context()

    def _pepper(self, pin):
        """Return a PIN as it is hashed: a row copied to another person is of no use."""
        return hmac(self.env(su=True), "b2b2c_spend_pin", (self.member_id.id, pin))

    # === A CODE === #

    def _send_code(self, key, amount, currency, place):
        """Send a code that confirms one payment; the one before is void.

        :param str key: identity of the spend
        :param amount: the most it confirms, in ``currency``
        :param str place: where the person stands, for the message
        :return: where it went, masked
        :raise UserError: it was not sent; says why
        """
        self.ensure_one()
        address = self._get_address()
        if not address or self.wrong >= WRONG:
            raise UserError(self._word_ways())
        count, company = self.env["b2b2c.hour.count"], self.member_id.company_id
        scope = f"spend-code:{self.member_id.partner_id.id}"
        if not count._count(company, scope, SENDS):
            raise UserError(
                self.env._("Too many codes were sent. Try again in an hour.")
            )
        code = new_code(CODE_DIGITS)
        self.write(
            {
                "code_hash": self._hash(code, key, amount),
                "code_until": fields.Datetime.now() + timedelta(minutes=CODE_MINUTES),
                "sends": self.sends + 1,
            }
        )
        message = self.env["b2b2c.notification"]._tell(
            [
                {
                    "kind": "spend_code",
                    "key": f"spend_code/{self.id}/{self.sends}",
                    "contact_id": self.member_id.partner_id.id,
                    "address": address,
                    "channel": "email" if "@" in address else "sms",
                    "lang": self.member_id.partner_id.lang,
                    "company_id": company.id,
                    "res_model": self._name,
                    "res_id": self.id,
                    "details": {
                        "amount": format_amount(self.env, shown(amount), currency),
                        "place": place,
                    },
                }
            ],
            spend_code=code,
        )
        if message.state != "sent":
            raise UserError(
                self.env._("The code could not be sent. Try again a little later.")
            )
        return self._get_shown_address()

    def _hash(self, code, key, amount):
        """Return what stands for a code: it confirms this payment, and no more."""
        told = (self.id, key, str(shown(amount)), code)
        return hmac(self.env(su=True), "b2b2c_spend_code", told)

    # === PROVING === #

    def _prove(self, text, key, amount):
        """Take what was typed.

        :param str text: a PIN or a code
        :param str key: identity of the spend
        :param amount: what is spent
        :return: ``(way, "")`` where it is right, way being ``pin`` or ``code``; else
            ``("", sentence)``.  The caller must let the count of it be committed.
        """
        self.ensure_one()
        digits = read_digits(text, _TYPED)
        tried = self._count_wrong()
        if tried is None:
            return "", self.env._(
                "Too many wrong answers: nothing can be confirmed here until the "
                "participant chooses a new PIN."
            )
        wrong, code_hash = tried
        if code_hash and consteq(self._hash(digits, key, amount), code_hash):
            self.write({"wrong": 0, "code_hash": False})
            return "code", ""
        if wrong <= PIN_WRONG and self._is_pin(digits):
            self.wrong = 0
            return "pin", ""
        return "", self._word_wrong(wrong, bool(code_hash))

    def _count_wrong(self):
        """Count a try as wrong before anybody looks at it.

        :return: ``(wrong answers in a row, hash of the code that is out or None)``;
            ``None`` when there were too many
        """
        self.flush_recordset()
        rows = self.env.execute_query(
            SQL(
                """
                UPDATE b2b2c_spend_proof SET wrong = wrong + 1
                 WHERE id = %s AND wrong < %s
             RETURNING wrong, CASE WHEN code_until > %s THEN code_hash END
                """,
                self.id,
                WRONG,
                fields.Datetime.now(),
            )
        )
        self.invalidate_recordset(["wrong"])
        return rows[0] if rows else None

    def _word_wrong(self, wrong, has_code):
        if has_code:
            return self.env._(
                "This is not right. Look at the last message, or send a new code."
            )
        left = PIN_WRONG - wrong
        if left > 0:
            return self.env._("This PIN is not right. It can be tried %s more times.",
                              left)  # fmt: skip
        return self.env._("The PIN is over. Send a code, or let a new PIN be chosen.")


def _is_guessed(pin):
    """Tell whether a PIN is one digit over and over, or counts up or down."""
    steps = {(int(b) - int(a)) % 10 for a, b in zip(pin, pin[1:], strict=False)}
    return len(steps) == 1 and steps <= {0, 1, 9}
