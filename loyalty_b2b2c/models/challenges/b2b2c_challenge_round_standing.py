from odoo import api, fields, models
from odoo.tools import SQL

from ...engine.contest import rank

BATCH = 1000
#: What standings of a round ``r`` are folded from.  Rows are numbered when they are
#: inserted and can be seen when that is committed: so how many there are is what tells.
_FOLDED_FROM = SQL(
    """
    SELECT (SELECT count(*) FROM b2b2c_challenge_score s WHERE s.round_id = r.id)::int
           AS scores,
           concat_ws('/',
               (SELECT sum(hashtext(concat_ws('/', m.id, m.state, m.role,
                                              m.employer_id, m.merged_into_id))::bigint)
                  FROM b2b2c_member m WHERE m.company_id = r.company_id),
               (SELECT sum(hashtext(concat_ws('/', e.member_id, e.state, e.joined_at,
                                              e.deadline))::bigint)
                  FROM b2b2c_challenge_entry e WHERE e.round_id = r.id)) AS people
    """
)


class B2b2cChallengeRound(models.Model):
    """Who stands where in a round: ranked from the scores, folded for the pages."""

    _inherit = "b2b2c.challenge.round"

    standing_ids = fields.One2many("b2b2c.challenge.standing", "round_id")
    folded_rows = fields.Integer(
        readonly=True, help="How many scores the standings were folded from."
    )
    folded_people = fields.Char(
        readonly=True, help="Who took part then, and where: a fingerprint."
    )
    folded_at = fields.Datetime(readonly=True, string="Standings As Of")

    def _cancel(self, reason):
        cancelled = super()._cancel(reason)
        if cancelled:
            self.challenge_id._forget_windows()
        return cancelled

    def _rank_now(self):
        """Return the places of this round by the scores as they are now.

        :return: list of ``engine.contest.Place``, division by division
        """
        self.ensure_one()
        ranked = rank(self._get_contestants(), self._get_contest_rules())
        return [place for division in ranked.values() for place in division]

    # === FOLDING === #

    @api.model
    def _cron_fold(self):
        """Fold the rounds whose scores have changed."""
        cron = self.env["ir.cron"]
        for round_ in self._find_unfolded():
            round_._fold()
            if not cron._commit_progress(1):
                break

    @api.model
    def _find_unfolded(self):
        """Return the rounds whose standings are not those of the scores any more.

        Scores were added, or somebody moved, left or was excluded.
        """
        rows = self.env.execute_query(
            SQL(
                """
                SELECT r.id FROM b2b2c_challenge_round r CROSS JOIN LATERAL (%s) now
                 WHERE r.state IN ('running', 'counting', 'provisional')
                   AND r.date_from <= %s
                   AND (r.folded_rows, r.folded_people)
                       IS DISTINCT FROM (now.scores, now.people)
                   AND (now.scores > 0 OR r.folded_rows > 0)
              ORDER BY r.id
                """,
                _FOLDED_FROM,
                fields.Datetime.now(),
            )
        )
        return self.browse(row[0] for row in rows)

    def _fold(self):
        """Write the standings of these rounds anew from their scores."""
        for round_ in self:
            round_._fold_one()

    def _fold_one(self):
        """Write the standings of this round anew from its scores."""
        self.env.flush_all()
        now = fields.Datetime.now()
        places = self._rank_now()
        by_shop = self.challenge_id.sudo().group_by == "shop"
        self._drop_standings([place.key for place in places], by_shop)
        for start in range(0, len(places), BATCH):
            self._write_standings(places[start : start + BATCH], by_shop, now)
        self.env.execute_query(
            SQL(
                """
                UPDATE b2b2c_challenge_round old
                   SET folded_rows = now.scores, folded_people = now.people,
                       folded_at = %s
                  FROM b2b2c_challenge_round r CROSS JOIN LATERAL (%s) now
                 WHERE r.id = %s AND old.id = r.id RETURNING old.id
                """,
                now,
                _FOLDED_FROM,
                self.id,
            )
        )
        self.invalidate_recordset(
            ["folded_rows", "folded_people", "folded_at", "standing_ids"]
        )
        self.env["b2b2c.challenge.standing"].invalidate_model()

    def _drop_standings(self, keys, by_shop):
        """Take the standings of who competes no more away."""
        column = "employer_id" if by_shop else "member_id"
        self.env.execute_query(
            SQL(
                "DELETE FROM b2b2c_challenge_standing WHERE round_id = %s"
                " AND NOT coalesce(%s = ANY(%s), FALSE) RETURNING id",
                self.id,
                SQL.identifier(column),
                keys,
            )
        )

    def _write_standings(self, places, by_shop, now):
        """Insert standings, or write them anew.

        :param places: ``engine.contest.Place``
        """
        employers = {}
        if not by_shop:
            members = self.env["b2b2c.member"].sudo().browse(one.key for one in places)
            employers = {member.id: member.employer_id.id for member in members}
        values = SQL(", ").join(
            SQL(
                "(%s::int, %s::int, %s, %s::int, %s::int, %s::int, %s::numeric,"
                " %s::timestamp, %s::boolean)",
                None if by_shop else place.key,
                place.key if by_shop else employers[place.key],
                place.contestant.division,
                place.rank,
                place.order,
                place.tied,
                place.score,
                fields.Datetime.to_string(place.contestant.reached_at),
                place.contestant.is_held,
            )
            for place in places
        )
        who = "(round_id, member_id) WHERE member_id IS NOT NULL"
        if by_shop:
            who = "(round_id, employer_id) WHERE member_id IS NULL"
        self.env.execute_query(
            SQL(
                """
                INSERT INTO b2b2c_challenge_standing AS old
                    (member_id, employer_id, division, rank, place, tied, score,
                     reached_at, is_held, challenge_id, round_id, company_id, folded_at,
                     rank_before)
                SELECT v.*, %(challenge)s, %(round)s, %(company)s, %(now)s, 0
                  FROM (VALUES %(values)s) AS v
                ON CONFLICT %(who)s DO UPDATE SET
                   employer_id = EXCLUDED.employer_id, division = EXCLUDED.division,
                   rank_before = old.rank, rank = EXCLUDED.rank, place = EXCLUDED.place,
                   tied = EXCLUDED.tied, score = EXCLUDED.score,
                   reached_at = EXCLUDED.reached_at, is_held = EXCLUDED.is_held,
                   folded_at = EXCLUDED.folded_at
             RETURNING id
                """,
                challenge=self.challenge_id.id,
                round=self.id,
                company=self.company_id.id,
                now=now,
                values=values,
                who=SQL(who),
            )
        )
