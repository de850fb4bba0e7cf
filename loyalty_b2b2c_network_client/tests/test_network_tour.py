"""A till of a partner on its screen; what the network answers is written here.

The network itself, over HTTP, is in ``test_network.py``.
"""

from unittest.mock import patch

from odoo import Command
from odoo.tests import HttpCase, new_test_user, tagged

from ..models.network_client import NetworkClient, Refused, Unreachable


class FakeNetwork:
    """A network with one buyer: 1,000 points of 0.10, and the PIN 4711 from 20.00 on.

    The answer to whoever pays 13.00 is lost.
    """

    def __init__(self):
        self.held = {}

    def post(self, path, body):
        """Answer like the API; what it does not know here is taken."""
        if path == "/members/shown":
            return self.show(body)
        if path == "/spends":
            return self.hold(body)
        if path == "/spends/release":
            raise Unreachable("silent")
        return {}

    def show(self, body):
        if body["code"] != "IRYNA":
            raise Refused("unknown_member", "Nobody has this code.")
        gain = body["basket"]["amount"] * 0.05
        return {
            "name": "Iryna B.",
            "balances": [{"unit": "pts", "available": 1000}],
            "spendable": [{"unit": "pts", "amount": 100, "currency": "USD"}],
            "gains": [{"unit": "pts", "points": gain, "points_pending": 0}],
        }

    def hold(self, body):
        amount, proof = body["amount"], body.get("proof")
        if amount >= 20 and proof != "4711":
            code = "wrong_proof" if proof else "proof_needed"
            words = "This is not right." if proof else "Ask for the PIN."
            raise Refused(code, words)
        if sum(self.held.values()) + amount > 100:
            raise Refused("too_few", "There are too few points.")
        self.held[body["key"]] = amount
        if amount == 13:
            raise Unreachable("lost")
        return {"key": body["key"], "state": "held", "points": amount * 10}


@tagged("post_install", "-at_install")
class TestNetworkTour(HttpCase):
    browser_size = "1180x820"  # a tablet

    def _create_till(self):
        company = self.env.company
        company.write(
            {"b2b2c_network_url": "https://points.example", "b2b2c_network_key": "key"}
        )
        self.env["product.product"].create(
            {
                "name": "Ring",
                "list_price": 100,
                "taxes_id": [Command.clear()],
                "available_in_pos": True,
            }
        )
        bank = self.env["account.journal"].search(
            [("type", "=", "bank"), ("company_id", "=", company.id)], limit=1
        )
        methods = self.env["pos.payment.method"].create(
            [
                {
                    "name": "Points",
                    "journal_id": bank.id,
                    "use_payment_terminal": "b2b2c_network",
                },
                {"name": "Card", "journal_id": bank.id},
            ]
        )
        till = self.env["pos.config"].create(
            {
                "name": "Till",
                "payment_method_ids": [Command.set(methods.ids)],
                "auto_validate_terminal_payment": False,
            }
        )
        till.open_ui()
        till.current_session_id.set_opening_control(0, "")
        new_test_user(
            self.env,
            "network-seller",
            password="network-seller",
            groups="base.group_user,point_of_sale.group_pos_user",
        )
        return till

    def test_a_till_of_a_partner(self):
        till = self._create_till()
        network = FakeNetwork()
        with patch.object(
            NetworkClient, "post", lambda _self, *args: network.post(*args)
        ):
            self.start_tour(
                f"/pos/ui/{till.id}", "b2b2c_network_till", login="network-seller"
            )
        self.env.invalidate_all()
        first, second = till.current_session_id.order_ids.sorted("id")
        paid = [
            sorted(
                (payment.payment_method_id.name, payment.amount)
                for payment in order.payment_ids
            )
            for order in (first, second)
        ]
        self.assertEqual(paid, [[("Card", 70), ("Points", 30)], [("Card", 100)]])
        [lost, kept] = network.held
        calls = self.env["points.network.call"].search([])
        self.assertIn(f"release/{lost}", calls.mapped("key"))
        self.assertIn(f"capture/{kept}", calls.mapped("key"))
        sales = calls.filtered(lambda call: call.path == "/sales")
        self.assertEqual(len(sales), 2)

    def test_no_fault_of_ours_stops_a_sale(self):
        """Each hook of the screen fails in turn, then all do: each ring is paid."""
        till = self._create_till()
        network = FakeNetwork()
        network.hold = lambda body: {"key": body["key"], "state": "held", "points": 100}
        with patch.object(
            NetworkClient, "post", lambda _self, *args: network.post(*args)
        ):
            self.start_tour(
                f"/pos/ui/{till.id}",
                "b2b2c_network_faults",
                login="network-seller",
                timeout=1200,
            )
        self.env.invalidate_all()
        orders = till.current_session_id.order_ids
        paid = orders.filtered(lambda order: order.state == "paid")
        self.assertEqual(paid.mapped("amount_total"), [100.0] * len(paid))
        self.assertGreater(len(paid), 10)
        sales = self.env["points.network.call"].search([("path", "=", "/sales")])
        self.assertEqual(len(sales), len(paid))
