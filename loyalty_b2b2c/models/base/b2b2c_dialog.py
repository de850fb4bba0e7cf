from odoo import api, models
from odoo.exceptions import AccessError


class B2b2cDialog(models.AbstractModel):
    """What every dialog does before it uses a record that somebody named.

    A dialog shows and computes more than the person may read: related fields, names of
    what a field points to, sums with superuser rights.  The ids it starts from come
    from clients, by ``create`` and ``write``, as the state of a form (``onchange``) or
    in the context (``default_get``).  So a dialog points only to records the person
    may read; whether one does not exist or is somebody else's is told by nothing.
    """

    _name = "b2b2c.dialog"
    _description = "Dialog"

    # === WAYS IN === #

    @api.model
    def default_get(self, fields):
        values = super().default_get(fields)
        self._check_values(values)
        return values

    @api.model_create_multi
    def create(self, vals_list):
        dialogs = super().create(vals_list)
        dialogs.check_access("read")
        return dialogs

    def write(self, vals):
        result = super().write(vals)
        self.check_access("read")
        return result

    def onchange(self, values, field_names, fields_spec):
        self._check_values(values)
        return super().onchange(values, field_names, fields_spec)

    def _check_access(self, operation):
        refused = super()._check_access(operation)
        if refused or self.env.su or operation != "read":
            return refused
        names = self._get_pointers()
        forbidden = self.filtered(lambda dialog: not dialog._points_to_own(names))
        return (forbidden, self._make_refusal) if forbidden else None

    # === WHAT IS NAMED === #

    def _get_pointers(self):
        """Return the names of the fields in which a client can name records."""
        return [
            name
            for name, field in self._fields.items()
            if field.type in ("many2one", "many2many", "reference")
            and field.store
            and not field.compute
            and name not in models.MAGIC_COLUMNS
        ]

    def _check_values(self, values):
        """Refuse the state of a form that names what the person may not read.

        :param dict values: of fields, as ``create`` or ``onchange`` take them
        :raise AccessError: with the same words for whatever is refused
        """
        if self.env.su:
            return
        given = {name: value for name, value in values.items() if name in self._fields}
        form = self.sudo().new(given).with_env(self.env)
        lines = [
            line
            for name in given
            if self._fields[name].type == "one2many"
            and isinstance(self.env[self._fields[name].comodel_name], B2b2cDialog)
            for line in form.sudo()[name].with_env(self.env)
        ]
        names = self._get_pointers()
        if not form._points_to_own([name for name in names if name in given]) or any(
            not line._points_to_own(line._get_pointers()) for line in lines
        ):
            raise self._make_refusal()

    def _points_to_own(self, names):
        """Tell whether the person may read all that this dialog names.

        :param names: fields that are looked at
        """
        self.ensure_one()
        for name in names:
            named = self.sudo()[name]
            if not named:
                continue
            named = named._origin.with_env(self.env)
            if not named or named.exists()._filtered_access("read") != named:
                return False
        return True

    def _make_refusal(self):
        """Return the error; it names nothing, for that would answer a guess."""
        return AccessError(
            self.env._(
                "You may not use what this dialog was opened for. Open it again from "
                "a record that you can see."
            )
        )
