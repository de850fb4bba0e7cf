from odoo import fields, models


class B2b2cChallenge(models.Model):
    """A training may be a certification of Odoo Surveys."""

    _inherit = "b2b2c.challenge"

    training_way = fields.Selection(
        selection_add=[("survey", "A certification is passed")],
        ondelete={"survey": lambda challenges: challenges._end_training_way()},
    )
    survey_id = fields.Many2one(
        "survey.survey",
        string="Certification",
        domain="[('certification', '=', True)]",
        index="btree_not_null",
        ondelete="restrict",
    )

    _survey_is_chosen = models.Constraint(
        "CHECK (training_way <> 'survey' OR kind <> 'training'"
        " OR survey_id IS NOT NULL)",
        "Choose the certification that has to be passed.",
    )

    def _get_training_settled(self):
        return super()._get_training_settled() | {"survey_id"}


class B2b2cTrainingWaySurvey(models.AbstractModel):
    """A certification of Odoo Surveys."""

    _name = "b2b2c.training.way.survey"
    _description = "A Certification Is Passed"
    _inherit = "b2b2c.training.way"

    _staff_groups = ("survey.group_survey_user",)

    def _get_content(self, challenge):
        survey = challenge.sudo().survey_id
        return {survey._get_b2b2c_subject(): survey._get_b2b2c_digest()}

    def _get_problems(self, challenge):
        return challenge.sudo().survey_id._get_b2b2c_problems()

    def _get_advice(self, challenge):
        return self.env._(
            "Whoever may manage surveys can change questions and scores, and so let "
            "people pass. Give that right to who may also give points."
        )

    def _get_path(self, challenge, member):
        survey = challenge.sudo().survey_id
        if survey.access_mode != "token":
            return survey.get_start_url()
        # invited people have an answer of their own, nobody else gets in
        invited = survey.user_input_ids.filtered(
            lambda answer: (
                answer.partner_id == member.partner_id and answer.state != "done"
            )
        )
        return invited[:1].get_start_url() if invited else ""
