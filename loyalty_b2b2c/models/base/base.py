from odoo import api, models

from . import pointers


class Base(models.AbstractModel):
    """Forms compute from no record that the person who opens them may not read.

    Of Odoo's models only the fields that we add are looked at.
    """

    _inherit = "base"

    @api.model
    def default_get(self, fields):
        values = super().default_get(fields)
        pointers.check_values(self, values)
        return values

    def onchange(self, values, field_names, fields_spec):
        pointers.check_values(self, values)
        return super().onchange(values, field_names, fields_spec)
