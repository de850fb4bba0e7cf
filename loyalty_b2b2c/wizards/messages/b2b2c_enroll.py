from odoo import fields, models


class B2b2cEnroll(models.TransientModel):
    """Whether the person wants to be told by SMS."""

    _inherit = "b2b2c.enroll"

    notify_sms = fields.Boolean(string="Send SMS")

    def _prepare_member(self, person, contact):
        return {
            **super()._prepare_member(person, contact),
            "notify_sms": self.notify_sms,
        }
