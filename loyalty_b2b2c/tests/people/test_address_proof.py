"""Who writes an address has not proved it: points follow proved addresses only."""

from itertools import product
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ...exceptions import AmbiguousPerson, LedgerIsAppendOnly
from ...models.joining.join_input import JoinInput
from ..joining.test_join import JoinCommon

PHONE = "+380501234501"
EMAIL = "victoria@example.com"


@tagged("post_install", "-at_install")
class TestAddressProof(JoinCommon):
    """Victoria takes part and is named by her phone or e-mail; Alice wants her points.

    Both buy at the client; the address is written on Alice's contact by different
    people, and Victoria is named by it where documents name people.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.victoria = cls._create_member(name="Victoria", phone=PHONE, email=EMAIL)
        cls.alice = cls._create_member(
            name="Alice", phone="+380501234502", email="alice@example.com"
        )
        cls.officer = cls._create_user(
            "officer", "loyalty_b2b2c.group_officer", "base.group_partner_manager"
        )
        cls.clerk = cls._create_user("clerk", "loyalty_b2b2c.group_user")
        cls.seller = cls._create_user(
            "seller", "sales_team.group_sale_salesman", "base.group_partner_manager"
        )

    # === WHO WRITES AN ADDRESS === #

    def _write_on_portal(self, values):
        """As Odoo's page of addresses does for who is signed in."""
        self.alice.partner_id.sudo().write(values)

    def _write_as_seller(self, values):
        self.alice.partner_id.with_user(self.seller).write(values)

    def _import_contact(self, values):
        """Write it before she takes part; she joins signed in, without a code."""
        user = self._create_user("another_alice", "base.group_portal")
        contact = user.partner_id
        contact.write({"name": "Alice", **values})
        request = self.env["b2b2c.join"]._start(
            self.invitation,
            JoinInput("Alice"),
            lang="en_US",
            address="192.0.2.7",
            partner=contact,
        )
        request._finish()
        self.assertEqual(request.state, "joined")

    WRITERS = (_write_on_portal, _write_as_seller, _import_contact)

    # === HOW DOCUMENTS NAME PEOPLE === #

    def _by_intake(self, names):
        document, _new = self.env["b2b2c.intake"]._record(
            {
                "type": "sale",
                "reference": "S-1",
                "member": names,
                "lines": [{"product": {"id": self.product.id}, "quantity": 1}],
            },
            company=self.company,
            channel="api",
        )
        return document.member_id

    def _by_counter(self, names):
        return self.env["b2b2c.member"]._search_in_force(self.company, **names)

    WAYS = (_by_intake, _by_counter)

    def test_who_writes_an_address_is_not_found_by_it(self):
        for write, find, names in product(
            self.WRITERS, self.WAYS, ({"phone": PHONE}, {"email": EMAIL})
        ):
            with (
                self.subTest(write=write.__name__, find=find.__name__, names=names),
                self.env.cr.savepoint() as undone,
            ):
                write(self, dict(names))
                self.assertEqual(find(self, names), self.victoria)
                undone.rollback()
            self.env.invalidate_all(flush=False)

    def test_without_proofs_they_are_mixed_up(self):
        """Control: the same attempt where that it was written is enough."""
        find = type(self.victoria)._has_address

        def believe(members, name, address, is_proved):
            return find(members, name, address, False)

        self._write_on_portal({"phone": PHONE})
        with patch.object(type(self.victoria), "_has_address", believe):
            self.assertEqual(
                self._by_counter({"phone": PHONE}), self.victoria | self.alice
            )
            with self.assertRaises(AmbiguousPerson):
                self.env["b2b2c.member"]._find_in_force(self.company, phone=PHONE)

    def test_nobody_is_looked_for_with_as_many_statements(self):
        """Time tells nothing: who is no participant costs what a participant costs."""
        for name, texts in (
            ("phone", (PHONE, "+380509999999")),
            ("email", (EMAIL, "nobody@example.com")),
        ):
            counts = []
            for text in texts:
                self.env.flush_all()
                self.env.invalidate_all()
                before = self.env.cr.sql_log_count
                self._by_counter({name: text})
                counts.append(self.env.cr.sql_log_count - before)
            with self.subTest(name=name):
                self.assertEqual(counts[0], counts[1])

    # === WHAT PROVES AN ADDRESS === #

    def test_a_change_has_to_be_proved_again(self):
        self.assertFalse(self.victoria.unproved)
        self._write_on_portal({"phone": "+380501234503"})
        self.assertEqual(self.alice.unproved, "+380501234503")
        self.assertFalse(self._by_counter({"phone": "+380501234503"}))
        # the number she had is nobody's now, and hers again when she writes it back
        self.assertFalse(self._by_counter({"phone": "+380501234502"}))
        self._write_on_portal({"phone": "+380501234502"})
        self.assertEqual(self._by_counter({"phone": "+380501234502"}), self.alice)

    def test_the_office_saw_it(self):
        self._write_on_portal({"phone": "+380501234503"})
        with self.assertRaisesRegex(UserError, "Only a loyalty officer"):
            self.alice.with_user(self.clerk).action_prove_addresses()
        self.alice.with_user(self.officer).action_prove_addresses()
        self.assertFalse(self.alice.unproved)
        self.assertEqual(self._by_counter({"phone": "+380501234503"}), self.alice)
        self.assertIn(self.officer.name, self.alice.proofs)
        self.assertIn("+380501234503 belongs", self.alice.message_ids[0].body)

    def test_corrected_on_the_page_of_the_participant(self):
        self.alice.with_user(self.officer).phone = "+380501234504"
        self.assertEqual(self._by_counter({"phone": "+380501234504"}), self.alice)
        self.assertIn(self.officer.name, self.alice.proofs)

    def test_nobody_sees_the_own_address(self):
        own = self._create_member(partner_id=self.officer.partner_id.id)
        self.officer.partner_id.phone = PHONE
        with self.assertRaisesRegex(UserError, "concerns you"):
            own.with_user(self.officer).action_prove_addresses()
        own.with_user(self.officer).phone = "+380501234505"
        self.assertIn("+380501234505", own.unproved)

    def test_enrolling_is_seeing(self):
        wizard = self.env["b2b2c.enroll"].with_user(self.clerk)
        member = wizard.create(
            {
                "employer_id": self.client.id,
                "name": "Nina",
                "phone": "+380501234506",
                "consent": True,
                "invite": False,
            }
        )._enroll()
        self.assertEqual(self._by_counter({"phone": "+380501234506"}), member)
        self.assertIn(self.clerk.name, member.sudo().proofs)

    def test_two_who_proved_it_are_asked(self):
        """A phone on a counter: both proved it, so nobody is the first."""
        other = self._create_member(name="Olha", phone=PHONE, email="olha@example.com")
        self.assertEqual(self._by_counter({"phone": PHONE}), self.victoria | other)
        with self.assertRaises(AmbiguousPerson):
            self.env["b2b2c.member"]._find_in_force(self.company, phone=PHONE)

    # === JOINING === #

    def test_joining_proves_what_was_typed(self):
        request = self._join("Maria Bondar", phone="+380501112233")
        member = request.member_id
        self.assertFalse(member.unproved)
        self.assertEqual(self._by_counter({"phone": "+380501112233"}), member)
        self.assertIn("A code was sent there", member.proofs)

    def test_who_wrote_name_and_phone_of_somebody_does_not_catch_her(self):
        """Alice is called Maria Bondar and has Maria's phone when Maria joins."""
        self._write_on_portal({"name": "Maria Bondar", "phone": "+380501112233"})
        request = self._join("Maria Bondar", phone="+380501112233")
        self.assertEqual(request.state, "joined")
        self.assertNotEqual(request.partner_id, self.alice.partner_id)
        self.assertEqual(
            self._by_counter({"phone": "+380501112233"}), request.member_id
        )

    # === WHAT IS KEPT === #

    def test_nobody_writes_proofs(self):
        proofs = self.env["b2b2c.address.proof"]
        for user in (self.officer, self.seller):
            with self.assertRaises(AccessError):
                proofs.with_user(user).search([]).read(["address"])
            with self.assertRaises(LedgerIsAppendOnly):
                proofs.with_user(user).create(
                    {"partner_id": self.alice.partner_id.id, "address": PHONE}
                )

    def test_erased_with_the_person(self):
        partner = self.alice.partner_id
        self.assertTrue(self.env["b2b2c.address.proof"]._get_proved(partner))
        self.env["b2b2c.erase"].create(
            {"member_id": self.alice.id, "reason": "Asked for", "confirmed": True}
        ).action_erase()
        self.assertFalse(self.env["b2b2c.address.proof"]._get_proved(partner))
