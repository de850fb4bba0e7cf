from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..people.addresses import is_same_name
from ..people.authority import decides
from ..people.b2b2c_member_proof import UNSEEN

_FORGET_HOURS = 24  # what was begun and not finished
_FORGET_DAYS = 180  # who was refused


class B2b2cJoin(models.Model):
    """Somebody who joins with an invitation: who, how it was proved, who agreed.

    Written by the methods below only, from the public page.  What the person agreed to
    stands here: which version, when, from which address.
    """

    _name = "b2b2c.join"
    _description = "Joining"
    _inherit = ["b2b2c.role", "mail.thread", "mail.activity.mixin"]
    _order = "id desc"
    _rec_names_search = ["name", "email", "phone"]

    invitation_id = fields.Many2one(
        "b2b2c.invitation",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True, ondelete="restrict"
    )
    employer_id = fields.Many2one(
        "res.partner",
        string="Company or Shop",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    role = fields.Selection(readonly=True)
    state = fields.Selection(
        [
            ("code", "Code Sent"),
            ("waiting", "Waiting"),
            ("joined", "Joined"),
            ("refused", "Refused"),
            ("taken", "Address Taken"),
            ("closed", "Invitation Ended"),
        ],
        required=True,
        readonly=True,
        default="code",
        index=True,
        string="Status",
    )

    # Who
    name = fields.Char(required=True, readonly=True)
    email = fields.Char(readonly=True)
    phone = fields.Char(readonly=True)
    lang = fields.Char(readonly=True)
    partner_id = fields.Many2one(
        "res.partner",
        string="Person",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
    )
    member_id = fields.Many2one(
        "b2b2c.member",
        string="Participant",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
    )

    # Proof
    email_ok = fields.Boolean(string="E-mail Proved", readonly=True)
    phone_ok = fields.Boolean(string="Phone Proved", readonly=True)
    proved_at = fields.Datetime(string="Proved On", readonly=True)
    consent_text_id = fields.Many2one(
        "b2b2c.consent.text",
        string="Agreed To",
        required=True,
        readonly=True,
        ondelete="restrict",
    )
    consent_at = fields.Datetime(string="Agreed On", required=True, readonly=True)
    address = fields.Char(
        string="IP Address", readonly=True, groups="loyalty_b2b2c.group_officer"
    )

    # The code that is out; of no use to whoever reads the database
    code_hash = fields.Char(readonly=True, copy=False, groups=fields.NO_ACCESS)
    code_until = fields.Datetime(readonly=True)
    tries = fields.Integer(required=True, default=0, readonly=True)
    sends = fields.Integer(required=True, default=0, readonly=True)

    # Decided
    decided_by_id = fields.Many2one("res.users", readonly=True, ondelete="set null")
    decided_at = fields.Datetime(readonly=True)
    scan_code = fields.Char(readonly=True, groups=fields.NO_ACCESS)

    # the desk of the day counts them
    _on_desk = models.Index("(create_date) WHERE state = 'waiting'")

    # === CRUD METHODS === #

    def write(self, vals):
        """Let clients handle the activities only; states change by the buttons."""
        allowed = ("activity_", "my_activity_", "message_")
        if not self.env.su and any(not name.startswith(allowed) for name in vals):
            raise UserError(self.env._("Use the buttons to decide on a request."))
        return super().write(vals)

    # === BEGINNING === #

    @api.model
    def _start(self, invitation, known, *, lang, address, scan_code="", partner=None):
        """Begin to join.

        :param invitation: ``b2b2c.invitation`` that :meth:`~._find` returned
        :param known: :class:`~.join_input.JoinInput` without a problem
        :param partner: ``res.partner`` of who is signed in: nothing is left to prove
        :return: ``b2b2c.join`` with superuser rights
        """
        company = invitation.company_id
        text = self.env["b2b2c.consent.text"]._get_current(company)
        return self.sudo().create(
            {
                "invitation_id": invitation.id,
                "company_id": company.id,
                "employer_id": invitation.employer_id.id,
                "role": invitation.role,
                "name": known.name,
                "email": known.email,
                "phone": known.phone,
                "lang": lang,
                "address": address,
                "scan_code": scan_code,
                "consent_text_id": text.id,
                "consent_at": fields.Datetime.now(),
                "partner_id": partner.id if partner else False,
            }
        )

    # === FINISHING: everything in one transaction === #

    def _finish(self):
        """Let a person whose address is proved join, or wait for an approval."""
        self.ensure_one()
        if self.state != "code":
            return
        # first: the row of the invitation puts people who come at once in a line
        if not self.invitation_id._take_use():
            self.state = "closed"
            return
        person = self.partner_id or self._find_person()
        if person is None or not self._may_take_part(person):
            self.invitation_id._give_use_back()
            self.state = "taken"
            return
        member = self._find_member(person)
        if member:
            self._keep_proofs(person)
            self.invitation_id._give_use_back()
            if self._get_approval(person) == "none":
                member._join_programs(self.invitation_id.program_ids)
            self.write(
                {"state": "joined", "partner_id": person.id, "member_id": member.id}
            )
            self._ensure_user(person)
        elif self._find_waiting(person):
            self.invitation_id._give_use_back()
            self.write({"state": "waiting", "partner_id": person.id})
        elif self._get_approval(person) == "none":
            self.partner_id = person
            self._join()
        else:
            self.write({"state": "waiting", "partner_id": person.id})
            self._tell_waiting()

    def _find_member(self, person):
        """Return the membership the person has already."""
        return self.env["b2b2c.member"]._find_membership(
            person, self.role, self.employer_id, self.company_id
        )

    def _find_waiting(self, person):
        """Return the request of the same person that waits already."""
        waiting = self.search(
            [
                ("id", "!=", self.id),
                ("employer_id", "=", self.employer_id.id),
                ("company_id", "=", self.company_id.id),
                ("role", "=", self.role),
                ("state", "=", "waiting"),
            ]
        )
        proved = set(self._get_proved())
        return waiting.filtered(
            lambda other: (
                other.partner_id == person
                and (
                    person
                    or proved & set(other._get_proved())
                    and is_same_name(other.name, self.name)
                )
            )
        )

    def _join(self):
        """Make the person a participant."""
        self.ensure_one()
        person = self._get_person()
        self._keep_proofs(person)
        member = self._find_member(person)
        invitation = self.invitation_id
        if member:
            member._join_programs(invitation.program_ids)
        else:
            by_owner = invitation.approval == "owner"
            unseen = self.env["b2b2c.member"].with_context(**{UNSEEN: True})
            member = unseen.create(
                {
                    "partner_id": person.id,
                    "employer_id": self.employer_id.id,
                    "company_id": self.company_id.id,
                    "role": self.role,
                    "program_ids": [(6, 0, invitation.program_ids.ids)],
                    "consent_at": self.consent_at,
                    "consent_text_id": self.consent_text_id.id,
                    "employer_consent": by_owner or invitation.employer_consent,
                }
            )
            # who has no e-mail address hears of his points by SMS
            member._want_what_reaches()
        self._ensure_user(person)
        self.write(
            {
                "state": "joined",
                "partner_id": person.id,
                "member_id": member.id,
                "decided_at": fields.Datetime.now(),
            }
        )
        self.activity_unlink(["mail.mail_activity_data_todo"])

    # === DECIDING: callers check rights === #

    def _approve(self, user, as_owner=False):
        """Let people join who wait; repeating is a no-op.

        :param user: ``res.users`` who decides
        :param bool as_owner: as the owner of the shop, not as an officer
        """
        for request in self.sudo()._get_decidable("joined"):
            request._check_decider(user, as_owner)
            person = request.partner_id or request._find_person()
            if person is None or not request._may_take_part(person):
                raise UserError(
                    self.env._(
                        "Somebody else takes part with the address of %s by now.",
                        request.name,
                    )
                )
            request.partner_id = person
            request._join()
            request.decided_by_id = user
            request._tell_decision()
        return True

    def _refuse(self, user, as_owner=False):
        """Refuse people who wait; their place is free again.

        :param user, as_owner: see :meth:`_approve`
        """
        for request in self.sudo()._get_decidable("refused"):
            request._check_decider(user, as_owner)
            request.write(
                {
                    "state": "refused",
                    "decided_by_id": user.id,
                    "decided_at": fields.Datetime.now(),
                }
            )
            request.invitation_id._give_use_back()
            request.activity_unlink(["mail.mail_activity_data_todo"])
            request._tell_decision()
        return True

    def _get_decidable(self, state):
        """Return which of these wait; who was decided otherwise is refused.

        :raise UserError: one of them was decided otherwise
        """
        for request in self:
            if request.state not in ("waiting", state):
                raise UserError(
                    self.env._("%s was decided already.", request.display_name)
                )
        return self.filtered(lambda request: request.state == "waiting")

    # === ACTION METHODS === #

    @decides("partner_id")
    def action_approve(self):
        """Let these people join (officers)."""
        return self._check_officer()._approve(self.env.user)

    @decides("partner_id")
    def action_refuse(self):
        """Refuse these people (officers)."""
        return self._check_officer()._refuse(self.env.user)

    def action_open_member(self):
        """Open the participant."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "b2b2c.member",
            "res_id": self.member_id.id,
            "views": [(False, "form")],
        }

    def _check_officer(self):
        """Return these requests for an officer who may see them.

        :raise UserError: the user is none
        """
        if not self.env.user.has_group("loyalty_b2b2c.group_officer"):
            raise UserError(
                self.env._("Only a loyalty officer may decide who takes part.")
            )
        self.check_access("read")
        return self.sudo()

    # === CLEANING UP === #

    @api.autovacuum
    def _gc_unfinished(self):
        """Forget who began and never finished, and later who was refused."""
        now = fields.Datetime.now()
        self.search(
            [
                "|",
                "&",
                ("state", "in", ("code", "taken", "closed")),
                ("create_date", "<", now - timedelta(hours=_FORGET_HOURS)),
                "&",
                ("state", "=", "refused"),
                ("create_date", "<", now - timedelta(days=_FORGET_DAYS)),
            ]
        ).unlink()
