"""Records that clients name by their ids, before anything is computed from them.

A form shows and computes more than the person may read: related fields, names of what a
field points to, sums with superuser rights.  The ids it starts from come from clients:
by ``create`` and ``write``, as the state of a form (``onchange``) or in the context
(``default_get``).  Whether an id does not exist or is somebody else's is told by
nothing.
"""

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.models import MAGIC_COLUMNS

_KINDS = ("many2one", "many2many", "reference")


def get_pointers(model):
    """Return the names of the fields of ours in which a client can name records."""
    return [name for name in model._fields if _is_pointer(model, name)]


def _is_pointer(model, name):
    field = model._fields.get(name)
    return (
        field
        and (name.startswith("b2b2c_") or model._name.startswith("b2b2c."))
        and field.type in _KINDS
        and field.store
        and not field.compute
        and name not in MAGIC_COLUMNS
    )


def _has_lines(model, name):
    field = model._fields.get(name)
    return (
        field and field.type == "one2many" and field.comodel_name.startswith("b2b2c.")
    )


def check_values(model, values):
    """Refuse the state of a form that names what the person may not read.

    :param model: an empty recordset of the form's model, or its record
    :param dict values: of fields, as ``onchange`` and ``create`` take them
    :raise AccessError: with the same words for whatever is refused
    """
    if model.env.su:
        return
    names = [name for name in values if _is_pointer(model, name)]
    if names:
        form = model.browse().sudo().new({name: values[name] for name in names})
        if not points_to_own(model, form, names):
            raise make_refusal(model.env)
    for name in values:
        if _has_lines(model, name):
            _check_lines(model.env[model._fields[name].comodel_name], values[name])


def _check_lines(lines, commands):
    """Refuse lines of a form that are somebody else's, or name what is.

    :param lines: an empty recordset of their model
    :param commands: as ``onchange`` and ``create`` take them
    """
    for operation, line_id, content in _read_commands(commands):
        if operation in (Command.CREATE, Command.UPDATE):
            check_values(lines, content if isinstance(content, dict) else {})
        ids = content if operation == Command.SET else [line_id]
        ids = ids if isinstance(ids, list | tuple) else []
        named = lines.browse([one for one in ids if isinstance(one, int) and one])
        if not _are_own(lines, named):
            raise make_refusal(lines.env)


def _read_commands(commands):
    """Yield ``(operation, id, content)`` of what is a command; Odoo refuses others."""
    for command in commands if isinstance(commands, list | tuple) else ():
        if isinstance(command, list | tuple) and command:
            yield (*command, None, None)[:3]


def points_to_own(model, record, names):
    """Tell whether a person may read all that a record names.

    :param model: with the rights of the person
    :param record: with superuser rights
    :param names: fields that are looked at
    """
    # what is new on the same form is named by nothing
    return all(_are_own(model, record[name]._origin) for name in names if record[name])


def _are_own(model, named):
    """Tell whether records are there, and may be read with the rights of ``model``."""
    named = named.with_env(model.env)
    return named.exists()._filtered_access("read") == named


def make_refusal(env):
    """Return the error; it names nothing, for that would answer a guess."""
    return AccessError(
        env._(
            "You may not use what this form was opened for. Open it again from a "
            "record that you can see."
        )
    )
