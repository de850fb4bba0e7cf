"""Fields that only our own code fills: no default of a call, or of a user, does.

Odoo fills what a client leaves out from the context (``default_<field>``) and from the
defaults that each user may keep for himself (``ir.default``), read-only fields as well.
So a request could begin as one that somebody else asked for.
"""

_OURS = "b2b2c"


def get_closed(model):
    """Return the names of the fields of a model that no default from outside fills.

    Those that are read-only: of our models, and ours of Odoo's.  Dialogs are opened on
    a record, which they are told by a default; what they do asks for rights anyway.
    """
    if model._transient or model._abstract:
        return frozenset()
    is_ours = model._name.startswith(f"{_OURS}.")
    return frozenset(
        name
        for name, field in model._fields.items()
        if field.readonly and (is_ours or name.startswith(f"{_OURS}_"))
    )


def keep_own(model, values, closed):
    """Return defaults in which closed fields have the value that the field itself has.

    :param dict values: name -> value to write
    :param closed: names of fields, see :func:`get_closed`
    """
    names = closed & values.keys()
    if not names:
        return values
    values = dict(values)
    for name in names:
        field = model._fields[name]
        del values[name]
        if field.default:
            cached = field.convert_to_cache(field.default(model), model, validate=False)
            values[name] = field.convert_to_write(cached, model)
    return values
