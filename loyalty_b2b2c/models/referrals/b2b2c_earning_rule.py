from dataclasses import replace
from itertools import pairwise

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ...const import POINTS
from ...engine import to_decimal
from . import reason_words


class B2b2cEarningRule(models.Model):
    """How many levels of recommenders a rule rewards, each with less."""

    _inherit = "b2b2c.earning.rule"

    level_count = fields.Integer(
        string="Levels",
        default=1,
        required=True,
        help="1: only who brought the customer. 2: also who brought that one, and so "
        "on; at most 5.",
    )
    level_decay = fields.Float(
        **POINTS,
        string="Each Further Level",
        default=50.0,
        required=True,
        help="How many percent of the award of the level before it gets.",
    )

    _levels_possible = models.Constraint(
        "CHECK (level_count BETWEEN 1 AND 5 AND level_decay > 0 AND level_decay < 100)",
        "There are between 1 and 5 levels, and each further one gets less than the one "
        "before.",
    )

    @api.constrains("share_ids")
    def _check_levels(self):
        """Refuse that a further level gets as much as a nearer one."""
        for rule in self:
            shares = rule.share_ids.filtered(lambda share: share.pick == "referrer")
            for of_role in shares.grouped("role").values():
                for one, other in pairwise(of_role.sorted("level")):
                    if one.level == other.level or one.percent <= other.percent:
                        raise ValidationError(
                            self.env._(
                                "In rule “%s” each further level of recommenders must "
                                "get less than the one before.",
                                rule.name,
                            )
                        )

    @api.depends("pick", "level_count")
    def _compute_award_text(self):
        return super()._compute_award_text()

    def _get_award_text(self):
        text = super()._get_award_text()
        if self.pick != "referrer" or self.share_ids or self.level_count == 1:
            return text
        return self.env._(
            "%(award)s, over %(levels)s levels", award=text, levels=self.level_count
        )

    @api.model
    def _get_sentence_fields(self):
        return [*super()._get_sentence_fields(), "level_count", "level_decay"]

    def _word_pick(self, role, pick):
        if pick != "referrer":
            return super()._word_pick(role, pick)
        return self.env._("%s who brought the customer", self._word_role(role)), "one"

    def _word_award(self, goods):
        award = super()._word_award(goods)
        if self.pick != "referrer" or self.share_ids or self.level_count == 1:
            return award
        return self.env._(
            "%(award)s, and each further level of %(levels)s gets %(percent)s%% of the "
            "level before",
            award=award,
            levels=self.level_count,
            percent=self._word_number(self.level_decay),
        )

    @api.model
    def _get_reason_words(self):
        return {**super()._get_reason_words(), **reason_words.WORDS}

    def _to_engine(self):
        return replace(
            super()._to_engine(),
            levels=self.level_count,
            decay=to_decimal(self.level_decay),
        )
