"""Somebody with Telegram on the phone, talking to the bot of a server."""

import itertools

from .telegram_server import PRESS_SECONDS, shrink

_ids = itertools.count(501_000_001)


class Person:
    """Who writes to the bot; what is written is delivered at once, where the server has
    a webhook.

    :param server: :class:`~.telegram_server.TelegramServer`
    :param str name: first name
    :param str phone: number of the account, with country
    :param str language: of the device
    :param bool delivers: bring it to the webhook at once; else somebody calls
        ``server.deliver()``
    """

    def __init__(
        self, server, name, phone="+380671234567", language="en", delivers=True
    ):
        self.server, self.phone, self.delivers = server, phone, delivers
        self.user = {
            "id": next(_ids),
            "is_bot": False,
            "first_name": name,
            "language_code": language,
        }
        self.chat = {"id": self.user["id"], "first_name": name, "type": "private"}
        server.chats[self.chat["id"]] = self.chat
        self._seen = 0

    # === WHAT HE SEES === #

    @property
    def messages(self):
        """All messages of the chat, the oldest first."""
        return self.server.history[self.chat["id"]]

    @property
    def heard(self):
        """The messages of the bot, the oldest first."""
        return [message for message in self.messages if message["is_ours"]]

    def hear(self):
        """Return the messages of the bot since the last time this was asked."""
        new = self.heard[self._seen :]
        self._seen += len(new)
        return new

    def read(self):  # pylint: disable=method-required-super
        """Return the texts of :meth:`hear`, as one."""
        return "\n".join(get_text(message) for message in self.hear())

    # === WHAT HE DOES === #

    def start(self, payload=""):
        """Open the chat and press *Start*, maybe by a link that carries something."""
        return self.write(f"/start {payload}".strip())

    def write(self, text):  # pylint: disable=method-required-super
        """Write a text."""
        return self._send(text=text)

    def send_photo(self, content, caption="", album=""):
        """Send a photo; Telegram makes it smaller."""
        small, width, height = shrink(content)
        file = self.server.keep(small)
        sizes = [
            self.server.keep(small[:100]) | {"width": 90, "height": 90},
            file | {"width": width, "height": height},
        ]
        more = {"media_group_id": album} if album else {}
        return self._send(
            photo=sizes, **({"caption": caption} if caption else {}), **more
        )

    def send_file(self, content, name, mime="", size=None, kind="document"):
        """Send a file as it is.

        :param content: bytes, None: only its size is known
        :param str kind: ``"document"`` or ``"video"``
        """
        file = self.server.keep(content, name, size) | {"mime_type": mime}
        return self._send(**{kind: file})

    def send_sticker(self):
        """Send a sticker."""
        return self._send(sticker=self.server.keep(b"sticker") | {"emoji": "👍"})

    def send_place(self, latitude, longitude):
        """Send where one is."""
        return self._send(location={"latitude": latitude, "longitude": longitude})

    def share_contact(self, phone=None, user_id=None):
        """Share one's own number, or that of somebody else."""
        contact = {
            "phone_number": (phone or self.phone).lstrip("+"),
            "first_name": self.user["first_name"],
            "user_id": self.user["id"] if user_id is None else user_id,
        }
        return self._send(contact=contact)

    def press(self, label, message=None):
        """Press a button, of the last message that has it."""
        message, button = self.find_button(label, message)
        return self.press_data(button["callback_data"], message)

    def press_data(self, data, message=None):
        """Press a button that carries something, forged or not."""
        press = {
            "id": str(next(_ids)),
            "from": self.user,
            "chat_instance": str(self.chat["id"]),
            "data": data,
        }
        if message:
            shown = {k: v for k, v in message.items() if k != "is_ours"}
            press["message"] = shown
        queue = ("user", self.user["id"])
        return self._push("callback_query", press, queue, PRESS_SECONDS)

    def find_button(self, label, message=None):
        """Return (message, button) by what stands on it, or begins with it.

        :raise LookupError: there is none
        """
        for shown in [message] if message else reversed(self.heard):
            for button in get_buttons(shown):
                if button["text"] == label:
                    return shown, button
        for shown in [message] if message else reversed(self.heard):
            for button in get_buttons(shown):
                if label in button["text"]:
                    return shown, button
        there = [b["text"] for m in self.heard[-2:] for b in get_buttons(m)]
        raise LookupError(f"no button “{label}” among {there}")

    def block(self):
        """Shut the bot out."""
        self.server.blocked.add(self.chat["id"])
        return self._change("kicked")

    def unblock(self):
        """Let the bot in again."""
        self.server.blocked.discard(self.chat["id"])
        return self._change("member")

    def _change(self, status):
        change = {
            "chat": self.chat,
            "from": self.user,
            "date": int(self.server.clock()),
            "old_chat_member": {"status": "member"},
            "new_chat_member": {"status": status},
        }
        return self._push("my_chat_member", change, self.chat["id"])

    def _send(self, **content):
        """Send a message; return the number of its update."""
        message = {
            "message_id": next(self.server._numbers),
            "from": self.user,
            "chat": self.chat,
            "date": int(self.server.clock()),
            **content,
        }
        with self.server.changed:
            self.messages.append(message | {"is_ours": False})
        return self._push("message", message, self.chat["id"])

    def _push(self, kind, content, queue, *seconds):
        number = self.server.push(kind, content, queue, *seconds)
        if self.delivers:
            self.server.deliver()
        return number


def get_text(message):
    """Return what stands in a message, or below its picture."""
    return message.get("text") or message.get("caption") or ""


def get_buttons(message):
    """Return the buttons of a message."""
    rows = message.get("reply_markup", {}).get("inline_keyboard", ())
    return [button for row in rows for button in row]
