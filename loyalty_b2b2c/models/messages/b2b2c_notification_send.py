import logging
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

_logger = logging.getLogger(__name__)

BATCH = 50
#: More news than this at once go out as one message, whatever the participant chose.
MAX_SINGLE = 5
#: So many news are listed in a digest; the statement has the rest.
MAX_LISTED = 100
KEEP_DAYS = 365
GC_BATCH = 1000


class B2b2cNotification(models.Model):
    """Sending: waiting messages become e-mails and SMS, alone or as a digest."""

    # a file of its own: the queue is another concern
    # pylint: disable=consider-merging-classes-inherited
    _inherit = "b2b2c.notification"

    @api.model
    def _cron_send(self, batch=BATCH):
        """Turn due messages into e-mails and SMS, some participants per transaction.

        The message and Odoo's own mail queue change in the same transaction: a crash
        repeats neither.
        """
        cron = self.env["ir.cron"]
        while messages := self._claim_due(batch):
            for part in messages.grouped("member_id").values():
                part._deliver()
            if not cron._commit_progress(len(messages), remaining=self._count_due()):
                break

    @api.model
    def _claim_due(self, limit):
        """Return all due messages of the next participants and lock them.

        :param int limit: number of messages that decides which participants are next
        """
        self.flush_model()
        rows = self.env.execute_query(
            SQL(
                """
                WITH next AS (
                    SELECT account_id FROM b2b2c_notification
                     WHERE state = 'new' AND send_at <= %(now)s
                  ORDER BY send_at, id LIMIT %(limit)s
                )
                SELECT n.id FROM b2b2c_notification n
                 WHERE n.state = 'new' AND n.send_at <= %(now)s
                   AND n.account_id IN (
                       SELECT own.id FROM b2b2c_account own
                         JOIN b2b2c_account a USING (member_id)
                         JOIN next ON next.account_id = a.id)
              ORDER BY n.id
                   FOR UPDATE OF n SKIP LOCKED
                """,
                now=fields.Datetime.now(),
                limit=limit,
            )
        )
        return self.browse(row[0] for row in rows)

    @api.model
    def _count_due(self):
        """Return how many messages are due."""
        return self.search_count(
            [("state", "=", "new"), ("send_at", "<=", fields.Datetime.now())]
        )

    def _deliver(self):
        """Send these due messages of one participant, each or together."""
        member = self.member_id
        wanted = self.filtered(lambda message: member._wants(message.kind))
        (self - wanted).state = "skipped"
        # what goes out again after a failure must not repeat the channel that worked
        for part in wanted.grouped(lambda m: (m.email_state, m.sms_state)).values():
            if member.notify_digest != "now" or len(part) > MAX_SINGLE:
                part._send()
                continue
            for message in part:
                message._send()

    def _send(self):
        """Send these messages of one participant as one, over the wanted channels."""
        leader = self[0]
        member = leader.member_id
        self.digest_id = leader if len(self) > 1 else False
        self.reason = False
        for channel, wanted, send in (
            ("email", member.notify_email and member.email, leader._send_email),
            ("sms", member.notify_sms and member.phone, leader._send_sms),
        ):
            if not wanted or leader[f"{channel}_state"] == "sent":
                continue
            try:
                with self.env.cr.savepoint():
                    send()
                self[f"{channel}_state"] = "sent"
            except Exception as error:
                _logger.exception("Could not notify participant %s", member.id)
                self._fail(channel, str(error))
        if "failed" in (leader.email_state, leader.sms_state):
            return
        channels = leader.email_state or leader.sms_state
        self.state = "sent" if channels else "skipped"

    def _send_email(self):
        """Put the e-mail into Odoo's queue."""
        template = self.env.ref("loyalty_b2b2c.mail_template_message")
        template.with_context(tz=self._get_zone()).send_mail(self.id, force_send=False)

    def _send_sms(self):
        """Put the SMS into Odoo's queue, in the participant's language."""
        template = self.env.ref("loyalty_b2b2c.sms_template_message")
        template = template.with_context(tz=self._get_zone())
        body = template._render_field("body", self.ids, compute_lang=True)[self.id]
        partner = self.partner_id
        self.env["sms.sms"].sudo().create(
            {
                "body": body,
                "number": partner._get_loyalty_phone() or partner.phone,
                "partner_id": partner.id,
                "b2b2c_notification_id": self.id,
            }
        )

    def _get_listed(self):
        """Return the messages a digest lists, the newest first."""
        self.ensure_one()
        return self.part_ids.sorted("id", reverse=True)[:MAX_LISTED]

    def _get_unlisted_count(self):
        """Return how many messages of a digest are too many to list."""
        self.ensure_one()
        return max(len(self.part_ids) - MAX_LISTED, 0)

    # === FAILURES === #

    def _fail(self, channel, reason):
        """Note that a channel did not work, on everything that was sent together.

        :param str channel: ``"email"`` or ``"sms"``
        """
        for message in self:
            together = message | message.digest_id.part_ids
            together.write(
                {"state": "failed", f"{channel}_state": "failed", "reason": reason}
            )

    def action_retry(self):
        """Send what failed again, over the channels that failed (officers)."""
        if not self.env.user.has_group("loyalty_b2b2c.group_officer"):
            raise UserError(
                self.env._("Only a loyalty officer may send messages again.")
            )
        self.check_access("read")
        failed = self.sudo().filtered(lambda message: message.state == "failed")
        failed |= failed.digest_id.part_ids
        if not failed:
            return True
        failed._forget_undelivered()
        for channel in ("email_state", "sms_state"):
            failed.filtered(lambda m, c=channel: m[c] == "failed")[channel] = False
        failed.write({"state": "new", "reason": False, "digest_id": False})
        failed.send_at = fields.Datetime.now()
        self.env.ref("loyalty_b2b2c.cron_notify").sudo()._trigger()
        return True

    def _forget_undelivered(self):
        """Remove failed e-mails and SMS of these messages from Odoo's queues."""
        self.env["mail.mail"].search(
            [
                ("model", "=", self._name),
                ("res_id", "in", self.ids),
                ("state", "=", "exception"),
            ]
        ).unlink()
        self.env["sms.sms"].search(
            [("b2b2c_notification_id", "in", self.ids), ("state", "=", "error")]
        ).unlink()

    # === CLEANING UP === #

    @api.autovacuum
    def _gc_sent(self):
        """Forget old messages; the ledger keeps what they told."""
        domain = [
            ("state", "in", ("sent", "skipped")),
            ("create_date", "<", fields.Datetime.now() - timedelta(days=KEEP_DAYS)),
        ]
        old = self.search(domain, limit=GC_BATCH, order="id")
        old.unlink()
        return len(old), self.search_count(domain, limit=1)
