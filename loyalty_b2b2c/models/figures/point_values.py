"""What a point costs a company: the one place that says so, as a query."""

from odoo.tools import SQL


def get_point_values():
    """Return a query: ``unit_id``, ``company_id``, ``currency_id`` of the company, and
    the ``value`` of one point in it.

    A unit of money is worth its amount, in its own currency (``unit_currency_id``).
    """
    return SQL(
        """
        SELECT u.id AS unit_id, c.id AS company_id, c.currency_id,
               CASE WHEN u.kind = 'money' THEN u.currency_id
                    ELSE c.currency_id END AS unit_currency_id,
               CASE WHEN u.kind = 'money' THEN 1
                    ELSE coalesce((u.point_value->>c.id::text)::numeric, 0)
               END AS value
          FROM b2b2c_unit u CROSS JOIN res_company c
        """
    )
