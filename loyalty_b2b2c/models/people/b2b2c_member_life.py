from odoo import fields, models
from odoo.exceptions import UserError

from .authority import decides
from .member_code import new_code


class B2b2cMember(models.Model):
    """How a membership goes on: paused, ended, moved, merged; what its buttons do."""

    _inherit = "b2b2c.member"

    # === ACTION METHODS === #

    @decides("")
    def action_suspend(self):
        """Stop earning and spending for now (officers)."""
        self._check_life()
        self._set_state("suspended", ("enrolled",), suspended_at=fields.Datetime.now())
        return True

    @decides("")
    def action_resume(self):
        """Let a suspended participant earn and spend again (officers)."""
        self._check_life()
        self._set_state("enrolled", ("suspended",), suspended_at=False)
        return True

    @decides("")
    def action_leave(self):
        """End the membership now; the balance stays (officers)."""
        self._check_life()
        self._set_state(
            "left", ("enrolled", "suspended"), left_at=fields.Datetime.now()
        )
        return True

    def _check_life(self):
        """Check that the user may pause and end memberships.

        :raise UserError: that is for officers
        """
        if not (self.env.su or self.env.user.has_group("loyalty_b2b2c.group_officer")):
            raise UserError(
                self.env._("Only a loyalty officer may pause or end a membership.")
            )

    def action_renew_code(self):
        """Give these participants new codes: what was printed or copied is void."""
        self.check_access("write")
        for member in self.sudo():
            member.code = new_code()
        return True

    def action_invite(self):
        """Send the portal invitation (Odoo's own) to the participant."""
        self.ensure_one()
        if not self.email:
            raise UserError(
                self.env._("Enter an e-mail address first: the invitation goes there.")
            )
        wizard = (
            self.env["portal.wizard"]
            .sudo()
            .with_context(active_ids=self.partner_id.ids)
            .create({})
        )
        line = wizard.user_ids.filtered(lambda u: u.partner_id == self.partner_id)
        if line.is_portal:
            line.action_invite_again()
        else:
            line.action_grant_access()
        self.message_post(body=self.env._("Portal invitation sent to %s.", self.email))
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._("Invitation sent to %s.", self.email),
                "next": {"type": "ir.actions.act_window_close"},
            },
        }

    def action_open_memberships(self):
        """Open the other memberships of the same person."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "loyalty_b2b2c.b2b2c_member_action"
        )
        return dict(
            action,
            domain=[("partner_id", "=", self.partner_id.id)],
            context={"active_test": False},
        )

    # === BUSINESS METHODS === #

    def _set_state(self, state, allowed, **values):
        """Move to ``state``; repeating is a no-op, anything else is refused."""
        self.check_access("write")
        for member in self.sudo():
            if member.state == state:
                continue
            if member.state not in allowed:
                raise UserError(
                    self.env._("%s cannot be changed any more.", member.display_name)
                )
            member.write({"state": state, **values})

    def _get_survivor(self):
        """Return the member that carries the balances after contact merges."""
        self.ensure_one()
        member = self
        while member.merged_into_id:
            member = member.merged_into_id
        return member

    def _move(self, employer, *, moved_at=None, **values):
        """Let the person change to another employer.

        :param employer: the company or shop itself
        :param moved_at: when (naive UTC), now by default
        :param values: of the new membership
        :return: the new membership
        """
        self.ensure_one()
        moved_at = moved_at or fields.Datetime.now()
        if self.state != "enrolled":
            raise UserError(
                self.env._("%s cannot be moved: not enrolled.", self.display_name)
            )
        if employer == self.employer_id:
            raise UserError(self.env._("%s works there already.", self.display_name))
        if not self.enrolled_at <= moved_at <= fields.Datetime.now():
            raise UserError(
                self.env._(
                    "The move must be after the enrolment and not in the future."
                )
            )
        code = self.code
        self.write({"state": "left", "left_at": moved_at, "code": new_code()})
        self.flush_recordset()
        moved = self.create(
            {
                **self._prepare_moved_vals(employer, moved_at),
                "code": code,  # the card in the pocket goes on
                **values,
            }
        )
        self.message_post(body=self.env._("Moved to %s.", employer.display_name))
        moved.message_post(
            body=self.env._("Moved from %s.", self.employer_id.display_name)
        )
        return moved

    def _prepare_moved_vals(self, employer, moved_at):
        """Return what the membership at another employer begins with.

        Each package adds what goes along with a person.

        :param employer: the company or shop itself
        :param moved_at: when (naive UTC)
        """
        self.ensure_one()
        return {
            "partner_id": self.partner_id.id,
            "role": self.role,
            "employer_id": employer.id,
            "company_id": self.company_id.id,
            "enrolled_at": moved_at,
            "consent_at": self.consent_at,
        }

    def _merge_into(self, survivor):
        """Join this membership into ``survivor``; its own history stays."""
        self.ensure_one()
        self.write({"state": "merged", "merged_into_id": survivor.id})
        self.flush_recordset()
        self.message_post(body=self.env._("Merged into %s.", survivor.display_name))
