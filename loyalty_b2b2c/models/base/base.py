from odoo import api, models
from odoo.tools import ormcache

from . import closed_defaults, pointers


class Base(models.AbstractModel):
    """Forms compute from no record that the person who opens them may not read, and no
    default fills what only our code does.

    Of Odoo's models only the fields that we add are looked at.
    """

    _inherit = "base"

    @api.model
    def default_get(self, fields):
        values = super().default_get(fields)
        pointers.check_values(self, values)
        return closed_defaults.keep_own(self, values, self._b2b2c_get_closed())

    def onchange(self, values, field_names, fields_spec):
        pointers.check_values(self, values)
        return super().onchange(values, field_names, fields_spec)

    @ormcache()
    def _b2b2c_get_closed(self):
        return closed_defaults.get_closed(self)
