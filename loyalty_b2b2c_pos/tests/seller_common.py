"""A till with three sellers, and what a till sends."""

from datetime import timedelta
from uuid import uuid4

from odoo import Command, api, fields
from odoo.tests import new_test_user

from .common import PosLoyaltyCommon


class SellerCommon(PosLoyaltyCommon):
    """Nina and Ivan sell and take part, Petro sells only; each is a user of the till.

    Paper costs 100.00; the rule gives who sold it 5 % when it is paid.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.shop = cls.company.partner_id
        cls.program = cls._create_program(
            {"role": "salesperson", "pick": "seller", "trigger": "paid"}
        )
        cls.nina_user, cls.nina = cls._create_seller("nina")
        cls.ivan_user, cls.ivan = cls._create_seller("ivan")
        cls.petro_user = cls._create_cashier("petro")
        cls.manager = cls._create_user("boss", "loyalty_b2b2c.group_manager")

    @classmethod
    def _create_cashier(cls, login):
        return new_test_user(
            cls.env,
            f"till-{login}",
            groups="base.group_user,point_of_sale.group_pos_user",
            name=login.title(),
            email=f"{login}@till.example.com",
            password=f"{login}-password",
            company_id=cls.company.id,
            company_ids=[Command.set(cls.company.ids)],
        )

    @classmethod
    def _create_seller(cls, login, **values):
        """Return (user, participant) of somebody who sells at the till."""
        user = cls._create_cashier(login)
        values = {"role": "salesperson", "employer_id": cls.shop.id, **values}
        return user, cls._create_member(partner_id=user.partner_id.id, **values)

    def _catch_up(self):
        """Sweep as the scheduled action does."""
        with self.enter_registry_test_mode(), self.registry.cursor() as cr:
            env = api.Environment(cr, self.env.ref("base.user_root").id, {})
            env["b2b2c.ticket"]._cron_catch_up()
        self.env.invalidate_all()

    # === WHAT A TILL SENDS === #

    def _make_order(self, *lines, by=None, **values):
        """Return a paid order as a till sends it.

        :param lines: pieces of paper, or ``(pieces, line it takes back)``
        :param by: who is logged in, Nina by default
        """
        lines = [line if isinstance(line, tuple) else (line, None) for line in lines]
        total = 100 * sum(pieces for pieces, _sold in lines)
        return {
            "uuid": str(uuid4()),
            "access_token": str(uuid4()),
            "session_id": self.till.current_session_id.id,
            "company_id": self.company.id,
            "user_id": (by or self.nina_user).id,
            "partner_id": False,
            "pricelist_id": False,
            "fiscal_position_id": False,
            "date_order": fields.Datetime.to_string(fields.Datetime.now()),
            "pos_reference": str(uuid4()),
            "sequence_number": 1,
            "state": "paid",
            "to_invoice": False,
            "last_order_preparation_change": "{}",
            "amount_total": total,
            "amount_paid": total,
            "amount_tax": 0,
            "amount_return": 0,
            "lines": [
                Command.create(
                    {
                        "uuid": str(uuid4()),
                        "product_id": self.product.id,
                        "qty": pieces,
                        "price_unit": 100,
                        "price_subtotal": 100 * pieces,
                        "price_subtotal_incl": 100 * pieces,
                        "discount": 0,
                        "tax_ids": [Command.clear()],
                        "pack_lot_ids": [],
                        "refunded_orderline_id": sold and sold.id,
                    }
                )
                for pieces, sold in lines
            ],
            "payment_ids": [
                Command.create(
                    {
                        "uuid": str(uuid4()),
                        "amount": total,
                        "name": fields.Datetime.to_string(fields.Datetime.now()),
                        "payment_method_id": self.card.id,
                    }
                )
            ]
            if total
            else [],
            **values,
        }

    def _sync(self, *orders):
        """Send orders as the cashier's till does; return them as they are stored."""
        tickets = self.env["pos.order"].with_user(self.petro_user)
        # invoices are made, and not printed
        data = tickets.with_context(generate_pdf=False).sync_from_ui(orders)
        ids = [row["id"] for row in data["pos.order"]]
        return self.env["pos.order"].browse(ids)

    def _sell_by(self, user, *lines, **values):
        """Sell at the till; return the ticket."""
        order = self._make_order(*lines, by=user, **values)
        self._sync(order)
        return self.env["pos.order"].search([("uuid", "=", order["uuid"])])

    def _take_back(self, line, pieces, by=None, *more, **values):
        """Take goods of a line back, all in a ticket of its own; return its lines."""
        return self._sell_by(by, (-pieces, line), *more, **values).lines

    def _get_token(self, name, till=None):
        """Return the token with which the till says that somebody sold."""
        till = (till or self.till).with_user(self.petro_user)
        found = till.b2b2c_find_sellers(name)["sellers"]
        [token] = [row["token"] for row in found if row["name"] == name]
        return token

    def _points(self):
        """Return what Nina and Ivan have."""
        self._process()
        return tuple(
            self._account(member)._get_balances()[self._account(member).id]["posted"]
            for member in (self.nina, self.ivan)
        )

    def assertPoints(self, nina, ivan=0):
        """Fail unless Nina and Ivan have these points."""
        self.assertEqual(self._points(), (nina, ivan))

    def _days_ago(self, days):
        moment = fields.Datetime.now() - timedelta(days=days)
        return fields.Datetime.to_string(moment)
