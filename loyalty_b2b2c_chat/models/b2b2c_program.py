from odoo import models

from odoo.addons.loyalty_b2b2c.models.mechanics.mechanic import NextStep

from .b2b2c_mechanic import CHAT_SCAN


class B2b2cProgram(models.Model):
    """A program for a chat needs a messenger that reaches us."""

    _inherit = "b2b2c.program"

    def _get_next_steps(self):
        steps = super()._get_next_steps()
        return [*steps, self._get_chat_step()] if self.mechanic == CHAT_SCAN else steps

    def _get_chat_step(self):
        channels = self.env["b2b2c.chat.channel"]
        channels = channels.search([("company_id", "=", self.company_id.id)])
        working = channels.filtered(lambda channel: channel.state == "active")
        return NextStep(
            code="chat",
            order=25,
            label=self.env._("Connect a messenger"),
            note=self.env._("Chats that work: %s", len(working)),
            is_done=bool(working),
            button=self.env._("Open the Chats") if channels else self.env._("New Chat"),
            act=lambda: self._open_chats(channels),
        )

    def _open_chats(self, channels):
        """Return the action that shows the channels there are, or makes the first."""
        if not channels:
            return self._open_in_dialog(
                channels._name,
                self.env._("New Chat"),
                default_company_id=self.company_id.id,
            )
        return self.env["ir.actions.act_window"]._for_xml_id(
            "loyalty_b2b2c_chat.b2b2c_chat_channel_action"
        )
