"""A till and the network it takes part in, over HTTP.

The network is this database as well: what the till knows of it, it knows by the API.
"""

import unittest
from unittest.mock import patch
from uuid import uuid4

import requests

from odoo import Command, fields
from odoo.exceptions import AccessError
from odoo.tests import HttpCase, new_test_user, tagged
from odoo.tools import mute_logger

from ..models import network_client

CALLS = "odoo.addons.loyalty_b2b2c_network_client.models.points_network_call"


@tagged("post_install", "-at_install")
class TestNetwork(HttpCase):
    """A ring costs 100.00; the network gives 5 %, a point pays 0.10; Iryna: 1,000."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        if "b2b2c.spend" not in cls.env:
            raise unittest.SkipTest("the network itself is not installed")
        cls.env = cls.env(context=dict(cls.env.context, tracking_disable=True))
        cls.company = cls.env.company
        cls._make_network()
        cls._make_till()

    @classmethod
    def _make_network(cls):
        """Make the side of who runs the network."""
        env = cls.env
        cls.unit = env.ref("loyalty_b2b2c.unit_points")
        cls.unit.with_company(cls.company).face_value = 0.1
        cls.jeweller = env["res.partner"].create(
            {"name": "Jeweller", "is_company": True}
        )
        person = env["res.partner"].create(
            {"name": "Iryna Buyer", "email": "iryna@example.com"}
        )
        cls.member = env["b2b2c.member"].create(
            {
                "partner_id": person.id,
                "role": "customer",
                "employer_id": cls.jeweller.id,
                "enrolled_at": "2020-01-01",
                "consent_at": "2020-01-01",
            }
        )
        cls.account = cls.member._get_account(cls.unit)
        cls.account._earn(1000, source_key="network-test/start")
        kinds = env["b2b2c.document.kind"].search([])
        program = env["b2b2c.program"].create(
            {
                "name": "Rings",
                "unit_id": cls.unit.id,
                "is_network": True,
                "rule_ids": [
                    Command.create(
                        {
                            "name": "5 %",
                            "role": "customer",
                            "trigger": "paid",
                            "value": 5,
                            "document_kind_ids": [Command.set(kinds.ids)],
                        }
                    )
                ],
            }
        )
        program.action_start()
        cls.agreement = env["b2b2c.partner.agreement"].create(
            {
                "partner_id": cls.jeweller.id,
                "way": "odoo",
                "starts_on": "2020-01-01",
                "rate_ids": [
                    Command.create(
                        {
                            "unit_id": cls.unit.id,
                            "valid_from": "2020-01-01",
                            "point_value": 0.1,
                        }
                    )
                ],
            }
        )
        cls.agreement.action_activate()
        key = env["b2b2c.api.key"].create(
            {"name": "Jeweller", "reporter_id": cls.jeweller.id, "can_spend": True}
        )
        cls.token = key._renew()

    @classmethod
    def _make_till(cls):
        """Make the side of the partner: a till with a way to pay by the network."""
        env = cls.env
        cls.ring = env["product.product"].create(
            {
                "name": "Ring",
                "list_price": 100,
                "taxes_id": [Command.clear()],
                "available_in_pos": True,
                "default_code": "NOBODY-KNOWS-IT",
            }
        )
        bank = env["account.journal"].search(
            [("type", "=", "bank"), ("company_id", "=", cls.company.id)], limit=1
        )
        cls.points, cls.card = env["pos.payment.method"].create(
            [
                {
                    "name": "Points",
                    "journal_id": bank.id,
                    "use_payment_terminal": "b2b2c_network",
                },
                {"name": "Card", "journal_id": bank.id},
            ]
        )
        cls.till = env["pos.config"].create(
            {
                "name": "Till",
                "payment_method_ids": [Command.set((cls.points | cls.card).ids)],
            }
        )
        cls.till.open_ui()
        cls.cashier = new_test_user(
            env, "network_cashier",
            groups="base.group_user,point_of_sale.group_pos_user",
        )  # fmt: skip

    def setUp(self):
        super().setUp()
        self.company.write(
            {"b2b2c_network_url": self.base_url(), "b2b2c_network_key": self.token}
        )
        self.is_silent = False
        self.startPatcher(patch.object(network_client.requests, "post", self._send))
        cron = type(self.env["ir.cron"])
        self.startPatcher(patch.object(cron, "_commit_progress", lambda *_args: 1))

    def _send(self, url, **options):
        """Send a call over HTTP, as this test's own browser would."""
        if self.is_silent:
            raise requests.ConnectionError
        self.env.flush_all()
        response = self.opener.post(url, **{**options, "timeout": 60})
        self.env.invalidate_all()
        return response

    def _ask(self, question, user=None, **values):
        session = self.till.current_session_id.with_user(user or self.cashier)
        return getattr(session, f"b2b2c_network_{question}")(values)

    def _hold(self, amount, uuid=None, **values):
        uuid = uuid or str(uuid4())
        answer = self._ask(
            "hold", uuid=uuid, amount=amount, method=self.points.id,
            **{"code": self.member.code, **values},
        )  # fmt: skip
        return uuid, answer

    def _sell(self, *payments, quantity=1, **values):
        """Ring up rings, and pay them.

        :param payments: ``(method, amount)`` or ``(method, amount, uuid)``
        """
        order = self.env["pos.order"].create(
            {
                "amount_total": 0,
                "amount_paid": 0,
                "amount_tax": 0,
                "amount_return": 0,
                "date_order": fields.Datetime.now(),
                "session_id": self.till.current_session_id.id,
                "b2b2c_network_code": self.member.code,
                "lines": [
                    Command.create(
                        {
                            "product_id": self.ring.id,
                            "qty": quantity,
                            "price_unit": 100,
                            "price_subtotal": 0,
                            "price_subtotal_incl": 0,
                        }
                    )
                ],
                **values,
            }
        )
        order.lines._onchange_amount_line_all()
        order._compute_prices()
        self._pay(order, *payments)
        return order

    def _pay(self, order, *payments):
        for method, amount, *uuid in payments:
            values = {"uuid": uuid[0]} if uuid else {}
            order.add_payment(
                {
                    "pos_order_id": order.id,
                    "amount": amount,
                    "payment_method_id": method.id,
                    **values,
                }
            )
        order.action_pos_order_paid()

    def _tell(self):
        """Send what waits, whenever it would be tried."""
        calls = self.env["points.network.call"].search([("state", "=", "waiting")])
        calls.next_try_at = False
        calls._cron_send()
        self.env.invalidate_all()
        return self.env["points.network.call"].search([], order="id")

    def _get_points(self):
        balance = self.account._get_balances()[self.account.id]
        return float(balance["posted"]), float(balance["held"])

    def test_who_shows_a_card(self):
        answer = self._ask("show", code=self.member.code, amount=200)
        self.assertEqual(answer["name"], "Iryna B.")
        self.assertEqual(answer["spendable"][0]["amount"], 100)
        self.assertEqual(answer["gains"][0]["points"], 10)
        answer = self._ask("show", code="nobody")
        self.assertEqual(answer["code"], "unknown_member")

    def test_a_sale_in_part_with_points_and_goods_back(self):
        """2 rings, 30.00 of 200.00 with 300 points; 10 points for the sale; one ring
        comes back with its 15.00: 5 points less, 150 more."""
        uuid, answer = self._hold(30)
        self.assertEqual((answer["state"], answer["points"]), ("held", 300))
        order = self._sell((self.points, 30, uuid), (self.card, 170), quantity=2)
        self.assertEqual(self._get_points(), (1000, 300))
        calls = self._tell()
        self.assertEqual({*calls.mapped("state")}, {"done"})
        self.assertEqual(self._get_points(), (710, 0))
        self._tell()
        self.assertEqual(self._get_points(), (710, 0))
        visit = self.env["b2b2c.partner.visit"].search(
            [("agreement_id", "=", self.agreement.id)]
        )
        self.assertEqual(len(visit), 1)
        refund = order._refund()
        refund.lines.qty = -1
        refund.lines._onchange_amount_line_all()
        refund._compute_prices()
        self._pay(refund, (self.points, -15), (self.card, -85))
        self._tell()
        self.assertEqual(self._get_points(), (855, 0))

    def test_a_network_that_is_silent_stops_no_till(self):
        uuid, answer = self._hold(30)
        self.assertEqual(answer["state"], "held")
        self.is_silent = True
        _uuid, answer = self._hold(10)
        self.assertIn("does not answer", answer["refused"])
        order = self._sell((self.points, 30, uuid), (self.card, 70))
        self.assertEqual(order.state, "paid")
        calls = self._tell()
        self.assertEqual({*calls.mapped("state")}, {"waiting"})
        self.assertEqual(sorted(calls.mapped("tries")), [0, 1])
        self.is_silent = False
        self._tell()
        self.assertEqual(self._get_points(), (705, 0))

    def test_a_fault_of_ours_stops_no_till(self):
        with (
            patch.object(
                type(self.env["pos.order"]), "_b2b2c_queue_sales",
                side_effect=RuntimeError,
            ),
            mute_logger("odoo.addons.loyalty_b2b2c_network_client.models.pos_order"),
        ):  # fmt: skip
            order = self._sell((self.card, 100))
        self.assertEqual(order.state, "paid")

    def test_an_agreement_that_ended(self):
        """The till does not know: the sale is kept and earns nothing."""
        self.agreement.write({"ends_on": "2020-12-31", "late_days": 0})
        _uuid, answer = self._hold(30)
        self.assertIn("cannot be spent in this shop", answer["refused"])
        self._sell((self.card, 100))
        calls = self._tell()
        self.assertEqual({*calls.mapped("state")}, {"done"})
        self.assertEqual(self._get_points(), (1000, 0))

    def test_what_is_refused_is_shown_and_stops_nothing_else(self):
        self._sell((self.card, 100), b2b2c_network_code="stranger")
        self._sell((self.card, 100))
        with mute_logger(CALLS):
            calls = self._tell()
        self.assertEqual(calls.mapped("state"), ["refused", "done"])
        self.assertTrue(calls[0].problem)
        self.assertEqual(self._get_points(), (1005, 0))

    def test_points_are_released_also_when_nobody_answers(self):
        uuid, _answer = self._hold(30)
        self.is_silent = True
        self.assertTrue(self._ask("release", uuid=uuid)["released"])
        self.is_silent = False
        self._tell()
        self.assertEqual(self._get_points(), (1000, 0))

    def test_garbage_and_strangers(self):
        for values in ({}, {"code": [1]}, {"code": self.member.code, "amount": "x"}):
            answer = self._ask("hold", method=self.points.id, **values)
            self.assertIn("refused", answer)
        self.assertIn("refused", self._ask("hold", method=self.card.id))
        nobody = new_test_user(self.env, "network_nobody", groups="base.group_user")
        for question in ("show", "hold", "send_code", "release"):
            with self.assertRaises(AccessError), self.env.cr.savepoint():
                self._ask(question, user=nobody, method=self.points.id)
        with self.assertRaises(AccessError):
            self.company.with_user(self.cashier).read(["b2b2c_network_key"])
        self.assertEqual(self._get_points(), (1000, 0))
