from dataclasses import dataclass
from decimal import Decimal
from uuid import uuid4

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.fields import Domain
from odoo.tools import (
    format_date,
    format_time,
    formatLang,
    hash_sign,
    verify_hash_signed,
)

from ...exceptions import LoyaltyError
from ...values import naive, shown
from . import terminal_input
from .terminal_input import MAX_TEXT, mask_email, mask_phone, read_number, read_text

_TICKET = "b2b2c_terminal"
_TICKET_HOURS = 12
_QUANTITY_DECIMALS = 3
_RECENT = 30
_PRODUCTS = 20
_KEY_LENGTHS = range(16, MAX_TEXT - 1)


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


@dataclass(frozen=True)
class Sale:
    """What an operator entered, read and within the limits."""

    member: models.Model
    amount: Decimal
    receipt: str = ""
    product: models.Model | None = None
    quantity: Decimal = Decimal(1)

    def to_report(self, reference):
        """Return the sale in the words of the intake."""
        report = {
            "type": "sale",
            "reference": reference,
            "member": {"id": self.member.id},
        }
        if not self.product:
            return dict(report, amount=str(self.amount))
        line = {
            "product": {"id": self.product.id},
            "quantity": str(self.quantity),
            "amount": str(self.amount),
        }
        return dict(report, lines=[line])


class B2b2cTerminal(models.AbstractModel):
    """What the screen of the counter calls.

    An operator has no rights on our models: each method checks the group itself and
    then reads and books as superuser, in the user's current company.  A person is
    named by a signed ticket that only a search hands out, so nobody is found by
    counting up ids.
    """

    _name = "b2b2c.terminal"
    _description = "Reward Terminal"

    # === REMOTE METHODS === #

    @api.model
    def start(self):
        """Return what the screen needs to know about the counter.

        :return: dict with ``company``, ``shop``, ``operator``, ``currency_id``,
            ``cancel_minutes``, ``has_products``, ``recent``
        """
        counter = self._get_counter()
        return {
            "company": counter.company.name,
            "shop": counter.reporter.name or False,
            "operator": counter.operator.name,
            "currency_id": counter.company.currency_id.id,
            "cancel_minutes": counter.company.b2b2c_terminal_cancel_minutes,
            "has_products": bool(
                counter.env["product.product"].search_count(
                    self._get_product_domain(counter), limit=1
                )
            ),
            "recent": self._get_recent(counter),
        }

    @api.model
    def search_member(self, query):
        """Find a participant by phone, e-mail, typed code or scanned QR.

        Unknown people and people who do not take part get the same answer.

        :param query: text as typed or scanned
        :return: dict with ``status`` (found, unknown, wait, empty), ``message`` and
            ``members``: list of dict with ``ticket``, ``name``, ``contact``,
            ``role``, ``shop``
        """
        counter = self._get_counter()
        person = terminal_input.read_person(query)
        if not person:
            return self._answer(
                "empty", self.env._("Enter a phone number, an e-mail or a code.")
            )
        lookups = counter.env["b2b2c.terminal.lookup"]
        if not lookups._take(counter.operator, counter.company):
            return self._answer(
                "wait",
                self.env._("Too many searches without a result. Try in an hour."),
            )
        members = self._find_members(counter, person)
        if not members:
            return self._answer(
                "unknown", self.env._("Nobody who takes part was found by this.")
            )
        lookups._give_back(counter.operator, counter.company)
        return self._answer(
            "found",
            members=[
                self._describe_found(counter, member, person) for member in members
            ],
        )

    @api.model
    def open_member(self, ticket):
        """Return a chosen participant: full name, role, shop and balances.

        :param str ticket: from :meth:`search_member`
        """
        counter = self._get_counter()
        member = self._read_ticket(counter, ticket)
        return self._describe_member(counter, member)

    @api.model
    def search_product(self, text):
        """Return products the terminal offers whose name, code or barcode match.

        :return: list of dict with ``id``, ``name``, ``code``, ``uom``, ``price``
        """
        counter = self._get_counter()
        text = read_text(text)
        domain = Domain(self._get_product_domain(counter))
        if text:
            domain &= (
                Domain("name", "ilike", text)
                | Domain("default_code", "ilike", text)
                | Domain("barcode", "=", text)
            )
        return [
            {
                "id": product.id,
                "name": product.display_name,
                "uom": product.uom_id.name,
                "price": product.lst_price,
            }
            for product in counter.env["product.product"].search(
                domain, limit=_PRODUCTS
            )
        ]

    @api.model
    def preview(self, ticket, sale):
        """Return what a participant would get for a sale; nothing is booked.

        :param str ticket: from :meth:`search_member`
        :param dict sale: ``amount`` and ``quantity`` as typed, ``product_id``,
            ``receipt``
        :return: dict with ``total``, ``awards``, ``refusals``
        """
        counter = self._get_counter()
        sale = self._read_sale(counter, ticket, sale)
        if sale.receipt:
            self._check_receipt(counter, sale.receipt)
        found = counter.env["b2b2c.intake"]._preview(
            # a number of its own: previews at the same time do not meet
            sale.to_report(f"preview-{uuid4()}"),
            company=counter.company,
            channel="terminal",
            operator=counter.operator,
            reporter=counter.reporter,
        )
        own_ids = self._get_own_ids(sale.member)
        mine = [row for row in found["awards"] if row["member_id"] in own_ids]
        refused = [
            row["reason"]
            for row in found["refusals"]
            if row["member_id"] in (None, *own_ids)
        ]
        return {
            "total": self._word_points(counter, mine),
            "awards": [self._describe_award(counter, row) for row in mine],
            "refusals": [] if mine else list(dict.fromkeys(refused)),
        }

    @api.model
    def record(self, ticket, sale, key):
        """Record a sale for a participant, once per ``key``.

        :param str ticket: from :meth:`search_member`
        :param dict sale: see :meth:`preview`
        :param str key: made up by the client for this sale; the same key answers with
            what was recorded the first time
        :return: dict with ``operation``, ``awards``, ``balances``, ``message``,
            ``repeated``
        :raise UserError: a limit, a receipt number that was used, a wrong figure
        """
        counter = self._get_counter()
        sale = self._read_sale(counter, ticket, sale)
        key = read_text(key)
        if len(key) not in _KEY_LENGTHS:
            raise LoyaltyError(self.env._("The key of the request is missing."))
        operations = counter.env["b2b2c.terminal.operation"]
        known = operations.search(
            [("operator_id", "=", counter.operator.id), ("request_key", "=", key)]
        )
        if known:
            self._check_same(known, sale)
            return self._get_result(counter, known, repeated=True)
        reference = sale.receipt or f"T-{key}"
        self._check_receipt(counter, reference)
        # the row of the operator's day also lines up his own requests: of two taps at
        # once the second one starts over, and finds what the first recorded
        day = counter.env["b2b2c.terminal.day"]._count_operation(
            counter.operator, counter.company, self._get_today(counter), sale.amount
        )
        intake = counter.env["b2b2c.intake"]
        document, created = intake._record(
            sale.to_report(reference),
            company=counter.company,
            channel="terminal",
            operator=counter.operator,
            reporter=counter.reporter,
        )
        if not created:
            self._check_receipt(counter, reference)
        intake._settle(document)
        operation = self._log(counter, document, sale, day, key)
        return self._get_result(counter, operation)

    @api.model
    def cancel(self, operation_id, reason=None):
        """Cancel an own operation, shortly after it was recorded.

        :return: the operation as in :meth:`recent`
        :raise UserError: somebody else's, too late, unknown
        """
        counter = self._get_counter()
        operation = counter.env["b2b2c.terminal.operation"].search(
            [
                ("id", "=", operation_id if isinstance(operation_id, int) else 0),
                ("operator_id", "=", counter.operator.id),
                ("company_id", "=", counter.company.id),
            ]
        )
        if not operation:
            raise LoyaltyError(self.env._("You recorded no such operation."))
        operation._cancel(counter.operator, reason)
        return self._describe_operation(counter, operation)

    @api.model
    def recent(self):
        """Return what the operator recorded today, newest first."""
        return self._get_recent(self._get_counter())

    # === THE COUNTER === #

    def _get_counter(self):
        """Return who works where; refuse everybody who is no operator.

        :return: :class:`Counter`
        :raise AccessError: no operator
        """
        user = self.env.user
        if not user.has_group("loyalty_b2b2c.group_terminal"):
            raise AccessError(self.env._("You may not use the terminal."))
        company = self.env.company  # one the user is allowed to work in
        env = self.with_company(company).sudo().env
        return Counter(env, user.with_env(env), company.with_env(env))

    def _get_today(self, counter):
        """Return the day it is for the company."""
        now = fields.Datetime.context_timestamp(
            self.with_context(tz=counter.company.b2b2c_timezone), fields.Datetime.now()
        )
        return now.date()

    # === READING WHAT CAME IN === #

    def _find_members(self, counter, person):
        """Return the memberships in force of a person, however she is named.

        A code belongs to one membership; the person who shows it may have others.
        """
        members = counter.env["b2b2c.intake"]._find_member(counter.company, **person)
        return members.search(
            [
                ("partner_id", "in", members.partner_id.ids),
                ("company_id", "=", counter.company.id),
                ("state", "=", "enrolled"),
            ],
            order="enrolled_at, id",
        )

    def _read_ticket(self, counter, ticket):
        """Return the participant a ticket of this operator names.

        :raise LoyaltyError: forged, expired, somebody else's, no longer enrolled
        """
        member = counter.env["b2b2c.member"]
        if isinstance(ticket, str) and len(ticket) < 400:
            try:
                values = verify_hash_signed(counter.env, _TICKET, ticket)
            except (ValueError, IndexError):
                values = None
            if values and values[1:] == [counter.operator.id, counter.company.id]:
                member = member.browse(values[0]).exists()
        if not member or member.state != "enrolled" or not member.active:
            raise LoyaltyError(self.env._("Search for the person again."))
        if self._is_own(counter.operator, member):
            raise LoyaltyError(
                self.env._("This is you. Ask a colleague to record your own purchases.")
            )
        return member

    def _is_own(self, operator, member):
        """Tell whether an operator serves himself."""
        own, person = operator.partner_id, member.partner_id
        if own in (person, member.contact_id):
            return True
        mail, phone = own.email_normalized, own._get_loyalty_phone()
        return bool(
            (mail and mail == person.email_normalized)
            or (phone and phone == person._get_loyalty_phone())
        )

    def _read_sale(self, counter, ticket, sale):
        """Return the :class:`Sale` a client sent.

        :raise LoyaltyError: a figure that cannot be read or is beyond the limit
        """
        member = self._read_ticket(counter, ticket)
        sale = sale if isinstance(sale, dict) else {}
        currency = counter.company.currency_id
        amount = read_number(self.env, sale.get("amount"), currency.decimal_places)
        most = counter.company.b2b2c_terminal_max_amount
        if most and amount > Decimal(str(most)):
            raise LoyaltyError(
                self.env._(
                    "At most %s in one operation.",
                    formatLang(self.env, most, currency_obj=currency),
                )
            )
        product = self._read_product(counter, sale.get("product_id"))
        quantity = Decimal(1)
        if product:
            quantity = read_number(self.env, sale.get("quantity"), _QUANTITY_DECIMALS)
        return Sale(
            member=member,
            amount=amount,
            receipt=read_text(sale.get("receipt")),
            product=product,
            quantity=quantity,
        )

    def _read_product(self, counter, product_id):
        """Return the product the client named, if the terminal offers it."""
        products = counter.env["product.product"]
        if not product_id:
            return products
        product = products.search(
            [
                ("id", "=", product_id if isinstance(product_id, int) else 0),
                *self._get_product_domain(counter),
            ]
        )
        if not product:
            raise LoyaltyError(self.env._("The terminal does not offer this product."))
        return product

    def _get_product_domain(self, counter):
        """Return the domain of the products that operators can name."""
        return [
            ("product_tmpl_id.b2b2c_terminal_ok", "=", True),
            ("company_id", "in", [False, counter.company.id]),
        ]

    # === RECORDING === #

    def _check_same(self, operation, sale):
        """Refuse a key that was used for something else."""
        if (
            operation.member_id != sale.member
            or Decimal(str(operation.amount)) != sale.amount
        ):
            raise LoyaltyError(
                self.env._(
                    "This was already recorded at %(time)s with %(amount)s. Cancel it "
                    "in the list before you record it anew.",
                    time=self._word_time(operation.recorded_at),
                    amount=self._word_amount(operation),
                )
            )

    def _check_receipt(self, counter, reference):
        """Refuse a receipt number that was recorded before.

        :raise LoyaltyError: says when, and by whom
        """
        document = counter.env["b2b2c.intake"]._find_document(
            counter.company, "sale", reference, counter.reporter
        )
        if not document:
            return
        when = self._word_time(document.create_date, day=True)
        if document.state == "cancelled":
            raise LoyaltyError(
                self.env._(
                    "Receipt %(number)s was recorded on %(when)s and cancelled. A "
                    "number is accepted once.",
                    number=reference,
                    when=when,
                )
            )
        raise LoyaltyError(
            self.env._(
                "Receipt %(number)s was already recorded on %(when)s by %(who)s.",
                number=reference,
                when=when,
                who=document.operator_id.name or self.env._("another system"),
            )
        )

    def _log(self, counter, document, sale, day, key):
        """Keep who recorded what from where, and count the points given."""
        mine = self._get_mine(document, sale.member)
        points = sum(
            (row["points"] + row["points_pending"] for row in mine), Decimal(0)
        )
        day._count_points(points)
        operations = counter.env["b2b2c.terminal.operation"]
        return operations.create(
            {
                "document_id": document.id,
                "company_id": counter.company.id,
                "operator_id": counter.operator.id,
                "reporter_id": counter.reporter.id,
                "member_id": sale.member.id,
                "day_id": day.id,
                "recorded_at": fields.Datetime.now(),
                "request_key": key,
                "reference": document.reference,
                "has_receipt": bool(sale.receipt),
                "currency_id": counter.company.currency_id.id,
                "amount": shown(sale.amount),
                "product_id": sale.product.id,
                "quantity": shown(sale.quantity) if sale.product else 0,
                "points": shown(points),
                "points_text": self._word_points(counter, mine),
                **operations._get_origin(),
            }
        )

    def _get_mine(self, document, member):
        """Return what is booked for a participant by a document."""
        results = document.env["b2b2c.intake"]._results(document)[document.id]
        own_ids = self._get_own_ids(member)
        return [row for row in results if row["member_id"] in own_ids]

    def _get_own_ids(self, member):
        """Return the ids of a participant, and of the same person's memberships in
        other companies: their programs may reward the same sale."""
        elsewhere = member.search(
            [
                ("partner_id", "=", member.partner_id.id),
                ("company_id", "!=", member.company_id.id),
            ]
        )
        return {member.id, member._get_survivor().id, *elsewhere.ids}

    # === ANSWERS === #

    def _answer(self, status, message=False, members=()):
        return {"status": status, "message": message, "members": list(members)}

    def _get_result(self, counter, operation, repeated=False):
        """Return what the last screen shows."""
        member = operation.member_id
        waiting = counter.env["b2b2c.event"].search_count(
            [
                ("source_model", "=", operation.document_id._name),
                ("source_id", "=", operation.document_id.id),
                ("state", "in", ("new", "failed")),
            ],
            limit=1,
        )
        return {
            "operation": self._describe_operation(counter, operation),
            "name": member.name,
            "points": operation.points_text or False,
            "waiting": bool(waiting),
            "balances": self._get_balances(member),
            "message": self._word_message(counter, operation),
            "repeated": repeated,
        }

    def _describe_found(self, counter, member, person):
        """Return as much of a found participant as it takes to choose.

        Phone and e-mail are masked: the operator recognizes what was searched by.
        """
        ticket = hash_sign(
            counter.env,
            _TICKET,
            [member.id, counter.operator.id, counter.company.id],
            expiration_hours=_TICKET_HOURS,
        )
        return {
            "ticket": ticket,
            "name": (member.name or "").split(" ")[0],
            "contact": self._mask(member, person),
            "role": self._word_role(member),
            "shop": member.employer_id.name,
        }

    def _describe_member(self, counter, member):
        return {
            "name": member.name,
            "contact": self._mask(member, {}),
            "role": self._word_role(member),
            "shop": member.employer_id.name,
            "balances": self._get_balances(member),
        }

    def _describe_award(self, counter, row):
        """Return an award of a preview in words."""
        expected = row["expected_at"]
        return {
            "points": self._word_points(counter, [row]),
            "rule": row["rule"],
            "program": row["program"],
            "pending": bool(row["points_pending"]),
            "expected": (
                format_date(self.env, self._to_local(expected).date())
                if expected
                else False
            ),
            "reasons": row["reasons"],
        }

    def _describe_operation(self, counter, operation):
        """Return an operation as a line of the operator's list."""
        can_cancel = operation._can_cancel(counter.operator)
        officer = counter.operator.has_group("loyalty_b2b2c.group_officer")
        until = self._word_time(operation._get_cancel_until())
        return {
            "id": operation.id,
            "time": self._word_time(operation.recorded_at),
            "name": (operation.member_id.name or "").split(" ")[0],
            "amount": self._word_amount(operation),
            "points": operation.points_text or False,
            "receipt": operation.reference if operation.has_receipt else False,
            "product": operation.product_id.display_name or False,
            "cancelled": operation.state == "cancelled",
            "can_cancel": can_cancel,
            "cancel_until": until if can_cancel and not officer else False,
        }

    def _get_recent(self, counter):
        """Return the operator's operations of today, newest first."""
        operations = counter.env["b2b2c.terminal.operation"].search(
            [
                ("operator_id", "=", counter.operator.id),
                ("company_id", "=", counter.company.id),
                ("day_id.day", "=", self._get_today(counter)),
            ],
            limit=_RECENT,
        )
        return [self._describe_operation(counter, row) for row in operations]

    def _get_balances(self, member):
        """Return what a participant has, a dict of texts per unit."""
        accounts = member._get_survivor().account_ids.sorted("id")
        accounts.invalidate_recordset()
        return [
            {
                "available": account.unit_id._format(account.balance_available),
                "pending": (
                    account.unit_id._format(account.balance_pending)
                    if account.balance_pending > 0
                    else False
                ),
            }
            for account in accounts
        ]

    # === WORDS === #

    def _word_points(self, counter, rows):
        """Return the points of awards or results in words, empty for none."""
        totals = {}
        for row in rows:
            points = row["points"] + row["points_pending"]
            totals[row["unit_id"]] = totals.get(row["unit_id"], 0) + points
        units = counter.env["b2b2c.unit"]
        return " + ".join(
            units.browse(unit_id)._format(points)
            for unit_id, points in sorted(totals.items())
            if points
        )

    def _word_message(self, counter, operation):
        """Return which message the participant gets, a sentence or nothing."""
        queued = counter.env["b2b2c.notification"].search_count(
            [
                ("account_id.member_id", "=", operation.member_id._get_survivor().id),
                ("document_name", "=", operation.document_id.display_name),
            ],
            limit=1,
        )
        member = operation.member_id
        channels = [
            member.notify_email and member.email and self.env._("e-mail"),
            member.notify_sms and member.phone and self.env._("SMS"),
        ]
        channels = [channel for channel in channels if channel]
        if not queued or not channels:
            return False
        return self.env._(
            "%(name)s gets a message by %(channels)s.",
            name=member.name.split(" ")[0],
            channels=self.env._(" and ").join(channels),
        )

    def _word_role(self, member):
        return dict(member._fields["role"]._description_selection(self.env))[
            member.role
        ]

    def _word_amount(self, operation):
        return formatLang(
            self.env, operation.amount, currency_obj=operation.currency_id
        )

    def _word_time(self, instant, day=False):
        """Return an instant as the operator's clock shows it."""
        local = self._to_local(instant)
        clock = format_time(self.env, local.time(), time_format="short")
        return f"{format_date(self.env, local.date())} {clock}" if day else clock

    def _to_local(self, instant):
        """Return a naive UTC instant in the operator's time zone."""
        return fields.Datetime.context_timestamp(self, naive(instant))

    def _mask(self, member, person):
        """Return a participant's phone or e-mail so that only the person knows it."""
        if "email" in person or not member.phone:
            return mask_email(member.email)
        return mask_phone(member.partner_id._get_loyalty_phone() or member.phone)
