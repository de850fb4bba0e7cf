"""Fields that follow from what happens: no client fills them."""

from odoo.exceptions import UserError


def refuse_closed(env, vals_list, closed):
    """Refuse to create with closed fields; defaults of clients do not fill them either.

    :param closed: names of fields, which are read-only: see ``base/closed_defaults.py``
    :raise UserError: the values fill one
    """
    if any(vals.get(name) for vals in vals_list for name in closed):
        raise UserError(env._("These values follow from what happens."))
