from odoo import api, models
from odoo.exceptions import UserError

#: What Odoo computes from other fields, and we tell people and customers apart by.
#: They are read-only on screens only: a remote call could write them.
RESULTS = frozenset({"commercial_partner_id", "email_normalized", "phone_sanitized"})


class ResPartner(models.Model):
    """What follows from addresses and companies of contacts is written by nobody."""

    _inherit = "res.partner"

    @api.model_create_multi
    def create(self, vals_list):
        self._check_b2b2c_results(set().union(*vals_list))
        return super().create(vals_list)

    def write(self, vals):
        self._check_b2b2c_results(vals)
        return super().write(vals)

    @api.model
    def default_get(self, fields):
        values = super().default_get(fields)
        for name in RESULTS & values.keys():
            del values[name]
        return values

    def _check_b2b2c_results(self, names):
        """Refuse that a client writes what Odoo computes.

        :raise UserError: says what to write instead
        """
        if not (self.env.su or RESULTS.isdisjoint(names)):
            raise UserError(
                self.env._(
                    "This follows from the contact's e-mail, phone and company: change "
                    "those."
                )
            )
