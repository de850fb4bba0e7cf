from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ...engine.own_window import get_deadline
from ...values import aware, naive
from ..base.rows import insert_rows, update_in_state


class B2b2cChallengeRound(models.Model):
    """How people take on a task, leave it, or do not want to be shown."""

    _inherit = "b2b2c.challenge.round"

    def _get_entry(self, member):
        """Return the entry of somebody in this round, with superuser rights.

        :param member: one ``b2b2c.member``
        :return: ``b2b2c.challenge.entry``, empty for who has none
        """
        self.ensure_one()
        return (
            self.env["b2b2c.challenge.entry"]
            .sudo()
            .search([("round_id", "=", self.id), ("member_id", "=", member.id)])
        )

    def _takes_part(self, member, entry):
        """Tell whether somebody can reach or win something in this round.

        :param entry: of the person, may be empty
        """
        if entry.state in ("left", "disqualified"):
            return False
        return bool(entry) or not self.challenge_id.sudo().is_opt_in

    # === TAKING ON === #

    def _join(self, member):
        """Let somebody take the task on; who did so already has the same entry.

        :param member: one ``b2b2c.member``
        :return: ``b2b2c.challenge.entry``
        :raise UserError: it cannot be taken on, and why
        """
        self.ensure_one()
        entry = self._get_entry(member)
        if entry.state == "joined":
            return entry
        self._check_can_join(member, entry)
        if not self._take_place():
            raise UserError(
                self.env._("All %s places are taken.", self.challenge_id.sudo().places)
            )
        now = fields.Datetime.now()
        values = {
            "employer_id": member.sudo().employer_id.id,
            "joined_at": now,
            "deadline": self._get_own_deadline(now),
            "state": "joined",
        }
        if entry:
            update_in_state(entry, ["left"], **values)
        else:
            entry = self._add_entry(member, **values)
        self._after_joining(entry)
        return entry

    def _check_can_join(self, member, entry):
        """Refuse who cannot take the task on.

        :raise UserError: says why
        """
        challenge = self.challenge_id.sudo()
        if self.state != "running" or fields.Datetime.now() >= self.date_to:
            raise UserError(self.env._("“%s” is over.", challenge.name))
        if not challenge.is_opt_in:
            raise UserError(
                self.env._("You take part in “%s” already.", challenge.name)
            )
        if member.state != "enrolled" or not challenge._is_for(member):
            raise UserError(self.env._("“%s” is not for you.", challenge.name))
        if entry.state == "disqualified":
            raise UserError(self.env._("You were excluded from “%s”.", challenge.name))

    def _get_own_deadline(self, joined_at):
        """Return until when somebody who takes it on now has time (naive UTC)."""
        challenge = self.challenge_id.sudo()
        own = get_deadline(
            aware(joined_at), challenge.deadline_days, challenge.timezone
        )
        return min(naive(own) or self.date_to, self.date_to)

    def _take_place(self):
        """Count one more person, unless there is no place any more.

        The condition is part of the statement: of people who come at once, one is
        served and the transactions of the others are repeated.

        :return: whether there was a place
        """
        taken = self.env.execute_query(
            SQL(
                """
                UPDATE b2b2c_challenge_round r SET places_taken = places_taken + 1
                  FROM b2b2c_challenge c
                 WHERE r.id = %s AND c.id = r.challenge_id AND r.state = 'running'
                   AND (c.places = 0 OR r.places_taken < c.places)
             RETURNING r.id
                """,
                self.id,
            )
        )
        self.invalidate_recordset(["places_taken"])
        return bool(taken)

    def _add_entry(self, member, **values):
        """Add the entry of somebody.

        :param values: columns, see ``b2b2c.challenge.entry``
        :return: the entry, with superuser rights
        """
        entries = self.env["b2b2c.challenge.entry"].sudo()
        row = {
            "round_id": self.id,
            "challenge_id": self.challenge_id.id,
            "company_id": self.company_id.id,
            "member_id": member.id,
            "employer_id": member.sudo().employer_id.id,
            "joined_at": fields.Datetime.now(),
            "deadline": self.date_to,
            "state": "joined",
            "is_hidden": False,
            "is_named": False,
            **values,
        }
        entry = entries.browse(insert_rows(entries, [row]))
        self.invalidate_recordset(["entry_ids"])
        return entry

    # === LEAVING, HIDING === #

    def _leave(self, member):
        """Let somebody give the task up; the place is free again.

        What was reached before stays.

        :raise UserError: the person did not take it on, or it is over
        """
        self.ensure_one()
        entry = self._get_entry(member)
        is_open = self.state == "running" and self.challenge_id.sudo().is_opt_in
        if not is_open or not update_in_state(entry, ["joined"], state="left"):
            raise UserError(
                self.env._("There is nothing to give up: it is over, or not begun.")
            )
        self.env.execute_query(
            SQL(
                "UPDATE b2b2c_challenge_round SET places_taken = places_taken - 1"
                " WHERE id = %s AND places_taken > 0 RETURNING id",
                self.id,
            )
        )
        self.invalidate_recordset(["places_taken"])

    def _show_name(self, member, is_shown):
        """Let others see the name of somebody in the ranking, or not.

        :param bool is_shown: what the person wishes
        :raise UserError: the person takes no part
        """
        self.ensure_one()
        entry = self._get_entry(member)
        challenge = self.challenge_id.sudo()
        if not entry and (challenge.is_opt_in or not challenge._is_for(member)):
            raise UserError(self.env._("“%s” is not for you.", challenge.name))
        if not entry:
            self._add_entry(member, is_hidden=not is_shown, is_named=is_shown)
        else:
            update_in_state(
                entry, [entry.state], is_hidden=not is_shown, is_named=is_shown
            )
