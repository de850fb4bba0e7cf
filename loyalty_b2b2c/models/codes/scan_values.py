"""A scan as it came in, and what became of it."""

from dataclasses import dataclass
from datetime import timedelta

from odoo import models

from .scan_lookup import get_scopes


@dataclass(frozen=True)
class Scan:
    """One scan as it came in; all records with superuser rights."""

    member: models.Model
    code: str
    row: dict | None  # what is stored about the code, see ``ScanLookup``
    pin: str  # empty when the code has none
    key: str
    arrived_at: object  # naive UTC, by the server's clock
    age: object  # how long before that it was, as the phone says: a timedelta
    address: str
    place: tuple | None
    settings: dict  # of the company, without their prefix

    @property
    def occurred_at(self):
        """When it happened (naive UTC): what the phone says counts within bounds."""
        bound = timedelta(hours=self.settings["back_hours"])
        return self.arrived_at - min(self.age, bound)

    @property
    def company(self):
        """The company of the program."""
        return self.member.company_id

    @property
    def shop(self):
        """Where the submitter works."""
        return self.member.employer_id.commercial_partner_id

    @property
    def is_other_shop(self):
        """Whether the goods went to another shop than the submitter's."""
        return bool(self.row["shop_id"]) and self.row["shop_id"] != self.shop.id

    @property
    def first(self):
        """The claim that has the code, empty unless it is claimed."""
        is_claimed = self.row and self.row["state"] == "claimed"
        claims = self.member.env["b2b2c.claim"]
        return claims.browse(self.row["claim_id"] if is_claimed else None)

    @property
    def scopes(self):
        """Whose wrong codes are counted: the person's, the address's."""
        return get_scopes(self.member.id, self.address)

    def name(self, scope):
        """Return what a scope is called among those of several companies."""
        return f"{self.company.id}/{scope}"


@dataclass(frozen=True)
class Taken:
    """What became of a scan: the claim that has its code."""

    claim: models.Model
    code_ids: tuple = ()  # which this scan claimed just now
    is_again: bool = False  # the same person scanned a code once more
