from odoo import models
from odoo.tools import SQL

from ...exceptions import LoyaltyError


class B2b2cEvent(models.Model):
    """What becomes of events that failed: told to the manager, retried or given up."""

    _inherit = "b2b2c.event"

    def _fail(self, error):
        """Keep the reason of a failure and alert the manager, once per document."""
        for event in self:
            event.write(
                {
                    "state": "failed",
                    "reason": str(error) or repr(error),
                    "attempts": event.attempts + 1,
                }
            )
            event._alert()

    def _alert(self):
        """Give the responsible manager a to-do about this failed event."""
        self.ensure_one()
        document = self.env[self.source_model].browse(self.source_id).exists()
        company = document.company_id if document else self.env.company
        self.company_id = company
        open_alerts = self.search(
            [
                ("source_model", "=", self.source_model),
                ("source_id", "=", self.source_id),
                ("state", "=", "failed"),
                ("activity_ids", "!=", False),
            ],
            limit=1,
        )
        user = company._get_loyalty_manager()
        if open_alerts or not user:
            return
        self.activity_schedule(
            "mail.mail_activity_data_warning",
            summary=self.env._(
                "The points of %s could not be computed", self.document_name
            ),
            note=self.reason,
            user_id=user.id,
        )

    # === ACTION METHODS === #

    def action_retry(self):
        """Process failed events again (officers)."""
        if not self.env.user.has_group("loyalty_b2b2c.group_officer"):
            raise LoyaltyError(self.env._("Only a loyalty officer may retry events."))
        self.check_access("read")
        failed = self.sudo().filtered(lambda event: event.state == "failed")
        if not failed:
            return True
        failed.activity_unlink(["mail.mail_activity_data_warning"])
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                """
                UPDATE b2b2c_event
                   SET state = 'new', reason = NULL,
                       transaction_ref = txid_current()::text
                 WHERE id = ANY(%s)
                """,
                failed.ids,
            )
        )
        failed.invalidate_recordset()
        failed._process_after_commit()
        return True

    def _ignore(self, reason):
        """Give failed events up, and their to-dos with them (officers).

        :param str reason: why, kept on the event
        """
        if not self.env.user.has_group("loyalty_b2b2c.group_officer"):
            raise LoyaltyError(self.env._("Only a loyalty officer may ignore events."))
        self.check_access("write")
        if not (reason or "").strip():
            raise LoyaltyError(self.env._("Say why the events are ignored."))
        failed = self.sudo().filtered(lambda event: event.state == "failed")
        rewarded = failed._get_rewarded()
        self.env["b2b2c.authority"]._check(self.env.user, members=rewarded)
        failed.activity_unlink(["mail.mail_activity_data_warning"])
        for event in failed:
            event.write(
                {
                    "state": "ignored",
                    "reason": self.env._(
                        "Ignored by %(name)s: %(why)s\n%(error)s",
                        name=self.env.user.name,
                        why=reason.strip(),
                        error=event.reason or "",
                    ),
                }
            )
        return failed

    def _get_rewarded(self):
        """Return the participants whose points the documents of these events moved."""
        members = self.env["b2b2c.member"].sudo()
        entries = self.env["b2b2c.ledger.entry"].sudo()
        for event in self:
            members |= entries.search(
                [
                    ("document_model", "=", event.source_model),
                    ("document_id", "=", event.source_id),
                ]
            ).account_id.member_id
        return members
