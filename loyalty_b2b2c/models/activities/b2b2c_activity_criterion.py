from odoo import api, fields, models
from odoo.exceptions import UserError


class B2b2cActivityCriterion(models.Model):
    """A line of the checklist of a task: the participant ticks it, a reviewer scores
    it."""

    _name = "b2b2c.activity.criterion"
    _description = "Line of a Checklist"
    _order = "challenge_id, sequence, id"

    challenge_id = fields.Many2one(
        "b2b2c.challenge", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="challenge_id.company_id", store=True)
    sequence = fields.Integer(default=10)
    name = fields.Char(required=True, translate=True, string="What Is Asked")
    hint = fields.Char(translate=True, help="How to do it, in small letters.")
    max_score = fields.Integer(
        string="Score at Most", help="0: it is ticked, and not scored."
    )

    _score_range = models.Constraint(
        "CHECK (max_score BETWEEN 0 AND 1000)", "A score is between 0 and 1000."
    )

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        criteria = super().create(vals_list)
        criteria._check_draft()
        return criteria

    def write(self, vals):
        self.check_access("write")
        self._check_draft()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_draft_only(self):
        self._check_draft()

    def _check_draft(self):
        """Refuse to change what people were asked for."""
        started = self.challenge_id.sudo().filtered(lambda one: one.state != "draft")
        if started:
            raise UserError(
                self.env._(
                    "“%s” was started: its checklist stays as it is.", started[0].name
                )
            )
