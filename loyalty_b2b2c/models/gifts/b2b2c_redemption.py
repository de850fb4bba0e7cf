from odoo import fields, models

from ...engine import to_decimal


class B2b2cRedemption(models.Model):
    """A request that gives something to others: for a cause, or to a colleague."""

    _inherit = "b2b2c.redemption"

    cause_id = fields.Many2one(
        "b2b2c.cause", readonly=True, index="btree_not_null", ondelete="restrict"
    )
    bill_id = fields.Many2one(
        "account.move",
        "Vendor Bill",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
        help="With which the worth of the donation is paid out.",
    )
    recipient_id = fields.Many2one(
        "b2b2c.member",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
    )
    recipient_typed = fields.Char(
        "Recipient as Written", readonly=True, help="How the giver named the recipient."
    )

    def _get_unbilled(self):
        """Return the donations that no bill pays out; a cancelled bill pays nothing."""
        return self.filtered(
            lambda donation: (
                donation.cause_id
                and donation.state == "fulfilled"
                and (not donation.bill_id or donation.bill_id.state == "cancel")
            )
        )

    def _get_recipient(self):
        """Return who gets the points, the one that is left after memberships merged."""
        return self.recipient_id._get_survivor()

    def _tell_recipient(self):
        """Tell the colleague who gave points, and how many."""
        account = self._get_recipient()._get_account(self.account_id.unit_id)
        self._get_messages()._insert(
            [
                {
                    "account_id": account._get_holder().id,
                    "kind": "gift",
                    "key": f"gift/{self.id}",
                    "is_numbered": False,
                    "points": to_decimal(self.points),
                    "res_model": self._name,
                    "res_id": self.id,
                }
            ]
        )
