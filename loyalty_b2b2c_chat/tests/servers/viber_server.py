"""A server that speaks Viber's REST bot API, with its errors and limits.

Plain Python: no Odoo.  From Viber's documents.  What it knows:

* errors have HTTP 200 and a ``status`` of their own; a token that is wrong is 2;
* ``set_webhook`` calls the address at once and takes it when that answers;
* messages as text, picture and link with a keyboard of at most 24 buttons, each
  checked; a picture is an address that Viber fetches;
* 24 hours after a person wrote messages are free; each later one is paid (status 24
  without balance);
* who opens the chat gets one welcome message, the answer to that callback, before
  subscribing; others who are not subscribed get nothing (6);
* signed deliveries, again until somebody takes them.
"""

import hashlib
import hmac
import itertools
import json

from .messenger_server import MessengerServer, Response

SESSION = 24 * 3600
_ACTIONS = ("reply", "open-url", "share-phone", "location-picker", "none")
_TYPES = ("text", "picture", "url", "file", "video", "contact", "location", "sticker")


class ViberRefusal(Exception):
    """What the API refuses, by its status."""

    def __init__(self, status, words):
        super().__init__(words)
        self.status = status


class ViberServer(MessengerServer):
    """The bot API as one bot sees it.

    :ivar sent: messages that were taken, dict of the call with ``message_token``
    :ivar balance: paid messages that are left
    :ivar paid: how many messages were paid
    """

    token = "4453b6ac12345678-e02c5f12174805f9-daf9cbb5448c51e9"
    uri = "jewellernorth"

    routes = (
        ("POST", "/pa/set_webhook", "answer_set_webhook"),
        ("POST", "/pa/send_message", "answer_message"),
        ("POST", "/pa/get_account_info", "answer_account"),
        ("GET", r"/media/(\d+)", "answer_file"),
    )

    def __init__(self, clock=None):
        super().__init__(clock)
        self.webhook, self.event_types = "", []
        self.sent, self.waiting, self.files, self.fetched = [], [], {}, []
        self.subscribers, self.balance, self.paid = set(), 100, 0
        self.too_many_after = 500  # calls in ten seconds
        self._wrote_at, self._recent = {}, []
        self._tokens = itertools.count(4912661846655238145)

    # === CALLS === #

    def answer(self, request):
        if request.path.startswith("/media/"):
            return super().answer(request)
        try:
            self._check_token(request)
            return super().answer(request)
        except ViberRefusal as refusal:
            return Response({"status": refusal.status, "status_message": str(refusal)})

    def answer_set_webhook(self, request):
        """Take the address of a webhook that answers; an empty one takes it away."""
        call = request.read_json() or {}
        url = call.get("url")
        if url is None:
            raise ViberRefusal(4, "missing data: url")
        if not url:
            self.webhook = ""
            return Response({"status": 0, "status_message": "ok"})
        event = {"event": "webhook", **self._stamp()}
        status, _body = self._bring(url, event)
        if status != 200:
            raise ViberRefusal(1, f"invalidUrl: result status {status}")
        self.webhook, self.event_types = url, call.get("event_types") or []
        return Response(
            {"status": 0, "status_message": "ok", "event_types": self.event_types}
        )

    def answer_message(self, request):
        """Take a message to a subscriber."""
        call = request.read_json() or {}
        person = call.get("receiver")
        if not self.webhook:
            raise ViberRefusal(10, "webhookNotSet")
        if not person:
            raise ViberRefusal(4, "missing data: receiver")
        if person not in self.subscribers:
            raise ViberRefusal(6, "receiverNotSubscribed")
        check_message(call)
        self._count()
        is_free = self.clock() < self._wrote_at.get(person, -SESSION) + SESSION
        if not is_free:
            if not self.balance:
                raise ViberRefusal(24, "noBalance")
            self.balance, self.paid = self.balance - 1, self.paid + 1
        return Response(self._take(person, call, is_free))

    def answer_account(self, request):
        """Say who the bot is."""
        return Response(
            {
                "status": 0,
                "status_message": "ok",
                "id": "pa:75346594275468546724",
                "name": "Jeweller North",
                "uri": self.uri,
                "webhook": self.webhook,
                "event_types": self.event_types,
                "subscribers_count": len(self.subscribers),
            }
        )

    def answer_file(self, request, number):
        """Hand out what a person sent, for an hour."""
        content, until = self.files.get(number, (b"", 0))
        if until < self.clock():
            return Response(b"gone", 404, "text/plain")
        return Response(content, 200, "image/jpeg")

    def _check_token(self, request):
        if request.headers.get("x-viber-auth-token") != self.token:
            raise ViberRefusal(2, "invalidAuthToken")

    def _count(self):
        """Count a call.

        :raise ViberRefusal: too many
        """
        now = self.clock()
        self._recent = [moment for moment in self._recent if moment > now - 10]
        if len(self._recent) >= self.too_many_after:
            raise ViberRefusal(12, "tooManyRequests")
        self._recent.append(now)

    def _take(self, person, call, is_free):
        """Keep a message, and fetch its picture as Viber does."""
        token = next(self._tokens)
        self.sent.append({**call, "receiver": person, "message_token": token})
        if call["type"] == "picture":
            self.fetched.append(self.get(call["media"]))
        self._add(person, "delivered", message_token=token, user_id=person)
        return {
            "status": 0,
            "status_message": "ok",
            "message_token": token,
            "chat_hostname": "SN-CHAT-01_",
            "billing_status": 1 if is_free else 2,
        }

    # === WHAT PEOPLE DO === #

    def open_chat(self, person, context="", name="Anna", language="uk"):
        """A person opens the chat by a link; the answer may be one message to him."""
        user = self._describe(person, name, language)
        is_subscribed = person in self.subscribers
        event = {
            "event": "conversation_started",
            "type": "open",
            "context": context,
            "user": user,
            "subscribed": is_subscribed,
            **self._stamp(),
        }
        _status, body = self._bring(self.webhook, event)
        if body.strip():
            welcome = json.loads(body)
            check_message(welcome)
            self._take(person, welcome, True)
        return event

    def subscribe(self, person, name="Anna", language="uk"):
        """A person subscribes without writing."""
        self.subscribers.add(person)
        user = self._describe(person, name, language)
        return self._add(person, "subscribed", user=user)

    def unsubscribe(self, person):
        """A person wants to hear nothing more."""
        self.subscribers.discard(person)
        return self._add(person, "unsubscribed", user_id=person)

    def write_text(self, person, text, name="Anna", language="uk"):
        """A person writes a text, which subscribes him; a button writes its action."""
        return self.add(person, {"type": "text", "text": text}, name, language)

    def show(self, person, content, kind="picture", size=None, name="Anna"):
        """A person sends a picture, a video or a file."""
        number = str(next(self._tokens))
        self.files[number] = (content, self.clock() + 3600)
        message = {"type": kind, "media": f"{self.base}/media/{number}"}
        if kind != "picture":
            message["size"] = len(content) if size is None else size
        if kind == "file":
            message |= {"file_name": "receipt.pdf", "file_size": message.pop("size")}
        return self.add(person, message, name)

    def add(self, person, message, name="Anna", language="uk"):
        """A person sends anything; it waits for :meth:`deliver`."""
        self.subscribers.add(person)
        self._wrote_at[person] = self.clock()
        sender = self._describe(person, name, language)
        return self._add(person, "message", sender=sender, message=message)

    def _add(self, person, event, **more):
        row = {"event": event, **self._stamp(), **more}
        self.waiting.append(row)
        return row

    def _describe(self, person, name, language):
        return {
            "id": person,
            "name": name,
            "language": language,
            "country": "UA",
            "api_version": 10,
        }

    def _stamp(self):
        moment = int(self.clock() * 1000)
        return {"timestamp": moment, "message_token": next(self._tokens)}

    # === DELIVERY === #

    def deliver(self):
        """Bring what waits to the webhook, each in a call of its own, in order.

        :return: list of HTTP statuses; what is not taken waits on, with all after it
        """
        statuses = []
        while self.waiting:
            status, _body = self._bring(self.webhook, self.waiting[0])
            statuses.append(status)
            if status != 200:
                break
            self.waiting.pop(0)
        return statuses

    def bring(self, event, token=None):
        """Bring one callback to the webhook, signed; return (HTTP status, body)."""
        return self._bring(self.webhook, event, token)

    def _bring(self, url, event, token=None):
        body = json.dumps(event).encode()
        return self.post(url, body, self.sign(body, token))

    def sign(self, body, token=None):
        """Return the headers of a delivery."""
        key = (token or self.token).encode()
        return {
            "Content-Type": "application/json",
            "X-Viber-Content-Signature": hmac.new(
                key, body, hashlib.sha256
            ).hexdigest(),
        }


def check_message(call):
    """Check what a message consists of.

    :raise ViberRefusal: it breaks a rule
    """
    _require((call.get("sender") or {}).get("name"), "sender.name")
    _require(len(call["sender"]["name"]) <= 28, "sender.name is too long")
    _require(call.get("type") in _TYPES, "type")
    if call["type"] == "text":
        _require(0 < len(call.get("text") or "") <= 7000, "text")
    if call["type"] == "picture":
        _require(len(call.get("text") or "") <= 768, "text of a picture")
        _require(call.get("media"), "media")
    if call["type"] == "url":
        _require(0 < len(call.get("media") or "") <= 2000, "media")
    if "keyboard" in call:
        _check_keyboard(call["keyboard"])


def _check_keyboard(keyboard):
    buttons = keyboard.get("Buttons") or []
    _require(keyboard.get("Type") == "keyboard", "keyboard.Type")
    _require(1 <= len(buttons) <= 24, "1 to 24 buttons")
    for button in buttons:
        _require(button.get("ActionType") in _ACTIONS, "ActionType")
        limit = 2000 if button["ActionType"] == "open-url" else 250
        _require(0 < len(button.get("ActionBody") or "") <= limit, "ActionBody")
        _require(0 < len(button.get("Text") or "") <= 250, "Text")
        _require(1 <= button.get("Columns", 6) <= 6, "Columns")


def _require(holds, what):
    if not holds:
        raise ViberRefusal(3, f"badData: {what}")
