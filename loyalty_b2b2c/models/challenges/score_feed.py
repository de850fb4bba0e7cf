"""From documents to scores: target minus what is counted.

The sister of :mod:`..dealers.volume_feed` for challenges.  Everything happens in one
transaction with the booking of the same documents; nothing commits.
"""

from collections import defaultdict
from decimal import Decimal
from typing import NamedTuple

from odoo import fields
from odoo.tools import SQL

from ...engine.score import find_scorer, score
from ...exceptions import FactError
from ..processing.parties import reading
from .score_facts import ScoreFacts

ZERO = Decimal(0)


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
    challenge_id: int


_NOTHING = Counted(ZERO, ZERO, 0, 0)


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
        self.others = {}  # document id -> what shows the same goods
        self.late = set()  # (round id, member id, document id) that came too late

    def feed(self, document_ids, judged=None, round_ids=None):
        """Count documents in the rounds that are open.

        :param judged: what is known of them, :class:`~..processing.judge.Judged`
        :param round_ids: only in these
        :return: number of rows added
        :raise FactError: a document cannot be measured
        """
        open_windows = self.env["b2b2c.challenge"]._get_windows()
        if not open_windows:
            return 0
        with reading(self.env, self.model, document_ids):
            return self._feed(document_ids, open_windows, judged, round_ids)

    def _feed(self, document_ids, open_windows, judged, round_ids):
        """Count documents, see :meth:`feed`."""
        are_new = bool(judged and judged.are_new)
        documents = self._read(document_ids, are_new)
        counted = {} if are_new else self._get_counted(document_ids)
        windows = self._get_windows(documents, counted, open_windows, round_ids)
        if not windows:
            return 0
        targets = {}
        for company, own in documents.grouped("company_id").items():
            asking = [
                windows[window.round_id]
                for window in open_windows.get(company.id, ())
                if window.round_id in windows
            ]
            self._add_targets(own, asking, counted, targets, judged)
        rows = self._get_rows(windows, counted, targets)
        if rows or self.late:
            names = {document.id: document.display_name for document in documents}
            self._tell_late(names)
        if rows:
            self._after(rows, self._insert(rows, names))
        return len(rows)

    # === WHAT IS KNOWN === #

    def _read(self, document_ids, are_new):
        """Return those documents that exist, and when each happened."""
        documents = self.env[self.model].browse(document_ids)
        if not are_new:
            documents = (
                documents.with_context(active_test=False)
                .search_fetch(
                    [("id", "in", document_ids)], self.source._head_fields, order="id"
                )
                .with_env(self.env)
            )
        for document in documents:
            self.occurred[document.id] = self.source._get_occurred_at(document)
        return documents

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
                       count(*), max(s.challenge_id)
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

    def _get_windows(self, documents, counted, open_windows, round_ids):
        """Return round id -> :class:`~.score_facts.Window` of the rounds that matter.

        Those that are over are read anew: when one became final decides what counts.
        """
        ids = {key.round_id for key in counted}
        found = {}
        for document in documents:
            at = self.occurred[document.id]
            for window in open_windows.get(document.company_id.id, ()):
                if window.covers(at) or window.round_id in ids:
                    found[window.round_id] = window
        ids -= found.keys()  # of documents that are gone, or another company's now
        for window in set().union(*open_windows.values()) if ids else ():
            if window.round_id in ids:
                found[window.round_id] = window
        if round_ids is not None:
            found = {one: found[one] for one in round_ids if one in found}
        over = [one.round_id for one in found.values() if one.date_to <= self.now]
        closed = self._read_closed(over) if over else {}
        return {
            round_id: window._replace(closed_at=closed.get(round_id))
            for round_id, window in found.items()
            if window.clawback_until > self.now
        }

    def _read_closed(self, round_ids):
        """Return round id -> since when its result is final."""
        rows = self.env.execute_query(
            SQL(
                "SELECT id, closed_at FROM b2b2c_challenge_round WHERE id = ANY(%s)",
                round_ids,
            )
        )
        return dict(rows)

    # === WHAT SHOULD BE === #

    def _add_targets(self, documents, windows, counted, targets, judged):
        """Add what documents of one company should count.

        :param windows: rounds whose challenges count documents of this company
        :param targets: dict :class:`Key` -> score
        """
        prior = self._get_prior(counted)
        pairs = defaultdict(list)  # company that asks -> (document, round)
        for document in documents:
            if document.id not in prior and self.source._is_hypothetical(document):
                continue
            for window in windows:
                if window.covers(self.occurred[document.id]):
                    pairs[window.company_id].append((document, window))
        for company_id, asked in pairs.items():
            company = self.env["res.company"].browse(company_id)
            self._add_of_company(company, asked, prior, targets, judged)

    def _get_prior(self, counted):
        """Return document id -> ``{line key: {(challenge id, member id)}}``."""
        prior = defaultdict(lambda: defaultdict(set))
        for key, known in counted.items():
            pair = known.challenge_id, key.member_id
            prior[key.document_id][key.line_key].add(pair)
        return prior

    def _add_of_company(self, company, asked, prior, targets, judged):
        """Add what documents should count in the challenges of one company.

        :param asked: list of (document, :class:`~.score_facts.Window`)
        """
        challenges = self.env["b2b2c.challenge"]
        terms = {
            challenge_id: challenges.browse(challenge_id)._get_terms()
            for challenge_id in {window.challenge_id for _document, window in asked}
        }
        asked = [
            (document, window)
            for document, window in asked
            if document.id in prior
            or terms[window.challenge_id].aim.counts_kind(
                self.source._get_kind(document)
            )
        ]
        if not asked:
            return
        documents = self.env[self.model].union(*(document for document, _w in asked))
        facts = ScoreFacts(self.source, company, terms.values())
        built = facts.build(documents, prior, judged=judged)
        self.others.update(facts.others)
        for document, window in asked:
            fact = built[document.id]
            if isinstance(fact, FactError):
                raise fact
            aim = terms[window.challenge_id].aim
            people = facts.get_people(fact, window.challenge_id)
            self._add_document(fact, aim, people, prior[document.id], window, targets)

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
            if target > known.value and window.is_late(learned_at):
                wanted, target = target, max(min(target, known.in_time), known.value)
                if target < wanted:
                    self.late.add((key.round_id, key.member_id, key.document_id))
            change = target - known.value
            if change:
                at = learned_at if change > 0 else self.now
                rows.append(self._get_row(key, window, known, change, at))
        return rows

    def _get_row(self, key, window, known, change, learned_at):
        """Return one row as a dict."""
        return {
            **key._asdict(),
            "challenge_id": window.challenge_id,
            "company_id": window.company_id,
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
        if not any(window.is_late(self.now) for window in windows.values()):
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
        """Append rows; return what each person had before, and has now.

        A row that another transaction appends at the same time raises a serialization
        error: the document is processed again, and sees it.

        :return: list of (round id, member id, before, change), of those rounds where a
            certain score matters
        """
        values = SQL(", ").join(
            SQL(
                "(%s::int, %s::int, %s::int, %s::int, %s::int, %s, %s,"
                " %s::timestamp, %s::numeric, %s::timestamp, %s)",
                row["challenge_id"],
                row["round_id"],
                row["company_id"],
                row["member_id"],
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
        stepped = sorted({row["round_id"] for row in rows if self._get_steps(row)})
        query = SQL(
            """
            INSERT INTO b2b2c_challenge_score
                (challenge_id, round_id, company_id, member_id, document_id,
                 document_name, line_key, occurred_at, delta, learned_at, source_key,
                 document_model, recorded_at)
            SELECT v.*, %s, %s FROM (VALUES %s) AS v
            ON CONFLICT (source_key) DO NOTHING
            RETURNING round_id, member_id, delta
            """,
            self.model,
            self.now,
            values,
        )
        if not stepped:
            self.env.cr.execute(query)
            return []
        changes = self.env.execute_query(
            SQL(
                """
                WITH added AS (%s)
                SELECT a.round_id, a.member_id, (
                       SELECT coalesce(sum(s.delta), 0)
                         FROM b2b2c_member m
                         JOIN b2b2c_member f ON f.partner_id = m.partner_id
                          AND f.company_id = m.company_id
                         JOIN b2b2c_challenge_score s ON s.member_id = f.id
                          AND s.round_id = a.round_id
                        WHERE m.id = a.member_id)::text, sum(a.delta)::text
                  FROM added a WHERE a.round_id = ANY(%s) GROUP BY 1, 2
                """,
                query,
                stepped,
            )
        )
        return [
            (round_id, member_id, Decimal(before), Decimal(change))
            for round_id, member_id, before, change in changes
        ]

    def _get_steps(self, row):
        """Return the scores at which something happens in the challenge of a row."""
        challenge = self.env["b2b2c.challenge"].browse(row["challenge_id"])
        return challenge._get_terms().steps

    def _after(self, rows, changes):
        """Do what follows from scores that changed.

        Documents that show the same goods may count more now, or less.

        :param changes: see :meth:`_insert`
        """
        steps = {row["round_id"]: self._get_steps(row) for row in rows}
        scored = defaultdict(set)
        for row in rows:
            if steps[row["round_id"]] is None:
                scored[row["round_id"]].add(row["member_id"])
        for round_id, member_id, before, change in changes:
            low, high = sorted((before, before + change))
            if any(low < step <= high for step in steps[round_id]):
                scored[round_id].add(member_id)
        rounds, members = self.env["b2b2c.challenge.round"], self.env["b2b2c.member"]
        for round_id, member_ids in sorted(scored.items()):
            rounds.browse(round_id)._after_scores(members.browse(sorted(member_ids)))
        self._look_at_same_goods(rows)

    def _tell_late(self, names):
        """Tell who sold it what came too late to count, see ``_get_rows``."""
        rounds, members = self.env["b2b2c.challenge.round"], self.env["b2b2c.member"]
        for round_id, member_id, document_id in sorted(self.late):
            rounds.browse(round_id)._tell_late(
                members.browse(member_id),
                f"{self.model},{document_id}",
                names.get(document_id, ""),
            )

    def _look_at_same_goods(self, rows):
        """Let documents be looked at again whose goods these now count, or no more."""
        sources = self.env["b2b2c.source"]._get_sources()
        shown = defaultdict(set)
        for row in rows:
            for model, other_id in self.others.get(row["document_id"], ()):
                if model in sources:
                    shown[model].add(other_id)
        for model, ids in shown.items():
            self.env["b2b2c.event"]._record(self.env[model].browse(sorted(ids)))
