from odoo import api, fields, models
from odoo.exceptions import UserError

#: So many messages of a chat are shown, the latest.
_SHOWN = 100
_MAX_TEXT = 3500


class B2b2cChatLink(models.Model):
    """The thread with a person: what was written on both sides, and writing oneself."""

    _inherit = "b2b2c.chat.link"

    thread = fields.Json(
        compute="_compute_thread", groups="loyalty_b2b2c.group_officer"
    )
    question_ids = fields.One2many("b2b2c.chat.question", "link_id", readonly=True)
    open_question_id = fields.Many2one(
        "b2b2c.chat.question", compute="_compute_open_question_id"
    )
    closed_text = fields.Char(compute="_compute_closed_text")

    @api.depends("state", "last_in_at")
    @api.depends_context("lang", "uid")
    def _compute_thread(self):
        for link in self:
            domain = [("link_id", "=", link._origin.id)]
            options = {"limit": _SHOWN, "order": "id desc"}
            said = self.env["b2b2c.chat.inbox"].search(
                [*domain, ("kind", "not in", ("status", "unblocked"))], **options
            )
            answers = self.env["b2b2c.chat.outbox"].search(domain, **options)
            rows = [
                *(row._get_thread_row() for row in said),
                *(row._get_thread_row() for row in answers),
            ]
            rows.sort(key=lambda row: (row["at"], row["order"]))
            link.thread = rows[-_SHOWN:]

    @api.depends("question_ids.state")
    def _compute_open_question_id(self):
        for link in self:
            link.open_question_id = link.question_ids.filtered(
                lambda row: row.state != "done"
            )[:1]

    @api.depends("state", "last_in_at", "channel_id")
    @api.depends_context("lang")
    def _compute_closed_text(self):
        for link in self:
            link.closed_text = link._get_closed_text()

    def _get_closed_text(self):
        """Return why nobody can write in this chat now, empty: somebody can."""
        self.ensure_one()
        if self.state == "blocked":
            return self.env._("This person blocked us.")
        if self.sudo().channel_id.state != "active":
            return self.env._("The channel is not active.")
        if self.state == "stopped" and not self.sudo().open_question_id:
            return self.env._("This person wants no messages.")
        if not self._is_open():
            hours = self.channel_id._get_abilities().window_hours
            return self.env._(
                "This person wrote last more than %s hours ago: the messenger takes "
                "no free text.",
                round(hours),
            )
        return ""

    # === WRITING === #

    def action_write_to(self, text=""):
        """Write to the person as somebody of the company (officers).

        :param str text: plain text
        :raise UserError: the user is no officer, or the person cannot be written to
        """
        self.ensure_one()
        if not self.env.user.has_group("loyalty_b2b2c.group_officer"):
            raise UserError(self.env._("Only a loyalty officer may write to people."))
        self.check_access("read")
        text = text.strip() if isinstance(text, str) else ""
        if not text:
            raise UserError(self.env._("Write something first."))
        if len(text) > _MAX_TEXT:
            raise UserError(
                self.env._("At most %s characters go into a message.", _MAX_TEXT)
            )
        reason = self._get_closed_text()
        if reason:
            raise UserError(reason)
        own = self.sudo()
        author = f"{self.env.user.name} · {self.company_id.name}"
        own._say([f"{author}\n{text}"], origin="person")
        own.open_question_id._note_answer()
        return True

    def _ask_person(self, text, files=()):
        """Put what somebody wrote in the chat before a person of the company.

        :param files: ``File`` that came with it
        :return: ``b2b2c.chat.question``
        """
        return self.env["b2b2c.chat.question"].sudo()._ask(self.sudo(), text, files)

    # === ACTION METHODS === #

    def action_open_person(self):
        """Open the memberships of the person, or the only one."""
        self.ensure_one()
        members = self.env["b2b2c.member"].search(
            [("partner_id", "=", self.partner_id.id), ("partner_id", "!=", False)]
        )
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "loyalty_b2b2c.b2b2c_member_action"
        )
        if len(members) == 1:
            views = [(False, "form")]
            return dict(action, views=views, res_id=members.id, context={})
        return dict(action, domain=[("id", "in", members.ids)], context={})

    def action_unlink_person(self):
        """Let the person go: the chat is nobody's from now on (officers)."""
        if not self.env.user.has_group("loyalty_b2b2c.group_officer"):
            raise UserError(self.env._("Only a loyalty officer may do this."))
        self.check_access("read")
        self.sudo()._unbind()
        return True
