from odoo import models
from odoo.exceptions import UserError

from ...engine import to_decimal
from ..base.rows import update_in_state
from .b2b2c_challenge_round import FINAL
from .scored import ZERO


class B2b2cChallenge(models.Model):
    """Who may decide about the people of a challenge."""

    _inherit = "b2b2c.challenge"

    def _check_outsider(self):
        """Refuse who takes part, or whose company does: nobody decides about those one
        competes with.

        :raise UserError: the user is somebody this challenge is for, or belongs to
            where such people work
        """
        authority = self.env["b2b2c.authority"]
        interest = authority._get_interest(self.env.user)
        members = self.env["b2b2c.member"].sudo()
        own = members.search(
            [
                "|",
                ("partner_id", "in", [*interest.people]),
                ("employer_id", "in", [*interest.companies]),
            ]
        )
        for challenge in self:
            competing = own.filtered(challenge._is_for)
            if authority._gains(self.env.user, competing):
                raise UserError(
                    self.env._(
                        "You or your company take part in “%s”: another person has to "
                        "decide.",
                        challenge.name,
                    )
                )


class B2b2cChallengeRound(models.Model):
    """How somebody is excluded from a round."""

    _inherit = "b2b2c.challenge.round"

    def _disqualify(self, member, reason, user):
        """Exclude somebody: what was won is taken back, by reversals.

        Scores stay as they are, they are only not ranked.  Others move up while the
        result is not final; later only a recount lets them.

        :param member: one ``b2b2c.member``
        :param str reason: the person reads it
        :param user: ``res.users`` who decides
        :raise UserError: it was done already, or is more than the user may decide alone
        """
        self.ensure_one()
        entry = self._get_entry(member)
        if self.state == "cancelled" or entry.state == "disqualified":
            raise UserError(
                self.env._("%s is excluded already, or it is cancelled.", member.name)
            )
        values = {"state": "disqualified", "reason": reason, "user_id": user.id}
        if not entry:
            self._add_entry(member, **values)
        else:
            update_in_state(entry, ["joined", "left"], **values)
        awards = self.sudo().award_ids.filtered(
            lambda one: one.member_id == member and one.state != "taken"
        )
        self._count_by_hand(member, awards, user)
        for award in awards:
            award._take_back(reason)
        if self.state == "provisional":
            self._count_again()
        elif self.state in FINAL:
            self._release_reserve()

    def _count_by_hand(self, member, awards, user):
        """Count what a user takes away, as other corrections by hand.

        :raise UserError: it is more than an officer may decide alone on a day
        """
        points = {}
        for award in awards:
            unit = award.program_id.unit_id
            points[unit] = points.get(unit, ZERO) + to_decimal(award.points)
        is_manager = user.has_group("loyalty_b2b2c.group_manager")
        first = self.env["b2b2c.authority"]._get_first_user(user)
        for unit in points:
            account = member._get_account(unit)
            days = self.env["b2b2c.officer.day"].sudo()
            if not days._count(first, account, points[unit]) and not is_manager:
                raise UserError(
                    self.env._(
                        "%s are more than you may take away alone today: a loyalty "
                        "manager has to decide.",
                        unit._format(points[unit]),
                    )
                )

    # === ACTION METHODS === #

    def action_ask_recount(self):
        """Open the request for a recount of this round."""
        return self._open_dialog("b2b2c.challenge.recount", self.env._("Recount"))

    def action_disqualify(self):
        """Open the dialog that excludes somebody from this round."""
        return self._open_dialog(
            "b2b2c.challenge.disqualify", self.env._("Exclude from the Round")
        )

    def action_prove_result(self):
        """Tell whether the result is what became final (auditors)."""
        self.ensure_one()
        self.check_access("read")
        is_right = self.sudo()._get_digest() == self.digest
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success" if is_right else "danger",
                "message": self.env._("The result is what became final.")
                if is_right
                else self.env._("The result is not what became final."),
                "sticky": not is_right,
            },
        }

    def _open_dialog(self, model, title):
        """Return the action that opens a form about this round."""
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "name": title,
            "res_model": model,
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_round_id": self.id},
        }
