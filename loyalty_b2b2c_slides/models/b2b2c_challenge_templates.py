from odoo import api, models
from odoo.tools.translate import LazyTranslate

from odoo.addons.loyalty_b2b2c.models.challenges.b2b2c_challenge_templates import (
    Template,
    give_one,
)
from odoo.addons.loyalty_b2b2c.models.mechanics.mechanic import draw

_lt = LazyTranslate(__name__)

TEMPLATES = {
    "course": Template(
        label=_lt("Pass the course"),
        note=_lt("Whoever passes all certifications of a course has the prize, once."),
        points=100,
        kind="training",
        prizes=give_one,
        values={"training_way": "course", "last_day": False},
        picture=draw("course", "loyalty_b2b2c_slides"),
    ),
}


class B2b2cChallenge(models.Model):
    """Courses in the gallery of challenges."""

    _inherit = "b2b2c.challenge"

    @api.model
    def _get_templates(self):
        return {**super()._get_templates(), **TEMPLATES}
