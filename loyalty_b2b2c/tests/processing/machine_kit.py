"""What a machine of stories consists of: verbs, and what they are played on."""

import os
from collections import Counter
from datetime import datetime, timedelta
from fractions import Fraction
from functools import wraps

from freezegun import freeze_time
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    precondition,
    rule,
    run_state_machine_as_test,
)

from odoo import Command

from ..common import LoyaltyCommon

#: When every story begins.
START = datetime(2026, 3, 2, 9)

#: Names of everything that can happen in stories.
VERBS = set()

PICK = st.integers(0, 7)
UNITS = st.integers(1, 6)


def some(getter):
    """Enable a verb only while ``getter(machine)`` finds something to play on."""
    return precondition(lambda self: bool(getter(self)))


def verb(**strategies):
    """Make a method a verb of the machine, and count how often it is played."""

    def decorate(function):
        VERBS.add(function.__name__)

        @wraps(function)
        def counted(self, **arguments):
            self.played[function.__name__] += 1
            function(self, **arguments)
            self.after_verb()

        return rule(**strategies)(counted)

    return decorate


def at(found, pick):
    """Return one of what was found, whatever number was drawn."""
    return found[pick % len(found)]


def to_fraction(amount):
    """Return an amount of Odoo as it is printed."""
    return Fraction(str(round(amount, 2)))


def play_stories(machine, examples, steps):
    """Play stories of a machine: the same ones every time.

    :param examples: how many
    :param steps: the most verbs of each, but for ``LOYALTY_STEPS``
    """
    shrink = (Phase.shrink,) if os.environ.get("LOYALTY_SHRINK") else ()
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=examples,
            stateful_step_count=int(os.environ.get("LOYALTY_STEPS", steps)),
            deadline=None,
            derandomize=True,
            database=None,
            phases=(Phase.generate, *shrink),
            suppress_health_check=list(HealthCheck),
        ),
    )


class Story(RuleBasedStateMachine):
    """One story; everything it does is undone at its end.

    :param pace: the outbox is processed after so many verbs; 0: not by itself
    """

    examples = 30  # stories in the gate
    test = None  # the running test case, set by a subclass
    played = Counter()

    def __init__(self, pace=0):
        super().__init__()
        self.savepoint = self.test.env.cr.savepoint()
        self.orders = self._create_documents()
        self.account = self.test._account()
        self.spent = Fraction(0)
        self.reservations = []
        self.number = self.verbs = 0
        self.pace = pace
        self.test.clock.move_to(START)

    @classmethod
    def get_verbs(cls):
        """Return the names of everything that can happen in a story."""
        return {name for name in VERBS if hasattr(cls, name)}

    def _create_documents(self):
        """Return the documents of the oracle that a story begins with."""
        raise NotImplementedError

    @verb(hours=st.sampled_from([5, 24, 72, 7 * 24, 10 * 24, 14 * 24]))
    def time_passes(self, hours):
        self.test.clock.tick(timedelta(hours=hours))

    @verb()
    def process(self):
        self._process()

    @verb()
    def cron_sweeps(self):
        self.test.env.flush_all()
        self.test._sweep()
        self.test.env.invalidate_all()
        self._compare()

    def after_verb(self):
        self.verbs += 1
        if self.pace and self.verbs % self.pace == 0:
            self._process()

    def _process(self):
        self.test._process()
        self._compare()

    def _compare(self):
        self.account.invalidate_recordset()
        for order in self.orders:
            order.settle(self._now())
            want = {name: order.expected(name, self._now()) for name in order.rules}
            self.test.assertEqual(self.test._get_points_by_rule(order), want)
        self._compare_money()

    def _compare_money(self):
        """What is owned equals what is deserved, less what was spent or lapsed."""
        money = self.account._get_balances()[self.account.id]
        now = self._now()
        found = [
            order.expected(name, now) for order in self.orders for name in order.rules
        ]
        deserved, pending = map(sum, zip(*found, strict=True))
        owned = money["posted"] - money["debt"] - money["lost"]
        lapsed = self.test._get_lapsed(self.account)
        self.test.assertEqual(owned, deserved - self.spent - lapsed)
        self.test.assertEqual(money["pending"], pending)
        self.test.assertGreaterEqual(money["posted"], money["held"])

    def teardown(self):
        try:
            self._process()
            before = self.test.env["b2b2c.account"]._ledger_digest()
            for order in self.orders:
                self.test.env["b2b2c.event"]._record(order.record)
            self.test._process()
            after = self.test.env["b2b2c.account"]._ledger_digest()
            self.test.assertEqual(before, after, "processing again booked something")
            self.account._fold()
            self._compare_money()
            self.test.assertBooksRight()
        finally:
            self.savepoint.rollback()
            self.savepoint.close()
            self.test.env.invalidate_all()

    def _now(self):
        return datetime.now()  # frozen


class StoryWorld(LoyaltyCommon):
    """What stories ask of their test case: clicks, and what is booked."""

    def setUp(self):
        super().setUp()
        frozen = freeze_time(START)
        self.clock = frozen.start()
        self.addCleanup(frozen.stop)
        # which sale a note lowers that names and settles none is no matter of stories
        source = self.env["b2b2c.source"]._for_model("account.move")
        self.patch(type(source), "_find_unnamed_returns", lambda self, ids: [])

    @classmethod
    def _get_expense_account(cls):
        """Return an account that takes what is written off."""
        return cls.env["account.account"].search(
            [
                ("account_type", "=", "expense"),
                ("company_ids", "in", cls.company.ids),
            ],
            limit=1,
        )

    def _reverse(self, move):
        """Return the draft that reverses an invoice or a note."""
        return move._reverse_moves([{"invoice_date": move.invoice_date}], cancel=False)

    def _pay_in(self, invoice, amount, **values):
        """Register a payment as it is typed in the wizard."""
        wizard = self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=invoice.ids
        )
        return wizard.create({"amount": float(amount), **values})._create_payments()

    def _create_note_of_none(self, invoice, product, worth, is_taxed):
        """Post a credit note that names no invoice, and reconcile it with one."""
        pieces = worth.pieces
        note = self.env["account.move"].create(
            {
                "move_type": "out_refund",
                "partner_id": invoice.partner_id.id,
                "currency_id": invoice.currency_id.id,
                "invoice_date": invoice.invoice_date,
                "invoice_line_ids": [
                    Command.create(
                        {
                            "product_id": product.id if product else False,
                            "name": "Goodwill",
                            "quantity": float(pieces),
                            "price_unit": float(worth.untaxed / pieces),
                            "tax_ids": [Command.set(self.tax.ids if is_taxed else [])],
                        }
                    )
                ],
            }
        )
        note.action_post()
        lines = (invoice | note).line_ids.filtered(
            lambda line: (
                line.account_id.account_type == "asset_receivable"
                and not line.reconciled
            )
        )
        lines.reconcile()
        return note

    def _get_points_by_rule(self, order):
        """Return rule name -> (posted, pending) as booked for a document."""
        self.env.cr.execute(
            """
            SELECT r.name->>'en_US', sum(e.points - e.points_debt - e.points_lost),
                   sum(e.points_pending)
              FROM b2b2c_ledger_entry e JOIN b2b2c_earning_rule r ON r.id = e.rule_id
             WHERE e.document_model = %s AND e.document_id = %s
          GROUP BY 1
            """,
            [order.record._name, order.record.id],
        )
        booked = {
            name: (posted, pending)
            for name, *(posted, pending) in self.env.cr.fetchall()
        }
        return {name: booked.get(name, (0, 0)) for name in order.rules}

    def _get_lapsed(self, account):
        """Return the points that expired, less those whose expiry was undone."""
        expiries = self.env["b2b2c.ledger.entry"].search(
            [("account_id", "=", account.id), ("entry_type", "=", "expire")]
        )
        return -sum((expiries + expiries.reversal_ids).mapped("points"))

    def _tell_stories(self, machine):
        """Play stories of a machine, as many as ``LOYALTY_EXAMPLES`` says."""
        story = type("Told", (machine,), {"test": self, "played": Counter()})
        examples = int(os.environ.get("LOYALTY_EXAMPLES", machine.examples))
        play_stories(story, examples, steps=20)

    def _play(self, story, verbs):
        """Play verbs on a new story, and compare at its end."""
        try:
            for name, arguments in verbs:
                with self.subTest(verb=name, **arguments):
                    getattr(story, name)(**arguments)
        finally:
            story.teardown()
