from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

#: Whoever writes these fields decides what a person gets.
_DECIDING = {
    "partner_id",
    "employer_id",
    "contact_id",
    "role",
    "company_id",
    "enrolled_at",
    "left_at",
    "program_ids",
    "employer_consent",
    "consent_at",
    "active",
}
#: Leaving and enrolling at one place within this time is looked at.
_SWAP_HOURS = 24


class B2b2cMember(models.Model):
    """Nobody enrolls himself, and nobody makes room for somebody unseen."""

    _inherit = "b2b2c.member"

    @api.model_create_multi
    def create(self, vals_list):
        members = super().create(vals_list)
        if not self.env.su:
            members._check_enroller()
        members._tell_swapped()
        return members

    def write(self, vals):
        """Refuse that people write what they get themselves; look at who leaves."""
        if not self.env.su and not _DECIDING.isdisjoint(vals):
            self._check_not_own()
        result = super().write(vals)
        if not self.env.su and not _DECIDING.isdisjoint(vals):
            self._check_not_own()  # nor does anybody make it his own
        if "partner_id" in vals and not self.env.su:
            self.action_renew_code()  # the card stays with who has it
        if vals.get("state") == "left":
            self._tell_swapped()
        return result

    def _check_not_own(self):
        self.env["b2b2c.authority"]._check(self.env.user, members=self.sudo())

    def _check_enroller(self):
        """Refuse who enrolls himself, or who enrolls people with rights as no officer.

        :raise UserError: says who has to do it
        """
        authority, members = self.env["b2b2c.authority"], self.sudo()
        if authority._is_self(self.env.user, members=members):
            raise UserError(
                self.env._("Nobody enrolls himself. Ask a loyalty officer to do it.")
            )
        authority._check(self.env.user, members=members)
        staff = authority._find_staff(members.partner_id | members.contact_id)
        if staff and not self.env.user.has_group("loyalty_b2b2c.group_officer"):
            raise UserError(
                self.env._(
                    "%s handles points in this program. A loyalty officer enrolls such "
                    "people.",
                    staff[0].name,
                )
            )

    def _tell_swapped(self):
        """Let the manager look at places where one left and another one came today."""
        members = self.sudo().filtered(lambda member: member._decides_or_works())
        for is_left, group in members.grouped(lambda m: m.state == "left").items():
            others = group._find_swapped(is_left)
            for member in group if others else ():
                other = others.filtered(member._takes_place_of)[:1]
                if other:
                    member._schedule_swap(other)

    def _find_swapped(self, is_left):
        """Return who came to the places of these members today, or who left them.

        :param bool is_left: whether these members left
        """
        since = fields.Datetime.now() - timedelta(hours=_SWAP_HOURS)
        state, name = ("enrolled", "enrolled_at") if is_left else ("left", "left_at")
        return self.with_context(active_test=False).search(
            Domain("employer_id", "in", self.employer_id.ids)
            & Domain("state", "=", state)
            & Domain(name, ">", since)
        )

    def _takes_place_of(self, other):
        """Tell whether another person has, or had, the role at the same place."""
        return self.partner_id != other.partner_id and all(
            self[name] == other[name] for name in ("employer_id", "company_id", "role")
        )

    def _decides_or_works(self):
        """Tell whether what the person gets depends on the place."""
        return self._is_staff() or self._decides_purchases() or self._owns()

    def _schedule_swap(self, other):
        """Ask the manager to look at who left and who came."""
        left, came = (self, other) if self.state == "left" else (other, self)
        manager = self.company_id._get_loyalty_manager()
        if manager:
            self.activity_schedule(
                "mail.mail_activity_data_todo",
                user_id=manager.id,
                summary=self.env._("Somebody left, somebody came"),
                note=self.env._(
                    "%(left)s left and %(came)s was enrolled at %(shop)s within a day. "
                    "Is this right?",
                    left=left.name,
                    came=came.name,
                    shop=self.employer_id.name,
                ),
            )
