"""A key opens what is its partner's, as far as it was given: tried over HTTP.

The jeweller has a till, which pays with points, and an office that reports shipments.
Five others with keys of their own try what is not theirs: a partner, another till of
the jeweller, our own till, another company of the database, and the till's old key.
"""

from dataclasses import replace
from datetime import datetime, timedelta, timezone
from unittest.mock import patch

from odoo.tests import tagged

from ...models.api import b2b2c_api_key
from ...models.api.b2b2c_ledger_entry import B2b2cLedgerEntryFeed
from ...models.cards import b2b2c_member as cards
from ..api import test_api_spends
from ..api.test_api import ApiCommon
from ..supply.common import SupplyCommon
from .attack_kit import SUCCEEDED, AttackKit

#: What a key of the same partner, or our own, does by right.
BY_RIGHT = {
    ("sale of the till cancelled", "its other till"),
    ("sale of the till told to be paid", "its other till"),
    ("answer to the till repeated", "its other till"),
    ("buyer of the till in a preview", "its other till"),
    ("buyer of the till in a preview", "our till"),
}


class KeysCommon(SupplyCommon, AttackKit, ApiCommon):
    """Olena has 1,000 points, of which 200 are reserved and 200 spent at the till."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.member._get_account(cls.unit)._earn(1000, source_key="attack/keys")
        cls.jeweller, cls.thief = cls.env["res.partner"].create(
            [{"name": name, "is_company": True} for name in ("Jeweller", "Rival")]
        )
        cls.env["res.partner"].create(
            {"name": "Shop", "parent_id": cls.jeweller.id, "ref": "NORTH"}
        )
        for partner in (cls.jeweller, cls.thief):
            test_api_spends.TestApiSpends._create_agreement.__func__(cls, partner)
        everything = {
            "can_spend": True,
            "reports_shipment": True,
            "reports_event": True,
            "reports_others": True,
        }
        cls.till = cls._make(reporter_id=cls.jeweller.id, can_spend=True)
        cls.office = cls._make(reporter_id=cls.jeweller.id, reports_shipment=True)
        cls.of_north = cls._make(reporter_id=cls.north.id, reports_shipment=True)
        company = cls.env["res.company"].create({"name": "Elsewhere"})
        old_key, old = cls._create_key(reporter_id=cls.jeweller.id, **everything)
        old_key.action_revoke()
        few = {"can_read": False, "can_spend": False, "reports_shipment": False}
        cls.roles = {
            "another partner": cls._make(reporter_id=cls.thief.id, **everything),
            "its other till": cls._make(reporter_id=cls.jeweller.id, **few),
            "our till": cls._make(reports_event=False, **few),
            "another company": cls._make(company_id=company.id, **everything),
            "its old key": old,
        }
        cls.heard = set()
        # what a running transaction booked is not final: here it has to be
        horizon = patch.object(B2b2cLedgerEntryFeed, "_get_horizon", lambda self: 2**62)
        cls.startClassPatcher(horizon)

    @classmethod
    def _make(cls, **values):
        return cls._create_key(**values)[1]

    def _get_stake(self, _token):
        """Return what is booked, recorded and spent, and what a caller heard."""
        env = self.env
        documents = env["b2b2c.external.document"].search(
            ["|", ("state", "!=", "cancelled"), ("reporter_id", "=", self.jeweller.id)]
        )
        spends = env["b2b2c.spend"].search([])
        orders = env["b2b2c.supply.order"].search([])
        account = self.member.account_ids
        return (
            [(one.reference, one.state, one.status) for one in documents],
            [(one.key, one.state, one.amount, one.amount_back) for one in spends],
            [(one.state, one.points_spent) for one in orders],
            [(one.balance_available, one.balance_held) for one in account],
            frozenset(self.heard),
        )

    # === WHAT THE TILL AND THE OFFICE DID === #

    def _do(self, token, path, body, **headers):
        answer = self._post(path, body, token=token, **headers)
        self.assertLess(answer.status_code, 300, answer.text)
        return answer.json()

    def _hold_points(self, key="T1"):
        body = {"key": key, "amount": 10, "code": self.member.code}
        return self._do(self.till, "/spends", body)

    def _record_for(self, token, path="/sales", **values):
        body = {
            "reference": "R-1",
            "status": "confirmed",
            "partner": {"ref": "C-1"},
            "lines": [{"product": "PAPER", "quantity": 2, "amount": 100}],
            **values,
        }
        return self._do(token, path, body)

    def _listen(self, token, secret, method, path, body=None, **headers):
        """Call, and remember when a secret is told."""

        def act():
            answer = self._call(method, path, body, token=token, **headers)
            if secret in answer.text.replace('": ', '":'):
                self.heard.add(secret)

        self.heard = set()
        return act

    def _send_to(self, token, path, body, **headers):
        return lambda: self._post(path, body, token=token, **headers)

    # === WAYS: PAYMENTS WITH POINTS === #

    def way_payment_of_the_till_captured(self, token):
        self._hold_points()
        return self._send_to(token, "/spends/capture", {"key": "T1"})

    def way_payment_of_the_till_released(self, token):
        self._hold_points()
        return self._send_to(token, "/spends/release", {"key": "T1"})

    def way_payment_of_the_till_given_back(self, token):
        self._hold_points()
        self._do(self.till, "/spends/capture", {"key": "T1"})
        body = {"key": "T1", "return_key": "x", "amount": 10}
        return self._send_to(token, "/spends/back", body)

    def way_ticket_of_the_till_pays_elsewhere(self, token):
        shown = self._do(self.till, "/members/shown", {"code": self.member.code})
        body = {"key": "X", "amount": 10, "code": shown["ticket"]}
        return self._send_to(token, "/spends", body)

    def way_ticket_of_the_till_tells_a_balance(self, token):
        shown = self._do(self.till, "/members/shown", {"code": self.member.code})
        return self._listen(
            token, '"balances"', "POST", "/members/shown", {"code": shown["ticket"]}
        )

    def way_ticket_of_yesterday_pays(self, token):
        """Who was served once is not there any more."""
        at = datetime.now(timezone.utc) - timedelta(days=1)
        with patch.object(cards, "_now", lambda: at):
            ticket = self._sign_for(token)
        body = {"key": "X", "amount": 10, "code": ticket}
        return self._send_to(token, "/spends", body)

    def _sign_for(self, token):
        """Return a ticket as the holder of a key was given it."""
        grant = self.env["b2b2c.api.key"].sudo()._find_grant(token)
        partner = grant.get_reporter(self.env) if grant else self.jeweller
        place = f"api/{partner.id or 0}"
        return self.member._sign_shown("card", self.company, place)

    # === WAYS: DOCUMENTS OF OTHERS === #

    def way_sale_of_the_till_cancelled(self, token):
        self._record_for(self.till)
        return self._send_to(token, "/cancel", {"type": "sale", "reference": "R-1"})

    def way_shipment_of_the_office_cancelled(self, token):
        """By a key that reports no shipments itself, too."""
        self._record_for(self.office, "/shipments")
        return self._send_to(token, "/cancel", {"type": "shipment", "reference": "R-1"})

    def way_sale_of_the_till_told_to_be_paid(self, token):
        self._record_for(self.till)

        def act():
            self._post(
                "/sales",
                {
                    "reference": "R-1",
                    "status": "paid",
                    "partner": {"ref": "C-1"},
                    "lines": [{"product": "PAPER", "quantity": 2, "amount": 100}],
                },
                token=token,
            )
            # a document of its own is no harm
            own = self.env["b2b2c.external.document"].search(
                [("reporter_id", "!=", self.jeweller.id)]
            )
            for document in own:
                self.intake._cancel(document, reason="its own")
            self._process()

        return act

    def way_shipment_in_a_bulk_by_a_till(self, token):
        if token == self.roles["another partner"]:
            token = self.till  # who may report shipments does so by right
        elif token == self.roles["another company"]:
            token = self.roles["its old key"]
        document = {
            "type": "shipment",
            "reference": "B-1",
            "partner": {"ref": "C-1"},
            "lines": [{"product": "PAPER", "quantity": 2}],
        }
        return self._send_to(token, "/bulk", {"documents": [document]})

    def way_answer_to_the_till_repeated(self, token):
        """What the till was answered is kept by the key of its call."""
        body = {"reference": "R-9", "partner": {"ref": "C-1"}, "amount": 7}
        self._do(self.till, "/sales", body, Idempotency_Key="once")
        cancel = {"type": "sale", "reference": "R-9"}
        self._do(self.till, "/cancel", cancel, Idempotency_Key="twice")
        return self._listen(
            token, '"R-9"', "POST", "/cancel", cancel, Idempotency_Key="twice"
        )

    # === WAYS: WHAT OTHERS HAVE === #

    def way_balance_of_a_buyer_of_the_till(self, token):
        self._record_for(
            self.till, status="paid", member={"email": "olena@example.com"}
        )
        return self._listen(
            token, '"balances"', "POST", "/balance", {"email": "olena@example.com"}
        )

    def way_entries_of_the_till(self, token):
        self._record_for(
            self.till, status="paid", member={"email": "olena@example.com"}
        )
        self._process()
        return self._listen(token, '"R-1"', "GET", "/entries?limit=100")

    def way_buyer_of_the_till_in_a_preview(self, token):
        self._record_for(
            self.till, status="paid", member={"email": "olena@example.com"}
        )
        body = {
            "type": "sale",
            "reference": "P",
            "status": "paid",
            "partner": {"ref": "C-1"},
            "member": {"email": "olena@example.com"},
            "amount": 100,
        }
        secret = f'"member_id":{self.member.id}'
        return self._listen(token, secret, "POST", "/preview", body)

    # === WAYS: ORDERS OF A DISTRIBUTOR === #

    def _order(self):
        self.supply = self.env["b2b2c.supply.order"]._send(
            self.owner, self.unit, {self.coffee.id: 10}, request_key="attack"
        )
        return self.supply.name

    def _tell(self, token, status, **values):
        body = {"order": self._order(), "status": status, **values}
        return self._send_to(token, "/supply-orders/status", body)

    def way_order_of_a_distributor_read(self, token):
        return self._listen(token, self._order(), "GET", "/supply-orders")

    def way_order_of_a_distributor_refused(self, token):
        return self._tell(token, "refused", reason="No")

    def way_order_of_a_distributor_accepted(self, token):
        return self._tell(token, "accepted")

    def way_order_of_a_distributor_shipped(self, token):
        return self._tell(token, "shipped", lines=[{"line": 1, "shipped": 10}])

    # === WAYS: THE KEY ITSELF === #

    def way_prefix_of_the_till_with_another_secret(self, token):
        prefix = self.till.rpartition("_")[0][:15]
        self._hold_points()
        forged = prefix + "_" + token[16:]
        return self._send_to(forged, "/spends/capture", {"key": "T1"})

    def way_second_header(self, token):
        """Two keys in one header: the last one is nobody's."""
        self._hold_points()
        return self._send_to(f"{token} {self.till}", "/spends/capture", {"key": "T1"})


@tagged("post_install", "-at_install")
class TestForeignKeys(KeysCommon):
    maxDiff = None

    def test_nothing_of_another_is_opened_by_a_key(self):
        found = self._try_all(self.roles)
        succeeded = set(self._list_succeeded(found))
        self.assertEqual(succeeded - BY_RIGHT, set())
        self.assertLessEqual(BY_RIGHT, succeeded, "what is theirs")
        self.assertGreaterEqual(len(self._ways), 12)

    def test_control_each_way_succeeds_with_the_key_it_is_about(self):
        """Every key opens as what the victim's does, and cards pay for ever."""
        real = b2b2c_api_key.B2b2cApiKey._find_grant

        def open_all(keys, _token):
            grant = real(keys, self.of_north if self.is_supply else self.till)
            types = frozenset({"sale", "shipment", "event"})
            mandate = replace(grant.mandate, types=types)
            rights = frozenset(b2b2c_api_key.RIGHTS)
            return replace(grant, mandate=mandate, rights=rights)

        succeeded, keys = set(), self.env.registry["b2b2c.api.key"]
        for name, way in self._ways.items():
            self.is_supply = name.startswith("order of")
            with (
                patch.object(cards, "PAYS_HOURS", 10**6),
                patch.object(keys, "_find_grant", open_all),
            ):
                if self._try(way, self.till)[0] == SUCCEEDED:
                    succeeded.add(name)
        self.assertEqual(set(self._ways) - succeeded, set())
