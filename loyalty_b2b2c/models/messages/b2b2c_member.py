from odoo import api, fields, models

from .b2b2c_notification import preference_of

_NEWEST = 100


class B2b2cMember(models.Model):
    """What a participant wants to hear, how and how often."""

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

    notification_ids = fields.Many2many(
        "b2b2c.notification", compute="_compute_notification_ids"
    )
    notification_count = fields.Integer(compute="_compute_notification_ids")

    # === COMPUTE METHODS === #

    @api.depends("account_ids")
    def _compute_notification_ids(self):
        messages = self.env["b2b2c.notification"]
        for member in self:
            domain = [("account_id", "in", member.account_ids.ids)]
            member.notification_ids = messages.search(domain, limit=_NEWEST)
            member.notification_count = messages.search_count(domain)

    # === CRUD METHODS === #

    def write(self, vals):
        changed = self.filtered(
            lambda m: m.notify_digest != vals.get("notify_digest", m.notify_digest)
        )
        result = super().write(vals)
        self.env["b2b2c.notification"].sudo()._reschedule(changed)
        return result

    def _prepare_moved_vals(self, employer, moved_at):
        """Keep the wishes of a person who changes to another employer."""
        return {
            **super()._prepare_moved_vals(employer, moved_at),
            "notify_email": self.notify_email,
            "notify_sms": self.notify_sms,
        }

    # === ACTION METHODS === #

    def action_open_notifications(self):
        """Open the messages to this participant."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "loyalty_b2b2c.b2b2c_notification_action"
        )
        return dict(action, domain=[("account_id.member_id", "=", self.id)], context={})

    # === BUSINESS METHODS === #

    def _wants(self, kind):
        """Tell whether this participant wants to hear of a kind of message."""
        self.ensure_one()
        return self[preference_of(kind)]

    # === PERSONAL DATA === #

    def _get_personal_data(self):
        data = super()._get_personal_data()
        wishes = self._to_rows(self, ("notify_email", "notify_sms"))
        for row, wish in zip(data["memberships"], wishes, strict=True):
            row.update(wish)
        sms = self.env["sms.sms"].search([("partner_id", "in", self.partner_id.ids)])
        return {
            **data,
            "notifications": self._to_rows(
                self._get_notifications(),
                ("create_date", "kind", "points", "document_name", "state"),
            ),
            "sms": self._to_rows(sms, ("create_date", "number", "body")),
        }

    def _get_notifications(self):
        """Return all messages to these participants, the oldest first."""
        domain = [("account_id", "in", self.account_ids.ids)]
        return self.env["b2b2c.notification"].search(domain, order="id")

    def _get_personal_records(self):
        return [*super()._get_personal_records(), self._get_notifications()]

    def _get_personal_texts(self, person):
        texts = super()._get_personal_texts(person)
        texts.add(
            "b2b2c.notification",
            replaced=["document_name", "reason", "details"],
            impersonal=["dedupe_key"],
            mine=person.is_mine("account_id", self.account_ids.ids),
        )
        return texts

    def _erase_personal_data(self, person):
        super()._erase_personal_data(person)
        self.write({"notify_email": False, "notify_sms": False})
