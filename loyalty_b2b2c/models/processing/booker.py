"""From verdicts to entries: what is deserved, minus what is booked.

Used by ``b2b2c.event`` only.  Everything here happens in one transaction for a batch
of documents of one model; nothing commits.
"""

from collections import defaultdict
from dataclasses import dataclass, replace
from decimal import Decimal

from odoo import fields, models

from ...const import CHANGING
from ...engine import Award, Basis, Booked, as_text, expires_at, plan
from ...values import UTC, naive
from ..ledger.booked import BookedAward, get_booked
from ..ledger.ledger_door import ZERO, LedgerDoor, Posting
from ..messages.b2b2c_notification import Change
from ..programs import explanation
from .facts import get_key
from .judge import Judge, Judged, join
from .parties import get_kept, reading


@dataclass(frozen=True, slots=True)
class _Target:
    """What one award of a document deserves, and what is booked for it.

    :ivar document: ``None`` when it was deleted
    :ivar award: ``engine.Award``, ``None`` when nothing is deserved any more
    :ivar before: :class:`~..ledger.booked.BookedAward`, ``None`` when nothing is booked
    """

    document: models.Model | None
    document_id: int
    award: Award | None
    before: BookedAward | None

    @property
    def key(self):
        return (self.award or self.before).key

    @property
    def source_key(self):
        return (self.award or self.before).source_key

    @property
    def program_id(self):
        return (self.award or self.before).program_id

    @property
    def rule_id(self):
        return (self.award or self.before).rule_id

    @property
    def steps(self):
        """How many entries the award has."""
        return self.before.steps if self.before else 0

    @property
    def earned_ids(self):
        """Entries that brought points of the award, oldest first."""
        return self.before.earned_ids if self.before else ()

    def plan(self):
        """Return the moves from what is booked to what is deserved."""
        award, before = self.award, self.before
        return plan(
            award.points_total if award else ZERO,
            award.points_released if award else ZERO,
            Booked(before.posted, before.pending, before.manual)
            if before
            else Booked(),
            keep=award.points_due if award else ZERO,
        )


class Booker:
    """Brings the books in line with what the judge says of documents.

    :param env: superuser environment
    :param document_model: for instance ``"sale.order"``
    :param actors: dict document id -> id of the user whose act is being processed
    """

    def __init__(self, env, document_model, actors=None):
        self.env = env
        self.model = document_model
        self.source = env["b2b2c.source"]._for_model(document_model)
        self.actors = actors or {}
        self.door = LedgerDoor(env)
        self.credits = []
        self.changes = []  # that participants are told of
        self.moved_days = {}  # award key -> when pending points are expected now
        self.strangers = {}  # member id -> a document bought for another company
        self.settled = set()  # keys of awards whose moved day matters no more
        self.accounts = {}  # (member id, unit id) -> account, looked up once
        self.now = fields.Datetime.now().replace(tzinfo=UTC)

    def book(self, document_ids, are_new=False):
        """Book what documents deserve, plan releases and queue the messages.

        :param bool are_new: stored by this transaction: nothing is booked for them yet
        :return: dict document id -> number of entries booked
        :raise FactError: a document cannot be measured (nothing was booked for it)
        """
        with reading(self.env, self.model, document_ids):
            return self._book(document_ids, are_new)

    def _book(self, document_ids, are_new):
        """Book documents, see :meth:`book`."""
        if are_new:
            documents = self.env[self.model].browse(document_ids)
            booked = {document_id: {} for document_id in document_ids}
        else:
            # which of them exist, whose they are, and not all the other columns
            documents = (
                self.env[self.model]
                .with_context(active_test=False)
                .search_fetch(
                    [("id", "in", document_ids)], self.source._head_fields, order="id"
                )
                .with_env(self.env)
            )
            booked = get_booked(self.env, self.model, document_ids)
        self.source._before_processing(documents)
        judge = Judge(self.env, with_refusals=False)
        verdicts = judge.ask(documents, booked=booked)
        self._hold_same_goods(judge)
        outcome = dict.fromkeys(document_ids, 0)
        for document in documents:
            # one after the other: each sees the limits the others have used
            if verdicts[document.id]:
                outcome[document.id] = self._book_document(
                    document, verdicts[document.id], booked[document.id]
                )
        for document_id in set(document_ids) - set(documents.ids):
            # deleted: nothing is deserved any more
            outcome[document_id] = self._book_awards(
                None, document_id, {}, booked[document_id]
            )
            self._count_sales(document_id, ())
        self._flush_credits()
        self._keep_parties(documents, outcome)
        self._propose_memberships()
        self.env["b2b2c.expected.day"]._move(self.moved_days)
        self.env["b2b2c.expected.day"]._forget(self.settled)
        # after the credits: messages are numbered by the entries they tell of
        self.env["b2b2c.notification"]._queue(self.changes)
        self._look_at_same_goods(judge, outcome)
        judged = Judged(verdicts, judge.same_goods, are_new)
        self.source._after_processing(document_ids, judged)
        return outcome

    # === THE SAME GOODS === #

    def _hold_same_goods(self, judge):
        """Hold the documents that show the goods of these and wait themselves."""
        ids_by_model = defaultdict(set)
        for others in judge.same_goods.values():
            for model, other_id in others:
                ids_by_model[model].add(other_id)
        self.env["b2b2c.event"]._hold_waiting(ids_by_model)

    def _look_at_same_goods(self, judge, outcome):
        """Let documents be measured again whose goods these now count, or no more.

        :param outcome: document id -> number of entries booked
        """
        ids_by_model = defaultdict(set)
        for document_id, others in judge.same_goods.items():
            for model, other_id in others if outcome.get(document_id) else ():
                ids_by_model[model].add(other_id)
        for model, ids in ids_by_model.items():
            self.env["b2b2c.event"]._record(self.env[model].browse(sorted(ids)))

    def _book_document(self, document, verdicts, booked):
        """Book what all awarding companies decide on a document, as one.

        :raise FactError: the document cannot be measured
        """
        decision = join(verdicts)
        for verdict in verdicts:
            self._note_strangers(document, verdict)
        awards = {award.key: award for award in decision.awards}
        number = self._book_awards(document, document.id, awards, booked)
        programs = [program for verdict in verdicts for program in verdict.programs]
        self._count_limits(get_key(document), decision, booked, programs)
        self._count_sales(document.id, decision.sales)
        return number

    # === WHO BOUGHT === #

    def _keep_parties(self, documents, outcome):
        """Write down who bought the documents that are booked for the first time."""
        if not self.source._party_fields:
            return
        seen = documents.filtered(
            lambda document: outcome[document.id] and not get_kept(document)
        )
        if seen:
            self.source._keep_parties(seen, "first_seen")

    def _note_strangers(self, document, verdict):
        """Note the participants who bought a document for another company than the
        employer, where a rule is for their role."""
        if not any(line.measures for line in verdict.fact.lines):
            return
        roles = {
            share.role
            for program in verdict.programs
            for rule in program.rules
            for share in rule.parts
        }
        for member in verdict.fact.members:
            is_stranger = not (member.is_buyer or member.is_receiver)
            if is_stranger and member.role in roles and member.left_at is None:
                self.strangers[member.member_id] = document

    def _propose_memberships(self):
        """Propose memberships where people buy for other companies now."""
        for member_id, document in self.strangers.items():
            company = self.source._get_parties(document).buyer_company
            member = self.env["b2b2c.member"].browse(member_id)
            member._propose_employer(company, document)

    # === LIMITS === #

    def _count_limits(self, document_key, decision, booked, programs):
        """Write down what the document takes of each limit, and what they cut.

        What a person took back by hand is free for others again.
        """
        uses = defaultdict(Decimal)
        for award in decision.awards:
            before = booked.get(award.key)
            manual = before.manual if before else ZERO
            for scope, points in award.cap_uses.items():
                uses[scope] += max(points - manual, ZERO)
        limited = any(
            program.budget is not None
            or any(
                rule.caps.member or rule.caps.day or rule.caps.period
                for rule in program.rules
            )
            for program in programs
        )
        if limited or uses:
            used = self.env["b2b2c.cap.scope"]._set_document_uses(
                document_key, uses, decision.cuts
            )
            self.env["b2b2c.program"]._watch_budgets(programs, used)

    def _count_sales(self, document_id, sales):
        """Write down which milestones the document counts for; let others be looked at
        whose award does not fit the number of sales any more.

        :param sales: ``engine.Sale`` of each participant and rule
        """
        counted = self.env["b2b2c.milestone.sale"]
        unfit = counted._set_document_sales(self.model, document_id, sales)
        for model, ids in unfit.items():
            self.env["b2b2c.event"]._record(self.env[model].browse(sorted(ids)))

    # === ENTRIES === #

    def _book_awards(self, document, document_id, awards, booked):
        """Book the difference between deserved awards and booked ones.

        :param document: record, ``None`` when it was deleted
        :param awards: dict award key -> ``engine.Award``
        :param booked: dict award key -> :class:`~..ledger.booked.BookedAward`
        :return: number of entries
        """
        number = 0
        summary = defaultdict(lambda: defaultdict(Decimal))
        self._open_accounts(awards.values())
        for key in sorted(awards.keys() | booked.keys()):
            target = _Target(document, document_id, awards.get(key), booked.get(key))
            moves = target.plan()
            self._note_expected(target, moves)
            if not moves:
                continue
            account = self._get_account(target)
            for step, move in enumerate(moves, target.steps + 1):
                posting = self._get_posting(target, move, account, step)
                self._post(account, posting, target.earned_ids)
                summary[account]["posted"] += move.posted
                summary[account]["pending"] += move.pending
                if move.kind == "confirm":
                    summary[account]["confirmed"] += move.posted
                number += 1
        self._plan_release(document_id, awards.values())
        self._queue_messages(document, document_id, summary, awards, booked)
        return number

    def _get_account(self, target):
        """Return the account of an award: of whom its member became, after merges."""
        if not target.award:
            accounts = self.env["b2b2c.account"]
            return accounts.browse(target.before.account_id)._get_holder()
        return self.accounts[target.award.member_id, target.award.unit_id]

    def _open_accounts(self, awards):
        """Look the accounts of awards up, all at once; open those that are missing."""
        members = self.env["b2b2c.member"]
        holders = {
            (award.member_id, award.unit_id): (
                members.browse(award.member_id)._get_survivor().id,
                award.unit_id,
            )
            for award in awards
            if (award.member_id, award.unit_id) not in self.accounts
        }
        accounts = self.env["b2b2c.account"]._get_or_create(holders.values())
        self.accounts.update(
            {holding: accounts[holder] for holding, holder in holders.items()}
        )

    def _get_posting(self, target, move, account, step):
        """Return the posting of one move of an award.

        :param int step: number of the entry among those of its award
        """
        award, before = target.award, target.before
        line_model, line_id = self.source._get_line(target.source_key)
        gains = move.posted > 0
        # what was written off for this award comes back before anything is paid out
        regained = min(move.posted, before.lost) if before and gains else ZERO
        basis, reasons = self._explain(target, move)
        return Posting(
            account_id=account.id,
            entry_type=move.kind,
            source_key=f"{target.key}#{step}",
            points=move.posted - regained,
            points_pending=move.pending,
            points_lost=-regained,
            award_key=target.key,
            program_id=target.program_id,
            rule_id=target.rule_id,
            document_model=self.model,
            document_id=target.document_id,
            line_model=line_model,
            line_id=line_id,
            effective_at=naive(award.effective_at) if award and gains else None,
            release_at=naive(award.release_at) if award else None,
            expected_at=(
                naive(award.expected_at) if award and move.pending > 0 else None
            ),
            expires_at=self._get_expiry(award) if gains else None,
            basis=basis,
            explanation=reasons,
            reversal_of_id=(
                target.earned_ids[-1] if target.earned_ids and not gains else None
            ),
            user_id=self.actors.get(target.document_id),
        )

    def _get_expiry(self, award):
        """Return when points posted for an award lapse (naive UTC)."""
        return naive(
            expires_at(award.expiry, award.effective_at or self.now, award.timezone)
        )

    def _explain(self, target, move):
        """Return what a move was measured on, and why in words of the engine.

        :return: ``(engine.Basis, reasons as JSON)``
        """
        award, document = target.award, target.document
        basis = award.basis if award else Basis(target.before.member_id)
        reasons = explanation.to_json(award.explanation) if award else []
        if move.kind in ("reverse", "void"):
            cause, name = "cancelled", ""
            if document:
                cause = self.source._get_undone_cause(document, award)
                name = document.display_name
            basis = basis.because(cause)
            undone = {"cause": cause, "document": name, **self._get_change(target)}
            reasons.insert(0, {"code": "undone", "params": undone})
        return basis, reasons

    def _get_change(self, target):
        """Return what an award is worth now and was worth before, for people: texts.

        :return: dict with ``before`` and ``after`` (points), and, when something is
            left, ``quantity_`` and ``amount_`` of both
        """
        award, before = target.award, target.before
        change = {
            "before": as_text(before.posted + before.pending),
            "after": as_text(award.points_total if award else ZERO),
        }
        if not award:
            return change
        last = self.env["b2b2c.ledger.entry"].search(
            [("award_key", "=", before.key)], order="id DESC", limit=1
        )
        measured = last._get_basis()
        for name in ("quantity", "amount"):
            change[f"{name}_before"] = as_text(getattr(measured, name))
            change[f"{name}_after"] = as_text(getattr(award.basis, name))
        return change

    def _post(self, account, posting, earned_ids):
        """Book one posting: credits wait for the batch, debits happen now.

        :param earned_ids: entries that brought the award's points, whose lots a debit
            takes from first
        """
        if posting.points >= 0:
            self.credits.append(posting)
            return
        self._flush_credits()  # the debit must see what this document earned before
        account._repay(self.door, self.door.open(account.id))
        policy = (
            self.env["b2b2c.program"].browse(posting.program_id).debt_policy or "debt"
        )
        account._take_back(
            self.door,
            replace(posting, points=ZERO),
            -posting.points,
            prefer=self.env["b2b2c.ledger.entry"].browse(earned_ids),
            policy=policy,
        )

    def _flush_credits(self):
        """Insert the waiting credits in one statement."""
        waiting, self.credits = self.credits, []
        if self.door.credit(waiting):
            # all else of an entry never changes, and the ORM has nothing to flush here
            self.env["b2b2c.account"].invalidate_model(CHANGING, flush=False)
            self.env["b2b2c.ledger.entry"].invalidate_model(
                ("reversal_ids", "allocation_ids"), flush=False
            )

    def _plan_release(self, document_id, awards):
        """Look at a document again when points held for days become due."""
        for release_at in sorted({a.release_at for a in awards if a.release_at}):
            self.env["b2b2c.event"]._schedule(
                self.model, document_id, naive(release_at)
            )

    def _note_expected(self, target, moves):
        """Note that pending points are expected on another day than is known.

        The day of what is booked now stands on its entry.
        """
        award, before = target.award, target.before
        if not before:
            return
        if not (award and award.points_pending):
            if before.has_moved:
                self.settled.add(target.key)
            return
        expected_at, known = naive(award.expected_at), before.expected_at
        if not before.has_moved and any(move.pending > 0 for move in moves):
            known = expected_at
        if expected_at != known:
            self.moved_days[target.key] = expected_at

    def _queue_messages(self, document, document_id, summary, awards, booked):
        """Note one message per participant for everything this document changed."""
        if not summary:
            return
        programs = {award.program_id for award in (*awards.values(), *booked.values())}
        if not any(map(self.env["b2b2c.program"]._is_notifying, programs)):
            return
        expected_at = max(
            (award.expected_at for award in awards.values() if award.expected_at),
            default=None,
        )
        self.changes += [
            Change(
                account_id=account.id,
                document_model=self.model,
                document_id=document_id,
                document_name=document.display_name if document else "",
                posted=change["posted"],
                pending=change["pending"],
                confirmed=change["confirmed"],
                expected_at=naive(expected_at),
            )
            for account, change in summary.items()
        ]
