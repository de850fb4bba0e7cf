from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

_SHOWN = 60
#: Of files that come with a question; larger ones stay with the messenger.
_MAX_BYTES = 10_000_000


class B2b2cChatQuestion(models.Model):
    """What somebody in a chat wants a person of the company to answer.

    A chat has one open question at most: what is written meanwhile belongs to it. The
    answers are written in the thread of the chat.
    """

    _name = "b2b2c.chat.question"
    _description = "Question from a Chat"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "state desc, asked_at desc, id desc"

    link_id = fields.Many2one(
        "b2b2c.chat.link",
        string="Chat",
        required=True,
        readonly=True,
        ondelete="cascade",
    )
    channel_id = fields.Many2one(related="link_id.channel_id", store=True, index=True)
    company_id = fields.Many2one(related="link_id.company_id", store=True, index=True)
    partner_id = fields.Many2one(
        related="link_id.partner_id", string="Person", store=True, index=True
    )
    text = fields.Text("Question", required=True, readonly=True)
    state = fields.Selection(
        [("open", "Waits for us"), ("answered", "Answered"), ("done", "Done")],
        string="Status",
        required=True,
        readonly=True,
        default="open",
        tracking=True,
        index=True,
    )
    user_id = fields.Many2one(
        "res.users",
        string="Who Answers",
        tracking=True,
        domain="[('share', '=', False), ('company_ids', 'in', company_id)]",
    )
    asked_at = fields.Datetime("Asked On", required=True, readonly=True)
    answered_at = fields.Datetime("First Answer", readonly=True)
    done_at = fields.Datetime("Done On", readonly=True)
    waited_hours = fields.Float(  # float: hours
        "Hours until the Answer",
        compute="_compute_waited_hours",
        store=True,
        aggregator="avg",
    )
    thread = fields.Json(related="link_id.thread")

    _once = models.UniqueIndex("(link_id) WHERE state <> 'done'")

    @api.depends("partner_id.name", "link_id.name", "text")
    def _compute_display_name(self):
        for question in self:
            name = question.partner_id.name or question.link_id.name or ""
            text = " ".join((question.text or "").split())
            if len(text) > _SHOWN:
                text = text[: _SHOWN - 1] + "…"
            question.display_name = f"{name}: {text}" if name else text

    @api.depends("asked_at", "answered_at")
    def _compute_waited_hours(self):
        for question in self:
            waited = question.answered_at and question.answered_at - question.asked_at
            question.waited_hours = waited.total_seconds() / 3600 if waited else 0

    # === ASKING === #

    @api.model
    def _ask(self, link, text, files=()):
        """Put what somebody wrote before a person of the company.

        :param link: ``b2b2c.chat.link``
        :param str text: what was written, empty with a file alone
        :param files: ``File``, fetched now where they are small enough
        :return: the question, an open one of the chat when there is one
        """
        text = text.strip() or self.env._("(a file)")
        question = self._find_open(link) or self._insert(link, text)
        if question.text != text:
            question.text = f"{question.text}\n{text}"
        if question.state == "answered":
            question.state = "open"
        question._keep_files(files)
        question._alert()
        return question

    @api.model
    def _find_open(self, link):
        """Return the question of a chat that is not done, or none."""
        return self.search([("link_id", "=", link.id), ("state", "!=", "done")])

    def _insert(self, link, text):
        """Return a new question, or the one that somebody else opened just now."""
        now = fields.Datetime.now()
        self.env.execute_query(
            SQL(
                """
                INSERT INTO b2b2c_chat_question (link_id, channel_id, company_id,
                       partner_id, text, state, user_id, asked_at, waited_hours,
                       create_uid, write_uid, create_date, write_date)
                VALUES (%(link)s, %(channel)s, %(company)s, %(partner)s, %(text)s,
                       'open', %(user)s, %(now)s, 0, %(uid)s, %(uid)s, %(now)s, %(now)s)
                    ON CONFLICT DO NOTHING RETURNING id
                """,
                link=link.id,
                channel=link.channel_id.id,
                company=link.company_id.id,
                partner=link.partner_id.id or None,
                text=text,
                user=link.channel_id.user_id.id or None,
                now=now,
                uid=self.env.uid,
            )
        )
        return self._find_open(link)

    def _keep_files(self, files):
        """Keep what was sent with a question; what cannot be had is left out."""
        attachments = self.env["ir.attachment"].sudo()
        for number, file in enumerate(files, start=1):
            try:
                content = self.link_id.channel_id._fetch(file, _MAX_BYTES)
            except Exception as error:  # noqa: BLE001 - a file keeps no question from us
                hide = self.link_id.channel_id._get_messenger()._hide
                self._message_log(
                    body=self.env._("A file could not be fetched: %s", hide(str(error)))
                )
                continue
            attachments |= attachments.create(
                {
                    "name": file.name or self.env._("Photo %s", number),
                    "raw": content,
                    "res_model": self._name,
                    "res_id": self.id,
                }
            )
        if attachments:
            self._message_log(
                body=self.env._("Sent with the question:"),
                attachment_ids=attachments.ids,
            )

    def _alert(self):
        """Have somebody answer: who is to, else who decides on participants."""
        user = self.user_id or self.company_id._get_loyalty_officer()
        if user and not self.activity_ids:
            self.activity_schedule(
                "mail.mail_activity_data_todo",
                summary=self.env._("Answer in the chat"),
                user_id=user.id,
            )

    # === ANSWERING === #

    def action_take(self):
        """Say that one answers oneself (officers)."""
        for question in self._check_officer():
            question.user_id = self.env.user
            question.activity_ids.user_id = self.env.user
        return True

    def action_done(self):
        """Nothing is to be answered any more (officers)."""
        now = fields.Datetime.now()
        questions = self._check_officer().filtered(lambda row: row.state != "done")
        questions.write({"state": "done", "done_at": now})
        questions.activity_feedback(["mail.mail_activity_data_todo"])
        return True

    def action_reopen(self):
        """Something is to be answered after all (officers)."""
        for question in self._check_officer().filtered(lambda row: row.state == "done"):
            if self._find_open(question.link_id):
                raise UserError(self.env._("This person has another open question."))
            question.write({"state": "open", "done_at": False})
            question.user_id = self.env.user
        return True

    def action_open_person(self):
        """Open who asks."""
        self.ensure_one()
        return self.link_id.action_open_person()

    def _note_answer(self):
        """Somebody of the office wrote."""
        for question in self.filtered(lambda row: row.state == "open"):
            question.write(
                {
                    "state": "answered",
                    "answered_at": question.answered_at or fields.Datetime.now(),
                    "user_id": question.user_id.id or self.env.uid,
                }
            )
        self.activity_feedback(["mail.mail_activity_data_todo"])

    def _check_officer(self):
        """Return these questions (sudo) for an officer.

        :raise UserError: the user is none
        """
        if not self.env.user.has_group("loyalty_b2b2c.group_officer"):
            raise UserError(self.env._("Only a loyalty officer may do this."))
        self.check_access("read")
        return self.sudo()
