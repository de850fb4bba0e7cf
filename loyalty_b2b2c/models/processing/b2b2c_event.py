import logging
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import timedelta

import psycopg2
from babel.dates import format_timedelta

from odoo import api, fields, models
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY
from odoo.tools import SQL, get_lang

from ...exceptions import LedgerIsAppendOnly, LoyaltyError
from ..base.rows import remember
from ..base.transactions import in_transaction
from .booker import Booker
from .touched import add_touched

_logger = logging.getLogger(__name__)

BATCH = 50
KEEP_DAYS = 90
GC_BATCH = 1000

# True while a bulk loader asks to process once at the end instead of per commit.
_deferred = ContextVar("b2b2c_deferred", default=False)


@contextmanager
def deferred_processing():
    """Leave events in the outbox until the cron or an explicit call sweeps them.

    For bulk loaders running in this process; clients cannot switch it on.
    """
    token = _deferred.set(True)
    try:
        yield
    finally:
        _deferred.reset(token)


class B2b2cEvent(models.Model):
    """The outbox: "this document changed".

    Adapters insert a row and nothing else, in the transaction of the change.  Right
    after its commit the row is processed in the same request; what a dying process
    leaves behind, the cron sweeps.
    """

    _name = "b2b2c.event"
    _description = "Loyalty Event"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "id desc"

    event_type = fields.Selection(
        [
            ("changed", "Document changed"),
            ("release", "Waiting time over"),
            ("recheck", "Asked for by a person"),
        ],
        required=True,
        readonly=True,
        default="changed",
    )
    source_model = fields.Char(required=True, readonly=True)
    source_id = fields.Many2oneReference(
        model_field="source_model", required=True, readonly=True
    )
    document_name = fields.Char(
        compute="_compute_document_name",
        compute_sudo=True,  # the name is no secret, the document may be
        string="Document",
    )
    company_id = fields.Many2one(
        "res.company",
        index=True,
        readonly=True,
        ondelete="cascade",
        help="Of the document, kept when the change was recorded.",
    )
    actor_id = fields.Many2one("res.users", readonly=True, ondelete="set null")
    occurred_at = fields.Datetime(readonly=True)
    age = fields.Char(compute="_compute_age")
    not_before = fields.Datetime(readonly=True)
    state = fields.Selection(
        [
            ("new", "Waiting"),
            ("done", "Done"),
            ("ignored", "Nothing to do"),
            ("failed", "Failed"),
        ],
        required=True,
        readonly=True,
        default="new",
        string="Status",
    )
    reason = fields.Text(readonly=True)
    attempts = fields.Integer(readonly=True)
    entry_count = fields.Integer(readonly=True, string="Entries Booked")
    transaction_ref = fields.Char(readonly=True)

    _waiting = models.Index("(id) WHERE state = 'new'")
    _waiting_source = models.Index("(source_model, source_id) WHERE state = 'new'")
    _failed = models.Index("(source_model, source_id) WHERE state = 'failed'")
    _transaction = models.Index("(transaction_ref) WHERE state = 'new'")

    # === COMPUTE METHODS === #

    def _compute_age(self):
        now = fields.Datetime.now()
        for event in self:
            event.age = format_timedelta(
                now - (event.occurred_at or event.create_date or now),
                locale=get_lang(self.env).code,
            )

    @api.depends("source_model", "source_id")
    def _compute_document_name(self):
        for event in self:
            known = event.source_model in self.env
            record = (
                self.env[event.source_model].browse(event.source_id).exists()
                if known
                else None
            )
            event.document_name = (
                record.display_name
                if record
                else f"{event.source_model},{event.source_id}"
            )

    # === CRUD METHODS === #

    def write(self, vals):
        """Let clients handle the activities only; states change by processing."""
        if not self.env.su and any(
            not name.startswith(("activity_", "my_activity_")) for name in vals
        ):
            raise LedgerIsAppendOnly(
                self.env._("Events change by processing; use “Retry”.")
            )
        return super().write(vals)

    @api.depends("document_name")
    def _compute_display_name(self):
        for event in self:
            event.display_name = event.document_name

    # === INTAKE: what adapters call === #

    @api.model
    def _record(self, documents, moment=None):
        """Remember that documents changed.  Never raises, never computes.

        One row per document and transaction: an order with a thousand lines that are
        all delivered at once is one event.

        :param documents: records of a model that has a source
        :param str moment: what happened to them just now that settles who bought: a
            reason of ``b2b2c.document.buyer``
        :return: whether it is remembered; who can try again later asks
        """
        if not documents:
            return True
        try:
            with self.env.cr.savepoint(flush=False):
                reference = self._insert_events(documents._name, documents.ids)
                if moment:
                    source = self.env["b2b2c.source"].sudo()._for_model(documents._name)
                    source._keep_parties(documents, moment)
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
            raise  # the whole request is retried by Odoo
        except Exception:
            # A fault in an incentive must not stop a sale, a delivery or a till.
            _logger.exception("Could not record a loyalty event for %s", documents)
            return False
        self._process_after_commit(reference)
        return True

    @api.model
    def _schedule(self, model, document_id, not_before):
        """Look at a document again at ``not_before`` (naive UTC)."""
        self._insert_events(model, [document_id], not_before, "release")

    def _process_after_commit(self, transaction_ref=None):
        """Process this transaction's events right after its commit, once.

        :param str transaction_ref: of its rows, where it is known
        """
        cr = self.env.cr
        if _deferred.get() or cr.postcommit.data.get("b2b2c_event"):
            return
        cr.postcommit.data["b2b2c_event"] = True
        if not transaction_ref:
            cr.execute("SELECT txid_current()::text")
            [transaction_ref] = cr.fetchone()
        registry = self.env.registry

        def process():
            try:
                _process_waiting(registry, SQL("transaction_ref = %s", transaction_ref))
            except Exception:
                # The document is committed; its events wait for the cron.
                _logger.exception("Loyalty events wait for the next sweep")

        cr.postcommit.add(process)

    # === PROCESSING === #

    @api.model
    def _take(self, condition, limit):
        """Return waiting events of the next documents and lock them.

        Rows another worker has locked are skipped.
        """
        rows = self.env.execute_query(
            SQL(
                """
                SELECT id, source_model, source_id, actor_id FROM b2b2c_event
                 WHERE state = 'new' AND %s
                   AND (not_before IS NULL OR not_before <= %s)
              ORDER BY id LIMIT %s
                   FOR UPDATE SKIP LOCKED
                """,
                condition,
                # the clock the engine asks too: if the database's were ahead, a
                # release would be looked at before it is due, and then never again
                fields.Datetime.now(),
                limit,
            )
        )
        events = self.browse(row[0] for row in rows)
        for event, (_id, model, source_id, actor_id) in zip(events, rows, strict=True):
            values = {"source_model": model, "source_id": source_id}
            remember(event, values, actor_id=actor_id)
        return events

    def _process(self):
        """Process these events in the current transaction.

        :raise Exception: whatever prevents a document; the caller decides what then
        """
        groups = {}
        self.fetch(("source_model", "source_id", "actor_id"))  # and not the texts
        for event in self:
            groups.setdefault(event.source_model, {})[event.source_id] = event.actor_id
        add_touched(self.env, groups)
        for model, documents in groups.items():
            events = self.filtered(lambda e, m=model: e.source_model == m)
            if model not in self.env["b2b2c.source"]._get_sources():
                events._finish("ignored", reason=self.env._("Nothing measures this."))
                continue
            actors = {key: user.id for key, user in documents.items()}
            outcome = Booker(self.env, model, actors).book(list(documents))
            events._finish("done", outcome=outcome)

    def _process_now(self):
        """Process all waiting events that are due in this transaction.

        For tests, shells and loaders; requests use :meth:`_process_after_commit`.
        """
        events = self.sudo()._take(SQL("TRUE"), 100000)
        events._process()
        return events

    @api.model
    def _settle(self, documents):
        """Process this transaction's events of ``documents`` before it commits.

        For callers that answer with the result (terminal, API).  What fails stays
        waiting and is processed after the commit, with its reason noted.

        :param documents: records whose change was recorded in this transaction
        """
        if not documents:
            return
        try:
            with self.env.cr.savepoint():
                events = self._take(
                    SQL(
                        "source_model = %s AND source_id = ANY(%s)"
                        " AND transaction_ref = txid_current()::text",
                        documents._name,
                        documents.ids,
                    ),
                    len(documents),
                )
                events._process()
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
            raise  # the whole request is retried by Odoo
        except Exception:
            _logger.info("Points of %s wait for the commit", documents, exc_info=True)

    @api.model
    def _settle_new(self, documents):
        """Book documents that this transaction stored, before it commits.

        Nobody else can see them yet, so no event needs to wait for anybody: the row is
        written when all is done.  What fails is recorded like any change.

        :param documents: records of a model that has a source
        """
        try:
            with self.env.cr.savepoint():
                actors = dict.fromkeys(documents.ids, self.env.uid)
                outcome = Booker(self.env, documents._name, actors).book(
                    documents.ids, are_new=True
                )
                self._insert_done(documents._name, outcome)
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
            raise  # the whole request is retried by Odoo
        except Exception:
            _logger.info("Points of %s wait for the commit", documents, exc_info=True)
            self._record(documents)

    def _finish(self, state, reason=None, outcome=None):
        """Close events, and earlier failures of the same documents with them."""
        if not self:
            return
        counts = outcome or {}
        models, sources = self.mapped("source_model"), self.mapped("source_id")
        self.env.flush_all()
        values = SQL(", ").join(
            SQL("(%s, %s)", event.id, counts.get(event.source_id, 0)) for event in self
        )
        rows = self.env.execute_query(
            SQL(
                """
                UPDATE b2b2c_event e
                   SET state = CASE WHEN %(state)s = 'done' AND v.entries = 0
                                    THEN 'ignored' ELSE %(state)s END,
                       reason = %(reason)s, entry_count = v.entries,
                       attempts = e.attempts + 1,
                       write_date = now() AT TIME ZONE 'UTC'
                  FROM (VALUES %(values)s) AS v (id, entries)
                 WHERE e.id = v.id
             RETURNING EXISTS (
                       SELECT FROM b2b2c_event f
                        WHERE f.source_model = e.source_model
                          AND f.source_id = e.source_id AND f.state = 'failed')
                """,
                state=state,
                reason=reason,
                values=values,
            )
        )
        self.invalidate_recordset()
        if any(has_failed for (has_failed,) in rows):
            healed = self.search(
                [
                    ("state", "=", "failed"),
                    ("source_model", "in", models),
                    ("source_id", "in", sources),
                ]
            )
            healed.activity_unlink(["mail.mail_activity_data_warning"])
            healed.write(
                {"state": "done", "reason": self.env._("Settled by a later event.")}
            )

    # === ACTION METHODS === #

    def action_open_document(self):
        """Open the document of this event."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": self.source_model,
            "res_id": self.source_id,
            "views": [(False, "form")],
        }

    # === CRON === #

    @api.model
    def _cron_sweep(self):
        """Process what requests left behind, batch by batch."""
        cron = self.env["ir.cron"]
        while done := _process_waiting(self.env.registry, SQL("TRUE"), limit=BATCH):
            if not cron._commit_progress(done):
                break

    @api.autovacuum
    def _gc_done(self):
        """Forget processed events after a while; the ledger keeps what they did."""
        domain = [
            ("state", "in", ("done", "ignored")),
            ("write_date", "<", fields.Datetime.now() - timedelta(days=KEEP_DAYS)),
        ]
        old = self.search(domain, limit=GC_BATCH, order="id")
        old.unlink()
        return len(old), self.search_count(domain, limit=1)


def _process_waiting(registry, condition, limit=None):
    """Process waiting events in transactions of their own.

    A batch that fails is repeated event by event, so one bad document stops no other.

    :param condition: SQL condition on ``b2b2c_event``
    :param limit: stop after about so many events, ``None`` for all of them
    :return: number of events handled
    """
    handled = 0
    while limit is None or handled < limit:
        try:
            done = in_transaction(
                registry, lambda env: _process_batch(env, condition, BATCH)
            )
        except Exception as error:
            if isinstance(error, PG_CONCURRENCY_EXCEPTIONS_TO_RETRY):
                break  # too much traffic on these documents: the cron comes back
            done = _process_one_by_one(registry, condition)
        handled += done
        if done < BATCH:
            break
    return handled


def _process_batch(env, condition, limit):
    """Take and process a batch; return its size."""
    events = env["b2b2c.event"]._take(condition, limit)
    if events:
        events._process()
    return len(events)


def _process_one_by_one(registry, condition):
    """Process a batch of events each in its own transaction, failures noted."""
    ids = in_transaction(
        registry, lambda env: env["b2b2c.event"]._take(condition, BATCH).ids
    )
    for event_id in ids:
        only = SQL("id = %s", event_id)
        try:
            in_transaction(registry, lambda env, c=only: _process_batch(env, c, 1))
        except psycopg2.OperationalError:
            _logger.info("Loyalty event %s waits for the next sweep", event_id)
        except Exception as error:
            if not isinstance(error, LoyaltyError):
                _logger.exception("Loyalty event %s failed", event_id)
            in_transaction(
                registry,
                lambda env, i=event_id, e=error: env["b2b2c.event"].browse(i)._fail(e),
            )
    return len(ids)
