from odoo import api, models
from odoo.tools.translate import LazyTranslate

from ..challenges.b2b2c_challenge_templates import Template, give_one
from ..mechanics.mechanic import draw

_lt = LazyTranslate(__name__)

TEMPLATES = {
    "presentation": Template(
        label=_lt("Hold a presentation"),
        note=_lt(
            "Three people confirm with the code on the presenter's screen that they "
            "were there."
        ),
        points=100,
        kind="training",
        prizes=give_one,
        values={
            "training_way": "presentation",
            "training_repeat": "each",
            "last_day": False,
        },
        picture=draw("presentation"),
    ),
}


class B2b2cChallenge(models.Model):
    """Presentations in the gallery of challenges."""

    _inherit = "b2b2c.challenge"

    @api.model
    def _get_templates(self):
        return {**super()._get_templates(), **TEMPLATES}
