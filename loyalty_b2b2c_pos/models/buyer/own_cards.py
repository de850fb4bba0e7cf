"""Nobody sells to himself: a cashier's own card earns at a colleague's till."""


def is_own_card(order, member):
    """Tell whether a participant is who served, or cashed in, an order.

    :param order: ``pos.order`` as superuser
    :param member: ``b2b2c.member`` as superuser
    """
    authority = order.env["b2b2c.authority"]
    if order.user_id and authority._is_self(order.user_id, members=member):
        return True
    contacts = get_employee_contacts(order)
    return bool(contacts) and authority._are_same(contacts, member.partner_id)


def get_employee_contacts(order):
    """Return the contacts of the employee of an order (module ``pos_hr``)."""
    if "employee_id" not in order._fields:
        return order.env["res.partner"]
    employee = order.employee_id
    return employee.work_contact_id | employee.user_id.partner_id
