import re

from odoo import fields, models

#: Behind all that people wrote within the second.
_LAST = 2**62
#: What is shown of something without words.
_SIGNS = {
    "photo": "📷",
    "video": "🎬",
    "file": "📎",
    "location": "📍",
    "contact": "👤",
    "start": "▶",
    "blocked": "🚫",
}


class B2b2cChatInbox(models.Model):
    """What came in, as the thread shows it."""

    _inherit = "b2b2c.chat.inbox"

    def _read_button(self, link, incoming):
        """Keep what stands on a pressed button: it is what the person said."""
        pressed = super()._read_button(link, incoming)
        if pressed.action:
            row, number = self.env["b2b2c.chat.outbox"]._find_button(
                link, incoming.data
            )
            self.text = row.buttons[number][3]
        return pressed

    def _get_thread_row(self):
        """Return how the thread shows this message."""
        self.ensure_one()
        words = (_SIGNS.get(self.kind), self.text)
        return {
            "id": f"in{self.id}",
            "side": "person",
            "at": fields.Datetime.to_string(self.received_at),
            "order": [self.id, 0],
            "text": " ".join(filter(None, words)) or "…",
            "is_button": self.kind == "button",
            "note": self._get_thread_note(),
            "is_bad": self.state == "failed",
        }

    def _get_thread_note(self):
        """Return what became of this message, if that is worth a word."""
        if self.state == "failed":
            return self.env._("Could not be answered")
        return self.env._("Waits") if self.state == "new" else ""


class B2b2cChatOutbox(models.Model):
    """What we said, as the thread shows it."""

    _inherit = "b2b2c.chat.outbox"

    def _get_thread_row(self):
        """Return how the thread shows this message."""
        self.ensure_one()
        is_written = self.origin == "person"
        return {
            "id": f"out{self.id}",
            "side": "office" if is_written else "bot",
            "at": fields.Datetime.to_string(self.queued_at),
            "order": [self._get_answered_id(), self.id],
            "text": self.text or ("🖼" if self.file_key else "…"),
            "buttons": [button[3] for button in self.sudo().buttons or ()],
            "note": self._get_thread_note(),
            "is_bad": self.state == "failed",
        }

    def _get_answered_id(self):
        """Return the id of what this answers: within a second it stands behind that."""
        found = re.match(r"in(\d+)", self.key or "")
        return int(found[1]) if found else _LAST

    def _get_thread_note(self):
        """Return what became of this message, if that is worth a word."""
        if self.state == "failed":
            return self.env._("Not sent: %s", self.reason or "")
        if self.read_at or self.delivered_at:
            return "✓✓"
        states = {
            "waiting": self.env._("Waits"),
            "sending": self.env._("Waits"),
            "sent": "✓",
            "withdrawn": self.env._("Not sent"),
        }
        return states[self.state]
