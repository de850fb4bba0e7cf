"""A partner agrees and disputes for itself only, and nobody writes what is settled.

Tried over HTTP, on the pages and by remote calls, by people without the right: another
partner, people of the jeweller who are not its contact, whoever reads settlements, and
the officer who made this one.
"""

import json

from psycopg2 import IntegrityError

from odoo import Command
from odoo.exceptions import UserError
from odoo.http import Request
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from odoo.addons.loyalty_b2b2c.tests.attacks.attack_kit import AttackKit
from odoo.addons.loyalty_b2b2c.tests.settlements.common import SettlementCommon

from .common import PASSWORD, PortalCommon

SETTLEMENT, LINE = "b2b2c.settlement", "b2b2c.settlement.line"
DISPUTE, AGREEMENT = "b2b2c.settlement.dispute", "b2b2c.partner.agreement"
#: Remote calls that are refused to whoever makes them, our own code as well.
CLOSED_TO_ALL = {
    "amount of an entry changed",
    "entry added",
    "paper deleted",
    "rate raised",
    "settlement copied by a line",
    "settlement deleted",
}


class SettlementAttackCommon(SettlementCommon, PortalCommon, AttackKit, HttpCase):
    """A settlement of 5.50 was sent to Anna, who disputes the first of two lines."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.books, cls.seller, cls.rival = cls.env["res.partner"].create(
            [
                {
                    "name": "Anna",
                    "parent_id": cls.jeweller.id,
                    "email": "anna@jeweller.example.com",
                },
                {"name": "Seller", "parent_id": cls.jeweller.id},
                {"name": "Rival", "is_company": True, "email": "rival@example.com"},
            ]
        )
        cls.agreement.contact_id = cls.books
        cls._create_agreement(cls.rival)
        for login, partner, *groups in (
            ("anna", cls.books, "base.group_portal"),
            ("rival", cls.rival, "base.group_portal"),
            ("seller", cls.seller, "base.group_portal"),
            ("reader", None, "loyalty_b2b2c.group_user"),
            ("maker", None, "loyalty_b2b2c.group_officer"),
        ):
            if login == "maker":
                cls.maker.write({"password": PASSWORD})
            else:
                cls._create_portal_user(login, partner, *groups)
        # who works for the jeweller besides
        cls._create_portal_user("cousin", None, "loyalty_b2b2c.group_officer")
        cls.env["res.users"].search(
            [("login", "=", "cousin")]
        ).partner_id.parent_id = cls.jeweller
        cls.roles = {
            "another partner": "rival",
            "who is not the contact": "seller",
            "who reads": "reader",
            "who made it": "maker",
            "an officer of the partner": "cousin",
        }

    def setUp(self):
        super().setUp()
        self.heard = set()
        self.entry = self._sell(100, "2026-10-02")
        self._sell(100, "2026-10-20", self.other_shop)
        self.spend = self._pay(10, "2026-10-21")
        self.settlement = self._send(self._settle())
        first, *_others, self.line = self.settlement.line_ids.sorted("id")
        disputes = self.env[DISPUTE]
        self.dispute = disputes._open(first.sudo(), "Not ours", self.env.user)
        self.url = f"/my/settlements/{self.settlement.id}"

    def _get_stake(self, _login):
        settlement, env = self.settlement, self.env
        files = settlement.paper_id | settlement.table_id
        entries = env["b2b2c.ledger.entry"].search([])
        lines = env[LINE].search([])
        return (
            [(one.id, one.state, one.agreed_how, one.net_amount)
             for one in env[SETTLEMENT].search([])],
            [(one.id, one.amount, one.counted_in_id.id, one.is_disputed)
             for one in lines],
            [(one.id, one.state, one.answer, one.accepted_amount,
              len(one.message_ids)) for one in env[DISPUTE].search([])],
            [(one.id, one.points) for one in entries],
            [(one.id, one.contact_id.id, one.silence_days, one.state)
             for one in env[AGREEMENT].search([])],
            env["b2b2c.partner.rate"].search([]).mapped("point_value"),
            [(one.id, one.amount, one.amount_back, one.place_id.id)
             for one in env["b2b2c.spend"].search([])],
            env["b2b2c.partner.visit"].search([]).mapped("shop_id.id"),
            [(one.id, one.checksum, one.public, one.res_id, one.name)
             for one in files.exists()],
            len(settlement.message_ids.filtered("body")),
            frozenset(self.heard),
        )  # fmt: skip

    # === ACTS === #

    def _send_form(self, login, path, **data):
        def act():
            self.authenticate(login, PASSWORD)
            self.url_open(path, data={**data, "csrf_token": Request.csrf_token(self)})

        return act

    def _look(self, login, path, secret):
        def act():
            self.authenticate(login, PASSWORD)
            if secret in self.url_open(path).content:
                self.heard.add(secret)

        return act

    def _do_remotely(self, login, model, method, *args, **kwargs):
        """Call a method as the web client does; a control calls it with all rights."""

        def act():
            if login == "all rights":
                ids, *others = args if isinstance(args[0], list) else ([], *args)
                if method == "create":
                    ids, others = [], list(args)
                record = self.env[model].sudo().browse(ids)
                try:
                    getattr(record, method)(*others, **kwargs)
                except IntegrityError as error:
                    raise UserError(str(error)) from None
                return
            self.authenticate(login, PASSWORD)
            params = {"model": model, "method": method, "args": args, "kwargs": kwargs}
            self.url_open(
                f"/web/dataset/call_kw/{model}/{method}",
                data=json.dumps({"jsonrpc": "2.0", "params": params}),
                headers={"Content-Type": "application/json"},
            )

        return act

    def _write_remotely(self, login, record, **values):
        return self._do_remotely(login, record._name, "write", record.ids, values)

    # === WAYS: ON THE PAGES === #

    def way_page_agreed(self, login):
        return self._send_form(login, f"{self.url}/agree")

    def way_page_agreed_in_a_language(self, login):
        return self._send_form(login, f"/en{self.url}/agree")

    def way_page_line_disputed(self, login):
        return self._send_form(
            login, f"{self.url}/dispute", line=self.line.id, reason="Mine"
        )

    def way_page_line_of_another_settlement_disputed(self, login):
        """By the address of a settlement of one's own."""
        own = self._settle_with_rival()
        return self._send_form(
            login, f"/my/settlements/{own.id}/dispute", line=self.line.id, reason="Mine"
        )

    def _settle_with_rival(self):
        agreement = self.env[AGREEMENT].search([("partner_id", "=", self.rival.id)])
        self._sell(100, "2026-10-03", self.rival)
        return self._send(self._settle(agreement=agreement))

    def way_page_dispute_written_in(self, login):
        return self._send_form(
            login, f"{self.url}/write", dispute=self.dispute.id, text="All is right"
        )

    def way_page_read(self, login):
        return self._look(login, self.url, b"Not ours")

    def way_page_paper_read(self, login):
        return self._look(login, f"{self.url}/paper", self.settlement.name.encode())

    def way_page_table_read(self, login):
        return self._look(login, f"{self.url}/table", b"North")

    def way_chatter_of_a_dispute_written_in(self, login):
        def act():
            self.authenticate(login, PASSWORD)
            params = {
                "thread_model": DISPUTE,
                "thread_id": self.dispute.id,
                "post_data": {"body": "All is right", "message_type": "comment"},
            }
            self.url_open(
                "/mail/message/post",
                data=json.dumps({"jsonrpc": "2.0", "params": params}),
                headers={"Content-Type": "application/json"},
            )

        if login == "all rights":
            return lambda: self.dispute.message_post(body="All is right")
        return act

    # === WAYS: REMOTE CALLS === #

    def way_settlement_agreed(self, login):
        return self._do_remotely(login, SETTLEMENT, "action_agree", self.settlement.ids)

    def way_state_written(self, login):
        return self._write_remotely(login, self.settlement, state="agreed")

    def way_state_saved_on_the_form(self, login):
        return self._do_remotely(
            login, SETTLEMENT, "web_save", self.settlement.ids, {"state": "agreed"},
            specification={},
        )  # fmt: skip

    def way_amount_written(self, login):
        return self._write_remotely(login, self.settlement, spent_amount=1000)

    def way_settlement_copied_by_a_line(self, login):
        lines = [Command.update(self.line.id, {"amount": 1000})]
        return self._write_remotely(login, self.settlement, line_ids=lines)

    def way_settlement_deleted(self, login):
        return self._do_remotely(login, SETTLEMENT, "unlink", self.settlement.ids)

    def way_dispute_accepted(self, login):
        return self._do_remotely(login, DISPUTE, "action_accept", self.dispute.ids)

    def way_answer_written(self, login):
        return self._write_remotely(
            login, self.dispute, answer="You are right", accepted_amount=0.01
        )

    def way_contact_changed(self, login):
        return self._write_remotely(login, self.agreement, contact_id=self.seller.id)

    def way_silence_shortened(self, login):
        return self._write_remotely(login, self.agreement, silence_days=1)

    def way_rate_raised(self, login):
        return self._write_remotely(login, self.agreement.rate_ids, point_value=1)

    def way_entry_added(self, login):
        account = self.account.id
        values = {"account_id": account, "points": 100, "entry_type": "earn"}
        return self._do_remotely(login, "b2b2c.ledger.entry", "create", [values])

    def way_amount_of_an_entry_changed(self, login):
        return self._write_remotely(login, self.entry, points=1)

    def way_place_of_a_payment_changed(self, login):
        return self._write_remotely(login, self.spend, place_id=self.rival.id)

    def way_paper_forged(self, login):
        """What was sent is what both keep."""
        return self._write_remotely(
            login, self.settlement.paper_id, raw="You owe us nothing", name="x.html"
        )

    def way_table_forged_by_another_file(self, login):
        return self._write_remotely(
            login, self.settlement.table_id, datas="eA==", mimetype="text/csv"
        )

    def way_paper_published(self, login):
        return self._write_remotely(login, self.settlement.paper_id, public=True)

    def way_paper_moved_away(self, login):
        return self._write_remotely(
            login, self.settlement.paper_id, res_model="res.partner",
            res_id=self.rival.id,
        )  # fmt: skip

    def way_paper_deleted(self, login):
        self.settlement.sudo().paper_id.copy()
        return self._do_remotely(
            login, "ir.attachment", "unlink", self.settlement.paper_id.ids
        )


@tagged("post_install", "-at_install")
class TestSettlementAttacks(SettlementAttackCommon):
    maxDiff = None

    #: What who made it does as an officer.
    BY_RIGHT = {
        ("dispute accepted", "who made it"),
        ("answer written", "who made it"),
        ("chatter of a dispute written in", "who made it"),
        ("chatter of a dispute written in", "an officer of the partner"),
    }

    def test_nobody_settles_for_another(self):
        with mute_logger("odoo.http", "odoo.addons.base.models.ir_rule"):
            found = self._try_all(self.roles)
        succeeded = set(self._list_succeeded(found))
        self.assertEqual(succeeded - self.BY_RIGHT, set())
        self.assertGreaterEqual(len(self._ways), 24)

    def test_control_the_partner_and_our_own_code_do_all_of_it(self):
        actors = {
            name: "anna" if name.startswith("page") else "all rights"
            for name in self._ways
        }
        failed = {
            name
            for name, way in self._ways.items()
            if self._try(way, actors[name])[0] != "succeeded"
        }
        self.assertEqual(
            failed, CLOSED_TO_ALL | {"page line of another settlement disputed"}
        )
