"""A server that speaks the WhatsApp Cloud API, with its errors, limits and windows.

Plain Python: no Odoo.  From the documents of Meta's Graph API.  What it knows:

* messages as text, photo, buttons, lists, links and templates, each checked;
* 24 hours after a person wrote only templates arrive: other messages are taken, and
  a status says later that they failed (131047);
* 80 messages in a second of a number (130429), 45 at once and then one in six seconds
  to a person (131056);
* files in two steps: what a file is, with an address that is good for five minutes;
* a webhook that is proved by a token, signed deliveries with several messages and
  statuses, again until somebody takes them.
"""

import hashlib
import hmac
import itertools
import json
import secrets
from urllib.parse import urlencode

from .messenger_server import MessengerServer, Response

WINDOW = 24 * 3600
MEDIA_SECONDS = 300
_SIZES = {"image": 5 << 20, "video": 16 << 20, "audio": 16 << 20, "document": 100 << 20}


class WhatsAppError(Exception):
    """What the API refuses, by its code."""

    def __init__(self, code, message, status=400):
        super().__init__(message)
        self.code, self.status = code, status


class WhatsAppServer(MessengerServer):
    """The Cloud API as one company with one phone number sees it.

    :ivar sent: messages that were taken, dict of the call with the key ``wamid``
    :ivar templates: (name, language) -> number of variables of its text
    :ivar absent: numbers that are not on WhatsApp
    :ivar opted_out: numbers that want no advertising
    """

    token, app_secret = "EAAG-token", "app-secret"
    account_id, phone_id = "102290129340398", "106540352242922"
    phone = "380440000001"

    routes = (
        ("POST", r"/v\d+\.\d+/(\d+)/messages", "answer_message"),
        ("POST", r"/v\d+\.\d+/(\d+)/media", "answer_upload"),
        ("POST", r"/v\d+\.\d+/(\d+)/subscribed_apps", "answer_subscribe"),
        ("DELETE", r"/v\d+\.\d+/(\d+)/subscribed_apps", "answer_unsubscribe"),
        ("GET", r"/v\d+\.\d+/(\d+)", "answer_node"),
        ("GET", r"/whatsapp_business/attachments/", "answer_file"),
    )

    def __init__(self, clock=None):
        super().__init__(clock)
        self.webhook = self.verify_token = ""
        self.sent, self.waiting, self.files = [], [], {}
        self.templates, self.absent, self.opted_out = {}, set(), set()
        self.throughput, self.burst, self.pair_seconds = 80, 45, 6
        self._wrote_at, self._pairs, self._second = {}, {}, (0, 0)
        self._numbers = itertools.count(1)

    # === CALLS === #

    def answer(self, request):
        try:
            return super().answer(request)
        except WhatsAppError as error:
            details = {"messaging_product": "whatsapp", "details": str(error)}
            content = {
                "message": f"(#{error.code}) {error}",
                "type": "OAuthException",
                "code": error.code,
                "error_data": details,
                "fbtrace_id": secrets.token_urlsafe(8),
            }
            return Response({"error": content}, error.status)

    def answer_message(self, request, phone_id):
        """Take a message, or a note that somebody's was read."""
        self._check_token(request)
        if phone_id != self.phone_id:
            raise WhatsAppError(100, "Object does not exist")
        call = request.read_json()
        if not call or call.get("messaging_product") != "whatsapp":
            raise WhatsAppError(100, "messaging_product is required")
        if call.get("status") == "read":
            return Response({"success": True})
        person = str(call.get("to") or "").lstrip("+")
        if not person.isdigit():
            raise WhatsAppError(131009, "Parameter value is not valid: to")
        check_content(call, self.templates)
        self._count(person)
        wamid = f"wamid.out{next(self._numbers)}"
        self.sent.append({**call, "wamid": wamid})
        self._tell_fate(person, call, wamid)
        contact = {"input": call["to"], "wa_id": person}
        return Response(
            {
                "messaging_product": "whatsapp",
                "contacts": [contact],
                "messages": [{"id": wamid}],
            }
        )

    def answer_upload(self, request, phone_id):
        """Take a file that is sent later."""
        self._check_token(request)
        form = request.read_form()
        file, mime_type = form.get("file"), form.get("type") or ""
        content = file[1] if isinstance(file, tuple) else b""
        if form.get("messaging_product") != "whatsapp" or not content:
            raise WhatsAppError(100, "file and messaging_product are required")
        kind = mime_type.partition("/")[0]
        if len(content) > _SIZES.get(kind, _SIZES["document"]):
            raise WhatsAppError(131053, "Media upload error: too large")
        return Response({"id": self.keep_file(content, mime_type)})

    def answer_subscribe(self, request, account_id):
        """Take the address of a webhook, once it proves the token."""
        self._check_token(request)
        call = request.read_json() or {}
        url = call.get("override_callback_uri") or ""
        token = call.get("verify_token") or ""
        if account_id != self.account_id or not url:
            raise WhatsAppError(100, "Invalid parameter")
        challenge = str(secrets.randbelow(10**9))
        query = {
            "hub.mode": "subscribe",
            "hub.challenge": challenge,
            "hub.verify_token": token,
        }
        status, body = self.get(f"{url}?{urlencode(query)}")
        if status != 200 or body.decode(errors="replace") != challenge:
            raise WhatsAppError(2200, "Callback verification failed")
        self.webhook, self.verify_token = url, token
        return Response({"success": True})

    def answer_unsubscribe(self, request, account_id):
        """Deliver nowhere any more."""
        self._check_token(request)
        self.webhook = ""
        return Response({"success": True})

    def answer_node(self, request, number):
        """Say what a number is: the phone number, or a file."""
        self._check_token(request)
        if number == self.phone_id:
            return Response(
                {
                    "id": number,
                    "display_phone_number": f"+{self.phone}",
                    "verified_name": "Jeweller North",
                    "quality_rating": "GREEN",
                    "throughput": {"level": "STANDARD"},
                    "webhook_configuration": {
                        "whatsapp_business_account": self.webhook
                    },
                }
            )
        if number not in self.files:
            raise WhatsAppError(100, "Object does not exist")
        content, mime_type, size = self.files[number]
        until = int(self.clock() + MEDIA_SECONDS)
        query = urlencode(
            {"mid": number, "ext": until, "hash": self._seal(number, until)}
        )
        return Response(
            {
                "messaging_product": "whatsapp",
                "id": number,
                "url": f"{self.base}/whatsapp_business/attachments/?{query}",
                "mime_type": mime_type,
                "sha256": hashlib.sha256(content).hexdigest(),
                "file_size": size,
            }
        )

    def answer_file(self, request):
        """Hand out a file, for five minutes and to who has the token."""
        self._check_token(request)
        number, until = request.query.get("mid"), int(request.query.get("ext") or 0)
        is_right = request.query.get("hash") == self._seal(number, until)
        if number not in self.files or not is_right or until < self.clock():
            return Response(b"URL signature expired", 404, "text/plain")
        content, mime_type, _size = self.files[number]
        return Response(content, 200, mime_type)

    def _check_token(self, request):
        if request.headers.get("authorization") != f"Bearer {self.token}":
            raise WhatsAppError(190, "Invalid OAuth access token", 401)

    def _count(self, person):
        """Count a message against both limits.

        :raise WhatsAppError: too many
        """
        with self._lock:
            second, count = self._second
            now = self.clock()
            count = count + 1 if int(now) == second else 1
            if count > self.throughput:
                raise WhatsAppError(130429, "Rate limit hit", 429)
            left, since = self._pairs.get(person, (self.burst, now))
            left = min(self.burst, left + (now - since) / self.pair_seconds)
            if left < 1:
                raise WhatsAppError(131056, "Pair rate limit hit")
            self._second, self._pairs[person] = (int(now), count), (left - 1, now)

    def _tell_fate(self, person, call, wamid):
        """Let a status say what became of a message that was taken."""
        is_open = self.clock() < self._wrote_at.get(person, -WINDOW) + WINDOW
        is_template = call["type"] == "template"
        if person in self.absent:
            self._add_failure(person, wamid, 131026, "Message undeliverable")
        elif is_template and person in self.opted_out:
            self._add_failure(person, wamid, 131050, "User has stopped to receive ads")
        elif not is_template and not is_open:
            self._add_failure(person, wamid, 131047, "Re-engagement message")
        else:
            self.add_status(person, wamid, "sent")

    def _add_failure(self, person, wamid, code, title):
        error = {"code": code, "title": title, "message": title}
        self.add_status(person, wamid, "failed", errors=[error])

    def add_status(self, person, wamid, status, **more):
        """Say what became of a message: it waits for :meth:`deliver`."""
        row = {
            "id": wamid,
            "status": status,
            "timestamp": str(int(self.clock())),
            "recipient_id": person,
            **more,
        }
        self.waiting.append(("statuses", row, None))

    def keep_file(self, content, mime_type, size=None):
        """Keep a file; return its number.

        :param size: what is said to be its size, when that is another
        """
        number = str(500000 + next(self._numbers))
        self.files[number] = (
            content,
            mime_type,
            len(content) if size is None else size,
        )
        return number

    def _seal(self, number, until):
        text = f"{number}/{until}".encode()
        return hmac.new(self.app_secret.encode(), text, hashlib.sha256).hexdigest()[:20]

    # === WHAT PEOPLE DO === #

    def write_text(self, person, text, name="Anna"):
        """A person writes a text."""
        return self.add(person, name, type="text", text={"body": text})

    def press(self, person, button_id, title="", kind="button_reply", name="Anna"):
        """A person presses a button, or chooses a row of a list (``list_reply``)."""
        reply = {"type": kind, kind: {"id": button_id, "title": title}}
        return self.add(person, name, type="interactive", interactive=reply)

    def show(self, person, content, mime_type="image/jpeg", size=None, name="Anna"):
        """A person sends a photo, a video, or another file."""
        kind = mime_type.partition("/")[0]
        kind = kind if kind in ("image", "video", "audio") else "document"
        row = {"id": self.keep_file(content, mime_type, size), "mime_type": mime_type}
        return self.add(person, name, type=kind, **{kind: row})

    def add(self, person, name="Anna", **content):
        """A person sends anything; it waits for :meth:`deliver`.

        :return: its id
        """
        self._wrote_at[person] = self.clock()
        wamid = f"wamid.in{next(self._numbers)}"
        row = {
            "from": person,
            "id": wamid,
            "timestamp": str(int(self.clock())),
            **content,
        }
        self.waiting.append(("messages", row, name))
        return wamid

    # === DELIVERY === #

    def deliver(self):
        """Bring all that waits to the webhook in one call; what is not taken waits on.

        :return: the HTTP status, or ``None`` when nothing waited
        """
        rows = list(self.waiting)
        if not rows:
            return None
        status, _body = self.bring(self.get_payload(rows))
        if 200 <= status < 300:
            self.waiting = self.waiting[len(rows) :]
        return status

    def get_payload(self, rows):
        """Return the object that tells of messages and statuses."""
        value = {
            "messaging_product": "whatsapp",
            "metadata": {
                "display_phone_number": self.phone,
                "phone_number_id": self.phone_id,
            },
        }
        for name, row, person_name in rows:
            value.setdefault(name, []).append(row)
            if person_name:
                contact = {"profile": {"name": person_name}, "wa_id": row["from"]}
                value.setdefault("contacts", []).append(contact)
        change = {"value": value, "field": "messages"}
        entry = {"id": self.account_id, "changes": [change]}
        return {"object": "whatsapp_business_account", "entry": [entry]}

    def bring(self, payload, secret=None):
        """Bring one object to the webhook, signed; return (HTTP status, body)."""
        body = json.dumps(payload).encode()
        return self.post(self.webhook, body, self.sign(body, secret))

    def sign(self, body, secret=None):
        """Return the headers of a delivery."""
        key = (secret or self.app_secret).encode()
        digest = hmac.new(key, body, hashlib.sha256).hexdigest()
        return {
            "Content-Type": "application/json",
            "X-Hub-Signature-256": f"sha256={digest}",
        }


# === CONTENTS === #


def check_content(call, templates):
    """Check what a message consists of.

    :param templates: see :class:`WhatsAppServer`
    :raise WhatsAppError: it breaks a rule of its kind
    """
    kind = call.get("type")
    checks = {
        "text": _check_text,
        "image": _check_image,
        "document": _check_image,
        "interactive": _check_interactive,
        "template": lambda content: _check_template(content, templates),
    }
    if kind not in checks or not isinstance(call.get(kind), dict):
        raise WhatsAppError(131009, f"Parameter value is not valid: {kind}")
    checks[kind](call[kind])


def _require(holds, what):
    if not holds:
        raise WhatsAppError(131009, f"Parameter value is not valid: {what}")


def _check_text(content):
    _require(0 < len(content.get("body") or "") <= 4096, "text.body")


def _check_image(content):
    _require(bool(content.get("id")) != bool(content.get("link")), "id or link")
    _require(len(content.get("caption") or "") <= 1024, "caption")


def _check_interactive(content):
    _require(0 < len((content.get("body") or {}).get("text") or "") <= 1024, "body")
    action = content.get("action") or {}
    kinds = {"button": _check_buttons, "list": _check_list, "cta_url": _check_link}
    _require(content.get("type") in kinds, "interactive.type")
    kinds[content["type"]](action)


def _check_buttons(action):
    buttons = action.get("buttons") or []
    replies = [button.get("reply") or {} for button in buttons]
    _require(1 <= len(buttons) <= 3, "1 to 3 buttons")
    _require(all(button.get("type") == "reply" for button in buttons), "button.type")
    _require(all(1 <= len(reply.get("title", "")) <= 20 for reply in replies), "title")
    _check_ids(replies, 256)
    _require(len({reply["title"] for reply in replies}) == len(replies), "same titles")


def _check_list(action):
    _require(1 <= len(action.get("button") or "") <= 20, "action.button")
    sections = action.get("sections") or []
    rows = [row for section in sections for row in section.get("rows") or []]
    _require(1 <= len(rows) <= 10, "1 to 10 rows")
    _require(all(1 <= len(row.get("title") or "") <= 24 for row in rows), "row.title")
    _require(
        all(len(row.get("description") or "") <= 72 for row in rows), "description"
    )
    _require(
        len(sections) == 1 or all(section.get("title") for section in sections),
        "section.title",
    )
    _check_ids(rows, 200)


def _check_link(action):
    parameters = action.get("parameters") or {}
    _require(action.get("name") == "cta_url", "action.name")
    _require(1 <= len(parameters.get("display_text") or "") <= 20, "display_text")
    _require((parameters.get("url") or "").startswith("http"), "url")


def _check_ids(rows, size):
    ids = [row.get("id") or "" for row in rows]
    _require(all(1 <= len(number) <= size for number in ids), "id")
    _require(len(set(ids)) == len(ids), "same ids")


def _check_template(content, templates):
    key = (content.get("name"), (content.get("language") or {}).get("code"))
    if key not in templates:
        raise WhatsAppError(
            132001, "Template name does not exist in the translation", 404
        )
    parameters = [
        parameter
        for component in content.get("components") or []
        if component.get("type") == "body"
        for parameter in component.get("parameters") or []
    ]
    if len(parameters) != templates[key]:
        raise WhatsAppError(132000, "Number of parameters does not match")
    for parameter in parameters:
        text = parameter.get("text") or ""
        _require(text and not set(text) & {"\n", "\t"} and "    " not in text, "text")
