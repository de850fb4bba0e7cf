from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain

from ...engine.progress import Threshold, get_progress
from ..people.addresses import get_initials
from .b2b2c_challenge_round import OPEN
from .score_sums import get_family, get_holders

#: How long rounds that are over stay on the page.
_PAST = timedelta(days=120)
#: How many places of a ranking are shown where everybody sees it.
_WHOLE_RANKING = 50
_FIRST = 3


class B2b2cChallengeRound(models.Model):
    """Which rounds a participant is shown, and whom of the others by name."""

    _inherit = "b2b2c.challenge.round"

    # === WHICH ROUNDS === #

    @api.model
    def _find_going_on(self, members):
        """Return the rounds that go on and are for somebody.

        :param members: memberships of one person, with superuser rights
        :return: list of (``b2b2c.challenge.round``, ``b2b2c.member``), what ends first
            before the others
        """
        members = members.filtered(lambda one: one.state in ("enrolled", "suspended"))
        return [
            (one, member)
            for one, member in self._pair_going_on(members)
            if one._is_open_to(member)
        ]

    @api.model
    def _pair_going_on(self, members):
        """Return the rounds that go on at the companies of memberships.

        :return: list of (``b2b2c.challenge.round``, ``b2b2c.member``), what ends first
            before the others
        """
        rounds = self.sudo().search(
            [
                ("state", "in", OPEN),
                ("challenge_id.kind", "in", self.challenge_id._get_scored_kinds()),
                ("company_id", "in", members.company_id.ids),
            ],
            order="date_to, id",
        )
        return [
            (one, member)
            for one in rounds
            for member in members
            if one.company_id == member.company_id
        ]

    def _is_open_to(self, member):
        """Tell whether a round is for somebody, or was taken on."""
        if self.challenge_id._is_for(member):
            return True
        return self._get_entry(member).state == "joined"

    @api.model
    def _find_over(self, members, limit=20):
        """Return the rounds of late that are over and somebody took part in.

        :param members: memberships of one person
        :return: list of (``b2b2c.challenge.round``, ``b2b2c.member``), the newest first
        """
        over = Domain("round_id.state", "not in", OPEN)
        over &= Domain("round_id.date_to", ">", fields.Datetime.now() - _PAST)
        over &= Domain("member_id", "in", members.ids)
        pairs = set()
        for model, extra in self._get_traces().items():
            rows = self.env[model].sudo().search(over & extra)
            holders = get_holders(self.env, rows.member_id.ids)
            pairs |= {
                (row.round_id, row.member_id.browse(holders[row.member_id.id]))
                for row in rows
            }
        ordered = sorted(
            pairs, key=lambda pair: (pair[0].date_to, pair[0].id), reverse=True
        )
        return ordered[:limit]

    @api.model
    def _get_traces(self):
        """Return by what it is known that somebody took part: model -> domain."""
        return {
            "b2b2c.challenge.entry": Domain("state", "!=", "left"),
            "b2b2c.challenge.standing": Domain.TRUE,
            "b2b2c.challenge.award": Domain.TRUE,
            "b2b2c.challenge.result": Domain.TRUE,
        }

    def _has_trace_of(self, member):
        """Tell whether somebody took part in this round, or was excluded from it."""
        own = Domain("round_id", "=", self.id) & Domain("member_id", "=", member.id)
        return any(
            self.env[model].sudo().search_count(own & extra, limit=1)
            for model, extra in self._get_traces().items()
        )

    # === THE TEAM OF A SHOP === #

    def _find_team(self, owner):
        """Return the people of an owner's shop this round is for, without the owner.

        :param owner: ``b2b2c.member`` of somebody who owns the shop
        """
        self.ensure_one()
        people = Domain("employer_id", "=", owner.employer_id.id)
        people &= Domain("id", "!=", owner.id)
        people &= self.challenge_id.sudo()._get_audience_domain()
        return self.env["b2b2c.member"].sudo().search(people, order="name, id")

    @api.model
    def _find_of_teams(self, owners):
        """Return the rounds that go on for people of shops.

        :param owners: memberships of one person that own the shops
        :return: list of (``b2b2c.challenge.round``, ``b2b2c.member`` who owns)
        """
        return [
            (one, owner)
            for one, owner in self._pair_going_on(owners)
            if one._find_team(owner)
        ]

    # === HOW FAR SOMEBODY IS === #

    def _get_progress(self, member):
        """Return how far somebody is in a task.

        :param member: one ``b2b2c.member``
        :return: ``engine.progress.Progress``, and a list of
            ``(prize, threshold, award)``, the lowest first; the award is empty where
            there is none
        """
        self.ensure_one()
        score = self._get_scores(member)[member.id]
        prizes = self.challenge_id.sudo().prize_ids
        needed = {prize: self._get_threshold(prize, member) for prize in prizes}
        marks = [
            Threshold(number, one)
            for number, one in enumerate(sorted(set(needed.values())))
            if one > 0
        ]
        awards = self._find_awards(member)
        steps = [
            (
                prize,
                needed[prize],
                awards.filtered(lambda one, of=prize: one.prize_id == of)[:1],
            )
            for prize in prizes.sorted(lambda one: (needed[one], one.streak, one.id))
        ]
        return get_progress(score, marks), steps

    def _find_awards(self, member):
        """Return what somebody won in this round and has, with superuser rights."""
        family = get_family(self.env, member.ids)
        return (
            self.env["b2b2c.challenge.award"]
            .sudo()
            .search(
                [
                    ("round_id", "=", self.id),
                    ("member_id", "in", family),
                    ("state", "in", ("pending", "given")),
                ]
            )
        )

    # === WHO SEES WHOM === #

    def _get_seen(self, member):
        """Return what a participant may see of the ranking while it goes on.

        :param member: one ``b2b2c.member``; where shops compete, somebody of a shop
        :return: see :meth:`_get_board`; ``top`` and ``around`` are empty where
            everybody sees the own place only
        """
        self.ensure_one()
        challenge = self.challenge_id.sudo()
        by_shop = challenge.group_by == "shop"
        board = self._get_board(
            member=None if by_shop else member,
            shop=member.employer_id if by_shop else None,
        )
        nobody = self.env["b2b2c.challenge.standing"]
        if challenge.visibility == "own":
            return {**board, "top": nobody, "around": nobody}
        if challenge.visibility == "all":
            division = board["own"].division or self._get_division(
                member.role, member.employer_id
            )
            everybody = nobody.sudo().search(
                [("round_id", "=", self.id), ("division", "=", division)],
                order="place",
                limit=_WHOLE_RANKING,
            )
            return {**board, "top": everybody, "around": board["around"] - everybody}
        return board

    def _get_seen_results(self, member):
        """Return what a participant may see of a result that is written down.

        :return: tuple of the own ``b2b2c.challenge.result``, may be empty, and those of
            the first ones
        """
        self.ensure_one()
        results = self.env["b2b2c.challenge.result"].sudo()
        present = Domain("round_id", "=", self.id)
        present &= Domain("version", "=", self.version)
        challenge = self.challenge_id.sudo()
        who = Domain("member_id", "=", member.id)
        if challenge.group_by == "shop":
            who = Domain("member_id", "=", False)
            who &= Domain("employer_id", "=", member.employer_id.id)
        own = results.search(present & who, limit=1)
        if challenge.visibility == "own":
            return own, results
        division = own.division or self._get_division(member.role, member.employer_id)
        present &= Domain("division", "=", division or False)
        limit = _WHOLE_RANKING if challenge.visibility == "all" else None
        first = Domain.TRUE if limit else Domain("rank", "<=", _FIRST)
        return own, results.search(present & first, order="place", limit=limit)

    def _get_names(self, rows, viewer):
        """Return what others are called: in full only where that was agreed to.

        People of the own shop know each other.  Of others there are initials and the
        city, unless they said that their name may be shown; who asked for it has no
        name at all.

        :param rows: standings or results
        :param viewer: ``b2b2c.member`` who looks
        :return: dict row -> name
        """
        self.ensure_one()
        entries = (
            self.env["b2b2c.challenge.entry"]
            .sudo()
            .search(
                [
                    ("round_id", "=", self.id),
                    ("member_id", "in", rows.member_id.ids),
                ]
            )
        )
        entries = {entry.member_id: entry for entry in entries}
        none = self.env["b2b2c.challenge.entry"]
        return {
            row: self._get_name(row, entries.get(row.member_id, none), viewer)
            for row in rows
        }

    def _get_name(self, row, entry, viewer):
        """Return what one of a ranking is called."""
        shop, city = row.employer_id, row.employer_id.city
        if not row.member_id:
            return f"{shop.name}, {city}" if city else shop.name
        if row.member_id == viewer:
            return row.member_id.name
        if entry.is_hidden:
            return self.env._("Somebody")
        if entry.is_named or shop == viewer.employer_id:
            return row.member_id.name
        initials = get_initials(row.member_id.name or "?")
        return f"{initials}, {city}" if city else initials
