"""Scanning codes: once, at once, and nothing to learn for who guesses."""

import contextlib
import random
from datetime import timedelta

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ...engine.product_code import get_pin, new_codes, shown
from ..claims.test_claims import ClaimCommon
from ..common import SENDER


class ScanCommon(ClaimCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.program = cls._create_scan_program()
        cls.batch = cls._create_batch(count=20)
        cls.keys = iter(range(10**6))

    @classmethod
    def _create_batch(cls, **values):
        """Make a batch of codes for the product."""
        batch = cls.env["b2b2c.code.batch"].create(
            {"name": "Cards", "product_id": cls.product.id, "count": 10, **values}
        )
        batch.action_make()
        return batch

    @classmethod
    def _codes(cls, batch=None, level="unit"):
        """Return the codes of a batch, in order."""
        return cls.env["b2b2c.code"].search(
            [("batch_id", "=", (batch or cls.batch).id), ("level", "=", level)],
            order="serial",
        )

    def _scan(self, code, member=None, key=None, **values):
        """Scan a code as the seller."""
        text = code if isinstance(code, str) else code.code
        answer = self.env["b2b2c.scan"]._take(
            member or self.seller, text, key or f"request-{next(self.keys)}", **values
        )
        self.env.invalidate_all()
        return answer

    def _scan_all(self, *scans, member=None, address="", **values):
        """Scan codes in one request; each is a code, or a dict with more.

        :return: the statuses
        """
        asked = []
        for scan in scans:
            one = scan if isinstance(scan, dict) else {"text": scan}
            text = one["text"] if isinstance(one["text"], str) else one["text"].code
            key = f"request-{next(self.keys)}"
            asked.append({"key": key, **values, **one, "text": text})
        answers = self.env["b2b2c.scan"]._take_all(
            member or self.seller, asked, address=address
        )
        self.env.invalidate_all()
        return self._statuses(*answers)

    def _statuses(self, *answers):
        return [answer["status"] for answer in answers]

    def _last(self):
        """Return the claim stored last."""
        return self.env["b2b2c.claim"].search([], limit=1)


@tagged("post_install", "-at_install")
class TestScan(ScanCommon):
    def test_a_scan_credits_at_once(self):
        code = self._codes()[0]
        answer = self._scan(code)
        self.assertEqual(
            answer,
            {
                "status": "credited",
                "message": "Done!",
                "points": "3 pts",
                "product": self.product.display_name,
                "quantity": "",
                "balances": ["3 pts"],
            },
        )
        self.assertEqual(code.state, "claimed")
        self.assertEqual(self._available(self.seller, self.owner), [3, 2])
        self.assertFalse(
            self.env["b2b2c.event"].search_count(
                [("source_model", "=", "b2b2c.claim"), ("state", "!=", "done")]
            )
        )

    def test_a_code_pays_once(self):
        code = self._codes()[0]
        first, second, third = (
            self._scan(code),
            self._scan(code),
            self._scan(code, self.colleague),
        )
        self.assertEqual(
            self._statuses(first, second, third), ["credited", "mine", "refused"]
        )
        self.assertIn("already", second["message"])
        self.assertEqual(self._available(self.seller, self.colleague), [3, 0])

    def test_the_same_request_answers_the_same(self):
        code = self._codes()[0]
        first = self._scan(code, key="the same key")
        self.assertEqual(self._scan(code, key="the same key"), first)
        # a request is one scan: with another code it is still the first one
        self.assertEqual(self._scan(self._codes()[1], key="the same key"), first)
        self.assertEqual(self._codes()[1].state, "printed")
        self.assertEqual(self._available(self.seller), [3])

    def test_what_people_type(self):
        code = self._codes()[0].code
        typo = ("0" if code[3] != "0" else "1").join((code[:3], code[4:]))
        for text, status in (
            (shown(code).lower(), "credited"),
            (typo, "typo"),
            ("", "typo"),
            (code[:-1], "typo"),
            ("https://elsewhere.example/x", "typo"),
        ):
            with self.subTest(text=text):
                answer = self._scan(text)
                self.assertEqual(answer["status"], status)
                self.assertTrue(answer["message"])

    def test_who_guesses_learns_nothing(self):
        """Every reason for a refusal gives the same answer."""
        codes = self._codes()
        self._scan(codes[0], self.colleague)
        codes[1]._block()
        later = self._create_batch(
            activation="date", activate_at=fields.Datetime.now() + timedelta(days=1)
        )
        over = self._create_batch(valid_until=fields.Datetime.now())
        frozen = self._create_batch()
        frozen.action_freeze()
        elsewhere = self.env["res.company"].create({"name": "Elsewhere"})
        foreign = self._create_batch(company_id=elsewhere.id)
        answers, reasons = [], []
        for code in (
            new_codes(1)[0],
            codes[0],
            codes[1],
            self._codes(later)[0],
            self._codes(over)[0],
            self._codes(frozen)[0],
            self._codes(foreign)[0],
        ):
            answers.append(self._scan(code))
            reasons.append(self._last().reason_code)
        self.assertEqual(answers, [answers[0]] * len(answers))
        self.assertEqual(answers[0]["status"], "refused")
        self.assertEqual(
            reasons,
            [
                "unknown",
                "sharing",
                "blocked",
                "not_active",
                "expired",
                "frozen",
                "unknown",
            ],
        )
        self.assertEqual(self._available(self.seller), [0])

    def test_a_refusal_takes_as_long_whether_the_code_exists_or_not(self):
        """As many statements; their time is the database's, whatever they find."""
        codes = self._codes()
        elsewhere = self.env["res.partner"].create({"name": "Far", "is_company": True})
        stranger = self._create_staff("Taras", "salesperson", shop=elsewhere)
        self._scan(codes[0], self.colleague)
        codes[1]._block()
        over = self._create_batch(valid_until=fields.Datetime.now())
        frozen = self._create_batch()
        frozen.action_freeze()
        with_pin = self._create_batch(with_pin=True)
        cases = {
            "unknown": new_codes(1)[0],
            "a colleague's": codes[0],
            "blocked": codes[1],
            "expired": self._codes(over)[0],
            "frozen": self._codes(frozen)[0],
        }
        with_pins = {
            "unknown, with PIN": new_codes(1, with_pin=True)[0],
            "wrong PIN": self._codes(with_pin)[0],
        }
        counted = {}
        for pin, group in (("", cases), ("ABCDEF", with_pins)):
            for member in (self.seller, stranger):
                for name, code in group.items():
                    text = code if isinstance(code, str) else code.code
                    self.env.invalidate_all()
                    before = self.env.cr.sql_log_count
                    answer = self.env["b2b2c.scan"]._take(
                        member, text, f"key-{len(counted):06}", pin=pin
                    )
                    statements = self.env.cr.sql_log_count - before
                    self.assertEqual(answer["status"], "refused")
                    counted[bool(pin), member, name] = statements
        for pin in (False, True):
            found = {v for (had_pin, _m, _n), v in counted.items() if had_pin == pin}
            self.assertEqual(len(found), 1, counted)

    def test_wrong_codes_lock_for_an_hour(self):
        self.company.b2b2c_scan_failures = 3
        good = self._codes()[0]
        for code in new_codes(3):
            self.assertEqual(self._scan(code)["status"], "refused")
        self.assertEqual(self._scan(good)["status"], "wait")
        self.assertEqual(self._scan(new_codes(1)[0])["status"], "wait")
        self.assertEqual(good.state, "printed")
        self.assertEqual(
            self._scan(self._codes()[1], self.colleague)["status"], "credited"
        )
        with freeze_time(fields.Datetime.now() + timedelta(minutes=61)):
            self.assertEqual(self._scan(good)["status"], "credited")

    def test_one_request_key_does_not_get_around_the_lock(self):
        self.company.b2b2c_scan_failures = 3
        answers = [self._scan(code, key="always the same") for code in new_codes(4)]
        self.assertEqual(self._statuses(*answers), ["refused"] * 3 + ["wait"])

    def test_wrong_codes_lock_an_address(self):
        self.company.b2b2c_scan_address_failures = 2
        for member, code in zip(
            (self.seller, self.colleague), new_codes(2), strict=True
        ):
            self._scan(code, member, address="192.0.2.7")
        code = self._codes()[0]
        self.assertEqual(
            self._scan(code, self.owner, address="192.0.2.7")["status"], "wait"
        )
        self.assertEqual(
            self._scan(code, self.owner, address="192.0.2.8")["status"], "credited"
        )

    def test_a_person_scans_so_much_an_hour(self):
        self.company.b2b2c_scan_member_hour = 2
        answers = [self._scan(code) for code in self._codes()[:3]]
        self.assertEqual(self._statuses(*answers), ["credited", "credited", "wait"])
        self.assertEqual(self._codes()[2].state, "printed")

    def test_suspended_people_do_not_scan(self):
        self.seller.action_suspend()
        with self.assertRaisesRegex(Exception, "do not take part"):
            self._scan(self._codes()[0])

    def test_the_date_of_an_offline_scan_is_the_persons(self):
        yesterday = fields.Datetime.now() - timedelta(days=1)
        self._scan(self._codes()[0], occurred_at=yesterday)
        self.assertEqual(self._last().occurred_at, yesterday)
        future = fields.Datetime.now() + timedelta(days=9)
        self._scan(self._codes()[1], occurred_at=future)
        self.assertLess(self._last().occurred_at, future - timedelta(days=8))


@tagged("post_install", "-at_install")
class TestPackages(ScanCommon):
    """A code on a block or a pallet stands for what is in it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.batch = cls._create_batch(count=25, block_size=5, pallet_size=2)

    def test_codes_are_packed(self):
        units, blocks, pallets = (
            self._codes(level=level) for level in ("unit", "block", "pallet")
        )
        self.assertEqual((len(units), len(blocks), len(pallets)), (25, 5, 3))
        self.assertEqual(units[7].parent_id, blocks[1])
        self.assertEqual(blocks[4].parent_id, pallets[2])
        self.assertEqual(len(units.filtered(lambda c: c.parent_id == blocks[4])), 5)

    def test_a_block_pays_for_the_units_that_are_left(self):
        units, block = self._codes()[:5], self._codes(level="block")[0]
        self._scan(units[0])
        answer = self._scan(block)
        self.assertEqual((answer["quantity"], answer["points"]), ("4", "12 pts"))
        self.assertEqual(self._available(self.seller, self.owner), [15, 10])
        self.assertEqual(self._statuses(self._scan(units[1])), ["mine"])
        self.assertEqual(
            self._statuses(self._scan(units[1], self.colleague)), ["refused"]
        )
        self.assertEqual(self._available(self.seller, self.owner), [15, 10])

    def test_a_pallet_pays_its_blocks_once(self):
        self._scan(self._codes(level="block")[0])
        answer = self._scan(self._codes(level="pallet")[0])
        self.assertEqual(answer["quantity"], "5")
        self.assertEqual(
            self._statuses(self._scan(self._codes(level="block")[1])), ["mine"]
        )
        self.assertEqual(self._available(self.seller), [30])

    def test_an_emptied_block_pays_nothing(self):
        for code in self._codes()[:5]:
            self._scan(code, self.colleague)
        answer = self._scan(self._codes(level="block")[0])
        self.assertEqual(answer["status"], "refused")
        self.assertEqual(self._last().reason_code, "emptied")


@tagged("post_install", "-at_install")
class TestScanTogether(ScanCommon):
    """Scans sent in one request end like the same scans sent one after the other."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.batch = cls._create_batch(count=25, block_size=5, pallet_size=2)

    def test_each_has_its_own_answer(self):
        one, other, theirs = self._codes()[:3]
        self._scan(theirs, self.colleague)
        wrong = new_codes(1)[0]
        self.assertEqual(
            self._scan_all(one, "", theirs, other, one, wrong),
            ["credited", "typo", "refused", "credited", "mine", "refused"],
        )
        self.assertEqual(self._available(self.seller, self.owner), [6, 6])

    def test_they_are_booked_in_one_go(self):
        """The books are asked once, however many scans there are."""
        self._scan(self._codes()[9])  # caches
        codes = [code.code for code in self._codes()]
        counts = []
        for part in (codes[:1], codes[1:4], codes[4:9]):
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self._scan_all(*part)
            counts.append(self.env.cr.sql_log_count - before)
        # of each: count it, look at its neighbours, take it
        self.assertEqual(counts[1] - counts[0], 2 * 3)
        self.assertEqual(counts[2] - counts[0], 4 * 3)

    def test_each_has_its_own_message(self):
        """Of what it brought, not of what was booked last."""
        self._scan_all(*self._codes()[:3])
        messages = self.env["b2b2c.notification"].search(
            [("account_id.member_id", "=", self.seller.id)], order="id"
        )
        self.assertEqual(messages.mapped("points"), [3, 3, 3])
        claims = self.env["b2b2c.claim"].search([], order="id")
        self.assertEqual(messages.entry_id.mapped("document_id"), claims.ids)

    def test_what_is_in_a_block_is_not_paid_again(self):
        block, units = self._codes(level="block")[0], self._codes()[:5]
        self.assertEqual(
            self._scan_all(units[0], block, units[1], block),
            ["credited", "credited", "mine", "mine"],
        )
        self.assertEqual(self._available(self.seller), [15])  # five units

    def test_guessing_in_one_request_is_locked(self):
        """The right code after too many wrong ones is not looked at."""
        self.company.b2b2c_scan_failures = 3
        good = self._codes()[0]
        self.assertEqual(
            self._scan_all(*new_codes(2), good.code, *new_codes(2), self._codes()[1]),
            ["refused", "refused", "credited", "refused", "wait", "wait"],
        )
        self.assertEqual(self._codes()[1].state, "printed")

    def test_a_request_key_is_one_scan(self):
        first, second = self._codes()[:2]
        again = [{"text": code, "key": "the same key"} for code in (first, second)]
        self.assertEqual(self._scan_all(*again), ["credited", "credited"])
        self.assertEqual(self._available(self.seller), [3])
        self.assertEqual(second.state, "printed")
        self.assertEqual(self._scan_all(*again), ["credited", "credited"])
        self.assertEqual(self._available(self.seller), [3])

    def test_a_budget_is_used_up_in_order(self):
        self.program.action_close()
        self._create_scan_program(budget_points=12)  # 3 to the seller, 2 to the owner
        self._scan_all(*self._codes()[:4])
        self.assertEqual(sum(self._available(self.seller, self.owner)), 12)
        self.assertEqual(
            self._available(self.seller, self.owner), [8, 4]
        )  # 3 + 2, 3 + 2, 2 + 0

    def test_as_if_they_came_one_by_one(self):
        """Any mix of codes, blocks, pallets, repeats and wrong ones."""
        choice = random.Random(20261126)
        known = self._codes() | self._codes(level="block") | self._codes(level="pallet")
        for number in range(12):
            texts = [
                choice.choice(known).code if choice.random() < 0.85 else new_codes(1)[0]
                for _n in range(choice.randint(2, 20))
            ]
            with self.subTest(number=number):
                results = []
                for together in (False, True):
                    with contextlib.closing(self.env.cr.savepoint()):  # rolled back
                        if together:
                            statuses = self._scan_all(*texts)
                        else:
                            statuses = [self._scan(text)["status"] for text in texts]
                        results.append((statuses, self._get_books()))
                    self.env.invalidate_all()
                self.assertEqual(*results)

    def _get_books(self):
        """Return what matters of claims, codes and accounts."""
        claims = self.env["b2b2c.claim"].search([], order="id")
        codes = self.env["b2b2c.code"].search([("state", "=", "claimed")], order="id")
        return (
            claims.mapped(lambda claim: (claim.state, claim.reason_code or "")),
            [(code.id, claims.ids.index(code.claim_id.id)) for code in codes],
            [self.env["b2b2c.account"]._verify_all()],
            self._available(self.seller, self.owner),
        )


@tagged("post_install", "-at_install")
class TestPin(ScanCommon):
    """The hidden part."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.batch = cls._create_batch(with_pin=True)

    def _pin(self, code):
        return get_pin(self.batch.sudo().print_secret, code.code)

    def test_both_parts_are_needed(self):
        code = self._codes()[0]
        self.assertEqual(self._scan(code)["status"], "pin")
        self.assertEqual(self._scan(code, pin="ABCDEF")["status"], "refused")
        self.assertEqual(self._last().reason_code, "wrong_pin")
        self.assertEqual(
            self._scan(code, pin=self._pin(code).lower())["status"], "credited"
        )

    def test_whether_to_ask_for_a_pin_tells_nothing(self):
        unknown = new_codes(1, with_pin=True)[0]
        self.assertEqual(self._scan(unknown)["status"], "pin")
        answers = [
            self._scan(unknown, pin="ABCDEF"),
            self._scan(self._codes()[0], pin="X"),
        ]
        self.assertEqual(answers[0], answers[1])

    def test_pins_cannot_be_tried_out(self):
        self.company.b2b2c_scan_failures = 0
        code = self._codes()[0]
        for number in range(5):
            self._scan(code, pin=f"00000{number}")
        self.assertEqual(self._scan(code, pin=self._pin(code))["status"], "refused")
        self.assertEqual(code.state, "printed")

    def test_pins_are_forgotten_after_printing(self):
        code = self._codes()[0]
        pin = self._pin(code)
        self.assertNotIn(pin, code.pin_hash)
        self.batch.action_forget_pins()
        self.assertFalse(self.batch.can_print_pins)
        self.assertEqual(self._scan(code, pin=pin)["status"], "credited")


@tagged("post_install", "-at_install")
class TestSuspicion(ScanCommon):
    """What looks unusual waits for a person, and says why."""

    def _create_foreign_code(self):
        """Return a code whose goods went to another shop."""
        other = self.env["res.partner"].create({"name": "Other", "is_company": True})
        code = self._codes()[0]
        self.env.cr.execute(
            "UPDATE b2b2c_code SET shop_id = %s WHERE id = %s", (other.id, code.id)
        )
        self.env.invalidate_all()
        return code

    def test_goods_of_another_shop(self):
        code = self._create_foreign_code()
        self.assertEqual(self._scan(code)["status"], "review")
        claim = self._last()
        self.assertEqual(
            (claim.state, claim.score, claim.findings_text),
            ("review", 100, "The goods were shipped to another shop. (+100)"),
        )
        self.assertEqual(self._available(self.seller), [0])
        claim._accept()
        self.assertEqual(self._available(self.seller), [3])

    def test_goods_of_another_shop_can_be_refused(self):
        self.company.b2b2c_scan_other_shop = "refuse"
        code = self._create_foreign_code()
        self.assertEqual(self._scan(code)["status"], "refused")
        self.assertEqual(self._last().reason_code, "other_shop")
        self.assertEqual(code.state, "printed")

    def test_who_works_at_both_shops_scans_for_the_right_one(self):
        code = self._create_foreign_code()
        there = self._create_member(
            partner_id=self.seller.partner_id.id,
            employer_id=code.shop_id.id,
            role="salesperson",
        )
        self.assertEqual(self._scan(code, self.seller | there)["status"], "credited")
        self.assertEqual(self._available(self.seller, there), [0, 3])

    def test_an_opened_box(self):
        self.company.b2b2c_scan_adjacent = 4
        answers = [self._scan(code) for code in self._codes()[:5]]
        self.assertEqual(self._statuses(*answers), ["credited"] * 3 + ["review"] * 2)

    def test_a_refused_claim_blocks_its_code(self):
        self.company.b2b2c_scan_audit = 100
        code = self._codes()[0]
        self._scan(code)
        claim = self._last()
        self.assertEqual(claim.findings_text, "Drawn by lot for a check. (+0)")
        claim._refuse("by_person")
        self.env.invalidate_all()
        self.assertEqual(code.state, "blocked")

    def test_who_is_refused_is_told(self):
        """The page promised a message; it says what, and no more than the reason."""
        self.company.b2b2c_scan_audit = 100
        self.seller.partner_id.phone = "+380 67 765 43 21"
        self.seller.channel_wishes = {"sms": True}
        self._scan(self._codes()[0])
        self._scan(self._codes()[1])
        refused, accepted = self.env["b2b2c.claim"].search([], limit=2, order="id desc")
        officer = self._create_user("officer", "loyalty_b2b2c.group_officer")
        accepted.with_user(officer).action_accept()
        refused.with_user(officer).action_refuse()
        self._send_messages()
        name = f"Code scan {refused.reference}"
        [mail] = self.env["mail.mail"].search([("subject", "like", "not accepted")])
        self.assertEqual(mail.subject, f"{name} was not accepted")
        self.assertEqual(mail.recipient_ids, self.seller.partner_id)
        self.assertIn("Refused by a person.", mail.body_html)
        self.assertNotIn("officer", mail.body_html)
        [sms] = self.env["sms.sms"].search(
            [("number", "like", "677654321"), ("body", "like", "not accepted")]
        )
        self.assertEqual(
            sms.body,
            f"{self.company.name}: {name} was not accepted. Refused by a person.",
        )
        # who guesses gets no mail
        self._scan(new_codes(1)[0])
        self._send_messages()
        self.assertEqual(
            len(self.env["mail.mail"].search([("subject", "like", "not accepted")])), 1
        )

    def test_a_message_that_fails_stops_no_decision(self):
        self.company.b2b2c_scan_audit = 100
        self._scan(self._codes()[0])
        claim = self._last()
        self.env.ref("loyalty_b2b2c.mail_template_claim_refused").unlink()
        claim._refuse("by_person", self.env.user)
        with mute_logger(SENDER):
            self._send_messages()
        self.assertEqual(claim.state, "refused")
        message = self.env["b2b2c.notification"].search([("res_id", "=", claim.id)])
        self.assertEqual((message.kind, message.state), ("claim_refused", "failed"))

    def test_who_has_the_code_is_shown_beside_a_copy(self):
        code = self._codes()[0]
        elsewhere = self.env["res.partner"].create({"name": "Far", "is_company": True})
        stranger = self._create_staff("Taras", "salesperson", shop=elsewhere)
        self._scan(code)
        self._scan(code, stranger)
        officer = self._create_user("officer", "loyalty_b2b2c.group_officer")
        copy = self._last().with_user(officer)
        self.assertRecordValues(
            copy,
            [
                {
                    "reason_code": "copy",
                    "earlier_id": code.claim_id.id,
                    "earlier_submitter_id": self.seller.id,
                    "earlier_partner_id": self.shop.id,
                }
            ],
        )
        self.assertFalse(code.claim_id.earlier_id)

    def test_nobody_accepts_an_own_scan(self):
        self.company.b2b2c_scan_audit = 100
        self._scan(self._codes()[0])
        claim = self._last()
        officer = self._create_user("officer", "loyalty_b2b2c.group_officer")
        officer.partner_id = self.seller.partner_id
        with self.assertRaisesRegex(UserError, "concerns you"):
            claim.with_user(officer).action_accept()
        self.assertEqual(claim.state, "review")
        other = self._create_user("other", "loyalty_b2b2c.group_officer")
        claim.with_user(other).action_accept()
        self.assertEqual(self._available(self.seller), [3])

    def test_distance(self):
        self.company.b2b2c_scan_radius = 5
        self.shop.write({"partner_latitude": 50.45, "partner_longitude": 30.52})
        near, far = (50.46, 30.53), (49.84, 24.03)
        answers = [
            self._scan(code, place=place)
            for code, place in zip(self._codes(), (near, far, None), strict=False)
        ]
        self.assertEqual(self._statuses(*answers), ["credited", "review", "credited"])

    def test_codes_claimed_twice_are_classified(self):
        code = self._codes()[0]
        elsewhere = self.env["res.partner"].create({"name": "Far", "is_company": True})
        stranger = self._create_staff("Taras", "salesperson", shop=elsewhere)
        self._scan(code, address="192.0.2.1")
        for member, address, reason in (
            (self.seller, "192.0.2.1", "retry"),
            (self.colleague, "192.0.2.2", "sharing"),
            (stranger, "192.0.2.1", "sharing"),
            (stranger, "192.0.2.3", "copy"),
        ):
            self._scan(code, member, address=address)
            self.assertEqual(self._last().reason_code, reason)
