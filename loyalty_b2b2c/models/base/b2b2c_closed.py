from odoo import api, models

from ...exceptions import LedgerIsAppendOnly


class B2b2cClosed(models.AbstractModel):
    """Rows that only the ledger door writes, by SQL: the ORM is closed for everybody,
    the superuser included."""

    _name = "b2b2c.closed"
    _description = "Row of the Books"

    @api.model_create_multi
    def create(self, vals_list):  # pylint: disable=method-required-super
        raise LedgerIsAppendOnly(
            self.env._("The books are written by the posting methods only.")
        )

    def write(self, vals):  # pylint: disable=method-required-super
        raise LedgerIsAppendOnly(
            self.env._("What is booked never changes; reverse it instead.")
        )

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise LedgerIsAppendOnly(
            self.env._("What is booked is never deleted; reverse it instead.")
        )
