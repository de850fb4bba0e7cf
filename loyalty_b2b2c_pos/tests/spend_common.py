"""A till that takes points, asked the way its screen asks."""

from uuid import uuid4

from odoo import Command, fields

from .common import PosLoyaltyCommon


class TillSpendCommon(PosLoyaltyCommon):
    """Paper costs 100.00; a point pays 0.10; Olena has 1,000 of them: 100.00.

    Nobody is asked for a PIN below 1,000.00.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.unit.write({"face_value": 0.1, "point_value": 0.1})
        cls.owed = cls.env["account.account"].create(
            {"name": "Points", "account_type": "liability_current", "code": "280008"}
        )
        cls.company.b2b2c_liability_account_id = cls.owed
        cls.person, cls.account = cls._create_buyer(1000)
        cls.cash = cls.env["pos.payment.method"].create(
            {
                "name": "Cash",
                "journal_id": cls.env["account.journal"]
                .create({"name": "Till cash", "type": "cash", "code": "TCSH"})
                .id,
            }
        )
        cls.shop = cls._create_till("Shop")
        cls.points = cls.shop.payment_method_ids.filtered("b2b2c_unit_id")

    @classmethod
    def _create_buyer(cls, points, **values):
        """Return a participant and the account with points."""
        person = cls.member
        if values:
            person = cls._create_member(role="owner", phone=None, **values)
        account = person._get_account(cls.unit)
        account._earn(points, source_key=f"start/{person.id}")
        return person, account

    @classmethod
    def _create_till(cls, name, **values):
        """Return an open till that takes points, cards and (the first one) cash."""
        methods = cls.card | (
            cls.cash if not cls.cash.config_ids else cls.cash.browse()
        )
        till = cls.env["pos.config"].create(
            {
                "name": name,
                "payment_method_ids": [Command.set(methods.ids)],
                **values,
            }
        )
        cls.env["b2b2c.till.points"].create(
            {
                "config_ids": [Command.set(till.ids)],
                "unit_id": cls.unit.id,
                "account_id": cls.owed.id,
                "proof_above": 1000,
            }
        ).action_set_up()
        till.open_ui()
        till.current_session_id.set_opening_control(0, "")
        return till

    def setUp(self):
        super().setUp()
        self.cashier = self._create_cashier()

    def _create_cashier(self):
        return self.env["res.users"].create(
            {
                "name": "Cashier",
                "login": f"cashier-{uuid4()}",
                "group_ids": [
                    Command.set(
                        [
                            self.env.ref("base.group_user").id,
                            self.env.ref("point_of_sale.group_pos_user").id,
                        ]
                    )
                ],
                "company_id": self.company.id,
                "company_ids": [Command.set(self.company.ids)],
            }
        )

    # === WHAT THE SCREEN ASKS === #

    def _ask(self, question, /, till=None, user=None, **values):
        session = (till or self.shop).current_session_id.with_user(user or self.cashier)
        return getattr(session, question)(values)

    def _hold(self, amount, uuid=None, till=None, user=None, **values):
        """Reserve points for a payment line.

        :return: ``(uuid, answer)``
        """
        uuid = uuid or str(uuid4())
        asked = {
            "uuid": uuid,
            "order_uuid": f"order-{uuid}",
            "method": self.points.id,
            "token": self.person.code,
            "amount": amount,
            **values,
        }
        return uuid, self._ask("b2b2c_hold_points", till=till, user=user, **asked)

    def _held(self, amount, **values):
        """Reserve points that are there; return the identity of the line."""
        uuid, answer = self._hold(amount, **values)
        self.assertTrue(answer.get("held"), answer)
        return uuid

    def _release(self, uuid):
        return self._ask("b2b2c_release_points", uuid=uuid)

    # === WHAT THE SCREEN SENDS === #

    def _sync(self, *payments, quantity=1, till=None, process=True, **values):
        """Send a ticket as a till does, paid unless told otherwise.

        :param payments: ``(method, amount)`` or ``(method, amount, uuid)``
        :param bool process: whether the outbox is processed
        """
        till = till or self.shop
        refunds = values.pop("refunds", None)
        price = values.pop("price", self.product.lst_price)
        total = quantity * price
        line = {
            "product_id": self.product.id,
            "qty": quantity,
            "price_unit": price,
            "price_subtotal": total,
            "price_subtotal_incl": total,
            "discount": 0,
            "tax_ids": [Command.clear()],
            "uuid": str(uuid4()),
        }
        if refunds:
            line["refunded_orderline_id"] = refunds.id
        paid = sum(amount for _method, amount, *_uuid in payments)
        ticket = {
            "uuid": str(uuid4()),
            "access_token": str(uuid4()),
            "state": "paid",
            "session_id": till.current_session_id.id,
            "company_id": self.company.id,
            "user_id": self.cashier.id,
            "pricelist_id": till.pricelist_id.id,
            "partner_id": False,
            "date_order": fields.Datetime.to_string(fields.Datetime.now()),
            "amount_total": total,
            "amount_paid": paid,
            "amount_tax": 0,
            "amount_return": total - paid if paid > total > 0 else 0,
            "is_refund": bool(refunds),
            "lines": [Command.create(line)],
            "payment_ids": [
                Command.create(
                    {
                        "payment_method_id": method.id,
                        "amount": amount,
                        "uuid": uuid[0] if uuid else str(uuid4()),
                        "payment_date": fields.Datetime.to_string(
                            fields.Datetime.now()
                        ),
                    }
                )
                for method, amount, *uuid in payments
            ],
            **values,
        }
        answer = self.env["pos.order"].with_user(self.cashier).sync_from_ui([ticket])
        order_ids = [row["id"] for row in answer["pos.order"]]
        order = self.env["pos.order"].search([("uuid", "=", ticket["uuid"])])
        self.assertIn(order.id, order_ids)
        if process:
            self._process()
        return order

    def _bring_back_paid(self, order, *payments, quantity=1, **values):
        """Take goods back at a till, and pay back with methods."""
        return self._sync(
            *payments, quantity=-quantity, refunds=order.lines[:1], **values
        )

    # === WHAT SHOULD BE === #

    def _points_of(self, account=None):
        """Return ``(posted, reserved)`` points."""
        account = account or self.account
        values = account._get_balances()[account.id]
        return float(values["posted"]), float(values["held"])

    def _incidents(self):
        return sorted(self.env["b2b2c.spend.incident"].search([]).mapped("kind"))
