from odoo import models

from odoo.addons.loyalty_b2b2c_portal.pages.receipts import ReceiptsPage

from ..commands import home_commands, points_commands
from ..commands.clerk import KEY_PREFIX
from ..commands.receipt_commands import word_row
from ..dialog.messages import Button, Reply


class B2b2cReceipt(models.Model):
    """What became of a receipt that was sent in a chat is said there."""

    _inherit = "b2b2c.receipt"

    def _finish_reading(self, seen):
        result = super()._finish_reading(seen)
        is_ours = (self.claim_id.request_key or "").startswith(KEY_PREFIX)
        if is_ours and self.read_state in ("done", "failed"):
            self._say_in_chat()
        return result

    def _say_in_chat(self):
        """Say how far a receipt is; points are told by the message about them, if the
        person wants it there."""
        member = self.claim_id.submitter_id
        channel = self.env["b2b2c.channel.chat"]
        is_wanted = member._get_wishes()[channel._code, ""]
        link = channel._find_link(member.partner_id, self.company_id)
        if not link or (is_wanted and self.state == "accepted"):
            return
        reader = link._for_reader()
        rows = ReceiptsPage(member.sudo().with_env(reader.env)).rows()
        row = next(row for row in rows if row["id"] == self.id)
        buttons = (
            _button(reader, points_commands, "points.balance"),
            _button(reader, home_commands, "home.menu", "menu_button"),
        )
        reader._say([Reply(word_row(row), (buttons,))], key=f"receipt{self.id}")


def _button(link, commands, action, word=""):
    """Return a button of a flow in the reader's language."""
    word = word or action.partition(".")[2]
    return Button(commands.WORDS[word](link.env, {}), action)
