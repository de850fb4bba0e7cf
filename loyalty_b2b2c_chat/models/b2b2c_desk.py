from odoo import api, models

from odoo.addons.loyalty_b2b2c.models.base.b2b2c_desk import Waiting


class B2b2cDesk(models.AbstractModel):
    _inherit = "b2b2c.desk"

    @api.model
    def _get_waiting(self):
        return [
            *super()._get_waiting(),
            Waiting(
                key="chat_questions",
                section="people",
                label=self.env._("Questions in chats"),
                model="b2b2c.chat.question",
                domain=(("state", "=", "open"),),
                action="loyalty_b2b2c_chat.b2b2c_chat_question_action",
                filter="open",
                since="asked_at",
                icon="fa-question-circle",
            ),
            Waiting(
                key="broadcasts",
                section="failed",
                label=self.env._("People whom a broadcast did not reach, this week"),
                model="b2b2c.chat.broadcast.row",
                # what failed longer ago is nobody's news any more
                domain=(
                    ("create_date", ">=", "today -7d"),
                    "|",
                    ("reason", "=", "error"),
                    ("outbox_id.state", "=", "failed"),
                ),
                action="loyalty_b2b2c_chat.b2b2c_chat_broadcast_row_action",
                filter="failed_lately",
                icon="fa-bullhorn",
            ),
            Waiting(
                key="chat_channels",
                section="failed",
                label=self.env._("Chats that do not work"),
                model="b2b2c.chat.channel",
                domain=(("state", "=", "active"), ("alarm", "!=", False)),
                action="loyalty_b2b2c_chat.b2b2c_chat_channel_action",
                filter="broken",
                since="alarm_at",
                icon="fa-commenting-o",
                group="loyalty_b2b2c.group_manager",
            ),
        ]
