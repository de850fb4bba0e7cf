"""The world of the tests and its builders.

Importable by integrators: inherit :class:`LoyaltyCommon` and use the ``_create_*`` and
document helpers.  Nothing here needs demo data.
"""

from odoo import Command, api, fields
from odoo.tests import TransactionCase
from odoo.tools import SQL

from ..models.processing.b2b2c_event import _process_waiting

#: Logs what channels refuse.
SENDER = "odoo.addons.loyalty_b2b2c.models.messages.b2b2c_notification_send"


class LoyaltyCommon(TransactionCase):
    """A supplier, its client company with an employee, one product, one program."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(context=dict(cls.env.context, tracking_disable=True))
        cls.company = cls.env.company
        cls._ensure_chart()
        cls.unit = cls.env.ref("loyalty_b2b2c.unit_points")
        cls.client = cls.env["res.partner"].create(
            {
                "name": "Office Client",
                "is_company": True,
                "country_id": cls.env.ref("base.ua").id,
                "email": "office@client.example.com",
            }
        )
        cls.contact = cls.env["res.partner"].create(
            {
                "name": "Olena Kovalenko",
                "parent_id": cls.client.id,
                "email": "olena@client.example.com",
                "phone": "+380 67 123 45 67",
            }
        )
        cls.product = cls._create_product("Paper A4", 100.0)
        cls.member = cls._create_member(contact_id=cls.contact.id)

    @classmethod
    def _ensure_chart(cls):
        """Load the generic chart of accounts when the database has none."""
        journals = cls.env["account.journal"].search(
            [("type", "=", "sale"), ("company_id", "=", cls.company.id)], limit=1
        )
        if not journals:
            cls.env["account.chart.template"].try_loading(
                "generic_coa", cls.company, install_demo=False
            )

    # === BUILDERS === #

    @classmethod
    def _create_product(cls, name, price, **values):
        """Create a storable product without tax, invoiced on ordered quantities."""
        return cls.env["product.product"].create(
            {
                "name": name,
                "type": "consu",
                "list_price": price,
                "taxes_id": [Command.clear()],
                "invoice_policy": "order",
                **values,
            }
        )

    @classmethod
    def _create_member(cls, **values):
        """Enroll a private person at the client, since long ago."""
        if "partner_id" not in values:
            values["partner_id"] = (
                cls.env["res.partner"]
                .create(
                    {
                        "name": values.pop("name", "Olena Kovalenko"),
                        "email": values.pop("email", "olena@example.com"),
                        "phone": values.pop("phone", "+380 67 123 45 67"),
                        "country_id": cls.env.ref("base.ua").id,
                    }
                )
                .id
            )
        return cls.env["b2b2c.member"].create(
            {
                "role": "employee",
                "employer_id": cls.client.id,
                "company_id": cls.company.id,
                "enrolled_at": "2020-01-01 00:00:00",
                "consent_at": "2020-01-01 00:00:00",
                **values,
            }
        )

    @classmethod
    def _create_program(cls, *rules, **values):
        """Create and start a program with the given rules (dicts of values).

        A rule is for every kind of documents unless it says for which.
        """
        usual = {
            "name": "5 % of the order",
            "value": 5,
            "document_kind_ids": [Command.set(cls._get_document_kinds().ids)],
        }
        program = cls.env["b2b2c.program"].create(
            {
                "name": "Office Club",
                "company_id": cls.company.id,
                "unit_id": cls.unit.id,
                "timezone": "UTC",
                "rule_ids": [
                    Command.create({**usual, **rule}) for rule in rules or ({},)
                ],
                **values,
            }
        )
        program.action_start()
        return program

    @classmethod
    def _get_document_kinds(cls, *codes):
        """Return kinds of documents by their codes, all of them by default."""
        kinds = cls.env["b2b2c.document.kind"].search([])
        return kinds.filtered(lambda kind: kind.code in codes) if codes else kinds

    @classmethod
    def _create_order(cls, quantity=10, product=None, confirm=True, **values):
        """Create an order of the client: 10 × 100.00 by default."""
        order = cls.env["sale.order"].create(
            {
                "partner_id": cls.contact.id,
                "order_line": [
                    Command.create(
                        {
                            "product_id": (product or cls.product).id,
                            "product_uom_qty": quantity,
                        }
                    )
                ],
                **values,
            }
        )
        if confirm:
            order.action_confirm()
        return order

    @classmethod
    def _create_tax(cls, percent):
        """Create a sales tax that comes on top of the price."""
        return cls.env["account.tax"].create(
            {
                "name": f"{percent} % on top",
                "amount": percent,
                "amount_type": "percent",
                "type_tax_use": "sale",
                "price_include_override": "tax_excluded",
                "company_id": cls.company.id,
            }
        )

    @classmethod
    def _create_currency_rate(cls, code, rate=None):
        """Return an active currency with only this rate (none: no rate at all)."""
        currency = cls.env["res.currency"].with_context(active_test=False)
        currency = currency.search([("name", "=", code)])
        currency.active = True
        currency.rate_ids.unlink()
        if rate:
            cls.env["res.currency.rate"].create(
                {
                    "currency_id": currency.id,
                    "name": "2020-01-01",
                    "rate": rate,
                    "company_id": cls.company.id,
                }
            )
        return currency

    @classmethod
    def _create_pricelist(cls, currency):
        """Create a pricelist in a currency."""
        return cls.env["product.pricelist"].create(
            {"name": currency.name, "currency_id": currency.id}
        )

    @classmethod
    def _create_lines_order(cls, *lines, confirm=True, uom=None, **values):
        """Create an order of several lines without tax.

        :param lines: ``(product, quantity, price)``
        :param uom: unit of measure of all lines, the products' own by default
        """
        return cls._create_order(
            confirm=confirm,
            order_line=[
                Command.create(
                    {
                        "product_id": product.id,
                        "product_uom_qty": quantity,
                        "price_unit": price,
                        **({"product_uom_id": uom.id} if uom else {}),
                    }
                )
                for product, quantity, price in lines
            ],
            **values,
        )

    @classmethod
    def _create_user(cls, login, *groups):
        """Create an internal user with the given groups only."""
        return (
            cls.env["res.users"]
            .with_context(no_reset_password=True)
            .create(
                {
                    "name": login.title(),
                    "login": login,
                    "email": f"{login}@example.com",
                    "company_id": cls.company.id,
                    "company_ids": [Command.set(cls.company.ids)],
                    "group_ids": [
                        Command.set([cls.env.ref(group).id for group in groups])
                    ],
                }
            )
        )

    # === DOCUMENT HELPERS: the same public actions a user's click calls === #

    @classmethod
    def _deliver(cls, order, quantity=None):
        """Ship the open delivery of an order, in full by default."""
        picking = order.picking_ids.filtered(
            lambda p: p.state not in ("done", "cancel")
        )
        for move in picking.move_ids:
            move.quantity = quantity if quantity is not None else move.product_uom_qty
            move.picked = True
        picking.with_context(skip_backorder=True).button_validate()
        return picking

    @classmethod
    def _return(cls, picking, quantity, to_refund=True):
        """Take ``quantity`` of every product of a delivery back."""
        quantities = dict.fromkeys(picking.move_ids, quantity)
        return cls._return_moves(picking, quantities, to_refund)

    @classmethod
    def _return_moves(cls, picking, quantities, to_refund=True):
        """Take goods of a delivery back.

        :param quantities: dict ``stock.move`` of the delivery -> quantity
        :param to_refund: whether the order counts them as not delivered
        """
        wizard = (
            cls.env["stock.return.picking"]
            .with_context(
                active_id=picking.id, active_ids=picking.ids, active_model=picking._name
            )
            .create({})
        )
        for line in wizard.product_return_moves:
            line.quantity = quantities.get(line.move_id, 0)
            line.to_refund = to_refund
        back = wizard._create_return()
        for move in back.move_ids:
            move.quantity = move.product_uom_qty
            move.picked = True
        back.with_context(skip_backorder=True).button_validate()
        return back

    @classmethod
    def _invoice(cls, order):
        """Invoice an order and post the invoice."""
        invoice = order._create_invoices()
        invoice.action_post()
        return invoice

    @classmethod
    def _pay(cls, invoice, amount=None):
        """Register a payment of an invoice, in full by default."""
        wizard = (
            cls.env["account.payment.register"]
            .with_context(active_model="account.move", active_ids=invoice.ids)
            .create({"amount": amount} if amount else {})
        )
        return wizard._create_payments()

    @classmethod
    def _credit_note(cls, invoice, quantity=None):
        """Post a credit note of an invoice, in full or for ``quantity`` units."""
        refund = invoice._reverse_moves(
            [{"invoice_date": fields.Date.today()}], cancel=False
        )
        if quantity is not None:
            refund.invoice_line_ids.quantity = quantity
        refund.action_post()
        return refund

    @classmethod
    def _merge(cls, source, target):
        """Merge a contact into another one, as an administrator does."""
        wizard = cls.env["base.partner.merge.automatic.wizard"].create({})
        wizard._merge((source | target).ids, target)
        cls.env.invalidate_all()

    # === READING === #

    def _process(self):
        """Process the outbox as a request does after its commit."""
        events = self.env["b2b2c.event"]._process_now()
        self.env.invalidate_all()  # it is another transaction in real life
        return events

    def _sweep(self):
        """Process the outbox as the cron does: a failure stays in its event."""
        with self.enter_registry_test_mode():
            return _process_waiting(self.env.registry, SQL("TRUE"))

    def _send_messages(self):
        """Send the waiting messages as the scheduled action does."""
        with self.enter_registry_test_mode(), self.registry.cursor() as cr:
            env = api.Environment(cr, self.env.ref("base.user_root").id, {})
            env["b2b2c.notification"]._cron_send()
        self.env.invalidate_all()

    def _events(self, document, state=None):
        """Return the events of a document, oldest first."""
        domain = [
            ("source_model", "=", document._name),
            ("source_id", "in", document.ids),
        ]
        if state:
            domain.append(("state", "=", state))
        return self.env["b2b2c.event"].search(domain, order="id")

    def _account(self, member=None):
        """Return the member's points account."""
        return (member or self.member)._get_account(self.unit)

    def _balances(self, member=None):
        """Process the outbox; return (available, pending, debt) of the member."""
        self._process()
        account = self._account(member)
        account.invalidate_recordset()
        return (
            account.balance_available,
            account.balance_pending,
            account.balance_debt,
        )

    def _entries(self, *types):
        """Return the member's entries of the given types, oldest first."""
        domain = [("account_id", "=", self._account().id)]
        if types:
            domain.append(("entry_type", "in", types))
        return self.env["b2b2c.ledger.entry"].search(domain, order="id")

    def assertBooksRight(self):
        """Fail when any balance, lot or allocation of the database is off."""
        self.assertEqual([str(p) for p in self.env["b2b2c.account"]._verify_all()], [])
