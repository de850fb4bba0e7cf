from odoo import api, fields, models
from odoo.fields import Domain

from ...const import POINTS
from ..base.rows import insert_rows, update_in_state
from .b2b2c_challenge_round import FINAL


class B2b2cChallengeAward(models.Model):
    """A prize somebody got in a challenge: what it was for, and what became of it.

    The points are booked in the ledger (``entry_id``); this row says for what.  One
    that was taken back stays, and what it was for can be awarded again.
    """

    _name = "b2b2c.challenge.award"
    _description = "Prize That Was Won"
    _inherit = "b2b2c.closed"
    _order = "id desc"
    _rec_names_search = ["member_id.name", "challenge_id.name"]

    challenge_id = fields.Many2one(
        "b2b2c.challenge", required=True, readonly=True, ondelete="restrict"
    )
    round_id = fields.Many2one(
        "b2b2c.challenge.round", readonly=True, index=True, ondelete="restrict"
    )
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True, ondelete="restrict"
    )
    member_id = fields.Many2one(
        "b2b2c.member",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
        string="Participant",
    )
    employer_id = fields.Many2one(
        "res.partner",
        required=True,
        readonly=True,
        ondelete="restrict",
        string="Company or Shop",
    )
    key = fields.Char(required=True, readonly=True, help="What the prize is for, once.")
    number = fields.Integer(
        required=True, readonly=True, help="How often it was taken back before."
    )
    prize_id = fields.Many2one(
        "b2b2c.challenge.prize", required=True, readonly=True, ondelete="restrict"
    )
    program_id = fields.Many2one(
        "b2b2c.program", required=True, readonly=True, index=True, ondelete="restrict"
    )
    points = fields.Float(**POINTS, required=True, readonly=True)
    symbol = fields.Char(related="program_id.symbol")
    reason = fields.Char(required=True, readonly=True, string="What For")
    state = fields.Selection(
        [
            ("pending", "Waits"),
            ("given", "Given"),
            ("taken", "Taken back"),
        ],
        string="Status",
        required=True,
        readonly=True,
    )
    entry_id = fields.Many2one(
        "b2b2c.ledger.entry", readonly=True, ondelete="restrict", string="Booked With"
    )
    taken_reason = fields.Char(readonly=True, string="Why Taken Back")
    taken_at = fields.Datetime(readonly=True)

    _number_once = models.UniqueIndex(
        "(challenge_id, key, number)", "This prize was given already."
    )
    _open_once = models.UniqueIndex(
        "(challenge_id, key) WHERE state IN ('pending', 'given')",
        "This prize was given already.",
    )

    # === COMPUTE METHODS === #

    @api.depends("member_id.name", "challenge_id.name")
    def _compute_display_name(self):
        for award in self:
            award.display_name = f"{award.member_id.name} · {award.challenge_id.name}"

    # === BUSINESS METHODS === #

    @api.model
    def _find_open(self, challenge, key):
        """Return the award under a key that was not taken back, with superuser rights.

        :param str key: what the prize is for, see ``b2b2c.challenge._award``
        """
        return self.sudo().search(
            [
                ("challenge_id", "=", challenge.id),
                ("key", "=", key),
                ("state", "in", ("pending", "given")),
            ]
        )

    @api.model
    def _get_ready_domain(self):
        """Return the domain of prizes that wait though their round is final, or they
        are of a threshold: the person was suspended, and is no more."""
        return (
            Domain("state", "=", "pending")
            & Domain("member_id.state", "!=", "suspended")
            & (
                Domain("round_id.state", "in", FINAL)
                | Domain("prize_id.place_from", "=", 0)
            )
        )

    @api.model
    def _add(self, challenge, key, **values):
        """Add the award under a key, unless it is there and was not taken back.

        :param values: columns of the row
        :return: ``b2b2c.challenge.award``, empty when it was there
        """
        last = self.sudo().search(
            [("challenge_id", "=", challenge.id), ("key", "=", key)],
            order="number DESC",
            limit=1,
        )
        if last.state in ("pending", "given"):
            return self.browse()
        row = {
            "challenge_id": challenge.id,
            "company_id": challenge.company_id.id,
            "key": key,
            "number": last.number + 1 if last else 0,
            **values,
        }
        added = self.sudo().browse(insert_rows(self, [row]))
        added.round_id.invalidate_recordset(["award_ids"])
        return added

    def _book(self):
        """Book the points of this award, which was just added."""
        self.ensure_one()
        account = self.member_id._get_account(self.program_id.unit_id)
        entry = account._earn(
            self.points,
            source_key=f"challenge/{self.challenge_id.id}/{self.key}/{self.number}",
            pending=self.state == "pending",
            program_id=self.program_id.id,
            reason=self.reason,
        )
        update_in_state(self, [self.state], entry_id=entry.id)
        if self.state == "given":
            self._tell("challenge_won")

    def _give(self):
        """Let the person have the points that waited.

        :return: whether they waited
        """
        self.ensure_one()
        if not update_in_state(self, ["pending"], state="given"):
            return False
        waiting = self.entry_id
        entry = waiting.account_id._confirm(waiting, reason=self.reason)
        update_in_state(self, ["given"], entry_id=entry.id)
        self._tell("challenge_won")
        return True

    def _take_back(self, reason):
        """Take the points back; who spent them owes them, or the program loses them.

        :param str reason: shown on the statement
        :return: whether there was something to take back
        """
        self.ensure_one()
        before, entry = self.state, self.entry_id
        values = {"taken_reason": reason, "taken_at": fields.Datetime.now()}
        if not update_in_state(self, ["pending", "given"], state="taken", **values):
            return False
        if before == "pending":
            entry.account_id._void(entry, reason=reason)
        else:
            entry.account_id._reverse(entry, reason=reason)
            self._tell("challenge_lost")
        return True

    def _tell(self, kind):
        """Tell the participant what became of the prize.

        :param str kind: of the message, see ``b2b2c_notification_kind``
        """
        if not self.program_id.notify:
            return
        words = self.with_context(lang=self.member_id.lang or self.env.lang)
        is_won = kind == "challenge_won"
        self.env["b2b2c.notification"]._tell(
            [
                {
                    "kind": kind,
                    "key": f"{self._name},{self.id}/{kind}",
                    "member_id": self.member_id._get_survivor().id,
                    "document_name": words.challenge_id.name,
                    "res_model": self._name,
                    "res_id": self.id,
                    "details": {
                        "prize": words.prize_id._get_text(self.points),
                        "reason": self.reason,
                        "answer": "" if is_won else self.taken_reason,
                    },
                }
            ]
        )
