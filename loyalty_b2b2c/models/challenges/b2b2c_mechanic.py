from odoo import api, models

from ..mechanics.mechanic import Mechanic, draw

#: Kind of challenge -> (group of the gallery, drawing).
_SHOWN = {
    "target": ("task", "task"),
    "contest": ("task", "contest"),
    "activity": ("task", "activity"),
    "training": ("training", "training"),
}


class B2b2cMechanic(models.AbstractModel):
    """The templates of challenges stand in the gallery of mechanics."""

    _inherit = "b2b2c.mechanic"

    @api.model
    def _get_mechanics(self):
        templates = self.env["b2b2c.challenge"]._get_templates()
        shown = {
            f"challenge_{code}": _show(code, templates[code]) for code in templates
        }
        return {**super()._get_mechanics(), **shown}


def _show(code, template):
    """Return a template of a challenge as a mechanic."""
    group, picture = _SHOWN.get(template.kind, _SHOWN["target"])
    return Mechanic(
        label=template.label,
        note=template.note,
        group=group,
        picture=template.picture or draw(picture),
        is_offered=template.is_offered,
        opens=lambda env: {
            "type": "ir.actions.act_window",
            "name": env._(template.label),
            "res_model": "b2b2c.challenge.begin",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_template": code, "b2b2c_from_gallery": True},
        },
    )
