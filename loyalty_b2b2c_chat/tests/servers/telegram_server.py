"""A server that speaks Telegram's Bot API, with its errors, limits and deliveries.

What it does is read in Telegram's own Bot API server: updates are delivered in order
per queue (the chat for messages, the person for presses), the same one again until the
answer is a 2xx; a redirect is an error; messages are dropped after 24 hours, presses
after 150 seconds; asking (``getUpdates``) and a webhook exclude each other; the answer
to a webhook may carry one method.
"""

import heapq
import io
import itertools
import json
import re
import threading
from collections import defaultdict

from .messenger_server import MessengerServer, Request, Response

_SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")
#: How long Telegram tries to deliver, in seconds.
MESSAGE_SECONDS, PRESS_SECONDS = 24 * 3600, 150
_GONE_SECONDS = 23 * 3600
_FIRST_WAIT, _LONGEST_WAIT, _LONGEST_ASKED = 2, 60, 3600
#: Limits of texts, files and buttons.
_TEXT, _CAPTION, _DATA = 4096, 1024, 64
_DOWNLOAD, _UPLOAD = 20_000_000, 50_000_000
_PHOTO_SIDE = 1280
#: Methods that an answer to a webhook may not carry.
_NOT_IN_ANSWERS = re.compile(r"get.*|setwebhook|deletewebhook|close|logout")


class ApiError(Exception):
    """A method is refused.

    :param int code: HTTP status
    :param str text: what Telegram says
    """

    def __init__(self, code, text, **parameters):
        super().__init__(text)
        self.code, self.text, self.parameters = code, text, parameters


class TelegramServer(MessengerServer):
    """One bot and everybody who talks to it.

    :param str token: of the bot
    :param str username: of the bot
    :param int first_update: number of the first update
    :ivar bool has_limits: refuse what comes too fast: one message a second in a chat
        after a burst, thirty a second in all
    :ivar history: dict chat id -> list of messages, ours have ``is_ours``
    :ivar delivered: list of (update id, HTTP status) of calls of the webhook
    :ivar sent: list of (body, headers) of those calls
    :ivar answered: list of (id of a press, text) that were acknowledged
    """

    routes = (
        ("POST", r"/bot([^/]+)/(\w+)", "_method"),
        ("GET", r"/bot([^/]+)/(\w+)", "_method"),
        ("GET", r"/file/bot([^/]+)/(.+)", "_file"),
    )

    def __init__(
        self,
        token="42:TEST",
        username="demo_bot",
        clock=None,
        port=0,
        first_update=700_000_001,
    ):
        super().__init__(clock, port)
        self.token, self.username = token, username
        self.has_limits = False
        self.hook = {"url": "", "secret": "", "problem": "", "problem_at": 0}
        self.history, self.answered = defaultdict(list), []
        self.sent, self.delivered = [], []
        self.files, self.blocked, self.chats = {}, set(), {}
        self.changed = threading.Condition()
        self._updates = itertools.count(first_update)
        self._numbers = itertools.count(1)
        self._queues = defaultdict(list)  # key -> updates, the oldest first
        self._waits = {}  # key -> (not before, next wait)
        self._sent_at = defaultdict(list)
        self._gone_since = None

    # === METHODS === #

    def _method(self, request, token, method):
        """Answer a call of the Bot API."""
        if token != self.token:
            return _refuse(ApiError(401, "Unauthorized"))
        try:
            values = read_values(request)
            result = self.call(method, values)
        except ApiError as error:
            return _refuse(error)
        return Response({"ok": True, "result": result})

    def call(self, method, values):
        """Do what a method of the Bot API does and return its result.

        :raise ApiError: it is refused
        """
        known = getattr(self, f"do_{method.lower()}", None)
        if not known:
            raise ApiError(404, "Not Found")
        return known(values)

    def do_getme(self, values):
        return self._me() | {"can_join_groups": True}

    def do_setwebhook(self, values):
        url, secret = values.get("url") or "", values.get("secret_token") or ""
        if secret and not _SECRET.fullmatch(secret):
            raise ApiError(
                400, "Bad Request: secret token contains unallowed characters"
            )
        if url and not url.startswith(("https://", "http://127.0.0.1")):
            raise ApiError(
                400,
                "Bad Request: bad webhook: An HTTPS URL must be provided for webhook",
            )
        self.hook = {"url": url, "secret": secret, "problem": "", "problem_at": 0}
        self._gone_since = None
        self._waits.clear()
        return True

    def do_deletewebhook(self, values):
        return self.do_setwebhook({})

    def do_getwebhookinfo(self, values):
        info = {
            "url": self.hook["url"],
            "has_custom_certificate": False,
            "pending_update_count": sum(map(len, self._queues.values())),
        }
        if self.hook["problem"]:
            info["last_error_message"] = self.hook["problem"]
            info["last_error_date"] = self.hook["problem_at"]
        return info

    def do_getupdates(self, values):
        if self.hook["url"]:
            raise ApiError(
                409,
                "Conflict: can't use getUpdates method while webhook is active; "
                "use deleteWebhook to delete the webhook first",
            )
        self._expire()
        offset = int(values.get("offset") or 0)
        with self.changed:
            self._confirm(offset)
            if not any(self._queues.values()):
                self.changed.wait(min(float(values.get("timeout") or 0), 50))
            waiting = heapq.merge(*self._queues.values(), key=lambda u: u["update_id"])
            return list(itertools.islice(map(_bare, waiting), 100))

    def _confirm(self, offset):
        """Forget the updates before an offset."""
        for queue in self._queues.values():
            queue[:] = [update for update in queue if update["update_id"] >= offset]

    def do_sendmessage(self, values):
        text = _read_text(values.get("text"), _TEXT, "message")
        if not text:
            raise ApiError(400, "Bad Request: message text is empty")
        return self._post(values, {"text": text})

    def do_sendphoto(self, values):
        return self._post_file(values, "photo")

    def do_senddocument(self, values):
        return self._post_file(values, "document")

    def _post_file(self, values, kind):
        """Take a file, or one that is here already."""
        caption = _read_text(values.get("caption"), _CAPTION, "message caption")
        content = values.get(kind)
        if isinstance(content, tuple):
            name, content = content
            if len(content) > (10_000_000 if kind == "photo" else _UPLOAD):
                raise ApiError(413, "Request Entity Too Large")
            file = self.keep(content, name)
        elif content in self.files:
            file = self._describe(content)
        else:
            raise ApiError(400, "Bad Request: wrong file identifier/HTTP URL specified")
        shown = [file | {"width": 600, "height": 600}] if kind == "photo" else file
        return self._post(values, {kind: shown, "caption": caption})

    def do_editmessagetext(self, values):
        message = self._find(values)
        text = _read_text(values.get("text"), _TEXT, "message")
        markup = _read_markup(values)
        if "text" not in message:
            raise ApiError(400, "Bad Request: there is no text in the message to edit")
        if (message["text"], message.get("reply_markup")) == (text, markup):
            raise ApiError(
                400,
                "Bad Request: message is not modified: specified new message content "
                "and reply markup are exactly the same as a current content",
            )
        with self.changed:
            message |= {"text": text, "edit_date": int(self.clock())}
            message["edits"] = message.get("edits", 0) + 1
            message.pop("reply_markup", None)
            if markup:
                message["reply_markup"] = markup
            self.changed.notify_all()
        return _bare(message)

    def _find(self, values):
        """Return a message of ours."""
        for message in self.history[int(values["chat_id"])]:
            if message["message_id"] == int(values.get("message_id") or 0):
                if message["is_ours"]:
                    return message
                raise ApiError(400, "Bad Request: message can't be edited")
        raise ApiError(400, "Bad Request: message to edit not found")

    def do_answercallbackquery(self, values):
        with self.changed:
            self.answered.append((values["callback_query_id"], values.get("text", "")))
            self.changed.notify_all()
        return True

    def do_sendchataction(self, values):
        self._check_chat(values)
        return True

    def do_getfile(self, values):
        if values.get("file_id") not in self.files:
            raise ApiError(400, "Bad Request: invalid file_id")
        file = self._describe(values["file_id"])
        if file["file_size"] > _DOWNLOAD:
            raise ApiError(400, "Bad Request: file is too big")
        return file | {"file_path": f"files/{file['file_id']}"}

    def _file(self, request, token, path):
        """Hand a file over."""
        file = self.files.get(path.removeprefix("files/"))
        if token != self.token or not file or file["content"] is None:
            return _refuse(ApiError(404, "Not Found"))
        return Response(file["content"], content_type="application/octet-stream")

    # === MESSAGES === #

    def _me(self):
        number = int(self.token.partition(":")[0])
        return {
            "id": number,
            "is_bot": True,
            "first_name": self.username.replace("_", " ").title(),
            "username": self.username,
        }

    def _check_chat(self, values):
        """Return the chat a method is about.

        :raise ApiError: it is not there, or closed to us
        """
        number = values.get("chat_id")
        chat = (
            self.chats.get(int(number)) if str(number).lstrip("-").isdigit() else None
        )
        if not chat:
            raise ApiError(400, "Bad Request: chat not found")
        if chat["id"] in self.blocked:
            raise ApiError(403, "Forbidden: bot was blocked by the user")
        return chat

    def _post(self, values, content):
        """Add a message of ours to a chat."""
        chat = self._check_chat(values)
        self._limit(chat["id"])
        message = {
            "message_id": next(self._numbers),
            "from": self._me(),
            "chat": chat,
            "date": int(self.clock()),
            **content,
            "is_ours": True,
        }
        markup = _read_markup(values)
        if markup:
            message["reply_markup"] = markup
        with self.changed:
            self.history[chat["id"]].append(message)
            self.changed.notify_all()
        return _bare(message)

    def _limit(self, chat_id):
        """Refuse what comes too fast, where there are limits."""
        if not self.has_limits:
            return
        for key, most, seconds in ((chat_id, 5, 5), ("all", 30, 1)):
            recent = [at for at in self._sent_at[key] if at > self.clock() - seconds]
            self._sent_at[key] = recent
            if len(recent) >= most:
                raise ApiError(429, "Too Many Requests: retry after 3", retry_after=3)
        self._sent_at[chat_id].append(self.clock())
        self._sent_at["all"].append(self.clock())

    def keep(self, content, name="", size=None):
        """Keep a file and describe it.

        :param content: bytes; None: nothing but its size is known
        :param size: bytes it is said to have
        """
        number = f"AgAC{next(self._numbers):06d}"
        self.files[number] = {
            "content": content,
            "name": name,
            "size": len(content) if size is None else size,
        }
        return self._describe(number)

    def _describe(self, number):
        file = self.files[number]
        return {
            "file_id": number,
            "file_unique_id": number[4:],
            "file_size": file["size"],
            **({"file_name": file["name"]} if file["name"] else {}),
        }

    # === UPDATES === #

    def push(self, kind, content, queue, seconds=MESSAGE_SECONDS):
        """Queue an update.

        :param str kind: ``"message"``, ``"callback_query"`` …
        :param queue: what it is in order with
        :return: its number
        """
        with self.changed:
            update = {
                "update_id": next(self._updates),
                kind: content,
                "is_over": self.clock() + seconds,
            }
            self._queues[queue].append(update)
            self.changed.notify_all()
        return update["update_id"]

    def _expire(self):
        """Drop what could not be delivered in time."""
        now = self.clock()
        with self.changed:
            for queue in self._queues.values():
                queue[:] = [update for update in queue if update["is_over"] > now]

    def deliver(self):
        """Bring what is due to the webhook: of each queue one after the other, up to
        the first that is not taken.

        :return: how many were taken
        """
        taken = 0
        self._expire()
        for key in list(self._queues):
            while self.hook["url"] and self._is_due(key):
                if not self._deliver_first(key):
                    break
                taken += 1
        return taken

    def _is_due(self, key):
        not_before, _wait = self._waits.get(key, (0, 0))
        return bool(self._queues[key]) and self.clock() >= not_before

    def _deliver_first(self, key):
        """Bring the oldest update of a queue; tell whether it was taken."""
        update = self._queues[key][0]
        headers = {"Content-Type": "application/json"}
        if self.hook["secret"]:
            headers["X-Telegram-Bot-Api-Secret-Token"] = self.hook["secret"]
        body = json.dumps(_bare(update)).encode()
        self.sent.append((body, headers))
        status, answer = self.post(self.hook["url"], body, headers)
        self.delivered.append((update["update_id"], status))
        if 200 <= status < 300:
            self._waits.pop(key, None)
            self._gone_since = None
            with self.changed:
                if self._queues[key] and self._queues[key][0] is update:
                    self._queues[key].pop(0)
                self.changed.notify_all()
            self._obey(answer)
            return True
        self._note_failure(key, status)
        return False

    def _note_failure(self, key, status):
        """Remember that an update was not taken, and when it is tried again."""
        _at, wait = self._waits.get(key, (0, 0))
        # the first time at once, then later and later
        following = min(max(wait * 2, _FIRST_WAIT), _LONGEST_WAIT)
        self._waits[key] = (self.clock() + wait, following)
        words = "Connection refused" if not status else f"HTTP {status}"
        self.hook["problem"] = f"Wrong response from the webhook: {words}"
        self.hook["problem_at"] = int(self.clock())
        if status != 410:
            self._gone_since = None
        elif self._gone_since is None:
            self._gone_since = self.clock()
        elif self.clock() - self._gone_since > _GONE_SECONDS:
            self.do_deletewebhook({})

    def _obey(self, answer):
        """Do what the answer to a webhook asks for; nobody hears what came of it."""
        try:
            values = json.loads(answer)
            method = values.pop("method")
            if not _NOT_IN_ANSWERS.fullmatch(method.lower()):
                self.call(method, values)
        except (ValueError, KeyError, TypeError, AttributeError, ApiError):
            return


def read_values(request):
    """Return what a method was called with, however it was sent; files are (name,
    content)."""
    kind = request.headers.get("content-type", "")
    if "json" in kind:
        return request.read_json() or {}
    if "multipart" in kind:
        return request.read_form()
    if "urlencoded" in kind:
        return Request("GET", f"?{request.body.decode()}", {}, b"").query
    return request.query


def shrink(content):
    """Return a photo as Telegram stores it: a JPEG of at most 1280 pixels a side.

    :return: (content, width, height)
    """
    from PIL import Image, ImageOps

    with Image.open(io.BytesIO(content)) as picture:
        picture = ImageOps.exif_transpose(picture).convert("RGB")
        picture.thumbnail((_PHOTO_SIDE, _PHOTO_SIDE))
        target = io.BytesIO()
        picture.save(target, "JPEG", quality=87)
        return target.getvalue(), *picture.size


def _bare(values):
    """Return what Telegram tells, without what only this server knows."""
    return {k: v for k, v in values.items() if k not in ("is_ours", "is_over", "edits")}


def _refuse(error):
    """Return the answer that tells an :class:`ApiError`."""
    body = {"ok": False, "error_code": error.code, "description": error.text}
    if error.parameters:
        body["parameters"] = error.parameters
    return Response(body, error.code)


def _read_text(text, most, what):
    """Return a text that is not too long."""
    text = text or ""
    if len(text) > most:
        raise ApiError(400, f"Bad Request: {what} is too long")
    return text


def _read_markup(values):
    """Return the buttons of a message.

    :raise ApiError: one of them cannot be drawn
    """
    markup = values.get("reply_markup")
    if isinstance(markup, str):
        markup = json.loads(markup)
    for row in (markup or {}).get("inline_keyboard", ()):
        for button in row:
            if not button.get("text"):
                raise ApiError(400, "Bad Request: can't parse inline keyboard button")
            data = button.get("callback_data")
            if data is not None and not 1 <= len(data.encode()) <= _DATA:
                raise ApiError(400, "Bad Request: BUTTON_DATA_INVALID")
            if not {"callback_data", "url", "web_app"} & button.keys():
                raise ApiError(
                    400,
                    "Bad Request: can't parse inline keyboard button: "
                    "Text buttons are unallowed in the inline keyboard",
                )
            page = (button.get("web_app") or {}).get("url", "https://")
            if not page.startswith("https://"):
                raise ApiError(
                    400,
                    f"Bad Request: inline keyboard button Web App URL '{page}' is "
                    "invalid: Only HTTPS links are allowed",
                )
    return markup
