"""From documents to scores: target minus what is counted.

The sister of :mod:`..dealers.volume_feed` for challenges.  Everything happens in one
transaction with the booking of the same documents; nothing commits.
"""

from collections import defaultdict
from datetime import datetime
from decimal import Decimal
from typing import NamedTuple

from odoo import fields
from odoo.tools import SQL

from ...engine.score import find_scorer, score
from ...exceptions import FactError
from ..processing.parties import reading
from .score_facts import ScoreFacts

ZERO = Decimal(0)


class Window(NamedTuple):
    """A round whose scores may still change; instants are naive UTC.

    :param counts_until: what is learned later adds nothing
    :param closed_at: from when on its result is final, ``None``: it is not yet
    """

    round_id: int
    challenge_id: int
    company_id: int
    date_from: datetime
    date_to: datetime
    counts_until: datetime
    closed_at: datetime | None

    def __contains__(self, at):
        return self.date_from <= at < self.date_to


class Key(NamedTuple):
    """What a score is counted for."""

    round_id: int
    member_id: int
    document_id: int
    line_key: str


class Counted(NamedTuple):
    """What is counted for a key.

    :param in_time: the part of it that was learned in time
    :param steps: how many rows it has
    """

    value: Decimal
    in_time: Decimal
    steps: int
    employer_id: int
    challenge_id: int


_NOTHING = Counted(ZERO, ZERO, 0, 0, 0)


class ScoreFeed:
    """Brings scores in line with documents.

    :param env: superuser environment
    :param document_model: for instance ``"sale.order"``
    """

    def __init__(self, env, document_model):
        self.env = env
        self.model = document_model
        self.source = env["b2b2c.source"]._for_model(document_model)
        self.now = fields.Datetime.now()
        self.occurred = {}  # document id -> when it happened, naive UTC

    def feed(self, document_ids, round_ids=None):
        """Count documents in the rounds that are open.

        :param round_ids: only in these
        :return: number of rows added
        :raise FactError: a document cannot be measured
        """
        scoring = self.env["b2b2c.challenge"]._get_scoring_challenges()
        if not scoring:
            return 0
        with reading(self.env, self.model, document_ids):
            return self._feed(document_ids, scoring, round_ids)

    def _feed(self, document_ids, scoring, round_ids):
        """Count documents, see :meth:`feed`."""
        documents = (
            self.env[self.model]
            .with_context(active_test=False)
            .search_fetch(
                [("id", "in", document_ids)], self.source._head_fields, order="id"
            )
            .with_env(self.env)
        )
        counted = self._get_counted(document_ids)
        challenge_ids = {one.challenge_id for one in counted.values()}
        for company in documents.company_id:
            challenge_ids.update(scoring.get(company.id, ()))
        windows = self._get_windows(challenge_ids, round_ids)
        if not windows:
            return 0
        targets, others = {}, {}
        for company, own in documents.grouped("company_id").items():
            asking = [
                window
                for window in windows.values()
                if window.challenge_id in scoring.get(company.id, ())
            ]
            self._add_targets(own, asking, counted, targets, others)
        rows = self._get_rows(windows, counted, targets)
        if rows:
            names = {document.id: document.display_name for document in documents}
            self._insert(rows, names)
            self._after(rows, others)
        return len(rows)

    # === WHAT IS KNOWN === #

    def _get_counted(self, document_ids):
        """Return :class:`Key` -> :class:`Counted` of documents."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT s.round_id, s.member_id, s.document_id, s.line_key,
                       sum(s.delta)::text,
                       coalesce(sum(s.delta) FILTER (
                           WHERE s.learned_at <= r.counts_until
                             AND s.recorded_at <= coalesce(r.closed_at, 'infinity')
                       ), 0)::text,
                       count(*), max(s.employer_id), max(s.challenge_id)
                  FROM b2b2c_challenge_score s
                  JOIN b2b2c_challenge_round r ON r.id = s.round_id
                 WHERE s.document_model = %s AND s.document_id = ANY(%s)
              GROUP BY 1, 2, 3, 4
                """,
                self.model,
                list(document_ids),
            )
        )
        return {
            Key(*row[:4]): Counted(Decimal(row[4]), Decimal(row[5]), *row[6:])
            for row in rows
        }

    def _get_windows(self, challenge_ids, round_ids):
        """Return round id -> :class:`Window` of the rounds that still change."""
        if not challenge_ids:
            return {}
        rows = self.env.execute_query(
            SQL(
                """
                SELECT id, challenge_id, company_id, date_from, date_to, counts_until,
                       closed_at
                  FROM b2b2c_challenge_round
                 WHERE challenge_id = ANY(%s) AND state <> 'cancelled'
                   AND date_from <= %s AND clawback_until > %s
              ORDER BY id
                """,
                sorted(challenge_ids),
                self.now,
                self.now,
            )
        )
        windows = {row[0]: Window(*row) for row in rows}
        if round_ids is None:
            return windows
        return {one: windows[one] for one in round_ids if one in windows}

    # === WHAT SHOULD BE === #

    def _add_targets(self, documents, windows, counted, targets, others):
        """Add what documents of one company should count.

        :param windows: rounds whose challenges count documents of this company
        :param targets: dict :class:`Key` -> (score, employer id, occurred at)
        :param others: dict document id -> what shows the same goods
        """
        prior = self._get_prior(counted)
        pairs = defaultdict(list)  # company that asks -> (document, round)
        for document in documents:
            if document.id not in prior and self.source._is_hypothetical(document):
                continue
            at = self.source._get_occurred_at(document)
            self.occurred[document.id] = at
            for window in windows:
                if at in window:
                    pairs[window.company_id].append((document, window))
        for company_id, asked in pairs.items():
            company = self.env["res.company"].browse(company_id)
            self._add_of_company(company, asked, prior, targets, others)

    def _get_prior(self, counted):
        """Return document id -> ``{line key: {(challenge id, member id)}}``."""
        prior = defaultdict(lambda: defaultdict(set))
        for key, known in counted.items():
            pair = known.challenge_id, key.member_id
            prior[key.document_id][key.line_key].add(pair)
        return prior

    def _add_of_company(self, company, asked, prior, targets, others):
        """Add what documents should count in the challenges of one company.

        :param asked: list of (document, :class:`Window`)
        """
        challenges = self.env["b2b2c.challenge"].browse(
            {window.challenge_id for _document, window in asked}
        )
        terms = {one.id: one._get_terms() for one in challenges}
        asked = [
            (document, window)
            for document, window in asked
            if document.id in prior
            or self._is_kind(document, terms[window.challenge_id].aim)
        ]
        if not asked:
            return
        documents = self.env[self.model].union(*(document for document, _w in asked))
        facts = ScoreFacts(self.source, company, terms.values())
        built = facts.build(documents, prior)
        others.update(facts.others)
        for document, window in asked:
            fact = built[document.id]
            if isinstance(fact, FactError):
                raise fact
            aim = terms[window.challenge_id].aim
            people = facts.get_people(fact, window.challenge_id)
            self._add_document(fact, aim, people, prior[document.id], window, targets)

    def _is_kind(self, document, aim):
        """Tell whether a challenge counts documents of this kind."""
        return aim.any_kind or self.source._get_kind(document) in (
            aim.rule.document_kinds
        )

    def _add_document(self, fact, aim, people, prior, window, targets):
        """Add what one document should count in one round."""
        before = {
            (member_id, line_key)
            for line_key, pairs in prior.items()
            for challenge_id, member_id in pairs
            if challenge_id == aim.challenge_id
        }
        points = None
        if aim.metric == "points":
            scorer = find_scorer(fact, people, {one for one, _key in before})
            points = self._get_points(fact, aim.program_id, scorer)
        found = score(fact, aim, people, before, points)
        document_id = int(fact.key.partition(",")[2])
        for line_key, value in found.values.items():
            key = Key(window.round_id, found.member_id, document_id, line_key)
            targets[key] = value

    def _get_points(self, fact, program_id, member_id):
        """Return key of a line, or of the document -> points somebody has of it."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT line_model, line_id,
                       sum(points - points_debt - points_lost + points_pending)::text
                  FROM b2b2c_ledger_entry
                 WHERE document_model = %s AND document_id = %s
                   AND program_id = %s AND award_key IS NOT NULL
                   AND (basis ->> 'member')::int = %s
              GROUP BY 1, 2
                """,
                self.model,
                int(fact.key.partition(",")[2]),
                program_id,
                member_id,
            )
        )
        return {
            f"{model},{line_id}" if line_id else fact.key: Decimal(points)
            for model, line_id, points in rows
        }

    # === WHAT IS MISSING === #

    def _get_rows(self, windows, counted, targets):
        """Return the rows that bring what is counted to what should be."""
        learned = self._get_learned(windows, counted, targets)
        rows = []
        for key in sorted(counted.keys() | targets.keys()):
            window = windows.get(key.round_id)
            if not window:
                continue  # its time is over
            known, target = counted.get(key, _NOTHING), targets.get(key, ZERO)
            learned_at = learned.get(key.document_id, self.now)
            if target > known.value and _is_late(window, learned_at):
                target = max(min(target, known.in_time), known.value)
            change = target - known.value
            if change:
                at = learned_at if change > 0 else self.now
                rows.append(self._get_row(key, window, known, change, at))
        return rows

    def _get_row(self, key, window, known, change, learned_at):
        """Return one row as a dict."""
        members = self.env["b2b2c.member"]
        employer_id = known.employer_id or members.browse(key.member_id).employer_id.id
        return {
            **key._asdict(),
            "challenge_id": window.challenge_id,
            "company_id": window.company_id,
            "employer_id": employer_id,
            "occurred_at": self.occurred.get(key.document_id) or window.date_from,
            "delta": change,
            "learned_at": learned_at,
            "source_key": f"{self.model},{key.document_id}|{key.line_key}"
            f"|r{key.round_id}|m{key.member_id}#{known.steps + 1}",
        }

    def _get_learned(self, windows, counted, targets):
        """Return document id -> when it reached us, of those for which it matters.

        What waits in the outbox was learned when it was put there, however long nobody
        came to look at it.
        """
        if not any(_is_late(window, self.now) for window in windows.values()):
            return {}
        ids = {key.document_id for key in counted.keys() | targets.keys()}
        rows = self.env.execute_query(
            SQL(
                """
                SELECT source_id, min(occurred_at) FROM b2b2c_event
                 WHERE source_model = %s AND source_id = ANY(%s)
                   AND state = 'new' AND event_type = 'changed'
              GROUP BY 1
                """,
                self.model,
                sorted(ids),
            )
        )
        learned = {document_id: min(at, self.now) for document_id, at in rows}
        for document in self.env[self.model].browse(ids & self.occurred.keys()):
            arrived_at = self.source._get_arrived_at(document)
            known = learned.get(document.id, self.now)
            learned[document.id] = min(arrived_at or known, known)
        return learned

    def _insert(self, rows, names):
        """Append rows.

        A row that another transaction appends at the same time raises a serialization
        error: the document is processed again, and sees it.
        """
        values = SQL(", ").join(
            SQL(
                "(%s::int, %s::int, %s::int, %s::int, %s::int, %s::int, %s, %s,"
                " %s::timestamp, %s::numeric, %s::timestamp, %s)",
                row["challenge_id"],
                row["round_id"],
                row["company_id"],
                row["member_id"],
                row["employer_id"],
                row["document_id"],
                names.get(row["document_id"], ""),
                row["line_key"],
                row["occurred_at"],
                row["delta"],
                row["learned_at"],
                row["source_key"],
            )
            for row in rows
        )
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO b2b2c_challenge_score
                    (challenge_id, round_id, company_id, member_id, employer_id,
                     document_id, document_name, line_key, occurred_at, delta,
                     learned_at, source_key, document_model, recorded_at)
                SELECT v.*, %s, %s FROM (VALUES %s) AS v
                ON CONFLICT (source_key) DO NOTHING
                """,
                self.model,
                self.now,
                values,
            )
        )

    def _after(self, rows, others):
        """Do what follows from scores that changed.

        Documents that show the same goods may count more now, or less.
        """
        rounds = self.env["b2b2c.challenge.round"]
        scored = defaultdict(set)
        shown = defaultdict(set)
        for row in rows:
            scored[row["round_id"]].add(row["member_id"])
            for model, other_id in others.get(row["document_id"], ()):
                shown[model].add(other_id)
        for round_id, member_ids in sorted(scored.items()):
            members = self.env["b2b2c.member"].browse(sorted(member_ids))
            rounds.browse(round_id)._after_scores(members)
        sources = self.env["b2b2c.source"]._get_sources()
        for model, ids in shown.items():
            if model in sources:
                self.env["b2b2c.event"]._record(self.env[model].browse(sorted(ids)))


def _is_late(window, at):
    """Tell whether what is learned at an instant adds nothing any more."""
    return window.closed_at is not None or at > window.counts_until
