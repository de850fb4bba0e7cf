"""Fields that follow from what happens: no client fills them."""

from odoo.exceptions import UserError


def without_closed(records, vals_list, closed):
    """Return records to create with, whose context fills no closed field.

    :param closed: names of fields
    :raise UserError: the values fill one
    """
    if any(vals.get(name) for vals in vals_list for name in closed):
        raise UserError(records.env._("These values follow from what happens."))
    keys = {f"default_{name}" for name in closed}
    if keys.isdisjoint(records.env.context):
        return records
    context = {k: v for k, v in records.env.context.items() if k not in keys}
    return records.with_env(records.env(context=context))
