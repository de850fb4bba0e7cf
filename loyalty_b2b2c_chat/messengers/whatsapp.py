"""WhatsApp, by Meta's Cloud API.

Within 24 hours after the person wrote everything may be sent; later only a template
that Meta approved. A person's number there is the phone number, proved by WhatsApp.
Calls of the webhook are signed with the secret of the app; the webhook is proved by a
token when it is set up.
"""

import re
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
    Unavailable,
    Wait,
    _lt,
)

_VERSION = "v23.0"
_BODY, _CAPTION, _TITLE, _ROW, _DESCRIPTION = 1024, 1024, 20, 24, 72
_BUTTONS, _ROWS = 3, 10
#: What opens a list: a sign that needs no translation.
_OPEN_LIST = "☰"
#: The reply of the button by which a person shares the phone number.
_SHARE_PHONE = "share-phone"
#: Where files lie, besides the server of the API itself.
_FILE_HOSTS = ("fbsbx.com", "facebook.com", "whatsapp.net")

# Codes of the API, by what follows from them; others refuse the one message.
_PAIR_LIMIT = 131056
_WINDOW_CLOSED = 131047
_UNREACHABLE = frozenset({131026})
_BUSY = {
    4: 60,
    80007: 60,
    130429: 2,
    131048: 3600,
    1: 30,
    2: 30,
    131016: 30,
    133004: 60,
}
#: The account is at fault, not the message: nothing is lost, somebody has to look.
_ACCOUNT = frozenset({0, 3, 10, 190, 368, 131005, 131031, 131042, 133010})


class WhatsApp(Messenger):
    """A phone number of a company at the Cloud API.

    Its ``name`` is the phone number, its ``token`` that of a system user, its
    ``secret`` the token by which the webhook is proved.
    """

    code = "whatsapp"
    label = "WhatsApp"
    api_base = "https://graph.facebook.com"
    guide = (
        _lt("Make a “Business” app at developers.facebook.com and add WhatsApp."),
        _lt("The account is the phone number that people write to, with its country."),
        _lt(
            "Make a system user who may send WhatsApp messages, and copy its token: "
            "one that does not end."
        ),
        _lt(
            "Copy the IDs of the phone number and of the WhatsApp account, and the "
            "secret of the app."
        ),
        _lt("Subscribe the app to “messages” once, under WhatsApp → Configuration."),
        _lt(
            "For news after 24 hours have a template approved, with one variable: the "
            "news."
        ),
        _lt("Press “Begin”: Meta asks our address for a token, so it must be public."),
    )
    prices = _lt(
        "Answers within 24 hours after the person wrote are free. Each template has a "
        "price by country and by category: news about points are “utility”, offers are "
        "“marketing”, which costs several times as much."
    )
    options = {
        "phone_id": Option(
            _lt("Phone Number ID"),
            _lt("Of the number people write to: WhatsApp → API Setup."),
        ),
        "account_id": Option(
            _lt("Business Account ID"), _lt("Of WhatsApp, beside the number’s ID.")
        ),
        "app_secret": Option(
            _lt("App Secret"),
            _lt("App settings → Basic: Meta signs its calls with it."),
            is_secret=True,
        ),
        "template": Option(
            _lt("Template for News"),
            _lt("Its name, with the languages it is approved in: points_news:uk,en"),
        ),
    }
    abilities = Abilities(
        per_second=80,
        chat_seconds=1,
        text_length=4096,
        button_length=_DESCRIPTION,
        max_buttons=_ROWS,
        caption_length=_CAPTION,
        file_bytes=16_000_000,
        window_hours=24,
        reproof_days=90,
        can_ask_contact=True,
    )

    # === WHAT COMES IN === #

    def verify(self, headers, query, body):
        secret = self.account.options.get("app_secret") or ""
        given = get_header(headers, "X-Hub-Signature-256")
        return bool(secret) and is_same(given, f"sha256={sign(secret, body)}")

    def get_challenge(self, query):
        token = query.get("hub.verify_token") or ""
        is_asked = query.get("hub.mode") == "subscribe"
        if is_asked and is_same(token, self.account.secret):
            return query.get("hub.challenge") or ""
        return None

    def parse(self, payload):
        found = []
        for entry in payload["entry"]:
            for change in entry["changes"]:
                value = change["value"]
                number = (value.get("metadata") or {}).get("phone_number_id")
                # an account may have numbers that are none of our business
                if number == self.account.options.get("phone_id"):
                    found += self._parse_value(value)
        return found

    def _parse_value(self, value):
        names = {
            row.get("wa_id"): (row.get("profile") or {}).get("name") or ""
            for row in value.get("contacts") or ()
        }
        messages = [
            self._parse_message(row, names) for row in value.get("messages") or ()
        ]
        statuses = [_parse_status(row) for row in value.get("statuses") or ()]
        return [incoming for incoming in (*messages, *statuses) if incoming]

    def _parse_message(self, row, names):
        kind, person = row["type"], row["from"]
        read = {
            "text": _read_text,
            "interactive": _read_interactive,
            "button": _read_template_button,
            "image": _read_file,
            "video": _read_file,
            "document": _read_file,
            "location": _read_location,
            "contacts": _read_contact,
            "system": _read_system,
            "reaction": _read_nothing,
        }.get(kind, _read_other)
        content = read(row)
        if content is None:
            return None
        return Incoming(
            external_id=row["id"],
            user=person,
            chat=person,
            name=names.get(person, ""),
            sent_at=_read_moment(row),
            **content,
        )

    def fetch(self, file, max_bytes):
        path = f"{file.reference}?phone_number_id={self.account.options['phone_id']}"
        try:
            told = self._call("GET", path)
        except Refused as error:
            raise Unavailable(str(error)) from None
        if int(told.get("file_size") or 0) > max_bytes:
            raise Unavailable("The file is too large.", is_too_large=True)
        hosts = (*_FILE_HOSTS, urlsplit(self.base).hostname)
        return fetch_url(self.http, told["url"], max_bytes, hosts, self._get_headers())

    # === WHAT GOES OUT === #

    def send(self, message):
        sent = None
        for content in self._draw(message):
            call = {
                "messaging_product": "whatsapp",
                "recipient_type": "individual",
                "to": message.chat,
                **content,
            }
            told = self._call("POST", f"{self._get_phone_id()}/messages", json=call)
            sent = told["messages"][0]["id"]
        return Sent(sent)

    def get_template(self, lang):
        name, _colon, told = (self.account.options.get("template") or "").partition(":")
        codes = [code.strip() for code in told.split(",") if code.strip()]
        wanted = (lang, (lang or "").partition("_")[0])
        code = next((code for code in codes if code in wanted), (*codes, "en")[0])
        return f"{name.strip()}:{code}" if name.strip() else None

    def _draw(self, message):
        """Return the contents of the messages that show one of ours, in order.

        :raise OutsideWindow: the window is closed, and there is no template
        """
        if not message.is_open:
            if not message.template:
                raise OutsideWindow("The person did not write within 24 hours.")
            return [_draw_template(message.template, message.template_values)]
        reply = message.reply
        choices, links = _sort_buttons(reply)
        only_link = links[0] if len(links) == 1 and not choices else None
        text = reply.text if only_link else _add_links(reply.text, links)
        has_keys = bool(choices or only_link)
        attached = self._draw_attachment(reply.attachment, "" if has_keys else text)
        if attached and not has_keys and len(text) <= _CAPTION:
            return attached
        *heads, last = split_text(text, _BODY if has_keys else 4096)
        texts = [_draw_text(part) for part in heads if part]
        if only_link:
            return [*attached, *texts, _draw_link(last, only_link)]
        if choices:
            return [*attached, *texts, _draw_choices(last, choices)]
        return [*attached, *texts, _draw_text(last)]

    def _draw_attachment(self, attachment, caption):
        """Upload a file and return the message that shows it: a list of one, or none.

        The caption is left out where it is too long: it follows as a text.
        """
        if not attachment:
            return []
        kind = "image" if attachment.is_picture else "document"
        content = {"id": attachment.reference or self._upload(attachment)}
        if 0 < len(caption) <= _CAPTION:
            content["caption"] = caption
        if kind == "document":
            content["filename"] = attachment.name
        return [{"type": kind, kind: content}]

    def _upload(self, attachment):
        # Meta forgets a file after 30 days: its number is no lasting reference
        told = self._call(
            "POST",
            f"{self._get_phone_id()}/media",
            data={"messaging_product": "whatsapp", "type": attachment.mime},
            files={"file": (attachment.name, attachment.content, attachment.mime)},
        )
        return told["id"]

    def acknowledge(self, incoming):
        call = {
            "messaging_product": "whatsapp",
            "status": "read",
            "message_id": incoming.external_id,
            "typing_indicator": {"type": "text"},
        }
        self._call("POST", f"{self._get_phone_id()}/messages", json=call)

    # === THE ACCOUNT === #

    def set_up(self, hook_url):
        path = f"{self.account.options.get('account_id')}/subscribed_apps"
        if not hook_url:
            self._call("DELETE", path)
            return
        call = {
            "override_callback_uri": hook_url,
            "verify_token": self.account.secret,
        }
        self._call("POST", path, json=call)

    def get_health(self):
        fields = (
            "display_phone_number,verified_name,quality_rating,webhook_configuration"
        )
        try:
            told = self._call("GET", f"{self._get_phone_id()}?fields={fields}")
        except (Refused, Wait) as error:
            return Health(False, problem=str(error))
        hooks = told.get("webhook_configuration") or {}
        order = ("phone_number", "whatsapp_business_account", "application")
        hook = next((hooks[name] for name in order if hooks.get(name)), "")
        is_poor = told.get("quality_rating") == "RED"
        return Health(
            is_ok=bool(hook),
            account=re.sub(r"[^\d+]", "", told.get("display_phone_number") or ""),
            hook_url=hook,
            problem="Quality rating: red" if is_poor else "",
        )

    def get_link(self, start):
        digits = re.sub(r"\D", "", self.account.name)
        text = quote(f"start {start}".strip())
        return f"https://wa.me/{digits}?text={text}"

    # === CALLS === #

    def _get_phone_id(self):
        return self.account.options.get("phone_id")

    def _get_headers(self):
        return {"Authorization": f"Bearer {self.account.token}"}

    def _call(self, method, path, **content):
        """Call the API and return what it says.

        :raise Wait, Blocked, Refused: by the code of the error
        """
        response = reach(
            self,
            method,
            f"{self.base}/{_VERSION}/{path}",
            headers=self._get_headers(),
            **content,
        )
        told = read_object(response)
        if response.status_code == 200 and told is not None:
            return told
        error = (told or {}).get("error")
        if not isinstance(error, dict):
            raise Wait(30, f"HTTP {response.status_code}")
        raise self._read_error(error)

    def _read_error(self, error):
        """Return the exception that an error of the API is."""
        code = error.get("code")
        data = error.get("error_data") or {}
        text = self._hide(f"{error.get('message')} {data.get('details', '')}".strip())
        if code == _PAIR_LIMIT:
            return Wait(6, text, for_all=False)
        if code in _BUSY:
            return Wait(_BUSY[code], text)
        if code in _ACCOUNT or 200 <= (code or 0) < 300:
            return Wait(300, text)
        if code in _UNREACHABLE:
            return Blocked(text)
        if code == _WINDOW_CLOSED:
            return OutsideWindow(text)
        return Refused(text)


# === READING === #


def _read_text(row):
    text = row["text"]["body"]
    start = read_start(text)
    if start is not None:
        return {"kind": "start", "text": start}
    return {"kind": "text", "text": text}


def _read_interactive(row):
    reply = row["interactive"]
    pressed = reply.get("button_reply") or reply.get("list_reply")
    if not pressed:
        return _read_other(row)
    if pressed["id"] == _SHARE_PHONE:
        return _share_phone(row["from"])
    return _press(row, pressed["id"])


def _read_template_button(row):
    return _press(row, row["button"].get("payload") or "")


def _press(row, data):
    about = (row.get("context") or {}).get("id") or ""
    return {"kind": "button", "data": data, "message_id": about}


def _share_phone(person):
    """Return the contact of who wrote: the number there is the phone number."""
    return {"kind": "contact", "phone": f"+{person}", "is_own_phone": True}


def _read_file(row):
    told = row[row["type"]]
    kind = {"image": "photo", "video": "video"}.get(row["type"], "file")
    file = File(
        reference=told["id"],
        name=told.get("filename") or "",
        mime=(told.get("mime_type") or "").partition(";")[0],
    )
    return {"kind": kind, "files": (file,), "text": told.get("caption") or ""}


def _read_location(row):
    place = row["location"]
    return {
        "kind": "location",
        "latitude": float(place["latitude"]),  # float: degrees
        "longitude": float(place["longitude"]),  # float: degrees
    }


def _read_contact(row):
    phones = row["contacts"][0].get("phones") or [{}]
    phone = phones[0].get("phone") or ""
    is_own = phones[0].get("wa_id") == row["from"]
    return {"kind": "contact", "phone": phone, "is_own_phone": is_own}


def _read_system(row):
    """Read that a person has another number now: the old one is nobody's, or another's.

    The link ends; with the new number the person links again.
    """
    changed = "changed" in (row["system"].get("type") or "")
    return {"kind": "blocked"} if changed else None


def _read_nothing(row):
    return None


def _read_other(row):
    return {"kind": "other"}


def _parse_status(row):
    """Return what became of a message of ours."""
    text = row["status"]
    if text not in ("delivered", "read", "failed"):
        return None
    if text == "failed":
        error = (row.get("errors") or [{}])[0]
        words = error.get("message") or error.get("title") or ""
        text = f"failed {error.get('code', '')} {words}".strip()
    return Incoming(
        external_id=f"{row['id']}/{row['status']}",
        user=row["recipient_id"],
        chat=row["recipient_id"],
        kind="status",
        text=text,
        message_id=row["id"],
        sent_at=_read_moment(row),
    )


def _read_moment(row):
    stamp = str(row.get("timestamp") or "")
    if not stamp.isdigit():
        return None
    return datetime.fromtimestamp(int(stamp), UTC).replace(tzinfo=None)


# === DRAWING === #


def _sort_buttons(reply):
    """Return what can be chosen and what is opened: (data or address, label)."""
    choices, links = [], []
    if reply.ask_contact:
        choices.append((_SHARE_PHONE, reply.ask_contact))
    for row in reply.buttons:
        for button in row:
            address = button.url or button.web_page
            rows = links if address else choices
            rows.append((address or button.data, button.label))
    return choices, links


def _add_links(text, links):
    """Write addresses below a text: beside buttons there are no links."""
    lines = [f"{label}: {address}" for address, label in links]
    return "\n\n".join(filter(None, (text, "\n".join(lines))))


def _draw_text(text):
    return {"type": "text", "text": {"body": text or "…", "preview_url": False}}


def _draw_interactive(kind, text, action):
    content = {"type": kind, "body": {"text": text or "…"}, "action": action}
    return {"type": "interactive", "interactive": content}


def _draw_link(text, link):
    address, label = link
    parameters = {"display_text": cut_text(label, _TITLE), "url": address}
    action = {"name": "cta_url", "parameters": parameters}
    return _draw_interactive("cta_url", text, action)


def _draw_choices(text, choices):
    """Draw up to three short ones as buttons, up to ten others as a list."""
    labels = {label for _data, label in choices}
    is_short = all(len(label) <= _TITLE for label in labels)
    if len(choices) <= _BUTTONS and is_short and len(labels) == len(choices):
        buttons = [
            {"type": "reply", "reply": {"id": data, "title": label}}
            for data, label in choices
        ]
        return _draw_interactive("button", text, {"buttons": buttons})
    rows = []
    for data, label in choices[:_ROWS]:
        row = {"id": data, "title": cut_text(label, _ROW)}
        if row["title"] != label:
            row["description"] = cut_text(label, _DESCRIPTION)
        rows.append(row)
    action = {"button": _OPEN_LIST, "sections": [{"rows": rows}]}
    return _draw_interactive("list", text, action)


def _draw_template(template, values):
    """Draw a text that Meta approved: ``name`` or ``name:language``.

    A value is one line there.
    """
    name, _colon, language = template.partition(":")
    parameters = [
        {"type": "text", "text": cut_text(" ".join(str(value).split()) or "–", _BODY)}
        for value in values
    ]
    content = {"name": name, "language": {"code": language or "en"}}
    if parameters:
        content["components"] = [{"type": "body", "parameters": parameters}]
    return {"type": "template", "template": content}
