"""Contacts move as they like: owners, volumes and tiers are those of who bought then.

Hypothesis plays sales and moves of contacts in any order.  The oracle below knows to
which company a contact belonged when it bought, and nothing else: 5 points a piece for
the company's owner, 100.00 a piece for the dealer's volume.

More examples: ``LOYALTY_EXAMPLES=1000``.
"""

import os
from dataclasses import dataclass
from typing import Any
from unittest.mock import patch

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule

from odoo import Command
from odoo.tests import tagged

from ..processing.machine_kit import play_stories
from .test_ladder import LadderCommon

#: From which volume a dealer has which bonus.
TIERS = ((0, 0), (2000, 5), (5000, 10))

_pick = st.integers(0, 9)


@dataclass
class Contact:
    record: Any
    company: Any  # to which it belongs now; None: to no one, or it is one itself
    parent: Any  # as on the form
    is_company: bool = False

    def belong(self):
        """Work out to which company the contact belongs."""
        self.company = None if self.is_company else self.parent


@dataclass
class Sale:
    record: Any
    company: Any  # for which it was bought
    quantity: int
    invoice: Any = None
    credited: int = 0
    is_cancelled: bool = False

    @property
    def worth(self):
        """How many pieces are sold for good."""
        return 0 if self.is_cancelled else self.quantity - self.credited


def _at(things, pick):
    return things[pick % len(things)]


class Machine(RuleBasedStateMachine):
    """One story; everything it does is undone at its end."""

    test = None  # the running test case, set by a subclass

    def __init__(self):
        super().__init__()
        self.savepoint = self.test.env.cr.savepoint()
        partners = self.test.env["res.partner"]
        self.companies = list(self.test.companies)
        self.contacts = []
        for number, company in enumerate([*self.companies, *self.companies, None]):
            record = partners.create(
                {"name": f"Contact {number}", "parent_id": company and company.id}
            )
            self.contacts.append(Contact(record, company, company))
        self.sales = []

    def teardown(self):
        try:
            self.test.env["b2b2c.event"]._record(
                self.test.env["sale.order"].union(*(sale.record for sale in self.sales))
            )
            self.compare()
        finally:
            self.savepoint.rollback()
            self.savepoint.close()
            self.test.env.invalidate_all()

    # --- sales --- #

    @rule(pick=_pick, quantity=st.integers(5, 40), at_once=st.booleans())
    def sell(self, pick, quantity, at_once):
        contact = _at(self.contacts, pick)
        order = self.test._create_order(quantity, partner_id=contact.record.id)
        self.sales.append(Sale(order, contact.company, quantity))
        if at_once:
            self.process()

    def _get_open(self):
        return [one for one in self.sales if not one.invoice and not one.is_cancelled]

    @precondition(lambda self: self._get_open())
    @rule(pick=_pick)
    def deliver_and_invoice(self, pick):
        sale = _at(self._get_open(), pick)
        self.test._deliver(sale.record)
        sale.invoice = self.test._invoice(sale.record)

    def _get_invoiced(self):
        return [one for one in self.sales if one.invoice and one.credited < 5]

    @precondition(lambda self: self._get_invoiced())
    @rule(pick=_pick)
    def credit_one_piece(self, pick):
        sale = _at(self._get_invoiced(), pick)
        self.test._credit_note(sale.invoice, 1)
        sale.credited += 1

    @precondition(lambda self: self._get_open())
    @rule(pick=_pick)
    def cancel(self, pick):
        sale = _at(self._get_open(), pick)
        sale.record._action_cancel()
        sale.is_cancelled = True

    @precondition(lambda self: self._get_open())
    @rule(pick=_pick)
    def confirm_again(self, pick):
        """What was booked before is history: it is the same purchase."""
        sale = _at(self._get_open(), pick)
        self.process()
        sale.record._action_cancel()
        sale.record.action_draft()
        sale.record.action_confirm()
        if not self.test.is_booked(sale.record):
            contact = next(
                c for c in self.contacts if c.record == sale.record.partner_id
            )
            sale.company = contact.company

    # --- contacts --- #

    @rule(pick=_pick, company=st.integers(0, 2))
    def move(self, pick, company):
        contact = _at(self.contacts, pick)
        contact.parent = [*self.companies, None][company]
        contact.record.parent_id = contact.parent
        contact.belong()

    @rule(pick=_pick)
    def become_a_company_or_none(self, pick):
        contact = _at(self.contacts, pick)
        contact.is_company = not contact.is_company
        contact.record.is_company = contact.is_company
        contact.belong()

    @rule(pick=_pick)
    def archive_or_back(self, pick):
        contact = _at(self.contacts, pick)
        contact.record.active = not contact.record.active

    @rule(pick=_pick)
    def add_an_address(self, pick):
        contact = _at(self.contacts, pick)
        address = contact.record.create(
            {"name": "Gate", "type": "delivery", "parent_id": contact.record.id}
        )
        for sale in self._get_open():
            if sale.record.partner_id == contact.record:
                sale.record.partner_shipping_id = address

    def _get_mergeable(self):
        """People of one company or of two: core merges no parent with its child."""
        return [
            one for one in self.contacts if not one.is_company and one.record.active
        ]

    @precondition(lambda self: len(self._get_mergeable()) > 1)
    @rule(pick=_pick, other=_pick)
    def merge(self, pick, other):
        gone, stays = (
            _at(self._get_mergeable(), pick),
            _at(self._get_mergeable(), other),
        )
        if gone is stays:
            return
        self.test._merge(gone.record, stays.record)
        self.contacts.remove(gone)
        stays.parent = stays.parent or gone.parent
        stays.belong()

    # --- the books --- #

    @rule()
    def process(self):
        self.test._process()

    @rule()
    def compare(self):
        """Compare owners, volumes and tiers with who bought then."""
        self.test._process()
        for company in self.companies:
            pieces = sum(one.worth for one in self.sales if one.company == company)
            bonus = max(bonus for volume, bonus in TIERS if volume <= 100 * pieces)
            self.test.assertEqual(
                self.test.get_figures(company), (5 * pieces, 100 * pieces, bonus)
            )
        self.test.assertEqual(self.test.dealers._prove(), [])


@tagged("post_install", "-at_install")
class TestMoveMachine(LadderCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.companies = cls.env["res.partner"].create(
            [{"name": name, "is_company": True} for name in ("Shop A", "Shop B")]
        )
        cls.owners = {
            company: cls._create_member(
                name=f"Owner of {company.name}",
                email=f"{company.id}@example.com",
                phone=None,
                role="owner",
                employer_id=company.id,
            )
            for company in cls.companies
        }
        tiers = [
            Command.create({"volume_from": volume, "bonus": bonus})
            for volume, bonus in TIERS
        ]
        ladder = cls._create_ladder(benefit="bonus", tier_ids=tiers)
        cls.dealers = cls.env["b2b2c.ladder.standing"].union(
            *(cls._create_dealer(ladder, company) for company in cls.companies)
        )
        cls._create_program(
            {"trigger": "confirmed", "role": "owner"}, {"trigger": "paid"}
        )

    def get_figures(self, company):
        """Return (points of the owner, volume, bonus of the tier) of a company."""
        dealer = self.dealers.filtered(lambda one: one.partner_id == company)
        dealer.invalidate_recordset()
        points = sum(self._balances(self.owners[company])[:2])
        return points, dealer.volume, dealer.tier_id.bonus

    def is_booked(self, order):
        """Tell whether points or volume were ever booked for an order."""
        source = self.env["b2b2c.source.sale.order"]
        return bool(source._get_booked_ids(order))

    def test_any_story(self):
        examples = int(os.environ.get("LOYALTY_EXAMPLES", 15))
        play_stories(type("Story", (Machine,), {"test": self}), examples, steps=15)

    # === THE ORACLE FINDS FAULTS: a story that is right, and wrong with one === #

    def _tell(self, *verbs):
        """Play verbs on a new story, and compare at its end."""
        story = type("Story", (Machine,), {"test": self})()
        try:
            for name, arguments in verbs:
                getattr(story, name)(**arguments)
        finally:
            story.teardown()

    def assertFound(self, planted, *verbs):
        """Fail unless a story is right, and wrong with a fault planted.

        :param planted: a context in which the fault is there
        """
        self._tell(*verbs)
        with planted, self.assertRaises(AssertionError):
            self._tell(*verbs)

    def test_it_catches_who_reads_the_contact_of_today(self):
        """The fault that was there: who bought, read through the live relation."""
        source = self.registry["b2b2c.source"]
        self.assertFound(
            patch.object(source, "_get_parties", source._get_named_parties),
            ("sell", {"pick": 0, "quantity": 10, "at_once": True}),
            ("move", {"pick": 0, "company": 1}),
        )

    def test_it_catches_a_move_that_keeps_nothing(self):
        """Nothing kept before contacts move: what has no row yet moves along."""
        source = self.registry["b2b2c.source"]
        keep = source._keep_parties

        def keep_late(source, documents, reason):
            if reason == "first_seen":
                keep(source, documents, reason)

        self.assertFound(
            patch.object(source, "_keep_parties", keep_late),
            ("sell", {"pick": 0, "quantity": 10, "at_once": False}),
            ("move", {"pick": 0, "company": 1}),
        )
