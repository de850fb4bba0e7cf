from odoo import fields, models

from .b2b2c_notification import preference_of


class B2b2cMember(models.Model):
    """What a participant wants to hear, how and how often."""

    # a file of its own: the membership is another concern
    # pylint: disable=consider-merging-classes-inherited
    _inherit = "b2b2c.member"

    notify_email = fields.Boolean(string="E-mails", default=True)
    notify_sms = fields.Boolean(string="SMS", default=False)
    notify_digest = fields.Selection(
        [
            ("now", "At once"),
            ("daily", "Once a day"),
            ("weekly", "Once a week"),
        ],
        string="How Often",
        required=True,
        default="now",
        help="A digest goes out at eight in the morning, a weekly one on Monday.",
    )
    notify_points = fields.Boolean(string="Points to use", default=True)
    notify_pending = fields.Boolean(string="Points on the way", default=True)
    notify_reversed = fields.Boolean(
        string="Points taken back or cancelled", default=True
    )
    notify_expiry = fields.Boolean(string="Points that expire", default=True)
    notify_rewards = fields.Boolean(string="Rewards you requested", default=True)

    def write(self, vals):
        changed = self.filtered(
            lambda m: m.notify_digest != vals.get("notify_digest", m.notify_digest)
        )
        result = super().write(vals)
        self.env["b2b2c.notification"].sudo()._reschedule(changed)
        return result

    def _wants(self, kind):
        """Tell whether this participant wants to hear of a kind of message."""
        self.ensure_one()
        return self[preference_of(kind)]
