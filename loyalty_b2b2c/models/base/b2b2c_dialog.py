from odoo import api, models

from . import pointers


class B2b2cDialog(models.AbstractModel):
    """What every dialog does before it uses a record that somebody named.

    It points only to records the person may read, see :mod:`.pointers`; that it is its
    maker's alone, the rule of rows sees to.
    """

    _name = "b2b2c.dialog"
    _description = "Dialog"

    @api.model_create_multi
    def create(self, vals_list):
        dialogs = super().create(vals_list)
        dialogs.check_access("read")
        return dialogs

    def read(self, fields=None, load="_classic_read"):
        self.check_access("read")  # fetching asks the rules of rows only
        return super().read(fields, load)

    def write(self, vals):
        result = super().write(vals)
        self.check_access("read")
        return result

    def _check_access(self, operation):
        refused = super()._check_access(operation)
        if refused or self.env.su or operation != "read":
            return refused
        names, model = pointers.get_pointers(self), self.browse()
        forbidden = self.filtered(
            lambda dialog: not pointers.points_to_own(model, dialog.sudo(), names)
        )
        if not forbidden:
            return None
        return forbidden, lambda: pointers.make_refusal(self.env)
