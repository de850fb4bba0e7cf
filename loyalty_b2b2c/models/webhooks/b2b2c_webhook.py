import secrets
import time
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import SQL, hmac

from ...engine.signature import sign
from ...values import to_json
from ..base.rows import update_in_state
from ..base.transactions import in_transaction
from . import sending
from .sending import NotSent

#: Tries in a row that may fail; then it pauses, and a manager hears of it.
TRIES = 12
_FIRST_WAIT, _LONGEST_WAIT = 60, 6 * 3600  # seconds
#: Batches of one webhook in one run of the scheduled action: others wait as well.
_BATCHES = 20
_ALLOWED = "loyalty_b2b2c.webhook_hosts"


class B2b2cWebhook(models.Model):
    """Tells another system what it may read by its API key, without being asked.

    What it is told comes in the order of the feed and is signed. What is not taken is
    sent again, later and later; after a while it pauses, and somebody looks at it. It
    is told at least once: who hears of an entry twice knows it by its id.
    """

    _name = "b2b2c.webhook"
    _description = "Webhook"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "name, id"

    name = fields.Char(required=True, tracking=True)
    key_id = fields.Many2one(
        "b2b2c.api.key",
        string="API Key",
        required=True,
        index=True,
        ondelete="cascade",
        tracking=True,
        help="Whose system it is: it is told what this key may read, and no more.",
    )
    company_id = fields.Many2one(related="key_id.company_id", store=True, index=True)
    partner_id = fields.Many2one(related="key_id.reporter_id", string="Partner")
    url = fields.Char(
        "Address", required=True, tracking=True, help="Begins with https://"
    )
    stream_ids = fields.One2many("b2b2c.webhook.stream", "webhook_id", copy=True)
    salt = fields.Char(readonly=True, copy=False, groups=fields.NO_ACCESS)
    state = fields.Selection(
        [("draft", "New"), ("active", "Active"), ("paused", "Paused")],
        string="Status",
        required=True,
        readonly=True,
        copy=False,
        default="draft",
        tracking=True,
    )

    # How it goes
    failures = fields.Integer("Failures in a Row", readonly=True, copy=False)
    next_try_at = fields.Datetime("Next Try", readonly=True, copy=False)
    told_at = fields.Datetime("Last Taken", readonly=True, copy=False)
    problem = fields.Char("What Went Wrong", readonly=True, copy=False)

    @api.constrains("url")
    def _check_url(self):
        for webhook in self:
            try:
                sending.read_target(webhook.url or "", webhook._get_allowed())
            except NotSent:
                raise ValidationError(
                    self.env._(
                        "The address of a webhook begins with https:// and names a "
                        "server."
                    )
                ) from None

    @api.constrains("stream_ids")
    def _check_streams(self):
        for webhook in self:
            if len(set(webhook.stream_ids.mapped("kind"))) < len(webhook.stream_ids):
                raise ValidationError(self.env._("Each kind is told once."))

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        webhooks = super().create(vals_list)
        self.env.registry.clear_cache()
        return webhooks

    def write(self, vals):
        """Another address hears nothing before somebody says so again."""
        if not self.env.su and vals.keys() & {"url", "key_id"}:
            active = self.filtered(lambda webhook: webhook.state == "active")
            super(B2b2cWebhook, active.sudo()).write({"state": "draft"})
        result = super().write(vals)
        self.env.registry.clear_cache()
        return result

    # === ACTION METHODS === #

    def action_activate(self):
        """Begin to tell, or go on (managers)."""
        for webhook in self._check_manager():
            if not webhook.salt:
                raise UserError(
                    self.env._("Make a secret first: the other side checks by it.")
                )
            if not webhook.stream_ids:
                raise UserError(self.env._("Say what is told."))
            update_in_state(
                webhook,
                ("draft", "paused"),
                state="active",
                failures=0,
                next_try_at=None,
                problem=None,
            )
            webhook.activity_unlink(["mail.mail_activity_data_warning"])
            webhook._message_log(body=self.env._("Now active."))
        self.env.registry.clear_cache()
        self.env.ref("loyalty_b2b2c.cron_webhooks").sudo()._trigger()
        return True

    def action_pause(self):
        """Tell nothing for a while (managers); what happens meanwhile is told later."""
        for webhook in self._check_manager():
            if update_in_state(webhook, ("active",), state="paused"):
                webhook._message_log(body=self.env._("Now paused."))
        return True

    def action_new_secret(self):
        """Make a new secret and show it once (managers)."""
        webhook = self._check_manager()
        webhook.ensure_one()
        webhook.salt = secrets.token_hex(16)
        webhook._message_log(body=self.env._("A new secret was made."))
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Secret of %s", webhook.name),
            "res_model": "b2b2c.api.key.show",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_token": webhook._get_secret()},
        }

    def action_test(self):
        """Send something that says nothing, and tell what became of it (managers)."""
        webhook = self._check_manager()
        webhook.ensure_one()
        try:
            webhook._post("test", [], "")
            kind, message = "success", self.env._("It was taken.")
        except NotSent as error:
            kind, message = "danger", webhook._word(error)
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {"type": kind, "message": message},
        }

    def _check_manager(self):
        """Return these webhooks (sudo) for a manager.

        :raise UserError: the user is none
        """
        if not self.env.user.has_group("loyalty_b2b2c.group_manager"):
            raise UserError(self.env._("Only a loyalty manager may do this."))
        self.check_access("write")
        return self.sudo()

    # === TELLING === #

    @api.model
    def _cron_deliver(self):
        """Tell all webhooks what is new for them."""
        due = self.sudo().search(
            [
                ("state", "=", "active"),
                "|",
                ("next_try_at", "=", False),
                ("next_try_at", "<=", fields.Datetime.now()),
            ]
        )
        cron, registry = self.env["ir.cron"], self.env.registry
        for webhook_id in due.ids:
            for _batch in range(_BATCHES):
                if not in_transaction(
                    registry,
                    lambda env, i=webhook_id: env[self._name].browse(i)._tell(),
                ):
                    break
            if not cron._commit_progress(1):
                break

    def _tell(self):
        """Tell the next batch of each kind, unless somebody is telling this already.

        :return: whether there is more to tell
        """
        self.ensure_one()
        if not self._lock():
            return False
        if self.key_id.state != "active" or not self.key_id.can_read:
            self._pause(self.env._("The API key is not valid, or may not read."))
            return False
        has_more = False
        for stream in self.stream_ids:
            page = stream._read()
            if page.events:
                try:
                    self._post(stream.kind, page.events, page.cursor)
                except NotSent as error:
                    self._fail(error)
                    return False
                self.write(
                    {
                        "failures": 0,
                        "next_try_at": False,
                        "problem": False,
                        "told_at": fields.Datetime.now(),
                    }
                )
            if page.cursor != stream.cursor:
                stream.cursor = page.cursor
            has_more = has_more or page.has_more
        return has_more

    def _lock(self):
        """Keep others from telling this webhook until the end of the transaction.

        :return: whether it is active, due, and nobody else's now
        """
        self.flush_recordset()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT id FROM b2b2c_webhook
                 WHERE id = %s AND state = 'active'
                   AND (next_try_at IS NULL OR next_try_at <= %s)
                   FOR NO KEY UPDATE SKIP LOCKED
                """,
                self.id,
                fields.Datetime.now(),
            )
        )
        self.invalidate_recordset()
        return bool(rows)

    def _post(self, kind, events, cursor):
        """Send a batch.

        :raise NotSent: it was not taken
        """
        body = to_json({"kind": kind, "events": events, "next": cursor}).encode()
        at = int(time.time())
        headers = {
            "Content-Type": "application/json",
            "User-Agent": "loyalty-b2b2c-webhook/1",
            "Loyalty-Signature": sign(self._get_secret(), at, body),
        }
        sending.post(self.url, body, headers, self._get_allowed())

    def _get_secret(self):
        """Return the secret of this webhook: it stands nowhere, it is derived."""
        return hmac(self.env(su=True), "b2b2c_webhook", (self.id, self.sudo().salt))

    @api.model
    def _get_allowed(self):
        """Return which servers inside our network may be told, "host:port"."""
        parameters = self.env["ir.config_parameter"].sudo()
        return sending.read_allowed(parameters.get_param(_ALLOWED))

    def _fail(self, error):
        """Try again later, or pause when it was too often.

        :param error: :class:`~.sending.NotSent`
        """
        failures, sentence = self.failures + 1, self._word(error)
        wait = max(min(_FIRST_WAIT * 2 ** (failures - 1), _LONGEST_WAIT), error.wait)
        wait = min(wait, _LONGEST_WAIT)
        self.write(
            {
                "failures": failures,
                "next_try_at": fields.Datetime.now() + timedelta(seconds=wait),
                "problem": sentence,
            }
        )
        if failures >= TRIES or error.status == 410:
            self._pause(sentence)

    def _pause(self, sentence):
        """Stop, and let a manager look at it."""
        update_in_state(self, ("active",), state="paused", problem=sentence)
        self._message_log(body=self.env._("Paused: %s", sentence))
        user = self.company_id._get_loyalty_manager()
        if user and not self.activity_ids:
            self.activity_schedule(
                "mail.mail_activity_data_warning",
                summary=self.env._("%s is not told any more", self.name),
                note=sentence,
                user_id=user.id,
            )

    def _word(self, error):
        """Return what went wrong, in a sentence."""
        words = {
            "address": self.env._("The address cannot be used."),
            "private": self.env._("The address leads into our own network."),
            "unreachable": self.env._("The server cannot be reached."),
            "late": self.env._("The server did not answer in time."),
            "redirect": self.env._("The server sends elsewhere; that is not followed."),
        }
        return words.get(error.code) or self.env._(
            "The server refused it: HTTP %s.", error.status
        )
