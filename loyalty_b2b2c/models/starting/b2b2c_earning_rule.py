from odoo import api, models

from .overlaps import word_overlaps


class B2b2cEarningRule(models.Model):
    """A rule that is written while its program runs is looked at as a start is."""

    _inherit = "b2b2c.earning.rule"

    @api.depends(lambda self: [*self._get_sentence_fields(), "program_id"])
    def _compute_warning(self):
        return super()._compute_warning()

    def _get_warnings(self):
        return [*super()._get_warnings(), *self._get_overlap_warnings()]

    def _get_overlap_warnings(self):
        """Return what this rule, as it is stored, pays twice with another one."""
        rule = self._origin
        program = rule.program_id
        if not rule or program.state == "closed":
            return []
        own = [
            overlap
            for overlap in program._get_overlaps()
            if rule.id in (overlap.rule.id, overlap.other_rule.id)
        ]
        return word_overlaps(self.env, own)
