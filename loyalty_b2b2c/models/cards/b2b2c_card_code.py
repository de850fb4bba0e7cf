import secrets
from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL, hmac

from ...engine.typed_text import get_mailbox
from ..people.one_time_code import new_code
from .b2b2c_notification_kind import CODE_MINUTES

DIGITS = 8
#: What is too much within an hour.
SENDS_TO_PERSON = 5
SENDS_OF_COMPANY = 600


class B2b2cCardCode(models.Model):
    """A one-time code by SMS that stands for a participant's card for some minutes.

    Only the hash is kept, and it is found by the hash: a code that nobody has takes as
    long as one that somebody has.  It is used up when it is shown.  Who guesses is
    counted by who asks, see ``b2b2c.member._find_shown``.
    """

    _name = "b2b2c.card.code"
    _description = "Code Instead of a Card"
    _inherit = "b2b2c.closed"
    _log_access = False
    _rec_name = "member_id"

    member_id = fields.Many2one(
        "b2b2c.member", required=True, readonly=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True, ondelete="cascade"
    )
    code_hash = fields.Char(
        required=True, readonly=True, copy=False, groups=fields.NO_ACCESS
    )
    valid_until = fields.Datetime(required=True, readonly=True)

    _member_once = models.UniqueIndex("(member_id)")
    _code_once = models.UniqueIndex("(company_id, code_hash)")

    @api.model
    def _send(self, member):
        """Send a participant a new code; the one before is void.

        :param member: ``b2b2c.member`` in force
        :return: whether it was handed over: there is a phone number that the person
            proved, and it was not sent too often
        """
        number = member.partner_id._get_loyalty_phone()
        if not number or not self._is_proved(member.partner_id, number):
            return False
        counts, company = self.env["b2b2c.hour.count"].sudo(), member.company_id
        limits = {
            f"card-to:{self._digest(get_mailbox(number))}": SENDS_TO_PERSON,
            "card-codes": SENDS_OF_COMPANY,
        }
        if not counts._count_apart(company, limits):
            return False
        code = new_code(DIGITS)
        self._keep(member, code)
        message = {
            "kind": "card_code",
            "key": f"card_code/{member.id}/{secrets.token_hex(8)}",
            "contact_id": member.partner_id.id,
            "address": number,
            "channel": "sms",
            "lang": member.lang,
            "company_id": company.id,
            "res_model": member._name,
            "res_id": member.id,
        }
        sent = self.env["b2b2c.notification"]._tell([message], card_code=code)
        return sent.state == "sent"

    @api.model
    def _take(self, companies, code):
        """Return whose code it is, and use it up; empty when it is nobody's.

        :param companies: ``res.company`` whose participants count
        :param str code: digits as typed
        :return: ``b2b2c.member`` of the superuser
        """
        hashes = [self._hash(company, code) for company in companies]
        rows = self.env.execute_query(
            SQL(
                """
                DELETE FROM b2b2c_card_code
                 WHERE company_id = ANY(%s) AND code_hash = ANY(%s)
                   AND valid_until > %s
             RETURNING member_id
                """,
                companies.ids,
                hashes,
                fields.Datetime.now(),
            )
        )
        self.invalidate_model()
        return self.env["b2b2c.member"].sudo().browse(row[0] for row in rows)

    def _keep(self, member, code):
        """Store the hash of a code in the place of the one before."""
        self.env.execute_query(
            SQL(
                """
                INSERT INTO b2b2c_card_code
                       (member_id, company_id, code_hash, valid_until)
                VALUES (%(member)s, %(company)s, %(hash)s, %(until)s)
                ON CONFLICT (member_id) DO UPDATE
                   SET code_hash = EXCLUDED.code_hash,
                       valid_until = EXCLUDED.valid_until
             RETURNING id
                """,
                member=member.id,
                company=member.company_id.id,
                hash=self._hash(member.company_id, code),
                until=fields.Datetime.now() + timedelta(minutes=CODE_MINUTES),
            )
        )
        self.invalidate_model()

    def _is_proved(self, person, number):
        holders = self.env["b2b2c.address.proof"].sudo()._get_holders(number)
        return person.id in holders

    def _hash(self, company, code):
        return hmac(self.env(su=True), "b2b2c_card_code", (company.id, code))

    def _digest(self, text):
        """Return what stands for an address where it must not be read."""
        return hmac(self.env(su=True), "b2b2c_card_address", text)[:32]

    @api.autovacuum
    def _gc(self):
        """Forget codes that were never shown."""
        self.env.execute_query(
            SQL(
                "DELETE FROM b2b2c_card_code WHERE valid_until < %s RETURNING id",
                fields.Datetime.now() - timedelta(hours=1),
            )
        )
