import logging
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from .b2b2c_channel import Later, NotDelivered

_logger = logging.getLogger(__name__)

BATCH = 50
#: More news than this at once go out as one message, whatever the participant chose.
MAX_SINGLE = 5
#: So many news are listed in a digest; the statement has the rest.
MAX_LISTED = 100
KEEP_DAYS = 365
GC_BATCH = 1000


class B2b2cNotification(models.Model):
    """Sending: waiting messages go out over the channels, alone or as a digest."""

    _inherit = "b2b2c.notification"

    @api.model
    def _cron_send(self, batch=BATCH):
        """Hand due messages over to their channels, some recipients per transaction.

        The message and the queues of e-mails and SMS change in the same transaction: a
        crash repeats neither.
        """
        cron = self.env["ir.cron"]
        self.env["b2b2c.notification.delivery"]._forget_secrets()
        while messages := self._take_due(batch):
            for own in messages._split_by_recipient():
                own._deliver()
            if not cron._commit_progress(len(messages), remaining=self._count_due()):
                break

    @api.model
    def _take_due(self, limit):
        """Return the next due messages, and all others to the same participants; lock
        them.

        :param int limit: number of messages that decides who is next
        """
        self.flush_model()
        rows = self.env.execute_query(
            SQL(
                """
                WITH next AS (
                    SELECT id, member_id FROM b2b2c_notification
                     WHERE state = 'new' AND send_at <= %(now)s
                  ORDER BY send_at, id LIMIT %(limit)s
                )
                SELECT n.id FROM b2b2c_notification n
                 WHERE n.id IN (
                       SELECT id FROM next
                        UNION
                       SELECT own.id FROM b2b2c_notification own
                         JOIN next USING (member_id)
                        WHERE own.state = 'new' AND own.send_at <= %(now)s)
                   AND n.state = 'new'
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

    def _split_by_recipient(self):
        """Return these messages by who gets them, participants' together."""
        to_members = self.filtered("member_id")
        return [*to_members.grouped("member_id").values(), *(self - to_members)]

    def _deliver(self):
        """Hand these due messages of one recipient over to the channels left."""
        waits = self._get_waits()
        for code, channel in self.env["b2b2c.channel"]._get_sending().items():
            due = self._get_due(channel)
            if code in waits:
                due._note(code, "waiting", "behind", retry_at=waits[code])
                continue
            bundles = due._bundle()
            for number, bundle in enumerate(bundles, start=1):
                # a failure may have shown that the channel does not reach the person
                if bundle := bundle._get_due(channel):
                    retry_at = bundle._send_over(channel)
                    if retry_at:
                        # in order: what comes after it waits as well
                        rest = self.browse().union(*bundles[number:])
                        rest._note(code, "waiting", "behind", retry_at=retry_at)
                        break
        self._conclude()

    def _get_waits(self):
        """Return until when channels take nothing: dict code -> naive UTC.

        A channel pauses, or it still has an earlier message to this recipient.
        """
        message = self[0]
        self.env["b2b2c.notification.delivery"].flush_model()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT d.channel, max(d.retry_at)
                  FROM b2b2c_notification_delivery d
                  JOIN b2b2c_notification n ON n.id = d.notification_id
                 WHERE d.state = 'waiting' AND d.retry_at > %s
                   AND (d.reason_code = 'paused'
                        OR n.member_id = %s OR n.contact_id = %s OR n.address = %s)
              GROUP BY d.channel
                """,
                fields.Datetime.now(),
                message.member_id.id or None,
                message.contact_id.id or None,
                message.address or None,
            )
        )
        return dict(rows)

    def _get_due(self, channel):
        """Return which of these messages go out over a channel now.

        Those that nobody wants over it, or that reach nobody, are noted as not sent.
        """
        code = channel._code
        open_rows = self.filtered(lambda message: message._is_open(code))
        verdicts = open_rows.grouped(lambda message: message._get_refusal(channel))
        for refusal, messages in verdicts.items():
            if refusal == "off":  # it was wanted when the channel put it off
                waited = messages._get_delivery(code).notification_id
                waited._note(code, "skipped", "declined")
            elif refusal:
                messages._note(code, "skipped", refusal)
        return verdicts.get("", self.browse())

    def _is_open(self, code):
        """Tell whether nothing is decided yet about a channel, or it is tried again."""
        row = self._get_delivery(code)
        now = fields.Datetime.now()
        return not row or row.state == "waiting" and (row.retry_at or now) <= now

    def _get_refusal(self, channel):
        """Return why a message does not go out over a channel, empty: it does.

        :return: ``"off"``: it was never meant to; ``"declined"`` or ``"no_address"``
        """
        self.ensure_one()
        kind = self._get_kind()
        chosen = (self.channel,) if self.channel else kind.channels
        if chosen:
            refusal = "" if channel._code in chosen else "off"
        elif self.member_id:
            refusal = self.member_id._get_refusal(kind.topic, channel)
        else:
            refusal = "" if channel._is_default else "off"
        if not refusal and not channel._get_recipient(self):
            return "no_address"
        return refusal

    def _get_phrases(self):
        """Return how the recipient gets this message: ``["by e-mail", "by SMS"]``."""
        channels = self.env["b2b2c.channel"]._get_sending().values()
        return [
            channel._get_phrase()
            for channel in channels
            if not self._get_refusal(channel)
        ]

    def _bundle(self):
        """Return these messages of one recipient as they go out: together or alone."""
        together = self.filtered(
            lambda message: message.member_id and message._get_kind().is_digested
        )
        often = together.member_id.notify_digest
        if often in ("daily", "weekly") or len(together) > MAX_SINGLE:
            return [bundle for bundle in (together, *(self - together)) if bundle]
        return list(self)

    def _send_over(self, channel):
        """Send these messages as one over a channel and note what became of them.

        :return: until when the channel takes nothing, when it put them off
        """
        leader = self[0]
        digest = leader if len(self) > 1 else leader.browse()
        if self.digest_id != digest:
            self.digest_id = digest
        try:
            with self.env.cr.savepoint():
                record = channel._send(leader._for_reader())
        except Later as error:
            return self._put_off(channel, error)
        except Exception as error:
            if not isinstance(error, NotDelivered):
                _logger.exception("Message %s failed over %s", leader.id, channel._code)
            channel._after_failure(leader, error)
            code = "refused" if isinstance(error, NotDelivered) else "error"
            self._note(channel._code, "failed", code, reason=str(error))
            return None
        self._note_sent(channel, record)
        return None

    def _put_off(self, channel, error):
        """Note that a channel did not take these messages yet.

        :param error: the :class:`~.b2b2c_channel.Later` it raised
        :return: when to try again
        """
        code = channel._code
        retry_at = fields.Datetime.now() + timedelta(seconds=error.seconds)
        tries = self._count_tries(code) + 1
        # a secret is stored nowhere: it can be told now or never
        if tries >= channel._max_tries or self[0]._get_kind().secret_minutes:
            self._note(code, "failed", "gave_up", reason=str(error), tries=tries)
            channel._after_failure(self[0], error)
        else:
            self._note(
                code,
                "waiting",
                "paused" if error.for_all else "later",
                reason=str(error),
                retry_at=retry_at,
                tries=tries,
            )
        self.env.ref("loyalty_b2b2c.cron_notify").sudo()._trigger(at=retry_at)
        return retry_at

    # === WHAT BECAME OF IT === #

    def _get_delivery(self, code):
        """Return the rows about a channel; none for what is not decided yet."""
        return self.delivery_ids.filtered(lambda row: row.channel == code)

    def _count_tries(self, code):
        """Return how often a channel was offered these messages."""
        return max(self._get_delivery(code).mapped("tries"), default=0)

    def _note(self, code, state, reason_code=False, **values):
        """Write down what became of these messages over a channel.

        :param values: further fields of the rows; ``reason`` and ``retry_at`` are
            emptied unless they are given
        """
        values = {"reason": False, "retry_at": False, **values}
        values |= {"state": state, "reason_code": reason_code}
        known = self._get_delivery(code)
        known.write(values)
        self.env["b2b2c.notification.delivery"].sudo().create(
            [
                {"notification_id": message.id, "channel": code, **values}
                for message in self - known.notification_id
            ]
        )

    def _note_sent(self, channel, record):
        """Write down that a channel took these messages.

        :param record: where they wait now, or nothing
        """
        now = fields.Datetime.now()
        minutes = self[0]._get_kind().secret_minutes
        self._note(
            channel._code,
            "sent",
            sent_at=now,
            tries=self._count_tries(channel._code) + 1,
            res_model=record._name if record else False,
            res_id=record.id if record else False,
            forget_at=now + timedelta(minutes=minutes) if minutes else False,
        )

    def _conclude(self):
        """Set the state of these messages by what became of them over the channels."""
        known = self.env["b2b2c.channel"]._get_sending()
        rows = self.delivery_ids
        rows.filtered(
            lambda row: row.state == "waiting" and row.channel not in known
        ).write({"state": "skipped", "reason_code": "no_channel", "retry_at": False})
        for message in self:
            states = set(message.delivery_ids.mapped("state"))
            if "waiting" in states:
                retries = filter(None, message.delivery_ids.mapped("retry_at"))
                send_at = min(retries, default=message.send_at)
                message.write({"state": "new", "send_at": send_at})
                continue
            state = next((s for s in ("failed", "sent") if s in states), "skipped")
            if message.state != state:
                message.state = state

    # === DIGEST === #

    def _get_listed(self):
        """Return the messages a digest lists, the newest first."""
        self.ensure_one()
        return self.part_ids.sorted("id", reverse=True)[:MAX_LISTED]

    def _get_unlisted_count(self):
        """Return how many messages of a digest are too many to list."""
        self.ensure_one()
        return max(len(self.part_ids) - MAX_LISTED, 0)

    # === FAILURES === #

    def action_retry(self):
        """Send what failed again, over the channels that failed (officers)."""
        if not self.env.user.has_group("loyalty_b2b2c.group_officer"):
            raise UserError(
                self.env._("Only a loyalty officer may send messages again.")
            )
        self.check_access("read")
        failed = self.sudo().filtered(lambda message: message.state == "failed")
        together = failed.digest_id.part_ids
        failed |= together.filtered(lambda message: message.state == "failed")
        secret = failed.filtered(lambda message: message._get_kind().secret_minutes)
        if secret:
            raise UserError(
                self.env._("A code is sent once only. The person can ask for another.")
            )
        if not failed:
            return True
        now = fields.Datetime.now()
        rows = failed.delivery_ids.filtered(lambda row: row.state == "failed")
        rows._withdraw()
        rows.write({"state": "waiting", "retry_at": now, "tries": 0})
        failed.write({"state": "new", "digest_id": False, "send_at": now})
        self.env.ref("loyalty_b2b2c.cron_notify").sudo()._trigger()
        return True

    # === CLEANING UP === #

    @api.model
    def _forget(self, records):
        """Delete the messages about records that are deleted themselves."""
        self.sudo().search(
            [("res_model", "=", records._name), ("res_id", "in", records.ids)]
        ).unlink()

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
