import logging

from odoo import api, fields, models
from odoo.tools import SQL

from ..const import POINTS

_logger = logging.getLogger(__name__)


class B2b2cNotification(models.Model):
    """A message to a participant: queued with the entries, sent after, once."""

    _name = "b2b2c.notification"
    _description = "Reward Notification"
    _order = "id desc"
    _rec_name = "document_name"

    account_id = fields.Many2one(
        "b2b2c.account", required=True, index=True, readonly=True, ondelete="cascade"
    )
    member_id = fields.Many2one(related="account_id.member_id", string="Participant")
    partner_id = fields.Many2one(related="account_id.member_id.partner_id")
    company_id = fields.Many2one(related="account_id.company_id", store=True)
    kind = fields.Selection(
        [
            ("credited", "Points credited"),
            ("pending", "Points pending"),
            ("reversed", "Points taken back"),
            ("voided", "Pending points cancelled"),
        ],
        required=True,
        readonly=True,
    )
    points = fields.Float(**POINTS, readonly=True)
    points_text = fields.Char(compute="_compute_texts")
    balance_text = fields.Char(compute="_compute_texts")
    document_name = fields.Char(readonly=True)
    dedupe_key = fields.Char(required=True, readonly=True)
    state = fields.Selection(
        [
            ("new", "Waiting"),
            ("sent", "Sent"),
            ("skipped", "Not wanted"),
            ("failed", "Failed"),
        ],
        required=True,
        readonly=True,
        default="new",
    )
    reason = fields.Char(readonly=True)

    _once = models.UniqueIndex("(dedupe_key)", "This message was queued already.")
    _waiting = models.Index("(id) WHERE state = 'new'")

    @api.depends("points", "account_id")
    @api.depends_context("lang")
    def _compute_texts(self):
        for message in self:
            unit = message.account_id.unit_id
            message.points_text = unit._format(abs(message.points))
            message.balance_text = unit._format(message.account_id.balance_available)

    @api.model
    def _queue(self, account, *, posted, pending, document, document_key):
        """Queue one message for what a document changed on an account.

        Called in the transaction of the entries, so there is a message exactly when
        there are entries; the key names the last of them, so there is only one.
        """
        kind, points = self._get_kind(posted, pending)
        if not kind:
            return
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO b2b2c_notification (account_id, company_id, kind, points,
                       document_name, dedupe_key, state, create_uid, write_uid,
                       create_date, write_date)
                SELECT a.id, a.company_id, %(kind)s, %(points)s, %(name)s,
                       %(document)s || '/' || a.id || '/' || coalesce(
                           (SELECT max(id) FROM b2b2c_ledger_entry
                             WHERE account_id = a.id), 0),
                       'new', %(uid)s, %(uid)s, now() AT TIME ZONE 'UTC',
                       now() AT TIME ZONE 'UTC'
                  FROM b2b2c_account a WHERE a.id = %(account)s
                ON CONFLICT (dedupe_key) DO NOTHING
                """,
                kind=kind,
                points=points,
                name=document.display_name if document else "",
                document=document_key,
                uid=self.env.uid,
                account=account.id,
            )
        )
        data = self.env.cr.postcommit.data
        if not data.get("b2b2c_notify"):
            data["b2b2c_notify"] = True
            self.env.ref("loyalty_b2b2c.cron_notify")._trigger()

    @api.model
    def _get_kind(self, posted, pending):
        """Return which message a change deserves, and its number of points."""
        if posted > 0:
            return "credited", posted
        if posted < 0:
            return "reversed", posted
        if pending > 0:
            return "pending", pending
        if pending < 0:
            return "voided", pending
        return None, 0

    # === SENDING === #

    @api.model
    def _cron_send(self, batch=50):
        """Turn waiting messages into e-mails and SMS, a batch per transaction.

        The message and Odoo's own mail queue change in the same transaction: a crash
        repeats neither.
        """
        cron = self.env["ir.cron"]
        while messages := self.search([("state", "=", "new")], limit=batch, order="id"):
            for message in messages:
                message._send()
            if not cron._commit_progress(
                len(messages), remaining=self.search_count([("state", "=", "new")])
            ):
                break

    def _send(self):
        """Send this message over the channels the participant wants."""
        self.ensure_one()
        member = self.member_id
        try:
            with self.env.cr.savepoint():
                channels = [
                    member.notify_email and member.email and self._send_email(),
                    member.notify_sms and member.phone and self._send_sms(),
                ]
                self.state = "sent" if any(channels) else "skipped"
        except Exception as error:
            _logger.exception("Could not notify participant %s", member.id)
            self.write({"state": "failed", "reason": str(error)})

    def _send_email(self):
        """Put the e-mail into Odoo's queue."""
        template = self.env.ref("loyalty_b2b2c.mail_template_notification")
        template.send_mail(self.id, force_send=False)
        return True

    def _send_sms(self):
        """Put the SMS into Odoo's queue, in the participant's language."""
        template = self.env.ref("loyalty_b2b2c.sms_template_notification")
        body = template._render_field("body", self.ids, compute_lang=True)[self.id]
        partner = self.partner_id
        self.env["sms.sms"].sudo().create(
            {
                "body": body,
                "number": partner._get_loyalty_phone() or partner.phone,
                "partner_id": partner.id,
            }
        )
        return True
