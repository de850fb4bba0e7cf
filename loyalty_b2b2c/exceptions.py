"""Errors of the loyalty engine room, as types: callers branch on the class."""

from werkzeug.exceptions import HTTPException

from odoo.exceptions import UserError


class LoyaltyError(UserError):
    """Root of everything the suite refuses on purpose."""


class InsufficientPoints(LoyaltyError):
    """The available balance does not cover the debit.  Nothing was booked."""


class LedgerIsAppendOnly(LoyaltyError):
    """Somebody tried to create, change or delete a ledger row past the door."""


class ShownTooLongAgo(LoyaltyError):
    """A card was shown at a counter, but not just now: it pays nothing any more."""


class FactError(LoyaltyError):
    """A document cannot be measured (no exchange rate, missing data)."""


class AmbiguousPerson(LoyaltyError):
    """Several people take part with what should name one; nobody was chosen."""


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


class ApiError(HTTPException):
    """A call of the HTTP API is refused.

    :param int status: HTTP status
    :param code: stable and machine-readable, see ``docs/api``
    :param message: for people
    :param field: path of the value that is wrong
    :param headers: dict of additional HTTP headers
    """

    def __init__(self, status, code, message, field=None, headers=None):
        super().__init__(message)
        self.code = status
        self.error_code = code
        self.field = field
        self.headers = headers or {}

    @classmethod
    def unauthorized(cls):
        """Return the one answer to every key that does not open."""
        return cls(
            401,
            "unauthorized",
            "Send a valid API key: Authorization: Bearer …",
            headers={"WWW-Authenticate": "Bearer"},
        )


class RedemptionError(LoyaltyError):
    """A reward cannot be had.  Nothing was reserved.

    :param code: see ``models/reward_words.py``
    :param message: for the participant
    """

    def __init__(self, code, message):
        super().__init__(message)
        self.code = code


class ProofNeeded(LoyaltyError):
    """So much is spent only when the participant confirms it.  Nothing was reserved."""


class ReceiptError(LoyaltyError):
    """A receipt or stamp that was handed in is refused at once.  Nothing was stored.

    :param code: see ``models/receipt_words.py``
    :param message: for the person who handed it in
    """

    def __init__(self, code, message):
        super().__init__(message)
        self.code = code


class VoucherKeyError(LoyaltyError):
    """Codes of vouchers can neither be stored nor shown.  Nothing is lost.

    :param code: see ``vault.VaultError``
    :param message: for whoever runs the server
    """

    def __init__(self, code, message):
        super().__init__(message)
        self.code = code


class ActivityError(LoyaltyError):
    """What somebody does for a task is refused.  What was stored before stays.

    :param code: see ``models/activities/activity_words.py``
    :param message: for the person
    """

    def __init__(self, code, message):
        super().__init__(message)
        self.code = code
