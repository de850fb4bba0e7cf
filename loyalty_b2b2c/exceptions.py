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


class IntakeError(LoyaltyError):
    """What was reported from outside cannot be recorded.  Nothing was written.

    :param code: stable and machine-readable, see ``b2b2c.intake``
    :param message: for the person who reported it
    :param field: path of the value that is wrong, ``"lines.3.product"``
    """

    def __init__(self, code, message, field=None):
        super().__init__(message)
        self.code = code
        self.field = field
