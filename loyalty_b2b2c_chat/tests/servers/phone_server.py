"""A phone in the browser: anybody tries the bot without an account anywhere.

The server speaks Telegram's Bot API and shows each person's chat as a phone does. It
runs beside a demo; it knows no password and trusts everybody on this computer.
"""

import json
import threading
import time
from pathlib import Path

from .messenger_server import Response
from .telegram_person import Person
from .telegram_server import TelegramServer

_FOLDER = Path(__file__).parent / "phone"
_TYPES = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
}
#: Seconds a page waits for news, and between two looks at what is to be delivered.
_WAIT_SECONDS, _DELIVER_SECONDS = 20, 0.1
#: What the page may do: name -> how, a function of the person and what it sent.
_DEEDS = {
    "start": lambda person, sent: person.start(str(sent.get("payload") or "")),
    "write": lambda person, sent: person.write(str(sent["text"])[:4096]),
    "press": lambda person, sent: person.press_data(
        str(sent["data"]), person.find_message(sent["message"])
    ),
    "contact": lambda person, sent: person.share_contact(),
    "place": lambda person, sent: person.send_place(50.4501, 30.5234),
    "sticker": lambda person, sent: person.send_sticker(),
    "block": lambda person, sent: person.block(),
    "unblock": lambda person, sent: person.unblock(),
}


class PhonePerson(Person):
    """Somebody whose phone is shown: what he sends goes out in the background."""

    def __init__(self, server, name, phone, language):
        super().__init__(server, name, phone, language, delivers=False)
        #: Short messages that came to the phone beside the chat.
        self.notices = []

    def find_message(self, number):
        """Return a message of the bot by its number, None: there is none."""
        return next((m for m in self.heard if m["message_id"] == number), None)

    def to_json(self):
        """Return how the page lists the person."""
        return {
            "id": self.user["id"],
            "name": self.user["first_name"],
            "phone": self.phone,
            "language": self.user["language_code"],
        }


class PhoneServer(TelegramServer):
    """The Bot API, and the pages of the phones.

    :param people: list of (name, phone, language): who is there at first
    :param samples: dict name -> bytes, pictures that may be sent
    :param hints: list of sentences, what to try
    """

    routes = (
        *TelegramServer.routes,
        ("GET", r"/", "_page"),
        ("GET", r"/(phone\.css|phone\.js)", "_asset"),
        ("GET", r"/phone/about", "_about"),
        ("GET", r"/phone/chat/(\d+)/(\d+)", "_chat"),
        ("GET", r"/phone/file/(\w+)", "_shown_file"),
        ("GET", r"/phone/sample/(\d+)", "_sample"),
        ("POST", r"/phone/do/(\d+)", "_do"),
        ("POST", r"/phone/send/(\d+)", "_send"),
        ("POST", r"/phone/people", "_add_person"),
        ("GET", r"/(\w+)", "_link"),
    )

    def __init__(self, people=(), samples=None, hints=(), **options):
        super().__init__(clock=time.time, first_update=int(time.time()), **options)
        self.samples, self.hints = samples or {}, list(hints)
        self.people = {}
        self.version = 1
        for name, phone, language in people:
            self.add(name, phone, language)
        threading.Thread(target=self._deliver_for_ever, daemon=True).start()

    def add(self, name, phone, language):
        """Add somebody with a phone and return the person."""
        person = PhonePerson(self, name, phone, language)
        self.people[person.user["id"]] = person
        return person

    def notify(self, number, text):
        """Show a short message on the phones with a number.

        :return: whether there is such a phone
        """
        found = [one for one in self.people.values() if one.phone == number]
        with self.changed:
            for person in found:
                person.notices.append(text)
            self.changed.notify_all()
        return bool(found)

    def _deliver_for_ever(self):
        while True:
            if not self.deliver():
                time.sleep(_DELIVER_SECONDS)

    # === PAGES === #

    def _page(self, request):
        """Show the phone."""
        return _read_asset("index.html")

    def _asset(self, request, name):
        return _read_asset(name)

    def _link(self, request, name):
        """A link to the bot opens the phone, with what the link carries."""
        return _read_asset("index.html") if name == self.username else _nothing()

    def _about(self, request):
        """Tell whom the page shows."""
        return Response(
            {
                "bot": self._me(),
                "people": [person.to_json() for person in self.people.values()],
                "samples": list(self.samples),
                "hints": self.hints,
                "webhook": bool(self.hook["url"]),
            }
        )

    def _chat(self, request, number, seen):
        """Tell the messages of a chat, once there is more than the page has seen.

        :param str seen: how many changes the page has seen
        """
        person = self.people.get(int(number))
        if not person:
            return _nothing()
        with self.changed:
            if self._count_changes(person) == int(seen):
                self.changed.wait(_WAIT_SECONDS)
            return Response(
                {
                    "seen": self._count_changes(person),
                    "messages": person.messages,
                    "notices": person.notices,
                    "waits": self._has_waiting(person),
                    "blocked": person.chat["id"] in self.blocked,
                    "problem": self.hook["problem"],
                }
            )

    def _count_changes(self, person):
        """Return a number that is another one after every change of a chat.

        Never 0: with that a page asks that knows nothing yet.
        """
        edits = sum(message.get("edits", 0) for message in person.messages)
        blocked = person.chat["id"] in self.blocked
        waits = self._has_waiting(person)
        changes = len(person.messages) + len(person.notices) + edits
        return 1 + changes * 4 + 2 * waits + blocked

    def _has_waiting(self, person):
        """Tell whether something of the person did not reach the bot yet."""
        keys = (person.chat["id"], ("user", person.user["id"]))
        return any(self._queues.get(key) for key in keys)

    def _shown_file(self, request, number):
        """Show a picture or a file of a chat."""
        file = self.files.get(number)
        if not file or file["content"] is None:
            return _nothing()
        return _show(file["content"])

    def _sample(self, request, place):
        """Show one of the pictures that may be sent."""
        contents = list(self.samples.values())
        if int(place) >= len(contents):
            return _nothing()
        return _show(contents[int(place)])

    # === DEEDS === #

    def _do(self, request, number):
        """Do something as a person."""
        person, sent = self.people.get(int(number)), request.read_json() or {}
        deed = _DEEDS.get(sent.get("deed"))
        if not person or not deed:
            return _nothing()
        try:
            deed(person, sent)
        except (KeyError, ValueError):
            return Response({"error": "It cannot be read."}, 400)
        return Response({})

    def _send(self, request, number):
        """Send a picture or a file as a person; the body is the file."""
        person = self.people.get(int(number))
        if not person:
            return _nothing()
        name = request.query.get("name") or "photo.jpg"
        try:
            if request.query.get("kind") == "photo":
                person.send_photo(request.body)
            else:
                mime = request.headers.get("content-type", "")
                kind = "video" if mime.startswith("video/") else "document"
                person.send_file(request.body, name, mime, kind=kind)
        except OSError:  # it is no picture
            return Response({"error": "This is no picture."}, 400)
        return Response({})

    def _add_person(self, request):
        """Add somebody with a phone."""
        sent = request.read_json() or {}
        name = str(sent.get("name") or "").strip()[:40]
        digits = "".join(c for c in str(sent.get("phone") or "") if c.isdigit())[:15]
        if not name or not digits:
            return Response({"error": "A name and a number are needed."}, 400)
        language = str(sent.get("language") or "en")[:8]
        return Response(self.add(name, f"+{digits}", language).to_json())


def _read_asset(name):
    path = _FOLDER / name
    return Response(path.read_bytes(), content_type=_TYPES[path.suffix])


def _show(content):
    """Return a file with the type it begins like; nothing that could run."""
    kinds = {b"%PDF": "application/pdf", b"\xff\xd8\xff\xe0": "image/jpeg"}
    kinds[b"\x89PNG"] = "image/png"
    kind = kinds.get(content[:4], "application/octet-stream")
    return Response(content, content_type=kind)


def _nothing():
    return Response(json.dumps({"error": "Nothing is here."}).encode(), 404)
