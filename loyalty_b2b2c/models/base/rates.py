"""Exchange rates as exact factors; no rate is an error, never 1."""

from decimal import Context, Decimal
from fractions import Fraction

from ...exceptions import FactError

ONE = Fraction(1)
# What a float keeps of a rate that was the inverse of another: 0.8, not
# 0.7999999999999998.
_DIGITS = Context(prec=12)


def get_exact(rate):
    """Return a stored rate as the number that was meant.

    :param float rate: with the noise of an inverse in its last digits
    """
    return Fraction(_DIGITS.create_decimal(Decimal(repr(rate))))


def has_rate(currency, company):
    """Tell whether Odoo can convert a currency into a company's.

    Where it cannot, it silently converts at 1.

    :param currency: ``res.currency`` record
    :param company: ``res.company`` record
    """
    if currency == company.currency_id:
        return True
    return bool(
        currency.env["res.currency.rate"]
        .sudo()
        .search_count(
            [
                ("currency_id", "=", currency.id),
                ("company_id", "in", (False, company.root_id.id)),
            ],
            limit=1,
        )
    )


def get_document_rate(currency, company, day, stored=0):
    """Return the exact factor from a document's currency to its company's.

    :param day: of the document, for which Odoo is asked when nothing is stored
    :param stored: Odoo's own rate of the document (its currency per company
        currency); 0 or 1 may have been stored when there was no rate yet
    :raise FactError: the currency has no exchange rate
    """
    if currency == company.currency_id:
        return ONE
    known = has_rate(currency, company)
    rate = stored
    if rate in (0, 1):
        rate = currency._get_conversion_rate(
            company.currency_id, currency, company, day
        )
    if not known or not rate:
        raise _no_rate(currency)
    return 1 / get_exact(rate)


def get_company_rate(own, other, day):
    """Return the exact factor from a company's currency to another company's.

    :param own: ``res.company`` whose amounts are converted
    :param other: ``res.company`` in whose currency, and at whose rates
    :param day: whose rate counts
    :raise FactError: there is no exchange rate between them
    """
    if own.currency_id == other.currency_id:
        return ONE
    rate = own.currency_id._get_conversion_rate(
        own.currency_id, other.currency_id, other, day
    )
    for currency in own.currency_id | other.currency_id:
        if not rate or not has_rate(currency, other):
            raise _no_rate(currency)
    return get_exact(rate)


def _no_rate(currency):
    """Return the error of a missing exchange rate."""
    return FactError(
        currency.env._(
            "There is no exchange rate for %(currency)s; enter one and retry.",
            currency=currency.name,
        )
    )
