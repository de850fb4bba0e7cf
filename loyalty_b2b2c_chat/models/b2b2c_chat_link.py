from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

from ..dialog.messages import Reply

_KEEP_NEW_DAYS = 7
_GC_BATCH = 1000


class B2b2cChatLink(models.Model):
    """A person in a chat of ours, and which contact that is.

    It is there as soon as somebody writes. Whose it is gets known by linking; the
    contact is the person, so one link serves all memberships.
    """

    _name = "b2b2c.chat.link"
    _description = "Chat with a Person"
    _order = "last_in_at desc, id desc"

    channel_id = fields.Many2one(
        "b2b2c.chat.channel",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(
        related="channel_id.company_id", store=True, index=True
    )
    external_user = fields.Char("Number There", required=True, readonly=True)
    chat = fields.Char("Number of the Chat", required=True, readonly=True)
    name = fields.Char(readonly=True, help="How the person calls himself there.")
    lang = fields.Char("Language", readonly=True)
    partner_id = fields.Many2one(
        "res.partner",
        string="Person",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
    )
    state = fields.Selection(
        [
            ("new", "Not linked"),
            ("active", "Linked"),
            ("stopped", "Wants no messages"),
            ("blocked", "Blocked us"),
        ],
        string="Status",
        required=True,
        readonly=True,
        default="new",
    )
    how = fields.Char("Linked By", readonly=True)
    linked_at = fields.Datetime("Linked On", readonly=True)
    last_in_at = fields.Datetime("Last Heard", readonly=True)

    # Where the conversation is; kept by the dialog
    dialog = fields.Json(readonly=True, groups=fields.NO_ACCESS)
    dialog_until = fields.Datetime(readonly=True)

    _user_once = models.UniqueIndex("(channel_id, external_user)")
    _partner_once = models.UniqueIndex(
        "(channel_id, partner_id) WHERE state IN ('active', 'stopped')",
        "This person has another chat there already.",
    )

    @api.depends("channel_id.name", "name", "partner_id.name")
    def _compute_display_name(self):
        for link in self:
            name = link.partner_id.name or link.name or link.external_user
            link.display_name = f"{name} ({link.channel_id.name})"

    # === WHO IT IS === #

    @api.model
    def _get_or_create(self, channel, incoming):
        """Return the chat somebody wrote in.

        :param incoming: ``Incoming``
        """
        domain = [
            ("channel_id", "=", channel.id),
            ("external_user", "=", incoming.user),
        ]
        link = self.search(domain)
        if not link:
            self.env.execute_query(
                SQL(
                    """
                    INSERT INTO b2b2c_chat_link
                           (channel_id, company_id, external_user, chat, name, state,
                            create_date)
                    VALUES (%s, %s, %s, %s, %s, 'new', now() AT TIME ZONE 'UTC')
                        ON CONFLICT DO NOTHING RETURNING id
                    """,
                    channel.id,
                    channel.company_id.id,
                    incoming.user,
                    incoming.chat,
                    incoming.name[:100],
                )
            )
            link = self.search(domain)
        return link

    def _note_heard(self, incoming):
        """Remember that the person did something just now.

        Where a phone number says who somebody is, a long silence means that it may have
        got a new owner: then nobody is linked any more.
        """
        now = fields.Datetime.now()
        days = self.channel_id._get_abilities().reproof_days
        silent = self.last_in_at and now - self.last_in_at
        if days and silent and silent > timedelta(days=days):
            self._unbind()
        values = {"last_in_at": now}
        if incoming.name and incoming.name != self.name:
            values["name"] = incoming.name[:100]
        if incoming.chat != self.chat:
            values["chat"] = incoming.chat
        if not self.lang:
            values["lang"] = self._guess_lang(incoming.language)
        self._unblock()
        self.write(values)

    def _guess_lang(self, code):
        """Return the installed language nearest to one of a messenger.

        Not ``ir.http.get_nearest_lang``: apps extend it by what a request says, and
        here is none.
        """
        wanted = (code or "").replace("-", "_").lower()
        spoken = wanted.partition("_")[0]
        codes = [one for one, _name in self.env["res.lang"].get_installed()]
        same = [one for one in codes if one.lower() == wanted]
        alike = [one for one in codes if one.partition("_")[0] == spoken]
        found = [*same, *alike, self.company_id.partner_id.lang, "en_US"]
        return next(filter(None, found))

    def _get_lang(self):
        """Return the language the person is written to in."""
        return self.partner_id.lang or self.lang or self.company_id.partner_id.lang

    def _for_reader(self):
        """Return this link in the language and time zone of the person (sudo)."""
        self.ensure_one()
        own = self.sudo().with_company(self.company_id)
        zone = self.partner_id.tz or self.company_id.partner_id.tz
        return own.with_context(lang=self._get_lang(), tz=zone or "UTC")

    def _bind(self, partner, how):
        """Link this chat to a person; another chat of the person there is let go.

        :param partner: ``res.partner``, the private contact of a participant
        :param str how: "invitation", "portal", "code" … for the back office
        """
        self.ensure_one()
        others = self.search(
            [
                ("channel_id", "=", self.channel_id.id),
                ("partner_id", "=", partner.id),
                ("id", "!=", self.id),
            ]
        )
        others._unbind()
        self.flush_model()
        self.write(
            {
                "partner_id": partner.id,
                "state": "active",
                "how": how,
                "linked_at": fields.Datetime.now(),
            }
        )
        self.env["b2b2c.referral.touch"]._know(self._get_visitor(), partner)

    def _get_visitor(self):
        """Return what tells this chat from others: where recommendations are opened,
        where people join."""
        self.ensure_one()
        return f"chat {self.channel_id.id}/{self.id}"

    def _unbind(self):
        """Let the person go: the chat is nobody's, and what waits there is not sent."""
        if not self:
            return
        self.env["b2b2c.chat.outbox"].sudo()._withdraw_all(self)
        self.sudo().write(
            {
                "partner_id": False,
                "state": "new",
                "how": False,
                "linked_at": False,
                "dialog": False,
                "dialog_until": False,
            }
        )

    def _block(self):
        """The person shut the chat: what waits is not sent."""
        self.env["b2b2c.chat.outbox"].sudo()._withdraw_all(self)
        self.sudo().filtered(lambda link: link.state != "blocked").state = "blocked"

    def _unblock(self):
        """The person let us in again; that is no message: it opens no window."""
        for link in self.sudo().filtered(lambda link: link.state == "blocked"):
            link.state = "active" if link.partner_id else "new"

    # === SAYING SOMETHING === #

    def _is_open(self):
        """Tell whether everything may be sent now, see ``Abilities.window_hours``."""
        self.ensure_one()
        hours = self.channel_id._get_abilities().window_hours
        if not hours:
            return True
        now = fields.Datetime.now()
        return bool(self.last_in_at) and now - self.last_in_at < timedelta(hours=hours)

    def _get_template(self):
        """Return by what news reach the person who did not write lately, or None."""
        self.ensure_one()
        return self.channel_id._get_messenger().get_template(self._get_lang())

    def _say(self, replies, key=None, origin="answer", template=None):
        """Send messages to the person, as soon as this is committed.

        :param replies: list of ``Reply``, or texts
        :param str key: makes it once: with the same key nothing is sent a second time
        :param str origin: of ``b2b2c.chat.outbox``
        :param template: see ``_put`` there
        :return: ``b2b2c.chat.outbox``
        """
        replies = [Reply(item) if isinstance(item, str) else item for item in replies]
        outbox = self.env["b2b2c.chat.outbox"].sudo()
        return outbox._put(self, replies, key, origin, template=template)

    @api.autovacuum
    def _gc_new(self):
        """Forget people who wrote once and were never linked."""
        before = fields.Datetime.now() - timedelta(days=_KEEP_NEW_DAYS)
        domain = [("state", "=", "new"), ("last_in_at", "<", before)]
        domain += [("partner_id", "=", False)]
        old = self.search(domain, limit=_GC_BATCH, order="id")
        old.unlink()
        return len(old), self.search_count(domain, limit=1)
