"""Who comes to an event is paid once; the own card is the ticket."""

from datetime import timedelta

from odoo import Command, fields
from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from odoo.addons.loyalty_b2b2c.tests.training.training_common import TrainingCommon


@tagged("post_install", "-at_install")
class TestEventTraining(TrainingCommon):
    """Each event brings 50 points."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.event = cls._create_event("Spring Training")
        cls.other_event = cls._create_event("Autumn Training")
        cls.desk = cls._create_user("desk", "event.group_event_registration_desk")

    @classmethod
    def _create_event(cls, name):
        now = fields.Datetime.now()
        return cls.env["event.event"].create(
            {
                "name": name,
                "date_begin": now - timedelta(hours=1),
                "date_end": now + timedelta(hours=5),
                "date_tz": "UTC",
            }
        )

    def tearDown(self):
        self.assertBooksRight()
        super().tearDown()

    def _start(self, **values):
        return self._create_training(
            prizes={0: 50},
            **{
                "training_way": "event",
                "training_repeat": "each",
                "event_ids": (self.event | self.other_event).ids,
                **values,
            },
        )

    def _register(self, event=None, **values):
        return self.env["event.registration"].create(
            {"event_id": (event or self.event).id, **values}
        )

    def _show(self, text, event=None):
        """Show something at the door; return the status."""
        registrations = self.env["event.registration"].with_user(self.desk)
        answer = registrations.register_attendee(text, (event or self.event).id)
        self._judge()
        return answer.get("status") or answer["error"]

    def test_the_gallery_shows_it_to_who_can_choose(self):
        groups = ("loyalty_b2b2c.group_manager",)
        for login, more, shown in (
            ("plain", (), False),
            ("more", ("event.group_event_registration_desk",), True),
        ):
            manager = self._create_user(f"gallery.{login}", *groups, *more)
            gallery = self.env["b2b2c.mechanic"].with_user(manager)
            codes = [
                row["code"]
                for part in gallery.get_gallery()
                for row in part["mechanics"]
            ]
            self.assertEqual("challenge_come" in codes, shown, login)

    def test_the_gallery_asks_which_events(self):
        """Each of two events pays 60 to who came."""
        dialog = self.env["b2b2c.challenge.begin"].create(
            {"template": "come", "program_id": self.program.id, "points": 60}
        )
        with self.assertRaisesRegex(UserError, "Choose the events"):
            dialog.action_begin()
        dialog.event_ids = self.event | self.other_event
        draft = self.env["b2b2c.challenge"].browse(dialog.action_begin()["res_id"])
        self.assertEqual(
            (draft.training_way, draft.event_ids, draft.prize_ids.points),
            ("event", self.event | self.other_event, 60),
        )
        draft.action_start()
        for event in (self.event, self.other_event):
            self._register(event, name="Anna", email=self.anna.email)
            self._show(self.anna._get_card_digits(), event)
        self.assertEqual(self._get_points(self.anna), 120)

    def test_the_own_card_is_the_ticket(self):
        training = self._start()
        mine = self._register(name="Anna", email=self.anna.email.upper())
        card = self.anna._get_card_digits()
        self.assertEqual(self._show(card, self.other_event), "invalid_ticket")
        self.assertEqual(self._show(card), "confirmed_registration")
        self.assertEqual(self._show(f"M:{self.anna.code}"), "already_registered")
        self.assertEqual(mine.state, "done")
        self.assertEqual(self._show(self.bohdan._get_card_digits()), "invalid_ticket")
        self.assertEqual(self._show("0000"), "invalid_ticket")
        self.assertEqual(self._get_proofs(training), [(self.anna, "passed", 100)])
        self.assertEqual(self._get_points(self.anna), 50)

    def test_who_stands_at_the_desk_does_not_let_himself_pass(self):
        training = self._start()
        self.desk.group_ids += self.env.ref("loyalty_b2b2c.group_officer")
        self.anna.partner_id.user_ids = [
            Command.create(
                {
                    "login": "anna-at-the-desk",
                    "name": "Anna",
                    "group_ids": [
                        Command.set(
                            self.env.ref("event.group_event_registration_desk").ids
                        )
                    ],
                }
            )
        ]
        self._register(name="Anna", email=self.anna.email)
        self.assertEqual(
            self._show(self.anna._get_card_digits()), "confirmed_registration"
        )
        self.assertEqual(self._get_proofs(training), [(self.anna, "held", 100)])
        self.assertEqual(training.proof_ids.hold, "own")
        self.assertEqual(self._get_points(self.anna), 0)
        training.proof_ids.with_user(self.desk).action_accept()
        self.assertEqual(self._get_points(self.anna), 50)

    def test_who_booked_for_others_is_not_who_came(self):
        training = self._start()
        seats = self._register(
            name="Bohdan", email=self.bohdan.email, partner_id=self.anna.partner_id.id
        ) | self._register(
            name="Guest", email="guest@example.com", partner_id=self.anna.partner_id.id
        )
        for seat in seats:
            self.assertEqual(self._show(seat.barcode), "confirmed_registration")
        self.assertEqual(self._get_proofs(training), [(self.bohdan, "passed", 100)])
        self.assertEqual(self._get_points(self.anna), 0)

    def test_once_per_event_and_person(self):
        self._start()
        twice = self._register(email=self.anna.email) | self._register(
            email=self.anna.email
        )
        for seat in twice:
            self._show(seat.barcode)
        self.assertEqual(self._get_points(self.anna), 50)
        second = self._register(self.other_event, email=self.anna.email)
        self._show(second.barcode, self.other_event)
        self.assertEqual(self._get_points(self.anna), 100)

    def test_found_by_the_phone_number_however_it_is_written(self):
        dmytro = self._create_member(
            name="Dmytro", email=False, phone="+380 67 765 43 21", role="salesperson",
            employer_id=self.shop.id,
        )  # fmt: skip
        self._start()
        self.event.address_id.country_id = self.env.ref("base.ua")
        self._register(name="Dmytro", phone="067-765-4321", email="d@office.example")
        self.assertEqual(
            self._show(dmytro._get_card_digits()), "confirmed_registration"
        )
        self.assertEqual(self._get_points(dmytro), 50)

    def test_two_people_on_one_registration_are_nobody(self):
        training = self._start()
        dmytro = self._create_member(
            name="Dmytro", email=False, phone="+380 67 765 43 21", role="salesperson",
            employer_id=self.shop.id,
        )  # fmt: skip
        seat = self._register(email=self.anna.email, phone=dmytro.phone)
        self._show(seat.barcode)
        attempt = self.env["b2b2c.training.attempt"].search([], limit=1)
        self.assertEqual(attempt.problem, "several")
        self.assertFalse(self._get_proofs(training))

    def test_an_address_nobody_proved_names_nobody(self):
        training = self._start()
        self.env.cr.execute("DELETE FROM b2b2c_address_proof")
        seat = self._register(email=self.anna.email)
        self._show(seat.barcode)
        self.assertFalse(self._get_proofs(training))

    def test_a_mistake_at_the_door_is_taken_back(self):
        training = self._start()
        seat = self._register(email=self.anna.email, state="done")
        self._judge()
        self.assertEqual(self._get_points(self.anna), 50)
        seat.action_cancel()
        self._judge()
        self.assertEqual(self._get_points(self.anna), 0)
        seat.action_set_done()  # Odoo keeps the first date of attendance; we do not ask
        self._judge()
        self.assertEqual(self._get_points(self.anna), 50)
        seat.active = False
        self._judge()
        self.assertEqual(self._get_points(self.anna), 0)
        self.assertEqual(
            [row[1] for row in self._get_proofs(training)], ["withdrawn", "withdrawn"]
        )

    def test_what_proves_nothing_is_not_started(self):
        with self.assertRaisesRegex(ValidationError, "Choose the events"):
            self._start(event_ids=[])
        self.event.write(
            {
                "date_begin": fields.Datetime.now() - timedelta(days=2),
                "date_end": fields.Datetime.now() - timedelta(days=1),
            }
        )
        with self.assertRaisesRegex(UserError, "Spring Training.* is over"):
            self._start()
