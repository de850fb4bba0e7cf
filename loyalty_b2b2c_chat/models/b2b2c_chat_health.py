import logging
from datetime import timedelta

from markupsafe import Markup

from odoo import Command, api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

_logger = logging.getLogger(__name__)

#: Somebody who wrote within so many days is active.
ACTIVE_DAYS = 30
#: So many messages that nobody answered, or sent, are worth a word.
_ALARM = 500
#: Minutes a message may wait before the form says so.
_LATE_MINUTES = 5


class B2b2cChatChannel(models.Model):
    """How a channel is: how it is set up, what waits, what its messenger says."""

    _name = "b2b2c.chat.channel"
    _inherit = ["b2b2c.chat.channel", "mail.activity.mixin"]

    user_id = fields.Many2one(
        "res.users",
        string="Who Answers Questions",
        domain="[('share', '=', False), ('company_ids', 'in', company_id)]",
        help="Gets what people ask a person; empty: who decides on participants.",
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    price = fields.Monetary(
        "Price of a Message",
        help="What the messenger asks for a message to somebody who did not write "
        "lately. It is used to say what a broadcast costs.",
    )

    # === HOW IT IS SET UP === #

    guide = fields.Html(compute="_compute_guide", sanitize=False)
    prices = fields.Text(compute="_compute_guide")
    hook_url = fields.Char(
        "Address", compute="_compute_hook_url", groups="base.group_system"
    )
    chat_url = fields.Char("Opens the Chat", compute="_compute_chat_url")
    window_hours = fields.Integer(compute="_compute_guide")
    can_poll = fields.Boolean(compute="_compute_guide")
    has_options = fields.Boolean(compute="_compute_guide")

    # === HOW IT GOES === #

    linked_count = fields.Integer("Linked", compute="_compute_people")
    active_count = fields.Integer("Active", compute="_compute_people")
    question_count = fields.Integer("Open Questions", compute="_compute_people")
    waiting_in = fields.Integer("To Answer", compute="_compute_queues")
    waiting_out = fields.Integer("To Send", compute="_compute_queues")
    failed_out = fields.Integer("Failed Today", compute="_compute_queues")
    is_late = fields.Boolean(compute="_compute_queues")
    is_healthy = fields.Boolean("Reached", readonly=True, copy=False)
    hook_seen = fields.Char("Messenger Delivers to", readonly=True, copy=False)
    pending_there = fields.Integer("Waits at the Messenger", readonly=True, copy=False)
    checked_at = fields.Datetime("Asked On", readonly=True, copy=False)
    alarm = fields.Char(
        "Does Not Work Because",
        readonly=True,
        copy=False,
        help="As it was found when the channel was last looked after.",
    )
    alarm_at = fields.Datetime("Does Not Work Since", readonly=True, copy=False)

    @api.depends("kind")
    @api.depends_context("lang")
    def _compute_guide(self):
        for channel in self:
            messenger = channel.kind and channel._get_messenger_class()
            guide = messenger.guide if messenger else ()
            items = (Markup("<li>%s</li>") % self.env._(text) for text in guide)
            channel.guide = Markup("<ol>%s</ol>") % Markup("").join(items)
            told = messenger.prices if messenger else ""
            channel.prices = self.env._(told) if told else ""
            abilities = messenger.abilities if messenger else None
            channel.window_hours = round(abilities and abilities.window_hours or 0)
            channel.can_poll = bool(abilities and abilities.can_poll)
            channel.has_options = bool(messenger and messenger.options)

    @api.depends("company_id", "hook_key")
    def _compute_hook_url(self):
        for channel in self:
            channel.hook_url = channel._get_hook_url() if channel._origin else ""

    @api.depends("account", "kind")
    def _compute_chat_url(self):
        for channel in self:
            is_known = channel._origin and channel.account
            channel.chat_url = channel._get_link() if is_known else ""

    @api.depends("link_ids.state", "link_ids.last_in_at")
    def _compute_people(self):
        links, questions = (
            self.env[name].sudo() for name in ("b2b2c.chat.link", "b2b2c.chat.question")
        )
        own = [("channel_id", "in", self.ids)]
        linked = [*own, ("partner_id", "!=", False)]
        since = fields.Datetime.now() - timedelta(days=ACTIVE_DAYS)
        counts = (
            ("linked_count", links, linked),
            ("active_count", links, [*linked, ("last_in_at", ">=", since)]),
            ("question_count", questions, [*own, ("state", "=", "open")]),
        )
        for name, model, domain in counts:
            found = dict(model._read_group(domain, ["channel_id"], ["__count"]))
            for channel in self:
                channel[name] = found.get(channel._origin.sudo(), 0)

    def _compute_queues(self):
        now = fields.Datetime.now()
        rows = self.env.execute_query_dict(
            SQL(
                """
                SELECT c.id,
                       i.waiting AS waiting_in, o.waiting AS waiting_out,
                       f.failed AS failed_out,
                       least(i.since, o.since) < %(late)s AS is_late
                  FROM b2b2c_chat_channel c
    CROSS JOIN LATERAL (SELECT count(*) AS waiting, min(received_at) AS since
                          FROM b2b2c_chat_inbox i JOIN b2b2c_chat_link l
                            ON l.id = i.link_id
                         WHERE l.channel_id = c.id AND i.state = 'new') i
    CROSS JOIN LATERAL (SELECT count(*) AS waiting, min(queued_at) AS since
                          FROM b2b2c_chat_outbox o JOIN b2b2c_chat_link l
                            ON l.id = o.link_id
                         WHERE l.channel_id = c.id
                           AND o.state IN ('waiting', 'sending')) o
    CROSS JOIN LATERAL (SELECT count(*) AS failed FROM b2b2c_chat_outbox
                         WHERE channel_id = c.id AND state = 'failed'
                           AND queued_at > %(day)s) f
                 WHERE c.id = ANY(%(ids)s)
                """,
                late=now - timedelta(minutes=_LATE_MINUTES),
                day=now - timedelta(days=1),
                ids=self.ids,
            )
        )
        found = {row.pop("id"): row for row in rows}
        nothing = {"waiting_in": 0, "waiting_out": 0, "failed_out": 0, "is_late": False}
        for channel in self:
            channel.update(found.get(channel._origin.id) or nothing)

    # === SETTINGS OF ONE MESSENGER === #

    @api.onchange("kind")
    def _onchange_kind(self):
        """Show the settings that the messenger needs."""
        options = self._get_messenger_class().options if self.kind else ()
        kept = {option.code: option for option in self.option_ids}
        self.option_ids = [
            Command.clear(),
            *(
                Command.link(kept[code].id)
                if code in kept and kept[code]._origin
                else Command.create({"code": code})
                for code in options
            ),
        ]

    @api.model_create_multi
    def create(self, vals_list):
        channels = super().create(vals_list)
        channels.sudo()._add_options()
        return channels

    def write(self, vals):
        result = super().write(vals)
        if "kind" in vals:
            self.sudo()._add_options()
        return result

    def _add_options(self):
        """Add the settings of each channel's messenger that are not there yet."""
        self.option_ids.create(
            [
                {"channel_id": channel.id, "code": code}
                for channel in self
                for code in channel._get_messenger_class().options
                if code not in channel.option_ids.mapped("code")
            ]
        )

    # === ACTION METHODS === #

    def action_check(self):
        """Ask the messenger how it sees us, and tell (system administrators)."""
        channel = self._check_administrator()
        channel.ensure_one()
        health = channel._check()
        kind = "success" if health.is_ok else "danger"
        text = health.problem or (
            self.env._("The messenger knows us.")
            if health.is_ok
            else self.env._("Nothing is delivered to us.")
        )
        return notify(kind, text)

    def action_test(self):
        """Write to one's own chat there (officers)."""
        self.ensure_one()
        if not self.env.user.has_group("loyalty_b2b2c.group_officer"):
            raise UserError(self.env._("Only a loyalty officer may write to people."))
        self.check_access("read")
        link = self._get_own_link()
        if not link:
            raise UserError(
                self.env._(
                    "Link your own chat first: you have to take part, open your page "
                    "of points and connect the chat there."
                )
            )
        link._say([self.env._("This is a test from %s.", self.company_id.name)])
        return notify("success", self.env._("It was sent to your chat."))

    def action_open_chat(self):
        """Open the chat in a new window."""
        self.ensure_one()
        return {"type": "ir.actions.act_url", "url": self.chat_url, "target": "new"}

    def action_open_links(self):
        """Open the chats of people with this channel."""
        return self._open("b2b2c_chat_link_action", {"search_default_linked": 1})

    def action_open_questions(self):
        """Open what people ask over this channel."""
        return self._open("b2b2c_chat_question_action", {"search_default_open": 1})

    def action_open_failed(self):
        """Open what could not be sent."""
        return self._open("b2b2c_chat_outbox_action", {"search_default_failed": 1})

    def _open(self, name, context):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            f"loyalty_b2b2c_chat.{name}"
        )
        domain = [("channel_id", "=", self.id)]
        return dict(action, domain=domain, context=context)

    def _get_own_link(self):
        """Return the chat of the user himself in this channel (sudo), or none."""
        return self.sudo().link_ids.filtered(
            lambda link: (
                link.partner_id == self.env.user.partner_id and link.state == "active"
            )
        )

    # === WATCHING === #

    def _check(self):
        """Ask the messenger how it sees us, and keep what it says.

        :return: ``Health``
        """
        self.ensure_one()
        health = self._get_messenger()._get_health_safely()
        self.write(
            {
                "is_healthy": health.is_ok,
                "hook_seen": health.hook_url,
                "pending_there": health.pending or 0,
                "checked_at": fields.Datetime.now(),
                "problem": health.problem or False,
                "problem_at": health.problem_at
                or (fields.Datetime.now() if health.problem else False),
            }
        )
        return health

    @api.model
    def _cron_watch(self):
        """Look after the channels, and have somebody look where one does not work."""
        for channel in self.sudo().search([("state", "=", "active")]):
            channel._check()
            channel._alarm()
            if not self.env["ir.cron"]._commit_progress(1):
                break

    def _alarm(self):
        """Tell the manager when messages do not arrive, or nobody answers them; the
        desk of the day shows it until it works again."""
        words = self._get_alarm()
        since = self.alarm_at or fields.Datetime.now()
        self.write({"alarm": words, "alarm_at": words and since})
        user = self.company_id._get_loyalty_manager()
        if words and user and not self.activity_ids:
            self.activity_schedule(
                "mail.mail_activity_data_warning",
                summary=self.env._("The chat %s does not work", self.name),
                note=words,
                user_id=user.id,
            )

    def _get_alarm(self):
        """Return what does not work, empty: all does."""
        if not self.is_healthy:
            return self.problem or self.env._("The messenger does not know us.")
        if self.delivery == "webhook" and self.hook_seen != self._get_hook_url():
            return self.env._("The messenger delivers to another address.")
        if max(self.waiting_in, self.waiting_out) > _ALARM:
            return self.env._(
                "%(inbox)s messages wait to be answered, %(outbox)s to be sent.",
                inbox=self.waiting_in,
                outbox=self.waiting_out,
            )
        return ""


def notify(kind, message):
    """Return the action that shows a word in the corner of the screen."""
    return {
        "type": "ir.actions.client",
        "tag": "display_notification",
        "params": {"type": kind, "message": message},
    }
