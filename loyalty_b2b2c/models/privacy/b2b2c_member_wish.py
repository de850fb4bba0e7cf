from odoo import fields, models
from odoo.exceptions import AccessDenied, UserError

#: So many wrong passwords within an hour end the trying.
_WRONG = 5
_PASSWORD = 200  # characters of what is looked at


class B2b2cMember(models.Model):
    """What people decide about themselves: to end, and to be forgotten."""

    _inherit = "b2b2c.member"

    erasure_asked_at = fields.Datetime(
        string="Asked to Be Erased",
        readonly=True,
        copy=False,
        tracking=True,
        help="When the person asked for it on the portal.",
    )

    def _get_button_only(self):
        return super()._get_button_only() | {"erasure_asked_at"}

    def _end_by_self(self):
        """End memberships as the person wishes: at once, what was earned stays.

        Repeating is harmless; what ended already stays as it is.
        """
        members = self.filtered(
            lambda member: member.state in ("enrolled", "suspended")
        )
        members._set_state(
            "left", ("enrolled", "suspended"), left_at=fields.Datetime.now()
        )
        for member in members:
            member._message_log(
                body=member.env._("The participant ended the participation.")
            )

    def _ask_for_erasure(self, user, password):
        """Note that a person wants to be forgotten: nothing is earned any more, and a
        manager of each company is told.  Erasing itself cannot be undone, so a person
        does it (:meth:`action_erase`), who sees what is still open.

        :param user: ``res.users`` who is signed in, and is the participant
        :param str password: what was typed
        :raise UserError: it is not the password
        """
        members = self._get_memberships().filtered(lambda member: not member.erased_at)
        members[:1]._check_password(user, password)
        members._end_by_self()
        asked = members.filtered(lambda member: not member.erasure_asked_at)
        asked.write({"erasure_asked_at": fields.Datetime.now()})
        for member in asked:
            officer = member.company_id._get_loyalty_officer()
            if officer:
                worded = member.with_context(lang=officer.lang)
                member.activity_schedule(
                    "mail.mail_activity_data_todo",
                    user_id=officer.id,
                    summary=worded._word_erasure(),
                    note=worded.env._(
                        "The person asked for it on the portal. The law gives you one "
                        "month: Privacy, Erase Personal Data."
                    ),
                )

    def _take_erasure_back(self):
        """Let a person who was not erased yet stay; memberships that ended stay so."""
        members = self._get_memberships().filtered("erasure_asked_at")
        members.write({"erasure_asked_at": False})
        for activity in members.activity_ids:
            reader = self.with_context(lang=activity.user_id.lang)
            if activity.summary == reader._word_erasure():
                activity.unlink()

    def _word_erasure(self):
        """Return how the activity is called that tells a manager of the wish."""
        return self.env._("Erase the personal data")

    def _check_password(self, user, password):
        """Refuse what is not the person's password, and too many tries.

        :raise UserError: in words for the person
        """
        count, scope = self.env["b2b2c.hour.count"], f"erase-wrong:{self.partner_id.id}"
        company = self.company_id
        if count._get(company, scope)[scope] >= _WRONG:
            raise UserError(self.env._("Too many wrong answers. Try again in an hour."))
        credential = {"type": "password", "password": str(password or "")[:_PASSWORD]}
        try:
            user.with_user(user)._check_credentials(credential, {"interactive": True})
        except AccessDenied:
            count._count_apart(company, {scope: _WRONG})
            raise UserError(self.env._("This is not your password.")) from None

    def _erase(self, reason, *, forfeit=True, contacts=None):
        members = self._get_memberships()
        result = super()._erase(reason, forfeit=forfeit, contacts=contacts)
        members.write({"erasure_asked_at": False})
        return result
