from odoo import models
from odoo.tools import SQL

from ..dialog.messages import Incoming


class B2b2cJoin(models.Model):
    """Who waits in a chat for somebody's agreement hears of it there, and goes on."""

    _inherit = "b2b2c.join"

    def _tell_decision(self):
        result = super()._tell_decision()
        for link in self._find_waiting_chats():
            reader = link._for_reader()
            decided = Incoming(
                external_id=f"join{self.id}",
                user=link.external_user,
                chat=link.chat,
                kind="other",
                step="join.decided",
            )
            replies = self.env["b2b2c.chat.dialog"]._handle(reader, decided)
            reader._say(replies, key=f"join{self.id}/{link.id}")
        return result

    def _find_waiting_chats(self):
        """Return the chats in which this request was begun, and waits."""
        links = self.env["b2b2c.chat.link"].sudo()
        links.flush_model(["dialog", "state", "partner_id"])
        rows = self.env.execute_query(
            SQL(
                """
                SELECT id FROM b2b2c_chat_link
                 WHERE company_id = %s AND state != 'blocked'
                   AND dialog->>'step' = 'join.waiting'
                   AND dialog->'data'->>'join' = %s
                """,
                self.company_id.id,
                str(self.id),
            )
        )
        return links.browse(row[0] for row in rows)
