"""Proofs of sale earn like any document: by rules, once, and only when accepted."""

from psycopg2.errors import UniqueViolation

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..common import LoyaltyCommon


class ClaimCommon(LoyaltyCommon):
    """A shop with its owner and two salespeople; rules for both."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.shop = cls.env["res.partner"].create(
            {"name": "Corner Shop", "is_company": True}
        )
        cls.seller = cls._create_staff("Nina", "salesperson")
        cls.colleague = cls._create_staff("Oleh", "salesperson")
        cls.owner = cls._create_staff("Ihor", "owner")

    @classmethod
    def _create_staff(cls, name, role, shop=None, **values):
        """Enroll somebody at a shop."""
        return cls._create_member(
            name=name,
            email=f"{name.lower()}@shop.example",
            role=role,
            employer_id=(shop or cls.shop).id,
            **values,
        )

    @classmethod
    def _create_scan_program(cls, **values):
        """Start a program: 3 points to who scans, 2 to the owner, per unit."""
        kinds = [(6, 0, cls.env.ref("loyalty_b2b2c.document_kind_scan").ids)]
        rule = {"kind": "per_unit", "document_kind_ids": kinds, "trigger": "paid"}
        return cls._create_program(
            {
                **rule,
                "name": "3 points to the seller",
                "role": "salesperson",
                "pick": "contact",
                "value": 3,
            },
            {**rule, "name": "2 points to the owner", "role": "owner", "value": 2},
            **values,
        )

    def _submit(self, key="request-1", member=None, quantity=1, **values):
        """Submit a claim as the seller."""
        claim, _created = self.env["b2b2c.claim"]._submit(
            member or self.seller,
            {"kind": "scan", "reference": f"R-{key}", "request_key": key, **values},
            [{"product_id": self.product.id, "quantity": quantity}],
        )
        return claim

    def _available(self, *members):
        return [self._balances(member)[0] for member in members]


@tagged("post_install", "-at_install")
class TestClaims(ClaimCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._create_scan_program()

    def test_who_scans_and_the_owner_are_credited_and_nobody_else(self):
        self._submit(quantity=4, state="accepted")
        self.assertEqual(
            self._available(self.seller, self.owner, self.colleague), [12, 8, 0]
        )

    def test_only_accepted_claims_earn(self):
        claim = self._submit()
        self.assertEqual(self._available(self.seller, self.owner), [0, 0])
        claim._send_to_review("by_person")
        self.assertEqual(self._available(self.seller, self.owner), [0, 0])
        claim._accept()
        self.assertEqual(self._available(self.seller, self.owner), [3, 2])
        self.assertEqual(claim.beneficiary_ids, self.seller | self.owner)
        claim._accept()
        self.assertEqual(self._available(self.seller, self.owner), [3, 2])
        claim._cancel()
        self.assertEqual(self._available(self.seller, self.owner), [0, 0])
        self.assertBooksRight()

    def test_what_was_refused_stays_refused(self):
        claim = self._submit()
        claim._refuse("by_person")
        self.assertEqual(claim.reason_text, "Refused by a person.")
        with self.assertRaises(UserError):
            claim._accept()
        self.assertEqual(self._available(self.seller), [0])

    def test_a_request_counts_once(self):
        first = self._submit(state="accepted")
        again = self._submit(state="accepted")
        self.assertEqual(first, again)
        self.assertEqual(self._available(self.seller), [3])
        # another person's key is his own
        self._submit(member=self.colleague, state="accepted")
        self.assertEqual(self._available(self.colleague), [3])

    def test_a_proof_is_paid_once(self):
        self._submit("1", state="review", proof_key="F-1")
        claim = self._submit("2", member=self.colleague, proof_key="F-1")
        with mute_logger("odoo.sql_db"), self.assertRaises(UniqueViolation):
            with self.env.cr.savepoint():
                claim._accept()

    def test_clients_only_decide_by_buttons(self):
        claim = self._submit()
        officer = self._create_user("officer", "loyalty_b2b2c.group_officer")
        user = self._create_user("user", "loyalty_b2b2c.group_user")
        for values in ({"state": "accepted"}, {"submitter_id": self.owner.id}):
            with self.assertRaises(UserError):
                claim.with_user(officer).write(values)
        with self.assertRaises(UserError):
            claim.with_user(user).action_accept()
        claim.with_user(officer).action_accept()
        self.assertEqual(claim.decided_by_id, officer)
        self.assertEqual(self._available(self.seller), [3])
