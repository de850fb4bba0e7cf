from odoo import models
from odoo.exceptions import AccessError
from odoo.fields import Domain


class IrRule(models.Model):
    """A dialog is its maker's; what is refused is not named.

    Odoo lets everybody who may open a dialog read those of all others, and they hold
    what was asked and answered there, in whatever company.

    In debug mode, which anybody switches on by an address, the usual refusal tells the
    names of the rows it refuses: participants, shops, rewards of another company.
    """

    _inherit = "ir.rule"

    def _compute_domain(self, model_name, mode="read"):
        domain = super()._compute_domain(model_name, mode)
        if (
            self.env.su
            or not model_name.startswith("b2b2c.")
            or not self.env[model_name]._transient
        ):
            return domain
        return domain & Domain("create_uid", "=", self.env.uid)

    def _make_access_error(self, operation, records):
        usual = super()._make_access_error(operation, records)
        if not self._b2b2c_is_discreet(records):
            return usual
        error = AccessError(
            self.env._(
                "You may not see or change this. It may belong to another company, or "
                "it is somebody else's; ask your administrator if you need it."
            )
        )
        # only a company the person may switch to is ever proposed
        if context := getattr(usual, "context", None):
            error.context = context
        return error

    def _b2b2c_is_discreet(self, records):
        """Tell whether a refusal must not name these records.

        Packages whose people may see less extend it with ``super()``.
        """
        return records._name.startswith("b2b2c.")
