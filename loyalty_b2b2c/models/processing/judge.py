"""What the programs of all awarding companies say of documents.

The one place that asks the engine: booking, previews in forms, at the terminal and of
the API, receipts that nobody accepted yet and expected days all ask here, and nobody
else does.  Nothing is written; documents may be stored or only imagined.
"""

from collections import defaultdict
from dataclasses import replace
from typing import NamedTuple

from odoo import fields

from ...engine import Decision, Tally, evaluate
from ...engine.ended import keep_ended
from ...exceptions import FactError
from ...values import UTC
from ..ledger.booked import get_booked, get_prior
from ..ledger.ledger_door import ZERO
from .facts import FactBuilder
from .parties import reading
from .same_goods import SameGoods


class Verdict:
    """What the programs of one company say of one document.

    The engine is asked when :attr:`decision` is read first, not before: of several
    documents each sees the limits that those booked before it have used.

    :ivar company: ``res.company`` whose programs are asked
    :ivar programs: its programs, ``engine.Program``
    """

    def __init__(self, judge, company, programs, fact, booked):
        self.company = company
        self.programs = programs
        self._judge = judge
        self._fact = fact
        self._booked = booked
        self._decision = None

    @property
    def fact(self):
        """The document as ``engine.DocumentFact``.

        :raise FactError: it cannot be measured
        """
        if isinstance(self._fact, FactError):
            raise self._fact
        return self._fact

    @property
    def decision(self):
        """The ``engine.Decision``: awards, and refusals if the judge collects them.

        :raise FactError: the document cannot be measured
        """
        if self._decision is None:
            self._decision = self._judge.decide(self.fact, self.programs, self._booked)
        return self._decision


class Judged(NamedTuple):
    """What was found out about a batch of documents, for who looks at them next.

    :ivar verdicts: document id -> list of :class:`Verdict`
    :ivar same_goods: document id -> set of (model, id) of what shows its goods, where
        the programs asked
    :ivar are_new: whether the documents were stored by this transaction
    """

    verdicts: dict
    same_goods: dict
    are_new: bool


class Trial(NamedTuple):
    """A program that is asked as if it ran already, whatever its state.

    :ivar company: ``res.company`` whose program it is
    :ivar program: it as ``engine.Program``
    :ivar domains: conditions of its rules, see ``b2b2c.program._get_questions``
    """

    company: object
    program: object
    domains: dict


class Judge:
    """Asks the programs of all companies that award points for documents.

    :param env: superuser environment
    :param bool with_refusals: whether somebody asks who gets nothing, and why
    :param trial: a :class:`Trial`, for documents that are only imagined
    """

    def __init__(self, env, with_refusals=True, trial=None):
        self.env = env
        self.with_refusals = with_refusals
        self.trial = trial
        #: document id -> (model, id) of what shows the same goods, and may be paid
        self.same_goods = defaultdict(set)
        self.now = fields.Datetime.now().replace(tzinfo=UTC)

    def ask(self, documents, hypothetical=False, booked=None):
        """Return what is said of documents as they are, or are imagined, now.

        Together the verdicts of a document are what is booked for it next.

        :param documents: records of one model that has a source; with no row behind
            them (Odoo's ``new``) they are only imagined
        :param bool hypothetical: suppose that they reach every moment in full
        :param booked: what is booked for them, :func:`~..ledger.booked.get_booked`;
            looked up when it is not given
        :return: dict document id -> list of :class:`Verdict`, one of each company
            that awards points for it; empty when nothing can have been earned
        """
        if booked is None:
            booked = self._get_booked(documents)
        with reading(self.env, documents._name, documents.ids):
            return self._ask(documents, hypothetical, booked)

    def _ask(self, documents, hypothetical, booked):
        """Ask all companies, see :meth:`ask`."""
        verdicts = {document.id: [] for document in documents}
        for company in documents.company_id:
            own = documents.filtered(
                lambda document, company=company: document.company_id == company
            )
            is_booked = any(booked[document.id] for document in own)
            for asking, programs in self._get_programs(company, own, booked).items():
                if not programs and not (is_booked and asking == company):
                    continue
                facts = self._get_facts(asking, own, booked, hypothetical)
                facts = self._add_same_goods(asking, programs, own, facts)
                for document_id, fact in facts.items():
                    verdict = Verdict(self, asking, programs, fact, booked[document_id])
                    verdicts[document_id].append(verdict)
        return verdicts

    def decide(self, fact, programs, booked):
        """Return the engine's decision on a document, with its limits looked up.

        :param booked: award key -> :class:`~..ledger.booked.BookedAward`
        """
        budgets = {f"p{program.id}": program.budget for program in programs}
        used = {}

        def usage(scope):
            if scope not in used:
                others, own = (
                    self.env["b2b2c.cap.scope"]
                    ._get_used([scope], fact.key)
                    .get(scope, (ZERO, ZERO))
                )
                if budgets.get(scope) is not None:
                    # a budget lowered later takes back nothing already given
                    others = min(others, budgets[scope] - own)
                used[scope] = others
            return used[scope]

        def tally(rule, member_id):
            return Tally(
                *self.env["b2b2c.milestone.sale"]._count(
                    rule.series_id, member_id, fact.key
                )
            )

        decision = evaluate(
            fact,
            programs,
            usage,
            self.now,
            tally=tally,
            with_refusals=self.with_refusals,
        )
        given = {key: award.given for key, award in booked.items()}
        return keep_ended(decision, fact, programs, given, self.now)

    def _get_booked(self, documents):
        """Return what is booked for documents, or for what they are imagined of."""
        stored = {
            document.id: document.id or document._origin.id for document in documents
        }
        ids = list(filter(None, stored.values()))
        booked = get_booked(self.env, documents._name, ids) if ids else {}
        return {
            document_id: booked.get(stored_id, {})
            for document_id, stored_id in stored.items()
        }

    def _get_facts(self, company, documents, booked, hypothetical):
        """Return documents as facts for the programs of one company."""
        env = self.env(context=dict(self.env.context, allowed_company_ids=company.ids))
        source = env["b2b2c.source"]._for_model(documents._name)
        prior = {
            document.id: get_prior(booked[document.id].values())
            for document in documents
        }
        self.env["b2b2c.milestone.sale"]._add_prior(documents, prior)
        questions = self._get_questions(company)
        return FactBuilder(source, company.with_env(env), questions).build(
            documents.with_env(env), prior, hypothetical
        )

    def _get_questions(self, company):
        """Return what the facts have to tell, see ``b2b2c.program._get_questions``."""
        rules, domains = self.env["b2b2c.program"]._get_questions(company.id)
        if self.trial and self.trial.company == company:
            rules = [*rules, *self.trial.program.rules]
            domains = {
                name: (*terms, *self.trial.domains[name])
                for name, terms in domains.items()
            }
        return rules, domains

    def _add_same_goods(self, company, programs, documents, facts):
        """Return facts that know what others count of the same goods."""
        same_goods = SameGoods(company.with_env(self.env), programs)
        facts = same_goods.add_counted(documents, facts)
        for document_id, others in same_goods.others.items():
            self.same_goods[document_id] |= others
        return facts

    def _get_programs(self, company, documents, booked):
        """Return company -> its programs that award points for documents of a company.

        A program that does so no more gives nothing new, and takes nothing back.
        """
        models = self.env["b2b2c.program"]
        programs_by_company = {
            asking: models._get_engine_programs(asking.id, company.id)
            for asking in self.env["res.company"].browse(
                models._get_awarding_companies(company.id)
            )
        }
        current = {
            program.id
            for programs in programs_by_company.values()
            for program in programs
        }
        former = {
            award.program_id
            for document in documents
            for award in booked[document.id].values()
        } - current
        for asking in models.browse(former).company_id:
            programs_by_company[asking] = programs_by_company.get(asking, ()) + tuple(
                replace(program, state="draft")
                for program in models._get_engine_programs(asking.id)
                if program.id in former
            )
        if self.trial:
            programs_by_company[self.trial.company] = self._add_trial(
                programs_by_company.get(self.trial.company, ())
            )
        return programs_by_company

    def _add_trial(self, programs):
        """Return programs with the one that is tried, in their order."""
        tried = self.trial.program
        others = [program for program in programs if program.id != tried.id]
        return tuple(sorted((*others, tried), key=lambda one: (one.sequence, one.id)))


def join(verdicts):
    """Return the decisions of all companies on one document as one.

    Limits and awards are of one program each: nothing is in two of them.

    :param verdicts: list of :class:`Verdict`
    :raise FactError: the document cannot be measured
    """
    decisions = [verdict.decision for verdict in verdicts]
    return Decision(
        awards=tuple(award for decision in decisions for award in decision.awards),
        refusals=tuple(
            refusal for decision in decisions for refusal in decision.refusals
        ),
        cuts={
            scope: cut for decision in decisions for scope, cut in decision.cuts.items()
        },
        sales=tuple(sale for decision in decisions for sale in decision.sales),
    )
