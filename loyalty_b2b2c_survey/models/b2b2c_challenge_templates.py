from odoo import api, models
from odoo.tools.translate import LazyTranslate

from odoo.addons.loyalty_b2b2c.models.challenges.b2b2c_challenge_templates import (
    Template,
    give_one,
)
from odoo.addons.loyalty_b2b2c.models.mechanics.mechanic import draw

_lt = LazyTranslate(__name__)

TEMPLATES = {
    "certification": Template(
        label=_lt("Pass a certification"),
        note=_lt("Whoever passes a certification of Odoo Surveys has the prize, once."),
        points=100,
        kind="training",
        prizes=give_one,
        values={"training_way": "survey", "last_day": False},
        picture=draw("certification", "loyalty_b2b2c_survey"),
        # the dialog asks which one: who sees none cannot say
        is_offered=lambda env: env["survey.survey"].has_access("read"),
    ),
}


class B2b2cChallenge(models.Model):
    """Certifications in the gallery of challenges."""

    _inherit = "b2b2c.challenge"

    @api.model
    def _get_templates(self):
        return {**super()._get_templates(), **TEMPLATES}
