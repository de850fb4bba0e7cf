"""Viber, by its REST bot API.

New bots exist under a contract only: a price per month and one for each message that
begins a session; within 24 hours after the person wrote messages are free. Who opens
the chat is told one thing before subscribing, and subscribes by the first message.
Calls of the webhook are signed with the token itself.
"""

from dataclasses import replace
from datetime import UTC, datetime
from urllib.parse import quote, urlsplit

from ..dialog.messages import File, Incoming
from .common import (
    cut_text,
    fetch_url,
    get_header,
    is_same,
    reach,
    read_object,
    read_start,
    sign,
    split_text,
)
from .messenger import (
    Abilities,
    Blocked,
    Health,
    Messenger,
    Option,
    OutsideWindow,
    Refused,
    Sent,
    Wait,
    _lt,
)

_API_VERSION = 7
_TEXT, _CAPTION, _LABEL, _SENDER = 7000, 768, 250, 28
_BUTTONS, _COLUMNS = 24, 6
_PICTURE_BYTES = 1_000_000
#: A pressed button comes back as a text; this is how it begins.
_PRESS = "press:"
_EVENTS = ("subscribed", "unsubscribed", "conversation_started", "failed")
_FILE_HOSTS = ("viber.com",)

# Statuses of the API, by what follows from them; others refuse the one message.
_GONE = frozenset({5, 6, 11})
_TOO_MANY = 12
_UNPAID = frozenset({23, 24})
#: The account is at fault, not the message: nothing is lost, somebody has to look.
_ACCOUNT = frozenset({1, 2, 7, 8, 9, 10, 15})


class Viber(Messenger):
    """A bot at Viber: ``name`` is that of its address, ``token`` its app key."""

    code = "viber"
    label = "Viber"
    api_base = "https://chatapi.viber.com"
    guide = (
        _lt("A new bot needs a contract with a partner of Viber: ask for one there."),
        _lt("The account is the name in the bot’s address: viber://pa?chatURI=name."),
        _lt("Copy the app key of the bot to the token."),
        _lt("Press “Begin”: Viber calls our address at once, so it must be public."),
    )
    prices = _lt(
        "Since February 2024 new bots cost about 100 € a month. Within 24 hours after "
        "the person wrote messages are free; each one that begins a conversation "
        "later has a price (in Ukraine about 0.02 €). Older bots have some for free."
    )
    options = {
        "sender": Option(
            _lt("Sender"), _lt("The name people see above a message, 28 letters.")
        ),
        "welcome": Option(
            _lt("Welcome"),
            _lt("What somebody reads who opens the chat for the first time."),
        ),
        "welcome_button": Option(
            _lt("Button of the Welcome"), _lt("What stands on it, as “Start”.")
        ),
        "pays": Option(
            _lt("Paid Messages"),
            _lt("yes: news also go to who did not write within 24 hours, for a price."),
        ),
    }
    abilities = Abilities(
        per_second=40,
        chat_seconds=1,
        text_length=_TEXT,
        caption_length=_CAPTION,
        button_length=_LABEL,
        max_buttons=_BUTTONS,
        file_bytes=50_000_000,
        window_hours=24,
        fetches_files=True,
        can_ask_contact=True,
    )

    # === WHAT COMES IN === #

    def verify(self, headers, query, body):
        given = get_header(headers, "X-Viber-Content-Signature")
        token = self.account.token
        return bool(token) and is_same(given.lower(), sign(token, body))

    def parse(self, payload):
        read = {
            "message": _read_message,
            "conversation_started": _read_opened,
            "subscribed": _read_subscribed,
            "unsubscribed": _read_unsubscribed,
            "failed": _read_failed,
        }.get(payload["event"])
        return [read(payload)] if read else []

    def get_quick_answer(self, incoming):
        """Welcome who opened the chat and is no subscriber yet.

        Nothing else may be sent to this person: the button brings back what the link
        carried, and makes a subscriber.
        """
        opened = [one for one in incoming if one.press_id == "welcome"]
        if not opened:
            return None
        options = self.account.options
        button = {
            "Columns": _COLUMNS,
            "Rows": 1,
            "ActionType": "reply",
            "ActionBody": f"start {opened[0].text}".strip(),
            "Text": options.get("welcome_button") or "▶",
            "Silent": True,
        }
        return {
            "sender": self._get_sender(),
            "min_api_version": _API_VERSION,
            "type": "text",
            "text": options.get("welcome") or "👋",
            "keyboard": _draw_keyboard([button]),
        }

    def fetch(self, file, max_bytes):
        hosts = (*_FILE_HOSTS, urlsplit(self.base).hostname)
        return fetch_url(self.http, file.reference, max_bytes, hosts)

    # === WHAT GOES OUT === #

    def send(self, message):
        if not message.is_open and not self._pays():
            raise OutsideWindow("The person did not write within 24 hours.")
        sent = ""
        for content in self._draw(message.reply):
            call = {
                "receiver": message.chat,
                "min_api_version": _API_VERSION,
                "sender": self._get_sender(),
                **content,
            }
            sent = str(self._call("send_message", call).get("message_token") or "")
        return Sent(sent)

    def get_template(self, lang):
        # any text may be sent, for a price
        return "paid" if self._pays() else None

    def _pays(self):
        """Tell whether messages that cost something are wanted."""
        told = (self.account.options.get("pays") or "").strip().lower()
        return told in ("yes", "1", "true", "так")

    def _get_sender(self):
        name = self.account.options.get("sender") or self.account.name
        return {"name": cut_text(name, _SENDER)}

    def _draw(self, reply):
        """Return the contents of the messages that show one of ours, in order.

        The last one has the keyboard: Viber shows that of the newest message.
        """
        *heads, text = split_text(reply.text, _TEXT)
        contents = [_draw_text(part) for part in heads]
        picture = reply.attachment and self._draw_attachment(reply.attachment)
        if picture and picture["type"] == "picture" and 0 < len(text) <= _CAPTION:
            contents.append({**picture, "text": text})
        elif picture:
            contents += [picture, *([_draw_text(text)] if text else ())]
        else:
            contents.append(_draw_text(text))
        buttons = _draw_buttons(reply)
        if buttons:
            contents[-1]["keyboard"] = _draw_keyboard(buttons)
        return contents

    def _draw_attachment(self, attachment):
        """Return the message that shows a file Viber fetches from us, or nothing."""
        address = attachment.address
        if not address:
            return None
        size = len(attachment.content)
        if attachment.is_picture and size <= _PICTURE_BYTES:
            return {"type": "picture", "text": "", "media": address}
        name = cut_text(attachment.name, 256)
        return {"type": "file", "media": address, "size": size, "file_name": name}

    # === THE ACCOUNT === #

    def set_up(self, hook_url):
        call = {"url": hook_url}
        if hook_url:
            call |= {"event_types": list(_EVENTS), "send_name": True}
        try:
            self._call("set_webhook", call)
        except Wait as error:
            raise Refused(str(error)) from None

    def get_health(self):
        try:
            told = self._call("get_account_info", {})
        except (Refused, Wait) as error:
            return Health(False, problem=str(error))
        hook = told.get("webhook") or ""
        return Health(bool(hook), account=told.get("uri") or "", hook_url=hook)

    def get_link(self, start):
        link = f"viber://pa?chatURI={quote(self.account.name)}"
        return f"{link}&context={quote(start)}" if start else link

    # === CALLS === #

    def _call(self, method, call):
        """Call the API and return what it says.

        :raise Wait, Blocked, Refused: by the status
        """
        headers = {"X-Viber-Auth-Token": self.account.token}
        url = f"{self.base}/pa/{method}"
        response = reach(self, "POST", url, json=call, headers=headers)
        told = read_object(response)
        if response.status_code != 200 or told is None:
            raise Wait(30, f"HTTP {response.status_code}")
        status = told.get("status")
        if status:
            raise _read_status(
                status, self._hide(str(told.get("status_message") or ""))
            )
        return told


def _read_status(status, words):
    """Return the exception that a status of the API is."""
    text = f"{words} ({status})"
    if status == _TOO_MANY:
        return Wait(10, text)
    if status in _ACCOUNT:
        return Wait(300, text)
    if status in _GONE:
        return Blocked(text)
    return OutsideWindow(text) if status in _UNPAID else Refused(text)


# === READING === #


def _read_message(event):
    message = event["message"]
    read = {
        "text": _read_text,
        "url": _read_link,
        "picture": _read_file,
        "video": _read_file,
        "file": _read_file,
        "location": _read_location,
        "contact": _read_contact,
    }.get(message["type"], _read_other)
    return _make(event, event["sender"], **read(message))


def _read_text(message):
    text = message.get("text") or ""
    if text.startswith(_PRESS):
        return {"kind": "button", "data": text.removeprefix(_PRESS)}
    start = read_start(text)
    if start is not None:
        return {"kind": "start", "text": start}
    return {"kind": "text", "text": text}


def _read_link(message):
    return {"kind": "text", "text": message.get("media") or ""}


def _read_file(message):
    kind = {"picture": "photo", "video": "video"}.get(message["type"], "file")
    size = message.get("file_size") or message.get("size")
    duration = message.get("duration")
    file = File(
        reference=message["media"],
        size=int(size) if size else None,
        name=message.get("file_name") or "",
        duration=int(duration) if duration else 0,
    )
    return {"kind": kind, "files": (file,), "text": message.get("text") or ""}


def _read_location(message):
    place = message["location"]
    return {
        "kind": "location",
        "latitude": float(place["lat"]),  # float: degrees
        "longitude": float(place["lon"]),  # float: degrees
    }


def _read_contact(message):
    """Read a contact: Viber does not say whether the number is the sender's own."""
    return {"kind": "contact", "phone": message["contact"].get("phone_number") or ""}


def _read_other(message):
    return {"kind": "other"}


def _read_opened(event):
    """Read that somebody opened the chat: a start, or a welcome to who cannot be
    written to yet."""
    context = event.get("context") or ""
    if event.get("subscribed"):
        return _make(event, event["user"], kind="start", text=context)
    return _make(
        event, event["user"], kind="unblocked", text=context, press_id="welcome"
    )


def _read_subscribed(event):
    return _make(event, event["user"], kind="unblocked")


def _read_unsubscribed(event):
    return _make(event, {"id": event["user_id"]}, kind="blocked")


def _read_failed(event):
    number = str(event["message_token"])
    words = event.get("desc") or ""
    text = f"failed {words}".strip()
    incoming = _make(event, {"id": event["user_id"]}, kind="status", text=text)
    return replace(incoming, external_id=f"{number}/failed", message_id=number)


def _make(event, person, **content):
    stamp = event.get("timestamp")
    moment = datetime.fromtimestamp(int(stamp) / 1000, UTC) if stamp else None
    return Incoming(
        external_id=str(event["message_token"]),
        user=person["id"],
        chat=person["id"],
        name=person.get("name") or "",
        language=person.get("language") or "",
        sent_at=moment and moment.replace(tzinfo=None, microsecond=0),
        **content,
    )


# === DRAWING === #


def _draw_text(text):
    return {"type": "text", "text": text or "…"}


def _draw_buttons(reply):
    """Return the buttons of a keyboard, each row of ours as one of six columns.

    There are 24 at most; the last ones lead back, so it is those before them that go.
    """
    rows = [[_draw_share(reply.ask_contact)]] if reply.ask_contact else []
    rows += [[_draw_button(button) for button in row] for row in reply.buttons]
    buttons = []
    for row in rows:
        for at in range(0, len(row), _COLUMNS):
            beside = row[at : at + _COLUMNS]
            width, rest = divmod(_COLUMNS, len(beside))
            for number, button in enumerate(beside, start=1):
                # a row is filled, so that no button of the next slips into it
                columns = width + (number > len(beside) - rest)
                buttons.append({"Columns": columns, "Rows": 1, **button})
    if len(buttons) > _BUTTONS:
        buttons = [*buttons[: _BUTTONS - 1], buttons[-1]]
    return buttons


def _draw_share(label):
    return {
        "ActionType": "share-phone",
        "ActionBody": "phone",
        "Text": cut_text(label, _LABEL),
    }


def _draw_button(button):
    address = button.url or button.web_page
    action = "open-url" if address else "reply"
    return {
        "ActionType": action,
        "ActionBody": address or f"{_PRESS}{button.data}",
        "Text": cut_text(button.label, _LABEL),
        "Silent": True,
    }


def _draw_keyboard(buttons):
    return {"Type": "keyboard", "DefaultHeight": False, "Buttons": buttons}
