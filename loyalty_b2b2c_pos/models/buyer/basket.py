"""What is on the screen of a till, read as a ticket that nobody paid yet."""

import math

from odoo.fields import Command

#: More lines than this are no basket.
MOST_LINES = 500
_FIGURES = ("qty", "price_unit", "discount", "price_subtotal", "price_subtotal_incl")


def imagine(session, token, basket):
    """Return the ticket that a till's basket would be, without a row behind it.

    Its figures are the till's, as they will be on the ticket; products and taxes are
    ours.  What cannot be read is left out: a preview stops nobody.

    :param session: ``pos.session`` with superuser rights
    :param str token: whom the ticket is for, see ``b2b2c.member._sign_shown``
    :param basket: dict with ``lines``, list of dict of :data:`_FIGURES` with
        ``product_id`` and ``tax_ids``; and ``partner_id``
    """
    basket = basket if isinstance(basket, dict) else {}
    rows = basket.get("lines")
    rows = rows[:MOST_LINES] if isinstance(rows, list) else []
    lines = [line for line in map(_read_line, rows) if line]
    env = session.env
    known = _existing(env["product.product"], (line["product_id"] for line in lines))
    taxes = _existing(
        env["account.tax"], (tax_id for line in lines for tax_id in line["tax_ids"])
    )
    return env["pos.order"].new(
        {
            "session_id": session.id,
            "company_id": session.company_id.id,
            "currency_id": session.currency_id.id,
            "currency_rate": _get_rate(session),
            "date_order": env.cr.now().replace(microsecond=0),
            "partner_id": _read_partner(env, basket.get("partner_id")),
            "b2b2c_member_token": token,
            "state": "draft",
            "lines": [
                Command.create(
                    {
                        **line,
                        "tax_ids": [Command.set(sorted(taxes & {*line["tax_ids"]}))],
                    }
                )
                for line in lines
                if line["product_id"] in known
            ],
        }
    )


def _get_rate(session):
    company = session.company_id
    return session.env["res.currency"]._get_conversion_rate(
        company.currency_id, session.currency_id, company
    )


def _read_line(row):
    """Return a line as values, ``None`` when it is none."""
    if not isinstance(row, dict) or not _is_id(row.get("product_id")):
        return None
    figures = {name: row.get(name) or 0 for name in _FIGURES}
    if not all(map(_is_figure, figures.values())):
        return None
    tax_ids = row.get("tax_ids")
    tax_ids = tax_ids if isinstance(tax_ids, list) else []
    return {
        **figures,
        "product_id": row["product_id"],
        "tax_ids": [tax_id for tax_id in tax_ids if _is_id(tax_id)],
    }


def _read_partner(env, partner_id):
    """Return the id of the customer, ``False`` without one."""
    partner_id = partner_id if _is_id(partner_id) else 0
    return next(iter(_existing(env["res.partner"], [partner_id])), False)


def _existing(records, ids):
    return set(records.browse(set(ids)).exists().ids)


def _is_id(value):
    return isinstance(value, int) and not isinstance(value, bool) and 0 < value < 2**31


def _is_figure(value):
    return (
        isinstance(value, (int, float)) and math.isfinite(value) and abs(value) < 1e12
    )
