from odoo import api, fields, models

from odoo.addons.loyalty_b2b2c.models.base.rows import delete_rows

#: Models of a chat whose rows go with the person.
_FORGOTTEN = ("link", "key", "inbox", "outbox", "question", "broadcast.row", "pace")


class B2b2cMember(models.Model):
    """The chats of a participant."""

    _inherit = "b2b2c.member"

    chat_link_ids = fields.One2many(
        "b2b2c.chat.link", compute="_compute_chat_link_ids", string="Chats"
    )
    chat_link_count = fields.Integer(compute="_compute_chat_link_ids")
    chat_question_count = fields.Integer(compute="_compute_chat_link_ids")

    @api.depends("partner_id")
    def _compute_chat_link_ids(self):
        links = self.env["b2b2c.chat.link"]
        if links.has_access("read"):
            links = links.search([("partner_id", "in", self.partner_id.ids)])
        by_partner = links.grouped("partner_id")
        for member in self:
            own = by_partner.get(member.partner_id, links.browse()).filtered(
                lambda link, company=member.company_id: link.company_id == company
            )
            member.chat_link_ids = own
            member.chat_link_count = len(own)
            member.chat_question_count = len(own.open_question_id)

    def action_open_chats(self):
        """Open the chat with this participant, or the list of several."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "loyalty_b2b2c_chat.b2b2c_chat_link_action"
        )
        links = self.chat_link_ids
        if len(links) == 1:
            views = [(False, "form")]
            return dict(action, views=views, res_id=links.id, context={})
        return dict(action, domain=[("id", "in", links.ids)], context={})

    # === PERSONAL DATA === #

    def _get_chat_links(self, partners=None):
        """Return the chats of these people (sudo), whichever channel."""
        partners = self.partner_id if partners is None else partners
        domain = [("partner_id", "in", partners.ids)]
        return self.env["b2b2c.chat.link"].sudo().search(domain)

    def _get_personal_data(self):
        links = self._get_chat_links()
        own = [("link_id", "in", links.ids)]
        said, answers, questions = (
            self.env[name].sudo().search(own, order="id")
            for name in ("b2b2c.chat.inbox", "b2b2c.chat.outbox", "b2b2c.chat.question")
        )
        return {
            **super()._get_personal_data(),
            "chats": self._to_rows(
                links,
                ("channel_id", "external_user", "name", "state", "linked_at", "how"),
            ),
            "chat_messages": self._to_rows(said, ("received_at", "kind", "text")),
            "chat_answers": self._to_rows(answers, ("queued_at", "origin", "text")),
            "chat_questions": self._to_rows(questions, ("asked_at", "state", "text")),
        }

    def _get_personal_records(self):
        links = self._get_chat_links()
        return [*super()._get_personal_records(), links.question_ids]

    def _get_personal_texts(self, person):
        texts = super()._get_personal_texts(person)
        for name in _FORGOTTEN:
            texts.add(f"b2b2c.chat.{name}", is_deleted=True)
        texts.add(
            "b2b2c.chat.channel",
            impersonal=[
                "name", "account", "token", "secret", "hook_key", "api_base",
                "poll_mark", "problem", "hook_seen", "alarm",
            ],
        )  # fmt: skip
        texts.add("b2b2c.chat.option", impersonal=["code", "value"])
        texts.add(
            "b2b2c.chat.broadcast",
            replaced=["name", "text"],
            impersonal=["member_domain", "button_label", "button_url"],
        )
        return texts

    def _erase_personal_data(self, person):
        """Forget the chats: what the person wrote, what was answered, and whose they
        are. What the messenger keeps is the person's own."""
        links = self._get_chat_links(person.partners)
        for link in links:
            clocks = self.env["b2b2c.chat.pace"].sudo()
            domain = [("channel_id", "=", link.channel_id.id), ("chat", "=", link.chat)]
            delete_rows(clocks, "id", clocks.search(domain))
        keys = self.env["b2b2c.chat.key"].sudo()
        keys.search([("partner_id", "in", person.partners.ids)]).unlink()
        links.question_ids.unlink()
        links.unlink()
        return super()._erase_personal_data(person)
