from ast import literal_eval
from collections import defaultdict
from decimal import Decimal

from odoo import api, fields, models, tools

from ...engine import Program, Rounding, Rule, to_decimal
from ...engine.score import Aim
from ..programs.explanation import Readable
from .score_facts import Terms, Window
from .score_words import WORDS

#: Kinds of challenges whose score is counted from documents.
_SCORED_KINDS = ("target", "contest")
#: Which part of a threshold is nearly all of it.
NEAR = Decimal("0.8")


class B2b2cChallenge(models.Model):
    """What a challenge counts, as data for the engine."""

    _inherit = "b2b2c.challenge"

    standing_count = fields.Integer(compute="_compute_standing_count")

    def write(self, vals):
        result = super().write(vals)
        if vals.keys() & {"state", "active"}:
            self._forget_windows()
        return result

    def _open_round(self, first, after):
        opened = super()._open_round(first, after)
        if opened:
            self._forget_windows()
        if opened and opened.date_from <= fields.Datetime.now():
            opened._count_past()
        return opened

    def action_prove(self):
        """Count all open rounds anew from the documents and compare (managers)."""
        self.check_access("write")
        rounds = self.sudo().round_ids.filtered(lambda one: one.state != "cancelled")
        problems = rounds._prove()
        text = "; ".join(problems[:5]) or self.env._(
            "%s rounds: scores and places agree with every document.", len(rounds)
        )
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "danger" if problems else "success",
                "message": text,
                "sticky": bool(problems),
            },
        }

    def action_open_standings(self):
        """Open who scored in this challenge."""
        return self._open("b2b2c_challenge_standing_action")

    def _compute_standing_count(self):
        groups = self.env["b2b2c.challenge.standing"]._read_group(
            [("challenge_id", "in", self.ids)], ["challenge_id"], ["__count"]
        )
        counts = dict(groups)
        for challenge in self:
            challenge.standing_count = counts.get(challenge, 0)

    @api.model
    def _word_reasons(self, reasons):
        """Return reasons why something does not count, as sentences.

        :param reasons: list of ``(code, parameters)``
        """
        known = {**self.env["b2b2c.earning.rule"]._get_reason_words(), **WORDS}
        return [
            known[code](self.env, Readable(self.env, params))
            for code, params in reasons
            if code in known
        ]

    def _forget_windows(self):
        """Forget which rounds count something.

        What somebody else remembers before this transaction is committed is forgotten
        once more when it is.
        """
        self.env.registry.clear_cache()
        self.env.cr.postcommit.add(self.env.registry.clear_cache)

    @api.model
    @tools.ormcache(cache="default")
    def _get_windows(self):
        """Return company id -> the rounds that count its documents, :class:`Window`.

        Cached, so that a company without any is known without a query.  Rounds that are
        over are among them while a return may lower their scores.
        """
        windows = defaultdict(list)
        rounds = (
            self.env["b2b2c.challenge.round"]
            .sudo()
            .search(
                [
                    ("state", "!=", "cancelled"),
                    ("clawback_until", ">", fields.Datetime.now()),
                    ("challenge_id.state", "in", ("running", "closed")),
                    ("challenge_id.kind", "in", self._get_scored_kinds()),
                ],
                order="id",
            )
        )
        for challenge, own in rounds.grouped("challenge_id").items():
            companies = challenge.program_id._get_counted_companies()
            for round_ in own:
                window = Window(
                    round_id=round_.id,
                    challenge_id=challenge.id,
                    company_id=round_.company_id.id,
                    date_from=round_.date_from,
                    date_to=round_.date_to,
                    counts_until=round_.counts_until,
                    closed_at=round_.closed_at or None,
                    clawback_until=round_.clawback_until,
                )
                for company in companies:
                    windows[company.id].append(window)
        return {company_id: tuple(own) for company_id, own in windows.items()}

    @api.model
    @tools.ormcache("company_id", cache="default")
    def _get_asking_terms(self, company_id):
        """Return the terms of the challenges of a company that count something.

        :param int company_id: id of the company whose challenges they are
        """
        ids = {
            window.challenge_id
            for windows in self._get_windows().values()
            for window in windows
            if window.company_id == company_id
        }
        return tuple(self.browse(one)._get_terms() for one in sorted(ids))

    @api.model
    def _get_scored_kinds(self):
        """Return the kinds of challenges whose score is counted from documents."""
        return _SCORED_KINDS

    @tools.ormcache("self.id", cache="default")
    def _get_terms(self):
        """Return what this challenge counts, and for whom: ``score_facts.Terms``.

        Cached: once it was started nothing of it changes.
        """
        return self._read_terms()

    def _read_terms(self):
        """Return what this challenge counts as it is written now."""
        self.ensure_one()
        challenge = self.sudo().with_context(active_test=False, lang=None)
        product_domain = literal_eval(challenge.product_domain or "[]")
        kinds = frozenset(challenge.document_kind_ids.mapped("code"))
        known = challenge.document_kind_ids.search([("code", "!=", False)])
        categories = frozenset(challenge.category_ids.ids)
        tags = frozenset(challenge.tag_ids.ids)
        rule = Rule(
            id=-self.id,  # beside the rules of programs
            name=challenge.name,
            role="",
            pick="seller",
            trigger=challenge.moment,
            category_ids=categories,
            tag_ids=tags,
            has_product_domain=bool(product_domain),
            document_kinds=kinds or frozenset(known.mapped("code")),
            without_product=not (categories or tags or product_domain),
        )
        program = Program(
            id=self.id,
            name=challenge.name,
            unit_id=challenge.unit_id.id,
            rounding=Rounding(),
            counts_typed_lines=challenge.program_id.counts_typed_lines,
            rules=(rule,),
        )
        aim = Aim(
            challenge_id=self.id,
            metric=challenge.metric,
            rule=rule,
            program=program,
            program_id=challenge.program_id.id,
            any_kind=not kinds,
        )
        return Terms(
            aim, product_domain, challenge._get_people_domain(), challenge._get_steps()
        )

    def _get_steps(self):
        """Return the scores at which something happens: a threshold is reached, or
        nearly.

        :return: tuple of Decimal; ``None``: any change of a score may matter
        """
        if self.kind != "target":
            return ()
        if (
            self.is_opt_in
            or self.best_rounds
            or max(self.prize_ids.mapped("streak")) > 1
        ):
            return None  # it depends on more than the sum of this round
        thresholds = [to_decimal(prize.threshold) for prize in self.prize_ids]
        return tuple(one * part for one in thresholds for part in (NEAR, 1))
