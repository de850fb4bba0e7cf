import logging

from odoo import api, fields, models
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY
from odoo.tools import SQL

from ...exceptions import AmbiguousPerson
from ..base.rows import update_in_state
from ..base.transactions import in_transaction

_logger = logging.getLogger(__name__)

BATCH = 100
_COLUMNS = (
    "res_model",
    "res_id",
    "subject",
    "occasion",
    "partner_id",
    "member_id",
    "score",
    "is_passed",
    "digest",
    "passed_at",
)


class B2b2cTrainingAttempt(models.Model):
    """What somebody did in a training, as it was when it was done.

    A row is noted where it happens, in that transaction: a survey finished, a ticket
    shown at the door.  Its score is that of this moment: a question that is edited
    later changes Odoo's own score of old answers, and not this one.  Right after the
    commit, and again every hour, it is judged.
    """

    _name = "b2b2c.training.attempt"
    _description = "Training Done"
    _inherit = "b2b2c.closed"
    _log_access = False
    _order = "id desc"
    _rec_name = "subject"

    res_model = fields.Char(required=True, readonly=True)
    res_id = fields.Many2oneReference(
        model_field="res_model", required=True, readonly=True
    )
    subject = fields.Char(
        required=True, readonly=True, help="What was learned: model and id."
    )
    occasion = fields.Char(
        required=True, readonly=True, help="When it was learned: model and id."
    )
    partner_id = fields.Many2one(
        "res.partner", readonly=True, index="btree_not_null", ondelete="cascade"
    )
    member_id = fields.Many2one(
        "b2b2c.member", readonly=True, index="btree_not_null", ondelete="cascade"
    )
    score = fields.Float(digits=(16, 2), required=True, readonly=True)
    is_passed = fields.Boolean(required=True, readonly=True)
    digest = fields.Char(
        required=True, readonly=True, help="How what was learned looked then."
    )
    passed_at = fields.Datetime(required=True, readonly=True)
    is_undone = fields.Boolean(required=True, readonly=True)
    state = fields.Selection(
        [("new", "Waiting"), ("done", "Done")],
        required=True,
        readonly=True,
        string="Status",
    )
    problem = fields.Char(readonly=True, help="Why it pays nothing: a code.")

    _once = models.UniqueIndex("(res_model, res_id)")
    _subject_order = models.Index("(subject, partner_id)")
    _waiting = models.Index("(id) WHERE state = 'new'")

    # === NOTING: where it happens === #

    @api.model
    def _note(self, rows):
        """Remember what people did just now.

        What is noted already stays as it was, unless it was undone meanwhile.

        :param rows: list of dict with ``res_model``, ``res_id``, ``subject``,
            ``occasion``, ``score`` and optionally ``partner_id``, ``member_id``,
            ``digest``, ``is_passed`` (true by default)
        """
        if not rows:
            return
        usual = {
            "partner_id": None,
            "member_id": None,
            "digest": "",
            "is_passed": True,
            "passed_at": fields.Datetime.now(),
        }
        values = SQL(", ").join(
            SQL(
                "(%s, FALSE, 'new')",
                SQL(", ").join(SQL("%s", {**usual, **row}[name]) for name in _COLUMNS),
            )
            for row in rows
        )
        columns = SQL(", ").join(map(SQL.identifier, _COLUMNS))
        fresh = SQL(", ").join(
            SQL("%s = excluded.%s", SQL.identifier(name), SQL.identifier(name))
            for name in _COLUMNS[2:]
        )
        self.env.execute_query(
            SQL(
                """
                INSERT INTO b2b2c_training_attempt AS a (%s, is_undone, state)
                VALUES %s
                ON CONFLICT (res_model, res_id) DO UPDATE
                   SET %s, is_undone = FALSE, state = 'new', problem = NULL
                 WHERE a.is_undone
             RETURNING id
                """,
                columns,
                values,
                fresh,
            )
        )
        self.invalidate_model()
        self._process_after_commit()

    @api.model
    def _undo(self, model, ids):
        """Remember that what people did does not hold any more: it was deleted, or set
        back."""
        rows = self.env.execute_query(
            SQL(
                """
                UPDATE b2b2c_training_attempt SET is_undone = TRUE, state = 'new'
                 WHERE res_model = %s AND res_id = ANY(%s) AND NOT is_undone
             RETURNING id
                """,
                model,
                list(ids),
            )
        )
        if rows:
            self.invalidate_model()
            self._process_after_commit()

    # === JUDGING === #

    def _process_after_commit(self):
        """Judge what this transaction noted right after its commit, once."""
        cr = self.env.cr
        if cr.postcommit.data.get("b2b2c_training"):
            return
        cr.postcommit.data["b2b2c_training"] = True
        registry = self.env.registry

        @cr.postcommit.add
        def process():
            try:
                _process_waiting(registry)
            except Exception:
                # it is noted; the scheduled action judges it
                _logger.exception("Trainings wait for the next hour")

    @api.model
    def _get_waiting(self, after=0):
        """Return the ids of the next rows nobody judged yet, behind an id."""
        rows = self.env.execute_query(
            SQL(
                "SELECT id FROM b2b2c_training_attempt WHERE state = 'new' AND id > %s"
                " ORDER BY id LIMIT %s",
                after,
                BATCH,
            )
        )
        return [row[0] for row in rows]

    @api.model
    def _cron_process(self):
        """Judge what requests left behind; close and remind what is due."""
        self.env["b2b2c.presentation"]._close_overdue()
        self.env["ir.cron"]._commit_progress(1)
        _process_waiting(self.env.registry)
        proofs = self.env["b2b2c.training.proof"]
        proofs._give_unpaid()
        proofs._remind()

    @api.model
    def _process_now(self):
        """Judge all that waits in this transaction: for tests and shells."""
        self.env["b2b2c.presentation"]._count_closed()
        last = 0
        while ids := self._get_waiting(last):
            for attempt_id in ids:
                self.sudo().browse(attempt_id)._process()
            last = ids[-1]

    def _process(self):
        """Judge this row, unless that was done already."""
        self.ensure_one()
        if not update_in_state(self, ["new"], state="done", problem=False):
            return
        proofs = self.env["b2b2c.training.proof"].sudo()
        if self.is_undone:
            proofs._undo(self)
            return
        problem = ""
        for challenge in self.env["b2b2c.challenge"]._find_trainings(self.subject):
            try:
                problem = proofs._prove(challenge, self) or problem
            except AmbiguousPerson:
                problem = "several"
        update_in_state(self, ["done"], problem=problem or False)

    def _judge_again(self):
        """Judge rows once more: what they were is free again."""
        for attempt in self.sorted("id"):
            if update_in_state(attempt, ["done"], state="new"):
                attempt._process()


def _process_waiting(registry):
    """Judge what waits, each row in a transaction of its own."""
    in_transaction(registry, lambda env: env["b2b2c.presentation"]._count_closed())
    last = 0
    while ids := in_transaction(
        registry, lambda env, a=last: env["b2b2c.training.attempt"]._get_waiting(a)
    ):
        for attempt_id in ids:
            _process_one(registry, attempt_id)
        last = ids[-1]


def _process_one(registry, attempt_id):
    try:
        in_transaction(
            registry,
            lambda env: env["b2b2c.training.attempt"].browse(attempt_id)._process(),
        )
    except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
        _logger.info("Training %s is judged in an hour", attempt_id)
    except Exception:
        _logger.exception("Training %s could not be judged", attempt_id)
