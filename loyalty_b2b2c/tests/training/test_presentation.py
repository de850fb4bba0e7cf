"""A presentation is proved by who was there: a code on the presenter's screen."""

import io
from base64 import b64decode
from datetime import datetime, timedelta

from freezegun import freeze_time
from PIL import Image

from odoo import fields
from odoo.tests import tagged

from ...exceptions import LoyaltyError
from .training_common import TrainingCommon

TEN = datetime(2026, 3, 2, 10)


def make_photo(shade):
    """Return a picture of one colour as a phone sends it."""
    stream = io.BytesIO()
    Image.new("RGB", (320, 240), (shade, 90, 120)).save(stream, "JPEG")
    return stream.getvalue()


@tagged("post_install", "-at_install")
class TestPresentation(TrainingCommon):
    """Anna presents; who holds one gets 60 points, who comes 5."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.guests = [
            cls._create_seller(f"Guest{number}", cls.other_shop)
            for number in range(1, 4)
        ]

    def setUp(self):
        super().setUp()
        clock = freeze_time(TEN)
        self.clock = clock.start()
        self.addCleanup(clock.stop)
        self.attendance = self._create_training(
            name="Came",
            training_way="attendance",
            training_repeat="each",
            prizes={0: 5},
            start=False,
        )
        self.training = self._create_training(
            name="Presented",
            training_way="presentation",
            training_repeat="each",
            prizes={3: 60},
            attendance_id=self.attendance.id,
        )
        self.attendance.action_start()

    def tearDown(self):
        self.assertBooksRight()
        super().tearDown()

    def _open(self, member=None, **values):
        """Open a presentation as its page does."""
        return self.env["b2b2c.presentation"]._open(
            member or self.anna,
            self.training,
            {
                "name": "The new paper",
                "place": "North Shop, first floor",
                "expected": 3,
                "starts_at": fields.Datetime.now(),
                **values,
            },
        )

    def _confirm(self, member, presentation, code=None, token=None):
        """Confirm as the person, with what is on the screen now; return the status."""
        code = presentation._get_code()[0] if code is None else code
        attendees = self.env["b2b2c.presentation.attendee"]
        return attendees._confirm(
            member, code, presentation.token if token is None else token
        ).status

    def _close(self, presentation):
        presentation._close()
        self._judge()

    def _hold(self, shade=10):
        """Hold a presentation for three guests."""
        presentation = self._open()
        presentation._set_photo(make_photo(shade))
        for guest in self.guests:
            self.assertEqual(self._confirm(guest, presentation), "there")
        self._close(presentation)
        return presentation

    # === WHAT PROVES IT === #

    def test_three_people_and_a_photo_prove_it(self):
        presentation = self._hold()
        self.assertEqual(presentation.state, "held")
        self.assertEqual(self._get_proofs(self.training), [(self.anna, "passed", 3)])
        self.assertEqual(self._get_points(self.anna), 60)
        self.assertEqual([self._get_points(one) for one in self.guests], [5, 5, 5])
        self.assertEqual(
            presentation.proof_ids.mapped("member_id"),
            (self.anna | self.guests[0] | self.guests[1] | self.guests[2]),
        )

    def test_each_presentation_pays_once(self):
        first, second = self._hold(10), self._hold(20)
        self.assertEqual(self._get_points(self.anna), 120)
        self.assertFalse(first._close())
        attempts = self.env["b2b2c.training.attempt"]
        attempts.search([("res_id", "in", (first | second).ids)])._judge_again()
        self.assertEqual(self._get_points(self.anna), 120)

    def test_too_few_people_or_no_photo_prove_nothing(self):
        presentation = self._open()
        presentation._set_photo(make_photo(10))
        self._confirm(self.guests[0], presentation)
        self._confirm(self.guests[1], presentation)
        self._close(presentation)
        self.assertEqual(presentation.state, "short")
        self.assertEqual(presentation.problem, "2 of 3 people confirmed.")
        other = self._open()
        for guest in self.guests:
            self._confirm(guest, other)
        self._close(other)
        self.assertEqual(other.problem, "There is no photo of the room.")
        people = (self.anna, *self.guests)
        self.assertEqual([self._get_points(one) for one in people], [0, 0, 0, 0])

    def test_the_same_photo_again_waits_for_an_officer(self):
        self._hold(10)
        second = self._hold(10)
        self.assertTrue(second.has_same_photo)
        proofs = self.training.proof_ids.sorted("id")
        self.assertEqual(proofs.mapped("state"), ["passed", "held"])
        self.assertEqual(proofs[1].hold, "photo")
        self.assertEqual(self._get_points(self.anna), 60)

    def test_nobody_closed_it(self):
        presentation = self._open()
        presentation._set_photo(make_photo(10))
        for guest in self.guests:
            self._confirm(guest, presentation)
        attempts = self.env["b2b2c.presentation"]
        self.clock.tick(timedelta(hours=4) - timedelta(seconds=1))
        attempts._close_overdue()
        self.assertEqual(presentation.state, "open")
        self.clock.tick(timedelta(seconds=1))
        attempts._close_overdue()
        self._judge()
        self.assertEqual(presentation.state, "held")

    # === WHO CONFIRMS === #

    def test_the_code_on_the_screen_and_two_before_it(self):
        presentation = self._open()
        code, left = presentation._get_code()
        self.assertEqual((len(code), left), (8, 30))
        self.clock.tick(timedelta(seconds=89))
        self.assertEqual(self._confirm(self.guests[0], presentation, code), "there")
        self.clock.tick(timedelta(seconds=1))
        self.assertEqual(self._confirm(self.guests[1], presentation, code), "wrong")
        typed = f"{presentation._get_code()[0][:4]} {presentation._get_code()[0][4:]}"
        self.assertEqual(
            self._confirm(self.guests[1], presentation, typed, token=""), "there"
        )
        self.assertEqual(presentation.attendee_ids.mapped("is_scanned"), [True, False])

    def test_once_per_person_and_never_the_presenter(self):
        presentation = self._open()
        guest = self.guests[0]
        self.assertEqual(self._confirm(guest, presentation), "there")
        self.assertEqual(self._confirm(guest, presentation), "again")
        second = self._create_member(
            partner_id=guest.partner_id.id,
            role="salesperson",
            employer_id=self.shop.id,
        )
        self.assertEqual(self._confirm(second, presentation), "again")
        self.assertEqual(self._confirm(self.anna, presentation), "own")
        twin = self._create_member(
            name="Anna again", email=self.anna.email, phone=False, role="salesperson",
            employer_id=self.other_shop.id,
        )  # fmt: skip
        self.assertEqual(self._confirm(twin, presentation), "own")
        self.assertEqual(presentation.attendee_count, 1)

    def test_only_while_it_takes_place(self):
        later = self._open(starts_at=TEN + timedelta(hours=2))
        self.assertEqual(self._confirm(self.guests[0], later), "wrong")
        self.clock.tick(timedelta(hours=1, minutes=30))
        self.assertEqual(self._confirm(self.guests[0], later), "there")
        self.clock.tick(timedelta(hours=4, minutes=30))
        self.assertEqual(self._confirm(self.guests[1], later), "wrong")
        closed = self._open()
        code = closed._get_code()[0]
        closed._close()
        self.assertEqual(self._confirm(self.guests[0], closed, code), "wrong")

    def test_whose_people_count(self):
        colleague = self.bohdan
        for counted, expected in (
            ("same_shop", ("there", "shop")),
            ("other_shop", ("shop", "there")),
            ("any", ("there", "there")),
        ):
            self.training.sudo().attendees_from = counted
            presentation = self._open()
            found = tuple(
                self._confirm(one, presentation) for one in (colleague, self.guests[0])
            )
            self.assertEqual(found, expected, counted)

    def test_guessing_is_counted(self):
        presentation = self._open()
        guest = self.guests[0]
        tries = {self._confirm(guest, presentation, "00000000") for _try in range(30)}
        self.assertLessEqual(tries, {"wrong", "there"})
        self.assertEqual(self._confirm(guest, presentation), "wait")
        for garbage in (None, 7, [], "\0" * 9, "x" * 5000, {"a": 1}):
            self.assertIn(
                self._confirm(self.guests[1], presentation, garbage or ()), ("wrong",)
            )
            self.assertIn(
                self._confirm(self.guests[2], presentation, None, garbage or "\0"),
                ("wrong",),
            )

    # === OPENING === #

    def test_what_is_missing_is_said(self):
        for words, values in (
            ("what the presentation is about", {"name": "  "}),
            ("where it takes place", {"place": None}),
            ("how many people", {"expected": 0}),
            ("how many people", {"expected": 10**9}),
            ("starts now", {"starts_at": None}),
            ("starts now", {"starts_at": TEN - timedelta(days=1)}),
            ("starts now", {"starts_at": TEN + timedelta(days=61)}),
        ):
            with self.assertRaisesRegex(LoyaltyError, words):
                self._open(**values)

    def test_who_it_is_not_for_opens_none(self):
        with self.assertRaisesRegex(LoyaltyError, "cannot open"):
            self._open(self.member)  # no seller

    def test_a_photo_is_one(self):
        presentation = self._open()
        for data in (b"", b"no photo", make_photo(3)[:200]):
            with self.assertRaises(LoyaltyError):
                presentation._set_photo(data)
        presentation._set_photo(make_photo(3))
        kept = Image.open(io.BytesIO(b64decode(presentation.photo)))
        self.assertEqual(kept.size, (320, 240))
        presentation._cancel()
        with self.assertRaisesRegex(LoyaltyError, "is over"):
            presentation._set_photo(make_photo(4))
