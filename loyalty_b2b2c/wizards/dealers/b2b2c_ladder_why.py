from odoo import api, fields, models
from odoo.tools import SQL

from ...const import POINTS
from ...models.base.days import word_moment
from ...models.dealers import ladder_words
from ...values import shown

#: So many documents are listed, the largest first; the sum is of all.
MAX_LISTED = 200


class B2b2cLadderWhy(models.TransientModel):
    """Why did a dealer have this tier at that moment?

    Answered from the rows: the history of tiers, and what was counted by then.
    """

    _name = "b2b2c.ladder.why"
    _description = "Why This Tier"
    _inherit = "b2b2c.dialog"

    standing_id = fields.Many2one(
        "b2b2c.ladder.standing",
        required=True,
        string="Dealer",
        context={"active_test": False},
        ondelete="cascade",
    )
    at = fields.Datetime(required=True, default=fields.Datetime.now, string="When")
    verdict = fields.Char(compute="_compute_answer")
    answer = fields.Text(compute="_compute_answer")
    change_id = fields.Many2one(
        "b2b2c.ladder.change", compute="_compute_answer", string="Put in Force By"
    )
    volume = fields.Float(**POINTS, compute="_compute_answer")
    line_ids = fields.Many2many(
        "b2b2c.ladder.why.line", compute="_compute_answer", string="What Counted Then"
    )

    @api.model
    def _open(self, standing, at=None):
        """Return the action that asks for the moment."""
        wizard = self.create(
            {"standing_id": standing.id, "at": at or fields.Datetime.now()}
        )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Why This Tier?"),
            "res_model": self._name,
            "res_id": wizard.id,
            "views": [(False, "form")],
            "target": "new",
            "context": {"dialog_size": "large"},
        }

    # === THE ANSWER === #

    @api.depends("standing_id", "at")
    def _compute_answer(self):
        for wizard in self:
            wizard.update(wizard._get_answer())

    def _get_answer(self):
        """Return the values of all computed fields."""
        standing = self.standing_id._origin
        values = {
            "verdict": self.env._("Choose a dealer and a moment."),
            "answer": False,
            "change_id": False,
            "volume": 0,
            "line_ids": self.env["b2b2c.ladder.why.line"],
        }
        if not standing or not self.at:
            return values
        standing.check_access("read")
        seen = standing._replay(self.at)
        if not seen:
            text = self.env._("%s was no dealer then.", standing.partner_id.name)
            return dict(values, verdict=text)
        return {
            "verdict": self._get_verdict(standing, seen),
            "answer": "\n".join(self._get_sentences(standing, seen)),
            "change_id": seen["change"].id,
            "volume": shown(seen["volume"]),
            "line_ids": self._get_lines(standing, seen),
        }

    def _get_verdict(self, standing, seen):
        """Return the answer in one line."""
        proof = ladder_words.proof(
            seen["change"], seen["volume"], seen["window"], seen["day"]
        )
        return self.env._(
            "%(tier)s, %(proof)s.",
            tier=seen["tier"].name,
            proof=proof,
        )

    def _get_sentences(self, standing, seen):
        """Yield what explains the tier: since when, why, and what the volume says."""
        change, deserved = seen["change"], seen["deserved"]
        reasons = dict(change._fields["reason"]._description_selection(self.env))
        yield self.env._(
            "In force from %(day)s: %(reason)s, at a volume of %(volume)s.",
            day=word_moment(self.env, change.effective_at),
            reason=reasons[change.reason],
            volume=ladder_words.volume(change.ladder_id, change.volume),
        )
        if change.contract_id:
            yield self.env._(
                "By contract: at least %(tier)s until %(day)s, asked for by %(asked)s, "
                "approved by %(approved)s.",
                tier=change.contract_id.tier_id.name,
                day=ladder_words.day(self.env, change.contract_id.date_to),
                asked=change.contract_id.requested_by_id.name,
                approved=change.contract_id.approved_by_id.name,
            )
        if deserved == seen["tier"]:
            yield self.env._("The volume known then deserves the same tier.")
        else:
            yield self.env._(
                "The volume known then deserves %s by itself.", deserved.name
            )
        later = self._get_later(standing, seen)
        if later:
            yield self.env._(
                "Later %s of those days became known; that was not known then.",
                ladder_words.volume(change.ladder_id, later),
            )

    def _get_later(self, standing, seen):
        """Return the volume of the same days that became known afterwards."""
        [(value,)] = self.env.execute_query(
            SQL(
                "SELECT coalesce(sum(value), 0) FROM b2b2c_volume_entry WHERE %s"
                " AND recorded_at > %s",
                self._get_clause(standing, seen),
                self.at,
            )
        )
        return value

    def _get_lines(self, standing, seen):
        """Return the documents that counted then, the largest first."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT document_model, document_id, max(document_name), min(day),
                       sum(value)
                  FROM b2b2c_volume_entry
                 WHERE %s AND recorded_at <= %s
              GROUP BY document_model, document_id
                HAVING sum(value) <> 0
              ORDER BY sum(value) DESC, document_id LIMIT %s
                """,
                self._get_clause(standing, seen),
                self.at,
                MAX_LISTED,
            )
        )
        return self.env["b2b2c.ladder.why.line"].create(
            [
                {
                    "document_model": model,
                    "document_id": record_id,
                    "document_name": name,
                    "day": day,
                    "value": value,
                }
                for model, record_id, name, day, value in rows
            ]
        )

    def _get_clause(self, standing, seen):
        """Return the SQL condition of the entries whose days counted then."""
        return SQL(
            "standing_id = ANY(%s) AND ladder_id = %s AND day BETWEEN %s AND %s",
            standing._get_group().ids,
            seen["change"].ladder_id.id,
            *seen["window"],
        )
