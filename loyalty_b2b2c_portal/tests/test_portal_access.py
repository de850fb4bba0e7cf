"""Every route: who may, who may not, and that the refusal tells nothing."""

import re

from odoo.http import Request
from odoo.tests import HttpCase, JsonRpcException, tagged
from odoo.tools import mute_logger

from .common import PASSWORD, PortalCommon


@tagged("post_install", "-at_install")
class TestPortalAccess(PortalCommon, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.account._earn(11, source_key="access/own", reason="Own gift")
        cls.other_account._earn(77, source_key="access/other", reason="Secret gift")
        cls.clerk = cls._create_portal_user("clerk", group="base.group_user")

    def _url(self, account_id, query=""):
        return f"/my/rewards/{account_id}{query}"

    def _post_preferences(self, login="olena", token=True, **data):
        self.authenticate(login, PASSWORD if login else None)
        if token:
            data["csrf_token"] = Request.csrf_token(self)
        return self.url_open("/my/rewards/preferences", data=data)

    def assertWanted(self, member, channel, topic=""):
        self.assertTrue(member._get_wishes()[channel, topic])

    def assertNotWanted(self, member, channel, topic=""):
        self.assertFalse(member._get_wishes()[channel, topic])

    # === WITHOUT A LOGIN === #

    def test_public_is_sent_to_the_login(self):
        for url in (
            "/my/rewards",
            self._url(self.account.id),
            "/my/rewards/preferences",
        ):
            response = self._get(url, login=None, allow_redirects=False)
            self.assertEqual(response.status_code, 303, url)
            self.assertIn("/web/login", response.headers["Location"])

    def test_public_cannot_set_preferences(self):
        response = self._post_preferences(login=None, notify_sms="1")
        self.assertIn("/web/login", response.url)
        self.assertNotWanted(self.member, "sms")

    # === SOMEBODY ELSE === #

    def test_own_statement(self):
        response = self._get(self._url(self.account.id))
        self.assertEqual(response.status_code, 200)
        self.assertIn("Own gift", response.text)

    def test_foreign_account_does_not_exist(self):
        response = self._get(self._url(self.other_account.id))
        self.assertEqual(response.status_code, 404)
        self.assertNotIn("Secret gift", response.text)

    def test_foreign_and_unknown_are_the_same_answer(self):
        def answer(account_id):
            response = self._get(self._url(account_id))
            text = response.text.replace(self._url(account_id), "")
            text = re.sub(r"csrf_token\W+\w+", "", text)
            return response.status_code, text

        self.assertEqual(answer(self.other_account.id), answer(999999999))

    def test_overview_shows_own_accounts_only(self):
        text = self._get("/my/rewards").text
        self.assertIn("Own gift", text)
        self.assertNotIn("Secret gift", text)
        self.assertNotIn(self._url(self.other_account.id), text)

    def test_entry_of_a_stranger_as_page_mark_shows_own_rows_only(self):
        foreign = self.other_account.entry_ids
        text = self._get(self._url(self.account.id, f"?before={foreign.id}")).text
        self.assertNotIn("Secret gift", text)

    def test_internal_user_without_membership_sees_nothing(self):
        text = self._get("/my/rewards", login="clerk").text
        self.assertIn("You do not take part", text)
        self.assertNotIn("Own gift", text)
        response = self._get(self._url(self.account.id), login="clerk")
        self.assertEqual(response.status_code, 404)

    def test_employer_does_not_see_the_employees_points(self):
        """The buyer on the order is not the person who is rewarded."""
        self._create_portal_user("office", self.contact)
        self.assertIn(
            "You do not take part", self._get("/my/rewards", login="office").text
        )
        response = self._get(self._url(self.account.id), login="office")
        self.assertEqual(response.status_code, 404)

    # === STATES OF A MEMBERSHIP === #

    def test_suspended_participant_still_sees(self):
        self.member.action_suspend()
        self.assertIn("Paused", self._get("/my/rewards").text)
        self.assertIn("Own gift", self._get(self._url(self.account.id)).text)

    def test_former_participant_still_sees(self):
        self.member.action_leave()
        self.assertIn("Own gift", self._get("/my/rewards").text)

    def test_archived_membership_still_shows_its_points(self):
        self.member.active = False
        self.assertIn("Own gift", self._get("/my/rewards").text)

    def test_merged_contact_keeps_both_statements(self):
        double = self._create_member(name="Olena K.", email="o.k@example.com")
        account = double._get_account(self.unit)
        account._earn(5, source_key="access/double", reason="Gift of the double")
        self.env["base.partner.merge.automatic.wizard"]._merge(
            (double.partner_id | self.member.partner_id).ids, self.member.partner_id
        )
        self.assertIn("16 pts", self._get("/my/rewards").text)
        self.assertIn("Gift of the double", self._get(self._url(account.id)).text)

    # === BAD INPUT === #

    def test_bad_account_ids_are_not_found(self):
        for bad in ("0", "-1", "abc", "2147483648", "9" * 40, "1.5", "1;1"):
            response = self._get(self._url(bad))
            self.assertEqual(response.status_code, 404, bad)

    def test_bad_page_marks_are_ignored(self):
        for bad in ("abc", "-1", "0", "9" * 40, "2147483648", "١٢", "", "1e3", "%00"):
            response = self._get(self._url(self.account.id, f"?before={bad}"))
            self.assertEqual(response.status_code, 200, bad)
            self.assertIn("Own gift", response.text, bad)

    # === PREFERENCES === #

    def test_preferences_are_stored_on_own_memberships_only(self):
        second = self._create_member(
            partner_id=self.member.partner_id.id, role="recommender"
        )
        self._post_preferences(notify_sms="1")
        for member in self.member | second:
            self.assertWanted(member, "sms")
            self.assertNotWanted(member, "email")
        self.assertNotWanted(self.other_member, "sms")
        self.assertWanted(self.other_member, "email")

    def test_preferences_take_no_other_field(self):
        self._post_preferences(
            notify_email="1",
            state="left",
            partner_id=str(self.other_member.partner_id.id),
            member_id=str(self.other_member.id),
            phone="+380501112233",
        )
        self.assertEqual(self.member.state, "enrolled")
        self.assertNotEqual(self.member.partner_id, self.other_member.partner_id)
        self.assertEqual(self.member.phone, "+380 67 123 45 67")

    def test_preferences_need_the_form(self):
        response = self._post_preferences(token=False, notify_sms="1")
        self.assertEqual(response.status_code, 400)
        self.assertNotWanted(self.member, "sms")

    def test_a_link_changes_no_preference(self):
        response = self._get("/my/rewards/preferences?notify_sms=1&saved=1")
        self.assertEqual(response.status_code, 200)
        self.assertNotWanted(self.member, "sms")

    def test_preferences_of_a_non_participant(self):
        response = self._post_preferences(login="clerk", notify_sms="1", lang="uk_UA")
        self.assertEqual(response.status_code, 404)
        response = self._get("/my/rewards/preferences", login="clerk")
        self.assertEqual(response.status_code, 404)

    def test_kinds_and_digest(self):
        self._post_preferences(
            notify_email="1",
            notify_digest="weekly",
            notify_email_expiry="1",
            notify_sms_points="1",
        )
        self.assertEqual(self.member.notify_digest, "weekly")
        self.assertWanted(self.member, "email", "expiry")
        self.assertNotWanted(self.member, "email", "points")
        self.assertNotWanted(self.member, "email", "rewards")
        self.assertNotWanted(self.member, "sms", "expiry")
        self.assertWanted(self.member, "sms", "points")
        self.assertEqual(self.other_member.notify_digest, "now")

    def test_unknown_digest_changes_nothing(self):
        for bad in ("hourly", "", "'; DROP TABLE"):
            self._post_preferences(notify_email="1", notify_digest=bad)
            self.assertEqual(self.member.notify_digest, "now", bad)

    def test_saving_says_so(self):
        response = self._post_preferences(notify_email="1")
        self.assertIn("Your preferences are saved.", response.text)

    # === WHAT AN OPEN PAGE ASKS FOR === #

    def _live(self, account, login="olena", message=None):
        self.authenticate(login, PASSWORD if login else None)
        return self.make_jsonrpc_request(
            f"{self._url(account.id)}/live", {"message": message}
        )

    def _queue(self, account):
        """Queue a message about the latest entry."""
        messages = self.env["b2b2c.notification"]
        messages._queue_fulfilled(account, reward="A mug", reference="x,1")
        return messages.search([("account_id", "=", account.id)], limit=1)

    def test_live_answer(self):
        answer = self._live(self.account, message=self._queue(self.account).id)
        self.assertIn("11 pts", answer["balance"])
        self.assertIn("Own gift", answer["movements"])
        self.assertEqual(answer["news"]["title"], "Your reward is ready: A mug")

    def test_live_answer_is_for_the_owner(self):
        for login in ("petro", "clerk", None):
            with self.subTest(login=login), mute_logger("odoo.http"):
                with self.assertRaises(JsonRpcException):
                    self._live(self.account, login=login)

    def test_news_of_a_stranger_are_not_told(self):
        message = self._queue(self.other_account)
        for bad in (message.id, 999999999, -1, "x", None, [1], {"a": 1}):
            with self.subTest(message=bad):
                self.assertIsNone(self._live(self.account, message=bad)["news"])

    def test_the_open_page_is_told_once_and_only_the_owners(self):
        self._queue(self.account)
        self._queue(self.account)  # the same event again
        self.env.cr.precommit.run()
        sent = self.env["bus.bus"].search([("message", "like", '"b2b2c_rewards"')])
        self.assertEqual(len(sent), 1)
        self.assertIn(f'"res.partner",{self.user.partner_id.id}]', sent.channel)

    def test_language(self):
        self.env["res.lang"]._activate_lang("uk_UA")
        response = self._post_preferences(lang="uk_UA")
        self.assertEqual(response.status_code, 200)
        self.assertEqual(self.member.lang, "uk_UA")
        self.assertIn('"lang": "uk_UA"', response.text)

    def test_unknown_language_changes_nothing(self):
        before = self.member.lang
        for bad in ("xx_XX", "'; DROP TABLE", "uk_UA", ""):
            response = self._post_preferences(lang=bad)
            self.assertEqual(response.status_code, 200, bad)
            self.assertEqual(self.member.lang, before, bad)

    # === RIGHTS ON THE MODELS === #

    def test_portal_users_have_no_rights_on_the_models(self):
        for model in (
            "b2b2c.member",
            "b2b2c.account",
            "b2b2c.ledger.entry",
            "b2b2c.ledger.lot",
            "b2b2c.notification",
        ):
            records = self.env[model].with_user(self.user)
            for operation in ("read", "write", "create", "unlink"):
                self.assertFalse(records.has_access(operation), (model, operation))
