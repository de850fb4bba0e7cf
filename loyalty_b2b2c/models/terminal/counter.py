"""Who works at which counter, and what that person sends, read and within limits."""

from dataclasses import dataclass, field
from decimal import Decimal

from odoo import api, models
from odoo.tools import formatLang, hash_sign, verify_hash_signed

from ...exceptions import LoyaltyError
from .terminal_input import read_number, read_text

_TICKET = "b2b2c_terminal"
_TICKET_HOURS = 12
_TICKET_LENGTH = 400
_QUANTITY_DECIMALS = 3


@dataclass(frozen=True)
class Sale:
    """What an operator entered, read and within the limits.

    :param further: what packages let operators enter besides, in the words of the
        intake
    """

    member: models.Model
    amount: Decimal
    receipt: str = ""
    product: models.Model | None = None
    quantity: Decimal = Decimal(1)
    further: dict = field(default_factory=dict)

    def to_values(self, reference):
        """Return the sale in the words of the intake."""
        values = {
            "type": "sale",
            "reference": reference,
            "member": {"id": self.member.id},
            **self.further,
        }
        if not self.product:
            return dict(values, amount=self.amount)
        line = {
            "product": {"id": self.product.id},
            "quantity": self.quantity,
            "amount": self.amount,
        }
        return dict(values, lines=[line])


@dataclass(frozen=True)
class Counter:
    """Who works where; all records with superuser rights."""

    env: api.Environment
    operator: models.Model
    company: models.Model

    @property
    def reporter(self):
        """The partner shop that reports what the operator records, if any."""
        return self.operator.b2b2c_terminal_partner_id.commercial_partner_id

    # === PEOPLE === #

    def find_members(self, person):
        """Return the memberships in force of a person, however she is named.

        A code belongs to one membership; the person who shows it may have others.  A
        phone number may be several people's: the operator asks who it is.

        :param dict person: see :func:`terminal_input.read_person`
        """
        members = self.env["b2b2c.member"]._search_in_force(self.company, **person)
        return members.search(
            [
                ("partner_id", "in", members.partner_id.ids),
                ("company_id", "=", self.company.id),
                ("state", "=", "enrolled"),
            ],
            order="enrolled_at, id",
        )

    def write_ticket(self, member):
        """Return the signed name of a participant, for this operator and some hours."""
        return hash_sign(
            self.env,
            _TICKET,
            [member.id, self.operator.id, self.company.id],
            expiration_hours=_TICKET_HOURS,
        )

    def read_ticket(self, ticket):
        """Return the participant a ticket of this operator names.

        :raise LoyaltyError: forged, expired, somebody else's, no longer enrolled
        """
        member = self._get_named(ticket)
        if not member or member.state != "enrolled" or not member.active:
            raise LoyaltyError(self.env._("Search for the person again."))
        if self._is_own(member):
            raise LoyaltyError(
                self.env._("This is you. Ask a colleague to record your own purchases.")
            )
        return member

    def _get_named(self, ticket):
        """Return whom a ticket names, empty when it is none of this operator."""
        members = self.env["b2b2c.member"]
        if not isinstance(ticket, str) or len(ticket) >= _TICKET_LENGTH:
            return members
        try:
            values = verify_hash_signed(self.env, _TICKET, ticket)
        except (ValueError, IndexError):
            return members
        if not values or values[1:] != [self.operator.id, self.company.id]:
            return members
        return members.browse(values[0]).exists()

    def _is_own(self, member):
        """Tell whether the operator serves himself, whatever addresses he has today."""
        authority = self.env["b2b2c.authority"]
        return authority._is_self(self.operator, members=member)

    # === SALES === #

    def read_sale(self, ticket, sale):
        """Return the :class:`Sale` a client sent.

        :raise LoyaltyError: a figure that cannot be read or is beyond the limit
        """
        member = self.read_ticket(ticket)
        sale = sale if isinstance(sale, dict) else {}
        currency = self.company.currency_id
        amount = read_number(self.env, sale.get("amount"), currency.decimal_places)
        most = self.company.b2b2c_terminal_max_amount
        if most and amount > Decimal(str(most)):
            raise LoyaltyError(
                self.env._(
                    "At most %s in one operation.",
                    formatLang(self.env, most, currency_obj=currency),
                )
            )
        product = self._read_product(sale.get("product_id"))
        quantity = Decimal(1)
        if product:
            quantity = read_number(self.env, sale.get("quantity"), _QUANTITY_DECIMALS)
        return Sale(
            member=member,
            amount=amount,
            receipt=read_text(sale.get("receipt")),
            product=product,
            quantity=quantity,
            further=self.env["b2b2c.terminal"]._read_further(sale),
        )

    def _read_product(self, product_id):
        """Return the product the client named, if the terminal offers it."""
        products = self.env["product.product"]
        if not product_id:
            return products
        product = products.search(
            [
                ("id", "=", product_id if isinstance(product_id, int) else 0),
                *self.get_product_domain(),
            ]
        )
        if not product:
            raise LoyaltyError(self.env._("The terminal does not offer this product."))
        return product

    def get_product_domain(self):
        """Return the domain of the products that operators can name."""
        return [
            ("product_tmpl_id.b2b2c_terminal_ok", "=", True),
            ("company_id", "in", [False, self.company.id]),
        ]
