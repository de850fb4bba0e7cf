from decimal import Decimal

from odoo import models
from odoo.fields import Domain

from ...engine import to_decimal
from ...engine.own_window import get_own_window, why_uncounted
from ...engine.score import score
from ...exceptions import FactError
from ...values import aware, naive
from . import score_sums
from .score_facts import ScoreFacts

#: Who is shown to everybody, and how many neighbours on each side.
_TOP, _SPAN = 3, 1
#: How many documents are explained at most.
_EXPLAINED = 20


class B2b2cChallengeRound(models.Model):
    """What one participant sees of a round."""

    _inherit = "b2b2c.challenge.round"

    # === THE OWN SCORE === #

    def _get_scores(self, members):
        """Return member id -> score of participants (Decimal), as it is this moment.

        :param members: ``b2b2c.member`` records that take part; of merged ones ask the
            survivor
        """
        self.ensure_one()
        scores = dict.fromkeys(members.ids, Decimal(0))
        for one in score_sums.get_sums(self, members.ids):
            if one.member_id in scores:
                scores[one.member_id] += one.score
        return scores

    def _get_held_scores(self, members):
        """Return member id -> score of participants that a person has to confirm yet.

        These are proofs of sale that somebody looks at; none of it counts in a ranking.
        """
        self.ensure_one()
        held = dict.fromkeys(members.ids, Decimal(0))
        for claim, found in self._score_claims(members):
            if found.member_id in held:
                held[found.member_id] += sum(found.values.values(), Decimal(0))
            else:
                holder = claim.submitter_id._get_survivor()
                if holder.id in held:
                    held[holder.id] += sum(found.values.values(), Decimal(0))
        return held

    def _find_held(self, members=None):
        """Return the proofs of sale of this round that somebody looks at.

        :param members: only of these participants, of all by default
        """
        self.ensure_one()
        companies = self.challenge_id.sudo().program_id._get_counted_companies()
        domain = Domain("state", "in", ("draft", "review"))
        domain &= Domain("company_id", "in", companies.ids)
        domain &= Domain("occurred_at", ">=", self.date_from)
        domain &= Domain("occurred_at", "<", self.date_to)
        domain &= Domain("arrived_at", "<=", self.counts_until)
        if members is not None:
            domain &= Domain("submitter_id", "in", members.ids)
        return self.env["b2b2c.claim"].sudo().search(domain, order="id")

    def _score_claims(self, members):
        """Return (claim, what it would score) of claims that wait."""
        claims = self._find_held(members)
        return self._score_documents(claims, hypothetical=True) if claims else []

    def _score_documents(self, documents, hypothetical=False):
        """Return (document, ``engine.score.Score``) of documents, nothing is stored.

        :param documents: of one model
        :param bool hypothetical: as if they had reached every moment
        """
        challenge = self.challenge_id.sudo()
        source = self.env["b2b2c.source"].sudo()._for_model(documents._name)
        terms = challenge._get_terms()
        facts = ScoreFacts(source, challenge.company_id, [terms])
        scored = []
        for own in documents.grouped("company_id").values():
            for document_id, fact in facts.build(own, {}, hypothetical).items():
                if isinstance(fact, FactError):
                    continue
                people = facts.get_people(fact, challenge.id)
                found = score(fact, terms.aim, people)
                scored.append((own.browse(document_id), found))
        return scored

    # === THE RANKING === #

    def _get_board(self, member=None, shop=None):
        """Return what a participant sees of the ranking, from the folded standings.

        :param member: ``b2b2c.member``, for a contest of people
        :param shop: ``res.partner``, for a contest of shops
        :return: dict ``own`` (its standing, may be empty), ``top`` and ``around``
            (standings), ``next_rank`` and ``missing`` (Decimal) to the place above,
            ``None`` and 0 at the top; ``folded_at``
        """
        self.ensure_one()
        standings = self.env["b2b2c.challenge.standing"].sudo()
        here = Domain("round_id", "=", self.id)
        who = (
            Domain("member_id", "=", member.id)
            if member
            else (Domain("member_id", "=", False) & Domain("employer_id", "=", shop.id))
        )
        own = standings.search(here & who, limit=1)
        of = (member or self.env["b2b2c.member"]).sudo()
        division = own.division or self._get_division(
            of.role, (shop or of.employer_id).sudo()
        )
        here &= Domain("division", "=", division)
        top = standings.search(here & Domain("place", "<=", _TOP), order="place")
        around, above = standings.browse(), standings.browse()
        if own:
            near = Domain("place", ">=", own.place - _SPAN)
            near &= Domain("place", "<=", own.place + _SPAN)
            around = standings.search(here & near, order="place") - top
            above = standings.search(
                here & Domain("rank", "<", own.rank), order="place desc", limit=1
            )
        missing = to_decimal(above.score) - to_decimal(own.score) if above else 0
        return {
            "own": own,
            "top": top,
            "around": around,
            "next_rank": above.rank or None,
            "missing": Decimal(missing),
            "folded_at": self.folded_at,
        }

    # === WHAT COUNTS, AND WHAT DOES NOT === #

    def _get_counted_rows(self, member, limit=_EXPLAINED):
        """Return what counted for a participant, the newest first.

        :return: list of dict ``document`` (its name), ``occurred_at`` and ``score``
        """
        self.ensure_one()
        scores = self.env["b2b2c.challenge.score"].sudo()
        window = self._get_own_window(member)
        domain = [
            ("round_id", "=", self.id),
            ("member_id", "in", score_sums.get_family(self.env, member.ids)),
            ("occurred_at", ">=", naive(window.start)),
            ("occurred_at", "<", naive(window.end)),
        ]
        self.env.flush_all()
        groups = scores._read_group(
            domain,
            ["document_model", "document_id"],
            ["document_name:max", "occurred_at:max", "delta:sum"],
            having=[("delta:sum", "!=", 0)],
            order="occurred_at:max desc, document_id desc",
            limit=limit,
        )
        return [
            {"document": name, "occurred_at": at, "score": to_decimal(value)}
            for _model, _id, name, at, value in groups
        ]

    def _get_uncounted(self, member, limit=_EXPLAINED):
        """Return what of a participant does not count in this round, and why.

        Judged anew from the documents that name the person.

        :return: list of dict ``document``, ``occurred_at`` and ``reasons`` (sentences)
        """
        self.ensure_one()
        family = (
            self.env["b2b2c.member"]
            .sudo()
            .browse(score_sums.get_family(self.env, member.ids))
        )
        window = self._get_own_window(member)
        found = []
        for model in self.env["b2b2c.source"]._get_sources():
            source = self.env["b2b2c.source"].sudo()._for_model(model)
            documents = self._find_documents(source, family)[:limit]
            for document, scored in self._score_documents(documents):
                if scored.member_id and scored.member_id not in family.ids:
                    continue  # it is somebody else's sale
                reasons = self._get_problems(source, document, scored, window)
                if reasons:
                    at = source._get_occurred_at(document)
                    found.append((at, document.display_name, reasons))
        found.sort(key=lambda one: one[0], reverse=True)
        return [
            {"document": name, "occurred_at": at, "reasons": reasons}
            for at, name, reasons in found[:limit]
        ]

    def _find_documents(self, source, family):
        """Return documents around this round that name somebody, newest first."""
        named = source._get_sold_by_domain(family)
        if named.is_false():
            return self.env[source._document_model]
        challenge = self.challenge_id.sudo()
        companies = challenge.program_id._get_counted_companies()
        around = source._find_around(companies, self.date_from, self.date_to, named)
        return around.sorted("id", reverse=True)

    def _get_problems(self, source, document, scored, window):
        """Return why a document does not count in this round, as sentences.

        :param scored: what it scores, ``engine.score.Score``
        :param window: when what the participant sells counts, ``engine.OwnWindow``
        """
        at = source._get_occurred_at(document)
        arrived_at = source._get_arrived_at(document) or document.create_date
        code = why_uncounted(
            window, aware(at), aware(arrived_at), aware(self.counts_until)
        )
        if scored.values and not code:
            return []
        reasons = [(one.reason.code, one.reason.params) for one in scored.missed]
        if code:
            reasons = [(code, {})]
        words = self.env["b2b2c.challenge"]._word_reasons(reasons)
        return list(dict.fromkeys(words))

    def _get_own_window(self, member):
        """Return when what a participant sells counts here, ``engine.OwnWindow``."""
        challenge = self.challenge_id.sudo()
        family = score_sums.get_family(self.env, member.ids)
        entry = (
            self.env["b2b2c.challenge.entry"]
            .sudo()
            .search(
                [("round_id", "=", self.id), ("member_id", "in", family)],
                order="id desc",
                limit=1,
            )
        )
        return get_own_window(
            aware(self.date_from),
            aware(self.date_to),
            aware(entry.joined_at),
            challenge.count_from == "joined",
            aware(entry.deadline),
        )
