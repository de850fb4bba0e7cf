from odoo import api, models
from odoo.tools.translate import LazyTranslate

from odoo.addons.loyalty_b2b2c.models.challenges.b2b2c_challenge_templates import (
    Template,
    give_one,
)
from odoo.addons.loyalty_b2b2c.models.mechanics.mechanic import draw

_lt = LazyTranslate(__name__)

TEMPLATES = {
    "come": Template(
        label=_lt("Come to an event"),
        note=_lt(
            "Whoever comes has the prize; the own card is the ticket at the door."
        ),
        points=50,
        kind="training",
        prizes=give_one,
        values={"training_way": "event", "training_repeat": "each", "last_day": False},
        picture=draw("come", "loyalty_b2b2c_event"),
        # the dialog asks which one: who sees none cannot say
        is_offered=lambda env: env["event.event"].has_access("read"),
    ),
}


class B2b2cChallenge(models.Model):
    """Events in the gallery of challenges."""

    _inherit = "b2b2c.challenge"

    @api.model
    def _get_templates(self):
        return {**super()._get_templates(), **TEMPLATES}
