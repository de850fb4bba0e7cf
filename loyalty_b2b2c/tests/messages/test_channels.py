"""Another channel and another kind of message are one file each.

The pigeons get messages, wishes, rows of deliveries, retries in order, and their place
on the screens, and no file of the product knows them.
"""

from datetime import timedelta

from freezegun import freeze_time
from lxml import etree

from odoo import fields
from odoo.exceptions import ValidationError
from odoo.tests import Form, tagged
from odoo.tools import convert_file, mute_logger

from ...models.messages.b2b2c_channel import NotDelivered
from ..common import SENDER, LoyaltyCommon
from ..fakes import add_models, extended
from .fake_channel import DEFINITIONS, B2b2cChannelBoard, B2b2cChannelPigeon, later
from .fake_kind import FakeKind

NOW = "2026-03-04 12:00:00"
#: Channels of this add-on and of the tests; others may be installed as well.
_KNOWN = ("email", "sms", "pigeon")


class ChannelCommon(LoyaltyCommon):
    """Olena is reached by pigeon, wants pigeons, and no e-mails."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        add_models(cls, *DEFINITIONS)
        cls.answers = B2b2cChannelPigeon.answers
        cls.brought = B2b2cChannelPigeon.brought
        cls.shown = B2b2cChannelBoard.shown

    def setUp(self):
        super().setUp()
        self.enterContext(extended(self.env, "b2b2c.notification.kind", FakeKind))
        for plan in (self.answers, self.brought, self.shown):
            self.addCleanup(plan.clear)
        self.person = self.member.partner_id
        self.person.ref = "Olena's roof"
        self.member.channel_wishes = {"pigeon": True, "email": False}
        clock = freeze_time(NOW)
        clock.start()
        self.addCleanup(clock.stop)

    def _tell(self, number=1, kind="birthday", **values):
        """Queue a message; return it."""
        row = {
            "kind": kind,
            "key": f"{kind}/{number}",
            "details": {"years": number},
            **(values or {"member_id": self.member.id}),
        }
        return self.env["b2b2c.notification"]._tell([row])

    def _send_after(self, seconds):
        """Send what is due so many seconds after now."""
        moment = fields.Datetime.to_datetime(NOW) + timedelta(seconds=seconds)
        with freeze_time(moment), mute_logger(SENDER):
            self._send_messages()

    def _rows(self, messages):
        """What became of messages: [(channel, state, cause)]."""
        return [
            (row.channel, row.state, row.reason_code) for row in messages.delivery_ids
        ]

    def _years(self):
        """The birthdays that pigeons brought, in their order."""
        return [int(text.split("are ")[1].split(" ")[0]) for _to, text in self.brought]


@tagged("post_install", "-at_install")
class TestChannel(ChannelCommon):
    def test_it_brings_messages(self):
        message = self._tell(40)
        self.assertFalse(message.delivery_ids, "queueing decides nothing")
        self._send_messages()
        self.assertEqual(
            self.brought,
            [("Olena's roof", "Happy birthday, Olena Kovalenko\nYou are 40 now.")],
        )
        self.assertEqual(message.state, "sent")
        [row] = message.delivery_ids
        self.assertRecordValues(
            row,
            [
                {
                    "channel": "pigeon",
                    "state": "sent",
                    "tries": 1,
                    "res_model": "res.partner.category",
                    "display_name": "Pigeon: Sent",
                }
            ],
        )

    def test_it_brings_messages_about_points(self):
        self._create_program({})
        order = self._create_order()
        self._process()
        self._send_messages()
        [(address, text)] = self.brought
        self.assertEqual(address, "Olena's roof")
        self.assertEqual(text, f"+50 pts for {order.name}\nThey are yours to use now.")

    def test_the_reader_reads_the_own_language(self):
        self.env["res.lang"]._activate_lang("uk_UA")
        self.person.lang = "uk_UA"
        languages = []
        send = B2b2cChannelPigeon._send
        self.patch(
            B2b2cChannelPigeon,
            "_send",
            lambda channel, message: (
                languages.append((message.env.lang, message.env.context["tz"]))
                or send(channel, message)
            ),
        )
        self.person.tz = "Europe/Kyiv"
        self._tell()
        self._send_messages()
        self.assertEqual(languages, [("uk_UA", "Europe/Kyiv")])

    def test_who_chose_nothing_gets_none(self):
        other = self._create_member(name="Petro", email="p@example.com")
        other.partner_id.ref = "Petro's roof"
        message = self._tell(member_id=other.id)
        self._send_messages()
        self.assertEqual(self._rows(message), [("email", "sent", False)])
        self.assertFalse(self.brought)

    def test_who_is_not_reached(self):
        self.person.ref = False
        message = self._tell()
        self._send_messages()
        self.assertEqual(self._rows(message), [("pigeon", "skipped", "no_address")])
        self.assertEqual(message.state, "skipped")
        self.assertFalse(self.env["b2b2c.channel.pigeon"]._can_reach(self.member))

    def test_topics_are_declined_for_each_channel(self):
        self.member._set_wishes({("email", ""): True, ("pigeon", "birthdays"): False})
        message = self._tell()
        self._send_messages()
        self.assertEqual(
            sorted(self._rows(message)),
            [("email", "sent", False), ("pigeon", "skipped", "declined")],
        )

    def test_what_cannot_be_declined(self):
        self.member._set_wishes({("pigeon", "birthdays"): False})
        self._tell(kind="summons")
        self._send_messages()
        self.assertEqual(self.brought, [("Olena's roof", "Please come")])

    def test_a_digest_for_each_channel(self):
        """Over one channel a topic was declined: there it is not in the digest."""
        self.member.write({"notify_digest": "daily"})
        self.member._set_wishes({("email", ""): True, ("email", "birthdays"): False})
        for number in (1, 2):
            self._tell(number)
        messages = self.env["b2b2c.notification"].search(
            [("member_id", "=", self.member.id)]
        )
        self.assertEqual(set(messages.mapped("state")), {"new"})
        self._send_after(24 * 3600)
        self.assertEqual(len(self.brought), 1)
        self.assertEqual(
            sorted(self._rows(messages)),
            [("email", "skipped", "declined")] * 2 + [("pigeon", "sent", False)] * 2,
        )
        self.assertEqual(len(set(messages.delivery_ids.mapped("res_id")) - {0}), 1)

    def test_what_is_not_digested_goes_out_alone(self):
        self.member.notify_digest = "weekly"
        message = self._tell(kind="summons")
        self.assertEqual(str(message.send_at), NOW)
        self._send_messages()
        self.assertEqual(message.state, "sent")

    # === RETRIES === #

    def test_put_off_and_brought_later(self):
        self.answers[:] = [later(60)]
        message = self._tell()
        self._send_after(0)
        self.assertRecordValues(
            message.delivery_ids,
            [
                {
                    "state": "waiting",
                    "reason_code": "later",
                    "reason": "Too many letters",
                    "retry_at": fields.Datetime.to_datetime("2026-03-04 12:01:00"),
                    "tries": 1,
                }
            ],
        )
        self.assertEqual(
            (message.state, str(message.send_at)), ("new", "2026-03-04 12:01:00")
        )
        self._send_after(59)
        self.assertFalse(self.brought)
        self._send_after(60)
        self.assertEqual(self._years(), [1])
        self.assertRecordValues(
            message.delivery_ids,
            [{"state": "sent", "reason": False, "retry_at": False, "tries": 2}],
        )

    def test_the_sender_is_called_at_that_moment(self):
        self.answers[:] = [later(60)]
        self._tell()
        job = self.env.ref("loyalty_b2b2c.cron_notify")
        self._send_after(0)
        moments = self.env["ir.cron.trigger"].search([("cron_id", "=", job.id)])
        self.assertIn("2026-03-04 12:01:00", moments.mapped(lambda t: str(t.call_at)))

    def test_what_worked_is_not_repeated(self):
        self.member.channel_wishes = {"email": True}
        self.answers[:] = [later(60)]
        message = self._tell()
        self._send_after(0)
        self._send_after(60)
        mails = self.env["mail.mail"].search([("recipient_ids", "=", self.person.id)])
        self.assertEqual((len(mails), len(self.brought)), (1, 1))
        self.assertEqual(message.state, "sent")

    def test_the_order_is_kept(self):
        """Who comes after a message that was put off waits, also when it is new."""
        self.answers[:] = [None, later(60)]
        messages = self._tell(1) | self._tell(2) | self._tell(3)
        self._send_after(0)
        self.assertEqual(self._years(), [1])
        self.assertEqual(
            self._rows(messages),
            [
                ("pigeon", "sent", False),
                ("pigeon", "waiting", "later"),
                ("pigeon", "waiting", "behind"),
            ],
        )
        fourth = self._tell(4)
        self._send_after(30)
        self.assertEqual(self._rows(fourth), [("pigeon", "waiting", "behind")])
        self.answers[:] = [later(60)]  # the second is refused again
        self._send_after(60)
        self.assertEqual(self._years(), [1])
        self._send_after(119)
        self.assertEqual(self._years(), [1])
        self._send_after(120)
        self.assertEqual(self._years(), [1, 2, 3, 4])
        self.assertEqual(set((messages | fourth).mapped("state")), {"sent"})

    def test_others_do_not_wait(self):
        petro = self._wish_for_pigeons("Petro")
        self.answers[:] = [later(60)]
        self._tell(1)
        self._tell(2, member_id=petro.id)
        self._send_after(0)
        self.assertEqual(self._years(), [2])

    def test_all_wait_when_the_service_pauses(self):
        petro, iryna = map(self._wish_for_pigeons, ("Petro", "Iryna"))
        self.answers[:] = [later(60, for_all=True)]
        first, second = self._tell(1), self._tell(2, member_id=petro.id)
        self._send_after(0)
        third = self._tell(3, member_id=iryna.id)
        self._send_after(30)
        self.assertEqual(
            self._rows(first | second | third),
            [
                ("pigeon", "waiting", "paused"),
                ("pigeon", "waiting", "behind"),
                ("pigeon", "waiting", "behind"),
            ],
        )
        self._send_after(60)
        self.assertEqual(self._years(), [1, 2, 3])

    def _wish_for_pigeons(self, name):
        member = self._create_member(name=name, email=f"{name}@example.com")
        member.partner_id.ref = f"{name}'s roof"
        member.channel_wishes = {"pigeon": True, "email": False}
        return member

    def test_it_ends_after_some_tries(self):
        self.answers[:] = [later(60)] * 5
        message = self._tell()
        for minute in range(4):
            self._send_after(60 * minute)
            self.assertEqual(message.state, "new", minute)
        self._send_after(240)
        self.assertEqual(self._rows(message), [("pigeon", "failed", "gave_up")])
        self.assertEqual(
            (message.state, message.reason), ("failed", "Too many letters")
        )
        self._send_after(3600)
        self.assertFalse(self.brought)
        message.action_retry()
        self._send_after(3600)
        self.assertEqual(self._years(), [1])
        self.assertRecordValues(message.delivery_ids, [{"state": "sent", "tries": 1}])

    def test_switched_off_while_it_waited(self):
        self.answers[:] = [later(60)]
        message = self._tell()
        self._send_after(0)
        self.member.channel_wishes = {"pigeon": False}
        self._send_after(60)
        self.assertEqual(self._rows(message), [("pigeon", "skipped", "declined")])
        self.assertEqual(message.state, "skipped")

    def test_a_new_digest_choice_leaves_what_was_put_off(self):
        self.answers[:] = [later(60)]
        message = self._tell()
        self._send_after(0)
        self.member.notify_digest = "weekly"
        self.assertEqual(str(message.send_at), "2026-03-04 12:01:00")

    # === FAILURES === #

    def test_refused_for_good(self):
        """What the channel does about it stays, though the attempt is undone."""
        self.answers[:] = [NotDelivered("No such roof")]
        first, second = self._tell(1), self._tell(2)
        self._send_after(0)
        self.assertEqual(
            self._rows(first | second),
            [("pigeon", "failed", "refused"), ("pigeon", "skipped", "no_address")],
        )
        self.assertEqual(first.reason, "No such roof")
        self.assertFalse(self.person.ref)

    def test_unexpected_failures_stop_no_other_channel(self):
        self.member.channel_wishes = {"email": True}
        self.answers[:] = [ZeroDivisionError("wings")]
        message = self._tell()
        with self.assertLogs(SENDER, "ERROR"):
            self._send_messages()
        self.assertEqual(
            sorted(self._rows(message)),
            [("email", "sent", False), ("pigeon", "failed", "error")],
        )
        self.assertEqual((message.state, message.reason), ("failed", "wings"))

    def test_its_queue_says_later_that_it_failed(self):
        message = self._tell()
        self._send_messages()
        row = message.delivery_ids
        record = self.env[row.res_model].browse(row.res_id)
        self.env["b2b2c.notification.delivery"]._not_delivered(record, "A hawk")
        self.assertEqual((message.state, message.reason), ("failed", "A hawk"))
        message.action_retry()
        self.assertFalse(record.exists(), "it is not brought twice")
        self._send_messages()
        self.assertEqual((message.state, len(self.brought)), ("sent", 2))

    def test_a_channel_that_is_gone(self):
        """The add-on was uninstalled while messages waited."""
        self.answers[:] = [later(60)]
        message = self._tell()
        self._send_after(0)
        with extended(self.env, "b2b2c.channel", WithoutPigeons):
            self._send_after(60)
            self.assertEqual(self._rows(message), [("pigeon", "skipped", "no_channel")])
            self.assertEqual(message.state, "skipped")
            self.assertEqual(message.delivery_ids.display_name, "pigeon: Not sent")
            self.assertFalse(self.member.wish_ids.filtered("topic"))
            self.assertNotIn("pigeon", self.member.channel_wishes)

    # === OTHER RECIPIENTS === #

    def test_contacts_get_what_is_usual(self):
        """Nobody can choose for them: by e-mail."""
        self.contact.ref = "The office"
        message = self._tell(contact_id=self.contact.id, company_id=self.company.id)
        self._send_messages()
        self.assertEqual(self._rows(message), [("email", "sent", False)])
        self.assertEqual(message.recipient_text, self.contact.display_name)

    def test_addresses_of_nobody(self):
        message = self._tell(
            address="The old tower", channel="pigeon", company_id=self.company.id
        )
        self._send_messages()
        self.assertEqual(self._rows(message), [("pigeon", "sent", False)])
        self.assertEqual(self.brought[0][0], "The old tower")
        self.assertEqual(message.recipient_text, "The old tower")

    # === SCREENS === #

    def test_it_has_its_place_on_the_screens(self):
        shown = self.member.channel_wishes
        self.assertEqual(
            {code: shown[code] for code in _KNOWN},
            {
                "email": {"label": "E-mail", "checked": False},
                "sms": {"label": "SMS", "checked": False},
                "pigeon": {"label": "Pigeon", "checked": True},
            },
        )
        self.assertEqual(
            self.member.topic_wishes["birthdays"],
            {"label": "Birthdays", "checked": True},
        )
        self.env.registry.clear_cache("templates")
        view = self.env["b2b2c.notification"].get_view(view_type="search")
        self.env.registry.clear_cache("templates")
        [field] = etree.fromstring(view["arch"]).xpath(
            "//filter[@name='channel_pigeon']"
        )
        message = self._tell()
        self._send_messages()
        self.assertEqual(field.get("string"), "Pigeon")
        domain = [("delivery_ids.channel", "=", "pigeon")]
        self.assertEqual(field.get("domain"), repr(domain))
        self.assertEqual(self.env["b2b2c.notification"].search(domain), message)

    def test_enrolling_asks_for_it(self):
        contact = self.contact.copy({"name": "Iryna"})
        action = self.env["b2b2c.enroll"]._open(contact)
        with Form(self.env["b2b2c.enroll"].browse(action["res_id"])) as form:
            form.consent = True
            ticks = form.channel_wishes
            self.assertEqual(
                {code: ticks[code]["checked"] for code in _KNOWN},
                {"email": True, "sms": False, "pigeon": False},
            )
            form.channel_wishes = {
                code: {**tick, "checked": code == "pigeon"}
                for code, tick in ticks.items()
            }
        wishes = form.record._enroll()._get_wishes()
        self.assertEqual(
            [wishes[code, ""] for code in _KNOWN],
            [False, False, True],
        )

    def test_unknown_channels_and_topics_are_refused(self):
        for wishes in ({("raven", ""): True}, {("pigeon", "gossip"): True}):
            with self.assertRaisesRegex(ValidationError, "Nobody is written to"):
                self.member._set_wishes(wishes)

    # === WISHES === #

    def test_only_what_is_not_usual_is_stored(self):
        def stored():
            return [(w.channel, w.topic, w.wanted) for w in self.member.wish_ids]

        self.assertEqual(
            sorted(stored()), [("email", False, False), ("pigeon", False, True)]
        )
        self.member.channel_wishes = {"pigeon": False, "sms": False}
        self.assertEqual(stored(), [("email", False, False)])
        self.member._set_wishes({("email", ""): True, ("email", "points"): False})
        self.assertEqual(stored(), [("email", "points", False)])
        self.member._set_wishes({("email", "points"): True})
        self.assertEqual(stored(), [])

    def test_a_tick_that_stays_keeps_what_was_chosen_by_channel(self):
        self.member._set_wishes({("email", "points"): False})
        ticks = self.member.topic_wishes
        self.assertTrue(ticks["points"]["checked"], "still wanted by pigeon")
        ticks["pending"]["checked"] = False
        self.member.topic_wishes = ticks
        wishes = self.member._get_wishes()
        self.assertEqual(
            [wishes[code, "points"] for code in ("email", "sms", "pigeon")],
            [False, True, True],
        )
        self.assertEqual(
            [wishes[code, "pending"] for code in ("email", "sms", "pigeon")],
            [False, False, False],
        )

    def test_who_moves_keeps_them(self):
        self.member._set_wishes({("pigeon", "birthdays"): False})
        self.member.notify_digest = "weekly"
        shop = self.env["res.partner"].create({"name": "New Shop", "is_company": True})
        moved = self.member._move(shop)
        self.assertNotEqual(moved, self.member)
        self.assertEqual(moved._get_wishes(), self.member._get_wishes())
        self.assertEqual(moved.notify_digest, "weekly")

    def test_who_survives_a_merge_keeps_them(self):
        twin = self._create_member(
            name="Olena K.", email="ok@example.com", role="recommender"
        )
        twin.channel_wishes = {"sms": True}
        self._merge(twin.partner_id, self.person)
        self.assertEqual(twin.partner_id, self.person)
        self.assertTrue(self.member._get_wishes()["pigeon", ""])
        self.assertTrue(twin._get_wishes()["sms", ""])

    def test_who_is_reached_by_nothing_usual_gets_what_reaches(self):
        self.person.email = False
        self.member.channel_wishes = {"pigeon": False}
        self.member._want_what_reaches()
        wishes = self.member._get_wishes()
        self.assertEqual(
            [wishes[code, ""] for code in _KNOWN],
            [False, True, True],
        )

    def test_who_is_forgotten_wants_nothing(self):
        self.member._want_nothing()
        self.assertFalse(
            any(wanted for (_c, topic), wanted in self.member._get_wishes().items()
                if not topic)
        )  # fmt: skip


class WithoutPigeons:
    def _get_channel_models(self):
        names = super()._get_channel_models()
        return [name for name in names if name != "b2b2c.channel.pigeon"]


@tagged("post_install", "-at_install")
class TestLiveChannel(ChannelCommon):
    def test_it_shows_messages_the_moment_they_are_queued(self):
        self._create_program({})
        self._create_order()
        self._process()
        message = self.env["b2b2c.notification"].search(
            [("account_id", "=", self._account().id)]
        )
        self.assertEqual(self.shown, [(message.id, self._account().id)])
        # nobody chooses it, and nothing is known of what became of it
        self.assertNotIn("board", self.member.channel_wishes)
        self._send_messages()
        self.assertEqual(self._rows(message), [("pigeon", "sent", False)])


@tagged("post_install", "-at_install")
class TestKind(ChannelCommon):
    def test_it_is_worded_everywhere(self):
        self.member.channel_wishes = {"email": True, "sms": True}
        # as it is installed: a database may have a template of its own
        file = "data/mail_template_data.xml"
        convert_file(self.env, "loyalty_b2b2c", file, None, mode="init")
        message = self._tell(40)
        self.assertRecordValues(
            message,
            [
                {
                    "headline": "Happy birthday, Olena Kovalenko",
                    "subject": "Happy birthday, Olena Kovalenko",
                    "sentences": ["You are 40 now."],
                    "tone": "good",
                }
            ],
        )
        self._send_messages()
        mail = self.env["mail.mail"].search([("recipient_ids", "=", self.person.id)])
        self.assertEqual(mail.subject, "Happy birthday, Olena Kovalenko")
        self.assertIn("You are 40 now.", mail.body_html)
        self.assertNotIn("Your balance", mail.body_html)
        [text] = self.env["sms.sms"].search([("partner_id", "=", self.person.id)])
        self.assertEqual(
            text.body,
            f"{self.company.name}: Happy birthday, Olena Kovalenko. You are 40 now.",
        )

    def test_it_has_its_own_short_text(self):
        self.member.channel_wishes = {"sms": True, "pigeon": False}
        self._tell(kind="summons")
        self._send_messages()
        [text] = self.env["sms.sms"].search([("partner_id", "=", self.person.id)])
        self.assertEqual(text.body, "COME")

    def test_it_is_told_once(self):
        self.assertTrue(self._tell(40))
        self.assertFalse(self._tell(40))
        self._send_messages()
        self.assertEqual(self._years(), [40])

    def test_it_can_be_declined(self):
        self.member.topic_wishes = {"birthdays": False}
        message = self._tell()
        self._send_messages()
        self.assertEqual(message.state, "skipped")
        self.assertFalse(self.brought)

    def test_kinds_that_do_not_exist_are_refused(self):
        with self.assertRaises(KeyError):
            self._tell(kind="gossip")

    def test_a_kind_that_is_gone_is_still_shown(self):
        message = self._tell(document_name="4 March", member_id=self.member.id)
        with extended(self.env, "b2b2c.notification.kind", WithoutBirthdays):
            message.invalidate_recordset()
            self.assertEqual(message.headline, "4 March")
            self.assertEqual(message.tone, "news")


class WithoutBirthdays:
    def _get_kinds(self):
        kinds = super()._get_kinds()
        return {code: kinds[code] for code in kinds if code != "birthday"}
