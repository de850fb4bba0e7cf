"""Who may ask a till: the one place that looks at it."""

from odoo.exceptions import AccessError

_OPEN = ("opening_control", "opened")


def as_cashier(asked):
    """Return a till or a session as superuser, for somebody who sells there.

    A cashier has no rights on our models; what is read after this stays within the
    company of the till.

    :param asked: one ``pos.config`` or ``pos.session``
    :raise AccessError: no cashier, another company's till, or a session that is over
    """
    user = asked.env.user
    if len(asked) != 1 or not user.has_group("point_of_sale.group_pos_user"):
        raise AccessError(asked.env._("You do not work at this till."))
    asked.check_access("read")
    till = asked.sudo()
    is_over = till._name == "pos.session" and till.state not in _OPEN
    if is_over or till.company_id not in user.company_ids:
        raise AccessError(asked.env._("You do not work at this till."))
    return till.with_context(allowed_company_ids=till.company_id.ids)
