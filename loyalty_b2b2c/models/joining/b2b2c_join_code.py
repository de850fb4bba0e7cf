from datetime import timedelta
from urllib.parse import urlencode

from odoo import fields, models
from odoo.tools import SQL, consteq, hmac

from ...engine.typed_text import get_mailbox, get_network, get_quoted
from ..people.one_time_code import new_code, read_digits
from .b2b2c_notification_kind import CODE_MINUTES
from .join_input import masked_email, masked_phone

DIGITS = 6
TRIES = 5  # per code
#: What is too much within an hour.
SENDS_TO_ADDRESS = 5
SENDS_OF_PERSON = 10
SENDS_FROM_IP = 60
SENDS_OF_SHOP = 300
WRONG_FROM_IP = 100


class B2b2cJoin(models.Model):
    """One-time codes: proof that an address is the person's own.

    Only the hash is kept, a try is counted by the statement that reads it, and limits
    are shared between all workers.
    """

    _inherit = "b2b2c.join"

    def _get_channel(self):
        """Return the address to prove next: ``"email"``, ``"phone"`` or nothing."""
        if self.email and not self.email_ok:
            return "email"
        return "phone" if self.phone and not self.phone_ok else ""

    def _get_shown_address(self):
        """Return where the code went, for the person who entered it."""
        if self._get_channel() == "email":
            return masked_email(self.email)
        return masked_phone(self.phone)

    # === SENDING === #

    def _send_code(self):
        """Send a new code; the one before is void.

        :return: a sentence when it was not sent, else nothing
        """
        self.ensure_one()
        if self.state != "code" or not self._get_channel():
            return ""
        if not self._may_send():
            return self.env._(
                "Too many codes were sent. Try again in an hour, or ask your shop's "
                "owner to enroll you."
            )
        code = self._new_code()
        self.write(
            {
                "code_hash": self._hash(code),
                "code_until": fields.Datetime.now() + timedelta(minutes=CODE_MINUTES),
                "tries": 0,
                "sends": self.sends + 1,
            }
        )
        if self._deliver_code(code).state != "sent":
            return self.env._("The code could not be sent. Try again a little later.")
        return ""

    def _new_code(self):
        """Return a random code."""
        return new_code(DIGITS)

    def _may_send(self):
        """Count one more code, unless somebody had too many."""
        limits = self.env["b2b2c.hour.count"]
        target = self[self._get_channel()]
        return self.sends < SENDS_OF_PERSON and all(
            limits._count(self.company_id, scope, limit)
            for scope, limit in (
                (f"join-to:{self._digest(get_mailbox(target))}", SENDS_TO_ADDRESS),
                (f"join-from:{get_network(self.address)}", SENDS_FROM_IP),
                (f"join-shop:{self.employer_id.id}", SENDS_OF_SHOP),
            )
        )

    def _deliver_code(self, code):
        """Hand the code over to the channel of the address; nothing else stores it.

        :return: the message
        """
        is_email = self._get_channel() == "email"
        key = f"join_code/{self.id}/{self.sends}"
        return self._tell("join_code", key, is_email, join_code=code)

    def _tell(self, kind, key, is_email, **words):
        """Queue a message to the person, who may be no contact of ours yet.

        :param str kind: kind of message
        :param bool is_email: whether it goes to the e-mail address, else to the phone
        :param words: what only the template needs and nobody stores
        :return: the message
        """
        message = {
            "kind": kind,
            "key": key,
            "contact_id": self.partner_id.id or None,
            "address": self.email if is_email else self.phone,
            "channel": "email" if is_email else "sms",
            "lang": self.lang,
            "company_id": self.company_id.id,
            "res_model": self._name,
            "res_id": self.id,
        }
        return self.env["b2b2c.notification"]._tell([message], **words)

    # === CHECKING === #

    def _check_code(self, text):
        """Take what the person typed; a right code may be the last step.

        :return: a sentence when it is not right, else nothing
        """
        self.ensure_one()
        if self.state != "code":
            return ""
        typed = read_digits(text)
        self.flush_recordset()
        rows = self.env.execute_query(
            SQL(
                """
                UPDATE b2b2c_join SET tries = tries + 1
                 WHERE id = %s AND state = 'code' AND code_hash IS NOT NULL
                   AND tries < %s AND code_until > %s
             RETURNING code_hash
                """,
                self.id,
                TRIES,
                fields.Datetime.now(),
            )
        )
        self.invalidate_recordset(["tries"])
        if not self._is_locked_out() and rows and self._is_right(typed, rows[0][0]):
            self.write(
                {
                    f"{self._get_channel()}_ok": True,
                    "proved_at": fields.Datetime.now(),
                    "code_hash": False,
                    "tries": 0,
                }
            )
            return self._go_on()
        self.env["b2b2c.hour.count"]._count(self.company_id, self._get_wrong_scope())
        return self.env._(
            "This code is wrong or no longer valid. Look at the last message we sent, "
            "or ask for a new code."
        )

    def _go_on(self):
        """Prove the other address, or finish."""
        if self._get_channel():
            return self._send_code()
        self._finish()
        return ""

    def _skip_address(self):
        """Do without the address that is not proved yet; one must be proved."""
        self.ensure_one()
        if self.state == "code" and self._get_proved() and self._get_channel():
            self.write({self._get_channel(): False, "code_hash": False})
            self._finish()

    def _is_right(self, typed, stored):
        return len(typed) == DIGITS and consteq(self._hash(typed), stored)

    def _is_locked_out(self):
        """Tell whether too many wrong codes came from the person's network."""
        scope = self._get_wrong_scope()
        counted = self.env["b2b2c.hour.count"]._get(self.company_id, scope)
        return counted[scope] >= WRONG_FROM_IP

    def _get_wrong_scope(self):
        return f"join-wrong:{get_network(self.address)}"

    def _hash(self, code):
        return hmac(
            self.env(su=True), "b2b2c_join_code", (self.id, self._get_channel(), code)
        )

    def _digest(self, text):
        """Return what stands for an address where it must not be read."""
        return hmac(self.env(su=True), "b2b2c_join_address", text)[:32]

    # === TELLING === #

    def unlink(self):
        """Forget what was written to these people, with their addresses."""
        self.env["b2b2c.notification"]._forget(self)
        return super().unlink()

    def _tell_waiting(self):
        """Tell who decides: the shop's owners, or the loyalty manager."""
        owners = self._get_deciding_owners()
        self.env["b2b2c.notification"]._tell(
            [
                {
                    "kind": "join_waiting",
                    "key": f"join_waiting/{self.id}/{owner.id}",
                    "member_id": owner.id,
                    "res_model": self._name,
                    "res_id": self.id,
                }
                for owner in owners
            ]
        )
        manager = self.company_id.b2b2c_manager_id
        if not owners and manager:
            self.activity_schedule(
                "mail.mail_activity_data_todo",
                user_id=manager.id,
                summary=self.env._("Somebody wants to join"),
            )

    def _get_quoted_name(self):
        """Return what the person calls himself, fit for a mail to somebody else."""
        return get_quoted(self.name)

    def _get_deciding_owners(self):
        """Return the owners of the shop who can be reached."""
        if not self._is_for_owner():
            return self.env["b2b2c.member"]
        return self._get_owners().filtered("partner_id.email")

    def _tell_decision(self):
        """Tell the person what was decided, over the proved address."""
        if self._get_proved():
            self._tell("join_decision", f"join_decision/{self.id}", self.email_ok)

    def _get_next_link(self):
        """Return the address of the next page, for a message."""
        return f"{self.company_id.get_base_url()}{self._get_next_path()}"

    def _get_next_path(self):
        """Return where a participant goes on: choose a password, or sign in.

        Pages of this site only: nothing of the request becomes part of the address but
        the scanned code, as a parameter.
        """
        page = self.company_id._get_rewards_path()
        if self.scan_code:
            page = self.company_id._get_rewards_path("scan", code=self.scan_code)
        user = self.partner_id.user_ids[:1]
        if self._may_reset(user):
            token = self.partner_id._generate_signup_token()
            query = {"db": self.env.cr.dbname, "token": token, "redirect": page}
            return f"/web/reset_password?{urlencode(query)}"
        if not user or user.login_date:
            query = {"login": user.login or "", "redirect": page}
            return f"/web/login?{urlencode(query)}"
        query = {
            "db": self.env.cr.dbname,
            "token": self.partner_id._generate_signup_token(),
            "redirect": page,
        }
        return f"/web/signup?{urlencode(query)}"

    def _may_reset(self, user):
        """Tell whether a person gets a new password here.

        Odoo sends it by e-mail; who signs in with a phone number has none.
        """
        return (
            self.partner_id.signup_type == "reset"
            and self._is_fresh()
            and self.phone_ok
            and user.login == self.phone
            and not user.email
        )

    def _is_fresh(self):
        """Tell whether the address was proved just now: phones and shops' tablets are
        lent."""
        self.ensure_one()
        since = fields.Datetime.now() - timedelta(minutes=CODE_MINUTES)
        return bool(self.proved_at and self.proved_at > since)
