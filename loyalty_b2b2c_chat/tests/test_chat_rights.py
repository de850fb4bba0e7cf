"""Who sees what of the chats, and what is left of somebody who is forgotten."""

from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from ..dialog.messages import Reply
from .test_chat_office import OfficeCommon

#: Model -> group -> operations allowed: read, write, create, unlink.
RIGHTS = {
    "b2b2c.chat.channel": {"manager": "rwcu", "officer": "r", "user": "r"},
    "b2b2c.chat.option": {"manager": "rwcu", "officer": "", "user": ""},
    "b2b2c.chat.link": {"manager": "r", "officer": "r", "user": "r"},
    "b2b2c.chat.key": {"manager": "", "officer": "", "user": ""},
    "b2b2c.chat.inbox": {"manager": "r", "officer": "r", "user": ""},
    "b2b2c.chat.outbox": {"manager": "r", "officer": "r", "user": ""},
    "b2b2c.chat.pace": {"manager": "", "officer": "", "user": ""},
    "b2b2c.chat.question": {"manager": "rw", "officer": "rw", "user": "r"},
    "b2b2c.chat.broadcast": {"manager": "rwcu", "officer": "r", "user": ""},
    "b2b2c.chat.broadcast.row": {"manager": "r", "officer": "r", "user": ""},
    "b2b2c.chat.day": {"manager": "r", "officer": "r", "user": "r"},
}
_OPERATIONS = {"r": "read", "w": "write", "c": "create", "u": "unlink"}
STRANGERS = {
    "salesman": "sales_team.group_sale_salesman_all_leads",
    "portal": "base.group_portal",
    "operator": "loyalty_b2b2c.group_terminal",
    "auditor": "loyalty_b2b2c.group_auditor",
}


class RowsCommon(OfficeCommon):
    """Each model has a row that is about Olena."""

    def setUp(self):
        super().setUp()
        self.replies = [Reply("Hello Olena Kovalenko")]
        self.link = self._link()
        self.question = self.link._ask_person("I am Olena Kovalenko")
        self.link.with_user(self.officer).action_write_to("Dear Olena Kovalenko")
        self.env["b2b2c.chat.key"]._new_link(self.channel, self.member.partner_id)
        self.env["b2b2c.chat.option"].create(
            {"channel_id": self.channel.id, "code": "x", "value": "secret"}
        )
        broadcast = self.env["b2b2c.chat.broadcast"].create(
            {"name": "May", "text": "For Olena Kovalenko"}
        )
        broadcast.with_user(self.manager).action_start()
        self.env["b2b2c.chat.day"]._cron_count()
        self._sweep()


@tagged("post_install", "-at_install")
class TestChatRights(RowsCommon):
    def _get_rights(self, model, user):
        rows = self.env[model].with_user(user)
        return "".join(op for op, name in _OPERATIONS.items() if rows.has_access(name))

    def test_every_model_of_chats_is_in_the_table(self):
        found = {
            model
            for model, cls in self.env.registry.items()
            if model.startswith("b2b2c.chat.") and not cls._abstract
        }
        self.assertEqual(found, set(RIGHTS))

    def test_rights(self):
        users = {"manager": self.manager, "officer": self.officer, "user": self.plain}
        for model, rights in RIGHTS.items():
            for name, user in users.items():
                with self.subTest(model=model, user=name):
                    self.assertEqual(self._get_rights(model, user), rights[name])

    def test_strangers_see_nothing(self):
        for name, group in STRANGERS.items():
            user = new_test_user(self.env, f"chat_{name}", group)
            for model in RIGHTS:
                with self.subTest(model=model, user=name):
                    self.assertEqual(self._get_rights(model, user), "")

    def test_another_company_sees_nothing(self):
        other = self.env["res.company"].create({"name": "Elsewhere"})
        foreigner = self._create_user("chat_foreigner", "loyalty_b2b2c.group_manager")
        foreigner.write(
            {"company_ids": [Command.set(other.ids)], "company_id": other.id}
        )
        for model, rights in RIGHTS.items():
            if "r" not in rights["manager"]:
                continue
            rows = self.env[model].search([])
            with self.subTest(model=model):
                self.assertTrue(rows)
                self.assertFalse(self.env[model].with_user(foreigner).search([]))
                with self.assertRaises(AccessError):
                    rows[0].with_user(foreigner).read()

    def test_who_reads_a_form_reads_all_of_it(self):
        """What a user sees needs no rights on what stands behind it."""
        for model, rights in RIGHTS.items():
            users = {"user": self.plain, "officer": self.officer}
            for name, user in users.items():
                if "r" in rights[name]:
                    with self.subTest(model=model, user=name):
                        self.env[model].with_user(user).search([]).read()

    def test_a_number_is_written_by_nobody(self):
        """A question is somebody's work: only who answers it can be written."""
        question = self.question.with_user(self.officer)
        question.user_id = self.officer
        with self.assertRaises(AccessError):
            self.link.with_user(self.manager).partner_id = self.officer.partner_id


@tagged("post_install", "-at_install")
class TestChatPrivacy(RowsCommon):
    def test_a_copy_of_what_is_known(self):
        data = self.member._get_personal_data()
        self.assertEqual(len(data["chats"]), 1)
        self.assertEqual([row["text"] for row in data["chat_messages"]], ["Hello"])
        self.assertIn(
            "Dear Olena Kovalenko", " ".join(r["text"] for r in data["chat_answers"])
        )
        self.assertEqual(data["chat_questions"][0]["text"], "I am Olena Kovalenko")

    def test_forgotten(self):
        link = self.link.id
        self.member._erase("Request 123")
        self.env.flush_all()
        for table in ("inbox", "outbox", "question", "broadcast_row"):
            self.env.cr.execute(
                f"SELECT count(*) FROM b2b2c_chat_{table} WHERE link_id = %s", [link]
            )
            self.assertEqual(self.env.cr.fetchone()[0], 0, table)
        for table, column in (("key", "partner_id"), ("link", "partner_id")):
            self.env.cr.execute(
                f"SELECT count(*) FROM b2b2c_chat_{table} WHERE {column} = %s",
                [self.member.partner_id.id],
            )
            self.assertEqual(self.env.cr.fetchone()[0], 0, table)
        clocks = self.env["b2b2c.chat.pace"].search([("chat", "=", "77")])
        self.assertFalse(clocks)
        messages = self.env["mail.message"].search(
            [("model", "=", "b2b2c.chat.question"), ("res_id", "=", self.question.id)]
        )
        self.assertFalse(messages)
        # who writes there again is nobody
        self._come_in("It is me")
        self.assertFalse(self._get_link().partner_id)

    def test_what_is_old_is_forgotten(self):
        for name, column in (("inbox", "received_at"), ("outbox", "queued_at")):
            rows = self.env[f"b2b2c.chat.{name}"]
            before = rows.search_count([])
            rows._gc()
            self.assertEqual(rows.search_count([]), before)
            self.env.flush_all()
            self.env.cr.execute(
                f"UPDATE b2b2c_chat_{name} SET {column} = now() - interval '31 days'"
            )
            rows.invalidate_model()
            rows._gc()
            self.assertEqual(rows.search_count([]), 0)
        # what was counted stays
        self.assertTrue(self.env["b2b2c.chat.day"].search([]))
