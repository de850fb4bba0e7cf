"""Errors of the loyalty engine room, as types: callers branch on the class."""

from odoo.exceptions import UserError


class LoyaltyError(UserError):
    """Root of everything the suite refuses on purpose."""


class InsufficientPoints(LoyaltyError):
    """The available balance does not cover the debit.  Nothing was booked."""


class LedgerIsAppendOnly(LoyaltyError):
    """Somebody tried to create, change or delete a ledger row past the door."""


class FactError(LoyaltyError):
    """A document cannot be measured (no exchange rate, missing data)."""
