from odoo import fields, models


class B2b2cEnroll(models.TransientModel):
    """Over which channels the person is written to."""

    _inherit = "b2b2c.enroll"

    channel_wishes = fields.Json(
        string="Messages",
        default=lambda self: self._get_default_channels(),
        help="Channel: whether the person is written to over it.",
    )

    def _get_default_channels(self):
        """Return the ticks of somebody who chose nothing yet."""
        channels = self.env["b2b2c.channel"]._get_sending()
        return {
            code: {"label": channel._get_label(), "checked": channel._is_default}
            for code, channel in channels.items()
        }

    def _prepare_member(self, person, contact):
        return {
            **super()._prepare_member(person, contact),
            "channel_wishes": self.channel_wishes,
        }
