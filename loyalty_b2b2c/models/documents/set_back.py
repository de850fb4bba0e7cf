"""Dates of confirmed orders that people set back: said once, to who must know."""

from odoo import fields

from .days import get_zone


def report_set_back(orders):
    """Report confirmed orders whose date a person set back to an earlier day.

    Once for each order, and where somebody counts it.

    :param orders: ``sale.order`` in the environment of who wrote them
    """
    if orders.env.su:
        return
    for order in orders.sudo():
        if order.b2b2c_redated_at or not _is_set_back(order):
            continue
        if companies := order._b2b2c_get_counting_companies():
            order.b2b2c_redated_at = fields.Datetime.now()
            _tell(order.with_env(orders.env), companies)


def _is_set_back(order):
    """Tell whether the date of an order is an earlier day than it counts on."""
    kept = order.b2b2c_confirmed_at
    if not kept or order.date_order >= kept:
        return False
    here = order.with_context(tz=get_zone(order.company_id).zone)
    day, kept_day = (
        fields.Datetime.context_timestamp(here, at).date()
        for at in (order.date_order, kept)
    )
    return day < kept_day


def _tell(order, companies):
    """Say on an order, and to the managers of companies, that its date was set back.

    :param order: in the environment of who did
    """
    text = order.env._(
        "The date of %(order)s was set back to %(date)s. Points, limits and volumes of "
        "dealers count it on %(kept)s, when it was confirmed.",
        order=order.name,
        date=fields.Datetime.to_string(order.date_order),
        kept=fields.Datetime.to_string(order.b2b2c_confirmed_at),
    )
    shown = order.sudo()
    shown.message_post(body=text, author_id=order.env.user.partner_id.id)
    for manager in {company.sudo()._get_loyalty_manager() for company in companies}:
        if manager and order.with_user(manager).has_access("read"):
            shown.activity_schedule(
                "mail.mail_activity_data_warning",
                summary=order.env._("The date of %s was set back", order.name),
                note=text,
                user_id=manager.id,
            )
