from odoo import api, models
from odoo.exceptions import UserError

_OURS = "b2b2c."


class IrAttachment(models.Model):
    """Adapter: files that only our code fills are changed by nobody else.

    Whoever may write a record may write the files of its fields, whatever the record's
    own ``write`` refuses: Odoo asks for the right on the record and no more.  What was
    sent to a partner, and what was handed in as a proof, stays as it was.
    """

    _inherit = "ir.attachment"

    @api.model_create_multi
    def create(self, vals_list):
        files = super().create(vals_list)
        files._b2b2c_check_kept()
        return files

    def write(self, vals):
        self._b2b2c_check_kept()
        result = super().write(vals)
        self._b2b2c_check_kept()
        return result

    @api.ondelete(at_uninstall=False)
    def _b2b2c_unlink_others(self):
        self._b2b2c_check_kept()

    def _b2b2c_check_kept(self):
        """Refuse clients what only our code does with files."""
        if self.env.su:
            return
        ours = self.sudo().filtered(
            lambda one: (one["res_model"] or "").startswith(_OURS)
        )
        if any(one._b2b2c_is_kept() for one in ours):
            raise UserError(self.env._("This file is kept as it is."))

    def _b2b2c_is_kept(self):
        """Tell whether a file is what a read-only field of ours has."""
        model = self.env.get(self["res_model"])
        if model is None or model._abstract:
            return False
        if self.res_field:
            field = model._fields.get(self.res_field)
            return bool(field and field.readonly)
        record = model.sudo().browse(self["res_id"] or ()).exists()
        return any(
            field.readonly and field.store and record[name] == self
            for name, field in model._fields.items()
            if record and field.type == "many2one" and field.comodel_name == self._name
        )
