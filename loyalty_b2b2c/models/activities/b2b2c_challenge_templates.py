from odoo import api, models
from odoo.tools.translate import LazyTranslate

from ..challenges.b2b2c_challenge_templates import Template, give_one
from ..mechanics.mechanic import draw

_lt = LazyTranslate(__name__)

TEMPLATES = {
    "shelf": Template(
        label=_lt("Photo of the shelf"),
        note=_lt(
            "Every month anew: photos of the shelf, looked at on the desk. Add a "
            "checklist and a picture of how it should be."
        ),
        points=20,
        recurrence="month",
        kind="activity",
        prizes=give_one,
        values={"photo_min": 1, "photo_max": 4, "is_place_asked": True},
    ),
    "video": Template(
        label=_lt("A video"),
        note=_lt("Within two weeks: a video from the phone, looked at on the desk."),
        points=100,
        kind="activity",
        prizes=give_one,
        values={"photo_min": 0, "photo_max": 0, "video_use": "required"},
        picture=draw("video"),
    ),
}


class B2b2cChallenge(models.Model):
    """Photos and videos in the gallery of challenges."""

    _inherit = "b2b2c.challenge"

    @api.model
    def _get_templates(self):
        return {**super()._get_templates(), **TEMPLATES}
