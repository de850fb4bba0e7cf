from decimal import Decimal
from uuid import uuid4

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.fields import Domain

from ...engine import trade_number
from ...engine.typed_text import read_token
from ...exceptions import LoyaltyError
from ...values import shown
from ..base.days import get_today
from ..people.addresses import get_example_phone
from . import terminal_input
from .counter import Counter
from .joining import describe_ways
from .terminal_answers import TerminalAnswers
from .terminal_input import MAX_TEXT, read_text

_RECENT = 30
_PRODUCTS = 20
_KEY_LENGTHS = (16, MAX_TEXT - 2)


class B2b2cTerminal(models.AbstractModel):
    """What the screen of the counter calls.

    An operator has no rights on our models: each method checks the group itself and
    then reads and books as superuser, in the user's current company.  A person is
    named by a signed ticket that only a search hands out, so nobody is found by
    counting up ids.
    """

    _name = "b2b2c.terminal"
    _description = "Loyalty Terminal"

    # === REMOTE METHODS === #

    @api.model
    def start(self):
        """Return what the screen needs to know about the counter.

        :return: dict with ``company``, ``shop``, ``operator``, ``currency_id``,
            ``cancel_minutes``, ``has_products``, ``phone_example``, ``recent``
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
                    counter.get_product_domain(), limit=1
                )
            ),
            "phone_example": get_example_phone(counter.company.country_id),
            "recent": self._get_recent(counter),
        }

    @api.model
    def search_member(self, query):
        """Find a participant by phone, e-mail, typed code or scanned QR.

        Unknown people and people who do not take part get the same answer.

        :param query: text as typed or scanned
        :return: dict with ``status`` (found, unknown, wait, empty), ``message`` and
            ``members``: list of dict with ``ticket``, ``name``, ``contact``,
            ``role``, ``shop``; of several people the message says to ask; of somebody
            unknown the ``ways`` to join here
        """
        counter = self._get_counter()
        person = terminal_input.read_person(query)
        if not person:
            return self._answer(
                "empty", self.env._("Enter a phone number, an e-mail or a code.")
            )
        # counted before the search: searches at the same time cannot all pass
        searches = counter.env["b2b2c.hour.count"]
        scope = f"search/u{counter.operator.id}"
        limit = counter.company.b2b2c_terminal_lookups
        if not searches._count(counter.company, scope, limit):
            return self._answer(
                "wait",
                self.env._("Too many searches without a result. Try in an hour."),
            )
        members = counter.find_members(person)
        if not members:
            return self._answer(
                "unknown",
                self.env._("Nobody who takes part was found by this."),
                ways=describe_ways(counter),
            )
        searches._uncount(counter.company, scope)
        answers = TerminalAnswers(counter)
        several = len(members.partner_id) > 1
        return self._answer(
            "found",
            several
            and self.env._("Several people have this. Ask for the name, then choose."),
            [answers.describe_found(member, person, several) for member in members],
        )

    @api.model
    def open_member(self, ticket):
        """Return a chosen participant: full name, role, shop and balances.

        :param str ticket: from :meth:`search_member`
        """
        counter = self._get_counter()
        return TerminalAnswers(counter).describe_member(counter.read_ticket(ticket))

    @api.model
    def search_product(self, text):
        """Return products the terminal offers whose name, code or barcode match.

        A trade number finds its product in whatever spelling either is.

        :return: list of dict with ``id``, ``name``, ``uom``, ``price``
        """
        counter = self._get_counter()
        text = read_text(text)
        domain = Domain(counter.get_product_domain())
        if text:
            domain &= (
                Domain("name", "ilike", text)
                | Domain("default_code", "ilike", text)
                | Domain("default_code", "in", trade_number.get_spellings(text))
                | Domain("barcode", "in", trade_number.get_spellings(text))
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
        sale = counter.read_sale(ticket, sale)
        if sale.receipt:
            self._check_receipt(counter, sale.receipt)
        preview = counter.env["b2b2c.intake"]._preview(
            # a number of its own: with a known one it would be that document again
            sale.to_values(f"preview-{uuid4()}"),
            company=counter.company,
            channel="terminal",
            operator=counter.operator,
            reporter=counter.reporter,
        )
        own_ids = self._get_own_ids(sale.member)
        awards = [row for row in preview["awards"] if row["member_id"] in own_ids]
        refused = [
            row["reason"]
            for row in preview["refusals"]
            if row["member_id"] in (None, *own_ids)
        ]
        answers = TerminalAnswers(counter)
        return {
            "total": answers.word_points(awards),
            "awards": [answers.describe_award(row) for row in awards],
            "refusals": [] if awards else list(dict.fromkeys(refused)),
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
        sale = counter.read_sale(ticket, sale)
        key = read_token(key, *_KEY_LENGTHS)
        if not key:
            raise LoyaltyError(self.env._("The key of the request is missing."))
        operations = counter.env["b2b2c.terminal.operation"]
        answers = TerminalAnswers(counter)
        earlier = operations.search(
            [("operator_id", "=", counter.operator.id), ("request_key", "=", key)]
        )
        if earlier:
            self._check_same(answers, earlier, sale)
            return answers.get_result(earlier, repeated=True)
        reference = sale.receipt or self._get_number(counter)
        self._check_receipt(counter, reference)
        # the row of the operator's day also lines up his own requests: of two taps at
        # once the second one starts over, and finds what the first recorded
        day = counter.env["b2b2c.terminal.day"]._count_operation(
            counter.operator,
            counter.company,
            get_today(counter.company),
            sale.amount,
        )
        intake = counter.env["b2b2c.intake"]
        document, created = intake._record(
            sale.to_values(reference),
            company=counter.company,
            channel="terminal",
            operator=counter.operator,
            reporter=counter.reporter,
        )
        if not created:
            self._check_receipt(counter, reference)
        intake._settle(document)
        operation = self._log(counter, document, sale, day, key)
        return answers.get_result(operation)

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
        return TerminalAnswers(counter).describe_operation(operation)

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

    # === RECORDING === #

    @api.model
    def _read_further(self, sale):
        """Return what else an operator entered, in the words of the intake.

        A package that lets operators enter more extends it with ``super()``.

        :param dict sale: as the client sent it: anything
        :raise LoyaltyError: with a sentence that says what to do
        """
        return {}

    def _check_same(self, answers, operation, sale):
        """Refuse a key that was used for something else."""
        if (
            operation.member_id != sale.member
            or Decimal(str(operation.amount)) != sale.amount
        ):
            raise LoyaltyError(
                self.env._(
                    "This was already recorded at %(time)s with %(amount)s. Cancel it "
                    "in the list before you record it anew.",
                    time=answers.word_time(operation.recorded_at),
                    amount=answers.word_amount(operation),
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
        when = TerminalAnswers(counter).word_time(document.create_date, day=True)
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

    def _get_number(self, counter):
        """Return a free number for a sale without a receipt: short, people read it."""
        sequence = counter.env["ir.sequence"]
        find = counter.env["b2b2c.intake"]._find_document
        while True:
            number = sequence.next_by_code("b2b2c.terminal.operation")
            # somebody may have typed the same as the number of a receipt
            if not find(counter.company, "sale", number, counter.reporter):
                return number

    def _log(self, counter, document, sale, day, key):
        """Keep who recorded what from where, and count the points given."""
        results = self._get_results(document, sale.member)
        points = sum(
            (row["points"] + row["points_pending"] for row in results), Decimal(0)
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
                "points_text": TerminalAnswers(counter).word_points(results),
                **operations._get_origin(),
            }
        )

    def _get_results(self, document, member):
        """Return what is booked for a participant by a document."""
        results = document.env["b2b2c.intake"]._results(document)[document.id]
        own_ids = self._get_own_ids(member)
        return [row for row in results if row["member_id"] in own_ids]

    def _get_own_ids(self, member):
        """Return the ids of a participant, and of the same person's memberships in
        other companies: their programs may award points for the same sale."""
        elsewhere = member.search(
            [
                ("partner_id", "=", member.partner_id.id),
                ("company_id", "!=", member.company_id.id),
            ]
        )
        return {member.id, member._get_survivor().id, *elsewhere.ids}

    # === ANSWERS === #

    def _answer(self, status, message=False, members=(), **further):
        members = list(members)
        return {"status": status, "message": message, "members": members, **further}

    def _get_recent(self, counter):
        """Return the operator's operations of today, newest first."""
        operations = counter.env["b2b2c.terminal.operation"].search(
            [
                ("operator_id", "=", counter.operator.id),
                ("company_id", "=", counter.company.id),
                ("day_id.day", "=", get_today(counter.company)),
            ],
            limit=_RECENT,
        )
        answers = TerminalAnswers(counter)
        return [answers.describe_operation(operation) for operation in operations]
