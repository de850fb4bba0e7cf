"""Telegram: its Bot API."""

import json
from datetime import datetime, timezone
from urllib.parse import urlsplit

import requests

from ..dialog.messages import File, Incoming
from .common import fetch_url, get_header, is_same, reach, read_object
from .messenger import (
    Abilities,
    Blocked,
    Health,
    Messenger,
    Option,
    Refused,
    Sent,
    Unavailable,
    Wait,
    _lt,
)
from .telegram_page import read_page

#: What is delivered; everything else never leaves Telegram.
_UPDATES = ["message", "callback_query", "my_chat_member"]
#: Of messages with a file that is nothing to us, or with none.
_FILES = {"video": "video", "video_note": "video", "document": "file"}
#: A chat that said one of these does not take part any more.
_GONE = ("chat not found", "user not found", "user is deactivated", "have no rights")


class Telegram(Messenger):
    """A bot of Telegram, which its owner made in the chat with @BotFather."""

    code = "telegram"
    label = "Telegram"
    guide = (
        _lt("In Telegram, write to @BotFather: /newbot. It asks for a name."),
        _lt("Copy the token it answers with into the field Token; tell it nobody."),
        _lt("Press “Begin”: Telegram learns our address, which must be public."),
        _lt("Without a public address choose to ask, which is good for a trial."),
    )
    prices = _lt("Telegram takes nothing for messages of bots.")
    options = {
        "link_base": Option(
            label=_lt("Address of links"),
            help=_lt("Where links to the bot lead; empty: https://t.me"),
        ),
    }
    api_base = "https://api.telegram.org"
    abilities = Abilities(
        can_web_page=True, can_ask_contact=True, can_edit=True, can_poll=True
    )

    # === WHAT COMES IN === #

    def verify(self, headers, query, body):
        told = get_header(headers, "X-Telegram-Bot-Api-Secret-Token")
        return is_same(self.account.secret, told)

    def parse(self, payload):
        readers = {
            "message": _read_message,
            "callback_query": _read_press,
            "my_chat_member": _read_membership,
        }
        for name, read in readers.items():
            if name in payload:
                incoming = read(str(int(payload["update_id"])), payload[name])
                return [incoming] if incoming else []
        return []

    def read_page(self, told):
        return read_page(self.account.token, told)

    def get_quick_answer(self, incoming):
        for press in incoming:
            if press.press_id:
                return {
                    "method": "answerCallbackQuery",
                    "callback_query_id": press.press_id,
                }
        return None

    def acknowledge(self, incoming):
        self._call("answerCallbackQuery", callback_query_id=incoming.press_id)

    def poll(self, mark):
        values = {"timeout": 5, "allowed_updates": _UPDATES}
        if mark:
            values["offset"] = int(mark)
        updates = self._call("getUpdates", **values)
        if updates:
            mark = str(max(update["update_id"] for update in updates) + 1)
        return updates, mark

    def fetch(self, file, max_bytes):
        if file.size and file.size > max_bytes:
            raise Unavailable("The file is too large.", is_too_large=True)
        try:
            found = self._call("getFile", file_id=file.reference)
        except Refused as error:
            raise Unavailable(str(error), "too big" in str(error)) from None
        if found.get("file_size", 0) > max_bytes:
            raise Unavailable("The file is too large.", is_too_large=True)
        if not found.get("file_path"):
            raise Unavailable("The file is not there any more.")
        address = f"{self.base}/file/bot{self.account.token}/{found['file_path']}"
        hosts = [urlsplit(address).hostname]
        try:
            return fetch_url(self.http, address, max_bytes, hosts)
        except requests.RequestException as error:  # the address has the token
            raise OSError(self._hide(str(error))) from None

    # === WHAT GOES OUT === #

    def send(self, message):
        reply = message.reply
        values = {"chat_id": message.chat, "disable_notification": reply.is_silent}
        markup = _draw_buttons(reply)
        if markup:
            values["reply_markup"] = markup
        if reply.attachment:
            return self._send_file(reply, values)
        values |= {"text": reply.text, "link_preview_options": {"is_disabled": True}}
        if message.edited:
            number = self._edit(message.edited, values)
            if number:
                return Sent(number)
        return Sent(str(self._call("sendMessage", **values)["message_id"]))

    def _edit(self, number, values):
        """Change a message that is there; return its number, None: it cannot be."""
        values = {**values, "message_id": int(number)}
        values.pop("disable_notification")
        if "keyboard" in values.get("reply_markup", {}):
            return None  # below a message only buttons can be changed
        try:
            self._call("editMessageText", **values)
        except Refused as error:
            return number if "not modified" in str(error) else None
        return number

    def _send_file(self, reply, values):
        """Send a picture or a file, from us or from where Telegram has it."""
        attachment = reply.attachment
        kind, method = (
            ("photo", "sendPhoto")
            if attachment.is_picture
            else ("document", "sendDocument")
        )
        if reply.text:
            values["caption"] = reply.text
        files = None
        if attachment.reference:
            values[kind] = attachment.reference
        else:
            files = {kind: (attachment.name, attachment.content, attachment.mime)}
        sent = self._call(method, files=files, **values)
        stored = sent.get(kind) or {}
        if isinstance(stored, list):  # a photo in several sizes, the largest last
            stored = stored[-1] if stored else {}
        return Sent(str(sent["message_id"]), stored.get("file_id", ""))

    def show_working(self, chat):
        self._call("sendChatAction", chat_id=chat, action="typing")

    # === THE ACCOUNT === #

    def set_up(self, hook_url):
        if not hook_url:
            self._call("deleteWebhook")
            return
        self._call(
            "setWebhook",
            url=hook_url,
            secret_token=self.account.secret,
            allowed_updates=_UPDATES,
            max_connections=4,
        )

    def get_health(self):
        me = self._call("getMe")
        hook = self._call("getWebhookInfo")
        at = hook.get("last_error_date")
        return Health(
            is_ok=True,
            account=me.get("username", ""),
            hook_url=hook.get("url", ""),
            pending=hook.get("pending_update_count"),
            problem=self._hide(hook.get("last_error_message", "")),
            problem_at=_read_moment(at) if at else None,
        )

    def get_link(self, start):
        base = self.account.options.get("link_base") or "https://t.me"
        link = f"{base.rstrip('/')}/{self.account.name}"
        return f"{link}?start={start}" if start else link

    # === CALLING === #

    def _call(self, method, files=None, **values):
        """Call a method of the Bot API and return its result.

        :raise Wait: not now, or it cannot be reached
        :raise Blocked, Refused: never
        """
        address = f"{self.base}/bot{self.account.token}/{method}"
        if files:
            sent = {
                name: value if isinstance(value, str) else json.dumps(value)
                for name, value in values.items()
            }
            answer = reach(self, "POST", address, data=sent, files=files)
        else:
            answer = reach(self, "POST", address, json=values)
        body = read_object(answer) or {}
        if body.get("ok"):
            return body["result"]
        raise self._read_error(answer.status_code, body)

    def _read_error(self, status, body):
        """Return the error that an answer of Telegram means."""
        said = self._hide(str(body.get("description") or f"HTTP {status}"))
        if status == 429:
            seconds = (body.get("parameters") or {}).get("retry_after", 5)
            return Wait(seconds, said)
        if status >= 500:
            return Wait(5, said)
        lower = said.lower()
        if status == 403 or any(words in lower for words in _GONE):
            return Blocked(said)
        return Refused(said)


def _read_moment(seconds):
    """Return a moment that Telegram counts in seconds since 1970 as naive UTC."""
    return datetime.fromtimestamp(int(seconds), timezone.utc).replace(tzinfo=None)


def _read_sender(user, chat):
    """Return what is told about who did something, and where."""
    names = (user.get("first_name"), user.get("last_name"))
    return {
        "user": str(user["id"]),
        "chat": str(chat["id"]),
        "is_private": chat.get("type") == "private",
        "is_bot": bool(user.get("is_bot")),
        "language": str(user.get("language_code") or ""),
        "name": " ".join(filter(None, names)),
    }


def _read_message(number, message):
    """Return a message as :class:`Incoming`; what a channel posts is none."""
    if "from" not in message:
        return None
    values = _read_sender(message["from"], message["chat"])
    values |= {
        "external_id": number,
        "sent_at": _read_moment(message["date"]),
        "text": message.get("text") or message.get("caption") or "",
        "album": str(message.get("media_group_id") or ""),
    }
    return Incoming(**values | _read_content(message, values["text"]))


def _read_content(message, text):
    """Return what a message holds, and which kind that is."""
    if message.get("photo"):
        largest = max(message["photo"], key=lambda size: size["width"] * size["height"])
        return {"kind": "photo", "files": (_read_file(largest),)}
    for name, kind in _FILES.items():
        if name in message:
            return {"kind": kind, "files": (_read_file(message[name]),)}
    if "contact" in message:
        contact = message["contact"]
        return {
            "kind": "contact",
            "phone": contact["phone_number"],
            "is_own_phone": contact.get("user_id") == message["from"]["id"],
        }
    if "location" in message:
        place = message["location"]
        where = {"latitude": place["latitude"], "longitude": place["longitude"]}
        return {"kind": "location", **where}
    if text == "/start" or text.startswith("/start "):
        return {"kind": "start", "text": text.removeprefix("/start").strip()}
    # what our page within Telegram sends back
    page = message.get("web_app_data")
    if page:
        return {"kind": "text", "text": page.get("data") or ""}
    return {"kind": "text" if text else "other"}


def _read_file(file):
    """Return :class:`File`."""
    return File(
        reference=file["file_id"],
        size=file.get("file_size"),
        name=file.get("file_name") or "",
        mime=file.get("mime_type") or "",
        duration=file.get("duration") or 0,
    )


def _read_press(number, press):
    """Return a press of a button as :class:`Incoming`."""
    message = press.get("message") or {}
    chat = message.get("chat") or {"id": press["from"]["id"], "type": "private"}
    return Incoming(
        external_id=number,
        kind="button",
        data=press.get("data") or "",
        press_id=str(press["id"]),
        message_id=str(message.get("message_id") or ""),
        **_read_sender(press["from"], chat),
    )


def _read_membership(number, change):
    """Return that somebody blocked the bot, or let it in again."""
    status = change["new_chat_member"]["status"]
    return Incoming(
        external_id=number,
        kind="blocked" if status in ("kicked", "left") else "unblocked",
        sent_at=_read_moment(change["date"]),
        **_read_sender(change["from"], change["chat"]),
    )


def _draw_buttons(reply):
    """Return the buttons of a :class:`Reply` as Telegram draws them, None: none."""
    if reply.ask_contact:
        keys = [[{"text": reply.ask_contact, "request_contact": True}]]
        return {"keyboard": keys, "resize_keyboard": True, "one_time_keyboard": True}
    rows = [[_draw_button(button) for button in row] for row in reply.buttons]
    return {"inline_keyboard": rows} if rows else None


def _draw_button(button):
    """Return a :class:`Button` as Telegram draws it."""
    drawn = {"text": button.label}
    if button.web_page.startswith("https:"):
        drawn["web_app"] = {"url": button.web_page}
    elif button.web_page or button.url:
        drawn["url"] = button.web_page or button.url
    else:
        drawn["callback_data"] = button.data
    return drawn
