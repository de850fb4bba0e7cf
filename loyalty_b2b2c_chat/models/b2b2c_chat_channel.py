import contextlib
import re
import secrets
import threading
import time

import requests

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from odoo.addons.loyalty_b2b2c.models.base.transactions import in_transaction

from ..messengers import MESSENGERS, Account, Refused, Wait
from .pump import answer

#: Where messengers deliver to: one address per channel, that nobody can guess.
HOOK_PATH = "/b2b2c/chat/"
_NAME = re.compile(r"[A-Za-z0-9_+]{0,64}")
#: How long a messenger that is asked keeps the scheduled action, and how often at most.
_POLL_SECONDS, _POLL_ROUNDS = 45, 500
#: Connections to messengers stay open, one set per thread.
_local = threading.local()


def _get_http():
    """Return what calls messengers, with connections that stay open."""
    if not hasattr(_local, "http"):
        _local.http = requests.Session()
    return _local.http


class B2b2cChatChannel(models.Model):
    """An account of the company at a messenger: its bot."""

    _name = "b2b2c.chat.channel"
    _description = "Chat Channel"
    _inherit = ["mail.thread"]
    _order = "sequence, id"

    name = fields.Char(required=True, tracking=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    kind = fields.Selection(
        selection=lambda self: self._get_kind_selection(),
        string="Messenger",
        required=True,
        default=lambda self: self._get_kind_selection()[0][0],
    )
    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        ondelete="restrict",
        default=lambda self: self.env.company,
    )
    account = fields.Char(
        tracking=True,
        help="Name of the bot without @, or the number people write to.",
    )
    token = fields.Char(
        copy=False,
        groups="base.group_system",
        help="By which the messenger knows us. Who has it can write as the company.",
    )
    secret = fields.Char(
        required=True,
        readonly=True,
        copy=False,
        groups=fields.NO_ACCESS,
        default=lambda self: secrets.token_urlsafe(32),
    )
    hook_key = fields.Char(
        required=True,
        readonly=True,
        copy=False,
        groups="base.group_system",
        default=lambda self: secrets.token_urlsafe(16),
    )
    option_ids = fields.One2many(
        "b2b2c.chat.option", "channel_id", groups="loyalty_b2b2c.group_manager"
    )
    api_base = fields.Char(
        "Server",
        groups="base.group_system",
        help="Address of the messenger's server; empty: its own.",
    )
    delivery = fields.Selection(
        [
            ("webhook", "The messenger calls us at once"),
            ("polling", "We ask it, to try it out"),
        ],
        required=True,
        default="webhook",
        tracking=True,
        help="Asking takes up a scheduled action all the time: good for a trial "
        "without a public address.",
    )
    state = fields.Selection(
        [("draft", "New"), ("active", "Active"), ("paused", "Paused")],
        string="Status",
        required=True,
        readonly=True,
        copy=False,
        default="draft",
        tracking=True,
    )
    poll_mark = fields.Char(readonly=True, copy=False)
    link_ids = fields.One2many("b2b2c.chat.link", "channel_id")

    # How it goes
    problem = fields.Char("What Went Wrong", readonly=True, copy=False)
    problem_at = fields.Datetime(readonly=True, copy=False)

    _hook = models.UniqueIndex("(hook_key)")

    @api.constrains("account")
    def _check_account(self):
        for channel in self:
            if not _NAME.fullmatch(channel.account or ""):
                raise ValidationError(
                    self.env._("An account is written without @ and spaces.")
                )

    @api.constrains("delivery", "kind")
    def _check_delivery(self):
        for channel in self:
            can_poll = channel._get_messenger_class().abilities.can_poll
            if channel.delivery == "polling" and not can_poll:
                raise ValidationError(
                    self.env._(
                        "%s calls us; it cannot be asked.",
                        channel._get_messenger_class().label,
                    )
                )

    # === MESSENGERS === #

    @api.model
    def _get_messengers(self):
        """Return the messengers there are: dict code -> class.

        Another add-on adds its own with ``super()``, in the file of its class.
        """
        return {messenger.code: messenger for messenger in MESSENGERS}

    @api.model
    def _get_kind_selection(self):
        """Return the messengers as a selection."""
        messengers = self._get_messengers().values()
        return [(messenger.code, messenger.label) for messenger in messengers]

    def _get_messenger_class(self):
        """Return the class of this channel's messenger."""
        return self._get_messengers()[self.kind]

    def _get_messenger(self):
        """Return this channel's messenger, signed in."""
        own = self.sudo()
        account = Account(
            token=own.token or "",
            secret=own.secret,
            name=own.account or "",
            api_base=own.api_base or "",
            options={option.code: option.value or "" for option in own.option_ids},
        )
        return self._get_messenger_class()(account, _get_http())

    def _get_abilities(self):
        """Return what this channel's messenger can do."""
        return self._get_messenger_class().abilities

    def _fetch(self, file, max_bytes=10_000_000):
        """Return the content of a file that somebody sent.

        :param file: ``File`` of what came in
        :param int max_bytes: what is larger is not fetched
        :raise Unavailable: it is larger, or gone
        """
        limit = min(max_bytes, self._get_abilities().file_bytes)
        return self._get_messenger().fetch(file, limit)

    def _get_link(self, start=""):
        """Return the address that opens a chat with this channel."""
        return self._get_messenger().get_link(start)

    def _get_hook_url(self):
        """Return the address the messenger delivers to."""
        return f"{self.company_id.get_base_url()}{self._get_hook_path()}"

    def _get_hook_path(self):
        """Return the path of that address."""
        return f"{HOOK_PATH}{self.sudo().hook_key}"

    def _set_option(self, code, value):
        """Set what only this channel's messenger needs.

        :param str code: name of an option of the messenger
        """
        self.ensure_one()
        options = self.sudo().option_ids
        known = options.filtered(lambda option: option.code == code)
        if known:
            known.value = value
        else:
            options.create({"channel_id": self.id, "code": code, "value": value})

    @api.model
    def _find(self, hook_key):
        """Return the channel with an address, or none (sudo).

        A paused one takes nothing: the messenger brings it again later. One that is
        being set up is tried by its messenger before it begins.
        """
        domain = [("hook_key", "=", hook_key), ("state", "!=", "paused")]
        return self.sudo().search(domain, limit=1)

    # === ACTION METHODS === #

    def action_set_up(self):
        """Begin: the messenger is told where to deliver to (system administrators)."""
        for channel in self._check_administrator():
            channel._set_up()
        return True

    def _set_up(self):
        """Tell the messenger where to deliver to, and begin.

        :raise UserError: the messenger refuses, or cannot be reached
        """
        self.ensure_one()
        hook_url = self._get_hook_url() if self.delivery == "webhook" else ""
        messenger = self._get_messenger()
        try:
            messenger.set_up(hook_url)
            health = messenger.get_health()
        except (Refused, Wait, OSError) as error:
            raise UserError(
                self.env._(
                    "%(messenger)s did not accept it: %(reason)s",
                    messenger=messenger.label,
                    reason=str(error),
                )
            ) from None
        values = {
            "state": "active",
            "problem": False,
            "problem_at": False,
            "alarm": False,
            "alarm_at": False,
        }
        if health.account:
            values["account"] = health.account
        self.write(values)
        if self.delivery == "polling":
            self.env.ref("loyalty_b2b2c_chat.cron_poll").sudo()._trigger()

    def action_pause(self):
        """Take nothing and send nothing for a while (system administrators)."""
        self._check_administrator().write({"state": "paused"})
        return True

    def _check_administrator(self):
        """Return these channels (sudo) for an administrator of the system.

        :raise UserError: the user is none
        """
        if not self.env.user.has_group("base.group_system"):
            raise UserError(
                self.env._("Only an administrator of the system may do this.")
            )
        self.check_access("write")
        return self.sudo()

    # === ASKING THE MESSENGER === #

    @api.model
    def _cron_poll(self):
        """Ask the messengers that do not call us, for most of a minute."""
        domain = [("delivery", "=", "polling"), ("state", "=", "active")]
        channels = self.sudo().search(domain)
        end = time.monotonic() + _POLL_SECONDS
        for _round in range(_POLL_ROUNDS if channels else 0):
            for channel in channels:
                channel._poll()
            if not self.env["ir.cron"]._commit_progress(len(channels)):
                break
            if time.monotonic() > end:
                break

    def _poll(self):
        """Ask the messenger once, and answer what came in."""
        registry, channel_id = self.env.registry, self.id

        def ask(env):
            channel = env[self._name].browse(channel_id)
            return channel._get_messenger(), channel.poll_mark or ""

        messenger, mark = in_transaction(registry, ask)
        try:
            payloads, mark = messenger.poll(mark)
        except (Refused, Wait, OSError) as failure:
            text = str(failure)
            in_transaction(
                registry,
                lambda env: env[self._name].browse(channel_id)._note_problem(text),
            )
            time.sleep(1)
            return

        def take_in(env):
            channel = env[self._name].browse(channel_id)
            links, presses = set(), []
            for payload in payloads:
                found, incoming = env["b2b2c.chat.inbox"]._receive(channel, payload)
                links.update(found.ids)
                presses += [item for item in incoming if item.press_id]
            if channel.poll_mark != mark:
                channel.poll_mark = mark
            return links, presses

        links, presses = in_transaction(registry, take_in)
        _acknowledge(messenger, presses)
        for link_id in sorted(links):
            answer(registry, link_id)

    def _note_problem(self, error):
        """Remember what went wrong with the messenger, for the form."""
        text = self._get_messenger()._hide(str(error) or type(error).__name__)
        now = fields.Datetime.now()
        self.sudo().write({"problem": text[:500], "problem_at": now})


def _acknowledge(messenger, presses):
    """Tell a messenger that presses of buttons arrived; it is no harm when it fails."""
    for press in presses:
        with contextlib.suppress(Exception):
            messenger.acknowledge(press)
