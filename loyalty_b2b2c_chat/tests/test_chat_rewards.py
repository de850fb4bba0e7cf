"""Spending, tasks, recommending and the owner's shop in the chat."""

from datetime import date, timedelta
from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.tests import tagged

from odoo.addons.loyalty_b2b2c.tests.activities.activity_common import (
    ActivityCommon,
    photo,
    video,
)
from odoo.addons.loyalty_b2b2c.tests.challenges.test_score_feed import ScoreCommon
from odoo.addons.loyalty_b2b2c.tests.sharing.test_sharing import SharingCommon

from ..commands.recommend_commands import RecommendCommands
from ..commands.rewards_commands import RewardsCommands
from ..commands.shop_commands import ShopCommands
from ..commands.tasks_commands import TasksCommands
from .dialog_common import DialogCommon
from .fake_messenger import Parrot


@tagged("post_install", "-at_install")
class TestChatRewards(DialogCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.account._earn(100, source_key="store/olena")
        cls.other_account._earn(100, source_key="store/petro")
        cls.mug = cls._create_reward("Coffee mug", 60)

    def setUp(self):
        super().setUp()
        self._connect(self.member)

    @classmethod
    def _create_reward(cls, name, points, **values):
        return cls.env["b2b2c.reward"].create(
            {"name": name, "points": points, "company_id": cls.company.id, **values}
        )

    def _requests(self):
        return self.env["b2b2c.redemption"].search([("member_id", "=", self.member.id)])

    def _ask_for_mug(self):
        said = self._press(self._come_in("/rewards")[-1], "Coffee mug")
        said = self._press(said[-1], "🎁 I want this")
        return self._press(said[-1], "Leave it empty")  # how it is handed over

    def test_a_reward_is_requested_once(self):
        said = self._come_in("/rewards")
        self.assertIn("You can spend 100 pts.", said[-1].reply.text)
        self.assertIn("Coffee mug · 60 pts", said[-1].reply.text)
        said = self._ask_for_mug()
        self.assertIn("“Coffee mug” for 60 pts? You have 40 pts", said[-1].reply.text)
        question = said[-1]
        said = self._press(question, "✅ Yes, request it")
        self.assertIn("Requested!", said[0].reply.text)
        said = self._press(question, "✅ Yes, request it")
        self.assertIn("This button is from earlier", said[0].reply.text)
        self.assertEqual(len(self._requests()), 1)
        self.assertEqual(self.account.balance_available, 40)

    def test_the_same_press_again_reserves_nothing_more(self):
        question = self._ask_for_mug()[-1]
        for _delivery in range(3):
            self._press(question, "✅ Yes, request it", external_id="yes-1")
        self.assertEqual(len(self._requests()), 1)

    def test_no_is_no(self):
        said = self._press(self._ask_for_mug()[-1], "✖ No")
        self.assertIn("Nothing was requested.", said[-1].reply.text)
        self.assertFalse(self._requests())

    def test_too_few_points_are_told_and_nothing_is_offered(self):
        self._create_reward("Rucksack", 120)
        said = self._press(self._come_in("/rewards")[-1], "Rucksack")
        self.assertNotIn("🎁 I want this", self._get_labels(said[-1]))

    def test_a_request_is_taken_back(self):
        self._press(self._ask_for_mug()[-1], "✅ Yes, request it")
        said = self._come_in("/requests")
        said = self._press(said[-1], "↩ Take it back")
        self.assertIn("Taken back", said[-1].reply.text)
        self.assertEqual(self.account.balance_available, 100)

    def test_much_is_requested_on_the_page(self):
        self.company.b2b2c_spend_proof_above = 10
        units = type(self.unit)
        with patch.object(
            units, "_get_face_value", lambda *args: (1, self.company.currency_id)
        ):
            said = self._press(self._come_in("/rewards")[-1], "Coffee mug")
            self.assertIn("on your page", said[-1].reply.text)
            commands = self._give(RewardsCommands)
            self.assertIsNone(commands.questions(self.mug.id))
            with self.assertRaises(UserError):
                commands.request(self.mug.id, {}, "60", "k")
        self.assertFalse(self._requests())

    def test_what_is_not_offered_cannot_be_had(self):
        owners = self.env["b2b2c.reward.role"]._get_rows("owner")
        hidden = self._create_reward("Owner mug", 10, role_ids=owners.ids)
        commands = self._give(RewardsCommands)
        for reward in (hidden.id, 0, -1, "x"):
            self.assertIsNone(commands.look(str(reward)))
            with self.assertRaises(UserError):
                commands.request(str(reward), {}, "10", "k")
        theirs = self.env["b2b2c.redemption"]._request(
            self.other_member, self.mug, request_key="theirs"
        )
        self.assertIsNone(commands.take_back(str(theirs.id)))
        self.assertEqual(theirs.state, "requested")


@tagged("post_install", "-at_install")
class TestChatTasks(ScoreCommon, DialogCommon):
    def _begin(self, **values):
        today = self.env.cr.now().date()
        return self._start(
            {10: 50}, name="Ten Boxes", is_opt_in=True, moment="confirmed",
            first_day=today.replace(day=1), last_day=False, recurrence="month",
            **values,
        )  # fmt: skip

    def test_a_task_is_taken_on_and_given_up(self):
        self._begin(places=2)
        anna = self.sellers[0]
        self._connect(anna)
        said = self._come_in("/tasks")
        self.assertIn("Ten Boxes", said[-1].reply.text)
        said = self._press(said[-1], "Ten Boxes")
        said = self._press(said[-1], "💪 Take it on")
        self.assertIn("You are in. Good luck!", said[0].reply.text)
        self.assertIn("0 units of 10 units (0 %)", said[-1].reply.text)
        said = self._press(said[-1], "Give it up")
        self.assertIn("You gave it up.", said[0].reply.text)

    def test_a_round_of_others_is_none(self):
        self._begin()
        anna, bohdan = self.sellers[:2]
        round_ = self.env["b2b2c.challenge.round"].search([], limit=1)
        self._connect(anna)
        commands = self._give(TasksCommands)
        self.assertTrue(commands.look(f"{round_.id}-{anna.id}"))
        for key in ("", "-", "x", f"{round_.id}-{bohdan.id}", f"0-{anna.id}"):
            self.assertIsNone(commands.look(key), key)


@tagged("post_install", "-at_install")
class TestChatPhotos(ActivityCommon, DialogCommon):
    days = {
        "first_day": date.today() - timedelta(days=20),
        "last_day": date.today() + timedelta(days=20),
    }

    def setUp(self):
        super().setUp()
        self._connect(self.member)

    def _send(self, kind, content, **file):
        Parrot.files["one"] = content
        files = [{"reference": "one", "size": len(content), **file}]
        return self._come_in(kind=kind, files=files) + self._sweep()

    def test_photos_and_ticks_are_handed_in(self):
        task = self._create_task(criteria=[("Three rows", 5)], role_ids=False)
        said = self._press(self._come_in("/tasks")[-1], task.name)
        self.assertIn("Send the photos here", said[-1].reply.text)
        for colour in range(task.photo_min or 1):
            said = self._send("photo", photo(colour))
        self.assertIn("I am taking it…", said[0].reply.text)
        box = next(one for one in said if "☐ Three rows" in self._get_labels(one))
        self._press(box, "☐ Three rows")
        said = self._come_in("what now?")
        said = self._press(said[-1], "✅ Hand in")
        self.assertIn("Handed in.", said[-1].reply.text)
        submission = self.submissions.search([("member_id", "=", self.member.id)])
        self.assertEqual(submission.state, "handed_in")
        self.assertTrue(submission.score_ids.is_ticked)

    def test_a_video(self):
        task = self._create_task(video_use="required", photo_min=0, role_ids=False)
        self._press(self._come_in("/tasks")[-1], task.name)
        self._send("video", video(), name="shelf.mp4", mime="video/mp4")
        submission = self.submissions.search([("member_id", "=", self.member.id)])
        self.assertEqual(submission._get_video().state, "ready")

    def test_two_gigabytes_are_refused_by_their_stated_size(self):
        task = self._create_task(video_use="required", photo_min=0, role_ids=False)
        self._press(self._come_in("/tasks")[-1], task.name)
        files = [{"reference": "gone", "size": 2**31, "mime": "video/mp4"}]
        said = self._come_in(kind="video", files=files) + self._sweep()
        self.assertIn("too large", "\n".join(self._get_texts(said)))


@tagged("post_install", "-at_install")
class TestChatRecommend(SharingCommon, DialogCommon):
    def setUp(self):
        super().setUp()
        self._connect(self.member)

    def test_a_code_a_link_and_a_poster(self):
        said = self._press(self._come_in("/recommend")[-1], "🤝 Get my code")
        link = self.links.sudo().search([("member_id", "=", self.member.id)])
        text = "\n".join(self._get_texts(said))
        self.assertIn(link.code, text)
        self.assertIn(link.url, text)
        self.assertTrue(said[0].reply.attachment.is_picture)
        said = self._press(said[-1], "🖼 Poster to print") + self._sweep()
        self.assertTrue(said[-1].reply.attachment.content.startswith(b"%PDF"))

    def test_terms_are_agreed_to_first(self):
        self.env["b2b2c.referral.terms"].create({"company_id": self.company.id})
        said = self._press(self._come_in("/recommend")[-1], "🤝 Get my code")
        mine = [("member_id", "=", self.member.id)]
        self.assertFalse(self.links.sudo().search(mine))
        self._press(said[-1], "✅ I agree")
        self.assertTrue(self.links.sudo().search(mine))

    def test_the_poster_of_somebody_else_is_none(self):
        self.assertIsNone(self._give(RecommendCommands).draw(str(self.link.id)))

    def test_who_opens_a_recommendation_sees_whose_and_where_it_goes_on(self):
        said = self._come_in(kind="start", text=f"r_{self.link.code}", user="78")
        self.assertIn(
            f"{self.link.url}?c={self.channel.kind}",
            [button.url for row in said[-1].reply.buttons for button in row],
        )
        said = self._come_in(kind="start", text="r_NOBODY99", user="78")
        self.assertIn("This recommendation is over.", said[-1].reply.text)

    def test_what_is_opened_in_a_chat_is_seen(self):
        """Two chats, one of them twice: seen by two; what is no code counts nothing."""
        for user in ("78", "78", "79"):
            self._come_in(kind="start", text=f"r_{self.link.code}", user=user)
        self._come_in(kind="start", text="r_NOBODY99", user="80")
        self.assertEqual(self.link._get_figures()["seen"], 2)
        touches = self.touches.sudo().search([("link_id", "=", self.link.id)])
        self.assertEqual(set(touches.mapped("channel")), {"chat"})
        self.assertFalse(touches.partner_id)
        self.env.flush_all()
        [(opened,)] = self.env["b2b2c.referral.report"]._read_group(
            [("link_id", "=", self.link.id), ("channel", "=", "chat")],
            [],
            ["opened:sum"],
        )
        self.assertEqual(opened, 2)

    def test_whose_chat_it_is_buys_by_the_recommendation(self):
        """Opened before the chat is anybody's, linked, bought: the recommender's."""
        self._come_in(kind="start", text=f"r_{self.link.code}", user="78")
        chats = self.env["b2b2c.chat.link"]
        chats.search([("external_user", "=", "78")])._bind(self.petro, "portal")
        order = self._buy(self.petro)
        use = self.uses._find(order)
        self.assertEqual(
            (use.how, use.channel, use.link_id), ("touch", "chat", self.link)
        )


@tagged("post_install", "-at_install")
class TestChatShop(DialogCommon):
    """Petro owns the client's shop, where Olena works."""

    def _ship(self):
        self.product.default_code = "PAPER"
        self._create_program(
            {"role": "owner", "trigger": "delivered", "kind": "per_unit", "value": 2}
        )
        distributor = self.env["res.partner"].create(
            {"name": "Big Distributor", "is_company": True}
        )
        self.env["b2b2c.intake"]._record(
            {
                "type": "shipment",
                "reference": "WB-1",
                "occurred_at": "2026-03-02T10:00:00Z",
                "partner": {"id": self.client.id},
                "lines": [{"product": "PAPER", "quantity": 3}],
            },
            company=self.company,
            channel="api",
            reporter=distributor,
        )
        self._process()

    def test_what_arrived_and_what_it_earned(self):
        self._ship()
        self._connect(self.other_member)
        text = self._come_in("/goods")[-1].reply.text
        for words in ("WB-1", "Big Distributor", "Paper A4: 3", "Earned: 6 pts"):
            self.assertIn(words, text)

    def test_staff_and_an_invitation(self):
        seller = self._create_member(
            name="Nina Seller", email="nina@example.com", role="salesperson"
        )
        self._connect(self.other_member)
        said = self._come_in("/staff")
        self.assertIn(seller.name, said[-1].reply.text)
        [said] = self._press(said[-1], "➕ Invite staff")
        invitation = self.env["b2b2c.invitation"].search([], limit=1, order="id desc")
        self.assertIn(f"start=j_{invitation.token}", said.reply.text)
        self.assertEqual(invitation.approval, "owner")

    def test_the_owner_agrees_to_who_waits(self):
        invitation = self.env["b2b2c.invitation"].create(
            {"employer_id": self.client.id, "approval": "owner"}
        )
        self.client.country_id = self.env.ref("base.ua")
        self._connect(self.other_member)
        start = self._come_in(kind="start", text=f"j_{invitation.token}", user="78")
        self._press(start[-1], "✅ I agree", user="78")
        self._come_in("Maria Bondar", user="78")
        joins = type(self.env["b2b2c.join"])
        with patch.object(joins, "_new_code", lambda request: "123456"):
            self._come_in("maria@example.com", user="78")
        said = self._come_in("123456", user="78")
        self.assertIn("Somebody has to agree", said[-1].reply.text)
        waiting = said[-1]
        said = self._come_in("/staff")
        asked = next(one for one in said if "✅ Agree" in self._get_labels(one))
        self.assertIn("Maria Bondar", asked.reply.text)
        self._press(asked, "✅ Agree")
        [told] = [one for one in self._sweep() if one.chat == "78"]
        self.assertIn("Welcome! You take part now", told.reply.text)
        said = self._press(waiting, "Did somebody agree?", user="78")
        self.assertIn("This button is from earlier", said[0].reply.text)
        member = self.env["b2b2c.member"].search([("name", "=", "Maria Bondar")])
        self.assertEqual(self._get_link("78").partner_id, member.partner_id)

    def test_who_owns_nothing_sees_nothing(self):
        self._ship()
        self._connect(self.member)
        self.assertNotIn("WB-1", "\n".join(self._get_texts(self._come_in("/goods"))))
        commands = self._give(ShopCommands)
        self.assertEqual((commands.staff(), commands.offers()), ([], ()))
        self.assertIsNone(commands.invite(str(self.other_member.id)))
