from datetime import timedelta

from odoo import api, fields, models

from ...const import POINTS
from ...engine import to_decimal, to_fraction
from ...engine.part_payment import Terms
from ...exceptions import FactError, LoyaltyError
from ...values import shown
from ..base.days import get_today
from ..base.rates import get_document_rate
from ..base.rows import insert_rows
from .b2b2c_spending_way import COUNTER


class B2b2cSpend(models.Model):
    """What somebody pays with points at a counter: a till, a terminal, a partner's.

    Held when the person says so, spent when the sale is done, released when it is not;
    what was spent comes back in parts with the goods.  The place knows money; how many
    points that costs is said here only.  This file is what a payment is and how one
    begins; ``b2b2c_spend_booking.py`` books it.
    """

    _name = "b2b2c.spend"
    _description = "Payment with Points"
    _order = "id desc"
    _rec_names_search = ["name", "key", "member_id.name"]

    name = fields.Char(required=True, readonly=True)
    key = fields.Char(required=True, readonly=True)
    account_id = fields.Many2one(
        "b2b2c.account", required=True, readonly=True, index=True, ondelete="restrict"
    )
    member_id = fields.Many2one(
        related="account_id.member_id", string="Participant", store=False
    )
    symbol = fields.Char(related="account_id.unit_id.symbol")
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True, ondelete="restrict"
    )
    place_id = fields.Many2one(
        "res.partner",
        string="Shop",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
        help="Empty: a counter of your own.",
    )
    document_model = fields.Char(readonly=True)
    document_id = fields.Many2oneReference(
        model_field="document_model", readonly=True, string="Document ID"
    )
    actor_id = fields.Many2one(
        "res.users", string="Taken By", readonly=True, ondelete="restrict"
    )

    # How much
    currency_id = fields.Many2one(
        "res.currency", required=True, readonly=True, ondelete="restrict"
    )
    amount = fields.Monetary("Paid", required=True, readonly=True)
    amount_back = fields.Monetary("Given Back", readonly=True, default=0)
    points = fields.Float(
        **POINTS, readonly=True, required=True, help="What the amount costs."
    )
    points_back = fields.Float(
        **POINTS, readonly=True, default=0, string="Points Given Back"
    )

    # How far it has come
    state = fields.Selection(
        [("held", "Reserved"), ("spent", "Paid"), ("released", "Released")],
        string="Status",
        required=True,
        readonly=True,
        default="held",
    )
    version = fields.Integer(readonly=True, default=0)
    held_at = fields.Datetime("Reserved On", required=True, readonly=True)
    valid_until = fields.Datetime("Waits Until", readonly=True)
    settled_at = fields.Datetime("Settled On", readonly=True)
    back_ids = fields.One2many("b2b2c.spend.back", "spend_id", readonly=True)

    _once = models.UniqueIndex("(key)", "This payment was begun a moment ago.")
    _waiting = models.Index("(valid_until) WHERE state = 'held'")
    _of_document = models.Index(
        "(document_model, document_id) WHERE document_id IS NOT NULL"
    )
    _amounts = models.Constraint(
        "CHECK (amount > 0 AND points > 0 AND amount_back >= 0"
        " AND amount_back <= amount AND points_back >= 0 AND points_back <= points)",
        "What comes back of a payment is a part of it.",
    )

    @api.depends("name", "place_id")
    def _compute_display_name(self):
        for spend in self:
            # everybody may know the shop, not everybody may read the contact
            shop = spend.sudo().place_id.display_name
            spend.display_name = f"{spend.name} ({shop})" if shop else spend.name

    # === TERMS === #

    @api.model
    def _get_terms(self, unit, company, currency):
        """Return on which terms points pay at a counter, ``None`` if they do not.

        :param unit: ``b2b2c.unit`` of the points
        :param company: ``res.company`` that owes them
        :param currency: ``res.currency`` in which the counter sells
        :return: :class:`~engine.part_payment.Terms`
        :raise FactError: there is no exchange rate
        """
        unit = unit.sudo()
        # goods are ordered as goods: what a piece is worth is no money
        if unit.kind == "goods" or not unit._is_spendable_on(COUNTER):
            return None
        value, own = unit._get_face_value(company)
        if not value:
            return None
        factor = to_fraction(value)
        if own != currency:
            day = get_today(company)
            factor *= get_document_rate(own, company, day)
            factor /= get_document_rate(currency, company, day)
        return Terms(
            value=factor,
            percent=to_fraction(100),
            decimals=unit.decimals,
            minimum=to_decimal(unit.spending_minimum),
        )

    @api.model
    def _get_spendable(self, member, company, currency):
        """Return what a participant can pay with at a counter.

        :return: list of dict with ``unit``, ``points`` (Decimal) and ``amount``, money
            they pay, rounded down to the currency
        """
        offers = []
        accounts = member.sudo()._get_survivor().account_ids
        balances = accounts._get_balances()
        for account in accounts.sorted("id"):
            held = balances[account.id]
            points = max(held["posted"] - held["held"] - held["debt"], 0)
            try:
                terms = self._get_terms(account.unit_id, company, currency)
            except FactError:
                continue  # the sentence comes when somebody asks to pay
            if terms and points and points >= terms.minimum:
                offers.append(
                    {
                        "unit": account.unit_id,
                        "points": points,
                        "amount": terms.pays(points, currency.decimal_places),
                    }
                )
        return offers

    # === BEGINNING === #

    @api.model
    def _hold(self, request):
        """Reserve the points that a person pays with.

        Asking again with the same key reserves nothing a second time: another amount
        takes the place of the first.

        :param request: :class:`.spend_request.SpendRequest`
        :return: the payment (sudo), reserved, or spent when it was done already
        :raise LoyaltyError: in a sentence for who stands at the counter; nothing is
            reserved then
        """
        spend = self.sudo()._find(request.key)
        if spend and not spend._is_same(request):
            raise LoyaltyError(self.env._("This payment is of somebody else."))
        if spend.state == "spent":
            if to_decimal(spend.amount) != request.amount:
                raise LoyaltyError(self.env._("%s was paid already.", spend.name))
            return spend
        self._check_request(request)
        points = self._get_price(request)
        spend = spend or self._begin(request, points)
        spend._reserve(request, points)
        return spend

    @api.model
    def _find(self, key):
        """Return the payment that a place calls ``key``, empty without one."""
        return self.sudo().search([("key", "=", key)], limit=1)

    def _is_same(self, request):
        """Tell whether a request is about the points that this payment is about."""
        account = self.account_id
        member = request.member.sudo()._get_survivor()
        return (
            account.member_id._get_survivor() == member
            and account.unit_id == request.unit
            and self.currency_id == request.currency
            and self.place_id == request.place
        )

    @api.model
    def _check_request(self, request):
        """Refuse a payment; packages add what they ask for with ``super()``.

        :raise LoyaltyError: says why, to who stands at the counter
        """
        rounded = to_decimal(request.currency.round(shown(request.amount)))
        if request.amount <= 0 or rounded != request.amount:
            raise LoyaltyError(self.env._("Say how much is paid with points."))
        if request.member.sudo()._get_survivor().state != "enrolled":
            raise LoyaltyError(
                self.env._("Points of this participant cannot be spent now.")
            )

    @api.model
    def _get_price(self, request):
        """Return how many points the amount costs, Decimal."""
        unit = request.unit.sudo()
        try:
            terms = self._get_terms(unit, request.member.company_id, request.currency)
        except FactError as error:
            raise LoyaltyError(str(error)) from error
        if not terms:
            raise LoyaltyError(
                self.env._("%s cannot be spent at a counter.", unit.name)
            )
        points = terms.cost(request.amount)
        if points < terms.minimum:
            least = unit._format(terms.minimum)
            raise LoyaltyError(self.env._("Use at least %s.", least))
        return points

    @api.model
    def _begin(self, request, points):
        """Insert a payment; of two at the same time one is there, and Odoo repeats the
        other."""
        member = request.member.sudo()
        document = request.document
        rows = insert_rows(
            self.sudo(),
            [
                {
                    "name": request.name,
                    "key": request.key,
                    "account_id": member._get_account(request.unit).id,
                    "company_id": member.company_id.id,
                    "place_id": request.place.id or None,
                    "document_model": document._name if document else None,
                    "document_id": document.id if document else None,
                    "actor_id": request.actor.id if request.actor else None,
                    "currency_id": request.currency.id,
                    "amount": request.amount,
                    "amount_back": 0,
                    "points": points,
                    "points_back": 0,
                    "state": "released",  # until its points are reserved
                    "version": 0,
                    "held_at": fields.Datetime.now(),
                    **self._get_extra_columns(request),
                }
            ],
        )
        return self.sudo().browse(rows) if rows else self._find(request.key)

    @api.model
    def _get_extra_columns(self, request):
        """Return columns that packages add to a payment; extend with ``super()``."""
        return {}

    def _get_valid_until(self, request):
        """Return until when points wait, ``None`` for as long as it takes."""
        if not request.minutes:
            return None
        return fields.Datetime.now() + timedelta(minutes=request.minutes)
