from dataclasses import replace

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ...engine import Milestone


class B2b2cEarningRule(models.Model):
    """Rules that award milestones: the first sale, the n-th, each n-th."""

    _inherit = "b2b2c.earning.rule"

    milestone = fields.Selection(
        [
            ("none", "Each sale"),
            ("only", "One: that reaches a number of sales"),
            ("every", "Each that completes a number of sales"),
        ],
        required=True,
        default="none",
        string="Which Sales",
        help="Sales are the documents this rule is for; those of its earlier versions "
        "count along. A sale that is undone counts no more: the next one takes its "
        "place.",
    )
    milestone_number = fields.Integer(
        default=1, string="Number of Sales", help="1: the first sale."
    )

    _milestone_is_reachable = models.Constraint(
        "CHECK (milestone_number >= 1)", "A milestone is one sale or more."
    )

    @api.constrains("milestone", "kind", "scope")
    def _check_milestone(self):
        for rule in self:
            terms = (rule.kind, rule.scope)
            if rule.milestone != "none" and terms != ("fixed", "document"):
                raise ValidationError(
                    self.env._(
                        "Rule “%s” awards a milestone: let it give fixed points for "
                        "the whole document.",
                        rule.name,
                    )
                )

    @api.onchange("milestone", "kind")
    def _onchange_milestone(self):
        """A milestone is an award for the document as a whole."""
        if self.kind != "fixed":
            self.milestone = "none"
        elif self.milestone != "none":
            self.scope = "document"

    @api.depends("milestone", "milestone_number")
    def _compute_award_text(self):
        return super()._compute_award_text()

    def _get_award_text(self):
        return self._add_milestone(super()._get_award_text())

    def _add_milestone(self, award):
        """Return an award in words with the sales it is for."""
        number = self.milestone_number
        if self.milestone == "every":
            return self.env._(
                "%(award)s for every %(number)s sales", award=award, number=number
            )
        if self.milestone == "only" and number == 1:
            return self.env._("%s for the first sale", award)
        if self.milestone == "only":
            return self.env._(
                "%(award)s for sale number %(number)s", award=award, number=number
            )
        return award

    @api.model
    def _get_sentence_fields(self):
        return [*super()._get_sentence_fields(), "milestone", "milestone_number"]

    def _word_award(self, goods):
        return self._add_milestone(super()._word_award(goods))

    def _get_milestone(self):
        """Return which sales the rule awards, ``engine.Milestone``."""
        self.ensure_one()
        return Milestone(self.milestone, self.milestone_number)

    def _get_series_id(self):
        """Return the id of the first version of this rule."""
        self.ensure_one()
        first = self
        while first.previous_id:
            first = first.previous_id
        return first.id

    def _to_engine(self):
        return replace(
            super()._to_engine(),
            milestone=self._get_milestone(),
            series_id=self._get_series_id(),
        )
