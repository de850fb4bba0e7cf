"""What is said in a chat, both ways, whichever messenger carries it.

Plain Python: the dialog reads :class:`Incoming` and answers with :class:`Reply`; a
messenger parses the one and draws the other.
"""

import base64
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime

#: What arrives, by what the person did.
#:
#: ``text``; ``start``: opened the chat, maybe by a link (``text`` is what the link
#: carries); ``button``: pressed one of ours (``action``, ``value``); ``photo``,
#: ``video`` and ``file`` (``files``, ``text`` is what is written below); ``location``;
#: ``contact`` (``phone``); ``blocked`` and ``unblocked``: the person shut the chat, or
#: opened it again; ``status``: what became of a message of ours; ``other``: a sticker,
#: a voice message, whatever comes tomorrow.
KINDS = (
    "text",
    "start",
    "button",
    "photo",
    "video",
    "file",
    "location",
    "contact",
    "blocked",
    "unblocked",
    "status",
    "other",
)


@dataclass(frozen=True)
class File:
    """A file that lies with the messenger; it is fetched only when it is needed.

    :param str reference: by which the messenger hands it over
    :param size: bytes as the messenger states them, None: it does not say
    :param str name: file name as the sender's device calls it, empty for photos
    :param str mime: type as the messenger states it, empty: it does not say
    :param int duration: seconds of a video, 0: unknown
    """

    reference: str
    size: int | None = None
    name: str = ""
    mime: str = ""
    duration: int = 0


@dataclass(frozen=True)
class Incoming:
    """One thing a person did in a chat.

    :param str external_id: the messenger's number of it, unique within a channel:
        the same number again is the same thing again
    :param str user: the messenger's number of the person
    :param str chat: the messenger's number of the chat
    :param str kind: one of :data:`KINDS`
    :param str text: what was typed; what a link carries for ``start``
    :param files: what was sent; of a photo only its largest size
    :param str album: photos sent together share it, empty: sent alone
    :param str phone: number of a shared contact, as the messenger wrote it
    :param bool is_own_phone: the messenger says that it is the sender's own number
    :param latitude: degrees of a location, None otherwise; ``longitude`` as well
    :param str language: code of the person's device, a first guess only
    :param str name: how the person calls himself there
    :param bool is_private: nobody else is in the chat
    :param bool is_bot: a program wrote it
    :param sent_at: naive UTC, when the messenger got it, None: it does not say
    :param str message_id: the message of ours that a button or a status is about
    :param str data: what the pressed button carried; read it as ``action``
    :param str press_id: by which a press is acknowledged, empty: need not be
    :param str action: what the pressed button asks for, see :class:`Button`; empty when
        it is no button of ours (forged, or too old)
    :param str value: of the button
    :param bool is_repeated: this button was to be pressed once, and was before
    :param str step: where a slow answer goes on, see :class:`GoOn`
    """

    external_id: str
    user: str
    chat: str
    kind: str
    text: str = ""
    files: tuple[File, ...] = ()
    album: str = ""
    phone: str = ""
    is_own_phone: bool = False
    latitude: float | None = None
    longitude: float | None = None
    language: str = ""
    name: str = ""
    is_private: bool = True
    is_bot: bool = False
    sent_at: datetime | None = None
    message_id: str = ""
    data: str = ""
    press_id: str = ""
    action: str = ""
    value: str = ""
    is_repeated: bool = False
    step: str = ""

    def to_json(self):
        """Return it as JSON can hold it."""
        values = asdict(self)
        values["sent_at"] = self.sent_at and self.sent_at.isoformat()
        return values

    @classmethod
    def from_json(cls, values):
        """Return what :meth:`to_json` wrote."""
        at = values["sent_at"]
        files = tuple(File(**file) for file in values["files"])
        at = datetime.fromisoformat(at) if at else None
        return cls(**{**values, "files": files, "sent_at": at})


@dataclass(frozen=True)
class Button:
    """A button below a message. It has one of ``action``, ``url`` and ``web_page``.

    :param str label: what stands on it, in the reader's language
    :param str action: what it asks for, a name of the dialog
    :param str value: what it is about, as the id of a row
    :param bool once: of all buttons of a message that may be pressed once, one press
        counts; a second one arrives as ``is_repeated``
    :param str url: address it opens in the browser
    :param str web_page: address it opens within the messenger, where it can, else in
        the browser
    :param str data: what it carries; filled by the outbox, which signs it
    """

    label: str
    action: str = ""
    value: str = ""
    once: bool = False
    url: str = ""
    web_page: str = ""
    data: str = ""


@dataclass(frozen=True)
class Attachment:
    """A picture or a file that goes out with a message.

    :param str name: file name with its suffix
    :param str mime: type
    :param bytes content: of the file; empty when the messenger has it (``reference``)
    :param str reference: by which the messenger has it already
    :param str key: what the file shows: with the same key it is not uploaded again;
        empty: it is always uploaded
    :param str address: where the messenger finds the content, if it takes no files;
        filled by the outbox
    """

    name: str
    mime: str
    content: bytes = b""
    reference: str = ""
    key: str = ""
    address: str = ""

    @property
    def is_picture(self):
        """Tell whether it is shown rather than offered."""
        return self.mime in ("image/png", "image/jpeg")


@dataclass(frozen=True)
class Reply:
    """One message to a person.

    :param str text: plain text, nothing in it is a mark-up
    :param buttons: rows of :class:`Button`, below the message
    :param attachment: :class:`Attachment` or None
    :param str ask_contact: label of the messenger's own button that shares the phone
        number, empty: none; a messenger without it shows the text alone. A message
        with it has no other buttons
    :param bool replaces: it takes the place of the message whose button was pressed,
        where the messenger can, so that nobody presses it again
    :param bool is_silent: it makes no sound
    """

    text: str
    buttons: tuple[tuple[Button, ...], ...] = ()
    attachment: Attachment | None = None
    ask_contact: str = ""
    replaces: bool = False
    is_silent: bool = False

    def to_json(self):
        """Return it as JSON can hold it."""
        values = asdict(self)
        if self.attachment:
            content = base64.b64encode(self.attachment.content).decode()
            values["attachment"]["content"] = content
        return values

    @classmethod
    def from_json(cls, values):
        """Return what :meth:`to_json` wrote."""
        rows = tuple(
            tuple(Button(**button) for button in row) for row in values["buttons"]
        )
        attachment = values["attachment"]
        if attachment:
            content = base64.b64decode(attachment["content"])
            attachment = Attachment(**{**attachment, "content": content})
        return cls(**{**values, "buttons": rows, "attachment": attachment})

    def with_data(self, sign):
        """Return it with what each button carries.

        :param sign: function(number of the button in the message) -> str
        """
        number = iter(range(len(self.actions)))
        rows = tuple(
            tuple(
                replace(button, data=sign(next(number))) if button.action else button
                for button in row
            )
            for row in self.buttons
        )
        return replace(self, buttons=rows)

    @property
    def actions(self):
        """The buttons that ask us for something, in order: their number is their
        place."""
        return [button for row in self.buttons for button in row if button.action]


@dataclass(frozen=True)
class GoOn:
    """The last of several answers: say the others now, then handle the same again.

    Slow work says so first: ``[Reply("I am reading your receipt…"), GoOn("read")]``.
    What came in is handed over once more, with ``step`` set; work that takes longer
    than a moment belongs there.

    :param float seconds: not before so many have gone by, and meanwhile what comes
        after it is handled: the rest of an album
    """

    step: str
    seconds: float = 0


@dataclass(frozen=True)
class Outgoing:
    """A message on its way to a messenger.

    :param str chat: the messenger's number of the chat
    :param reply: :class:`Reply`; its buttons carry their data
    :param str edited: number of the message it takes the place of, empty: a new one
    :param bool is_open: the person wrote lately, so that everything may be sent; else a
        messenger with a window needs a ``template``
    :param str template: name of a text the messenger knows, empty: none
    :param template_values: what is filled in there
    """

    chat: str
    reply: Reply
    edited: str = ""
    is_open: bool = True
    template: str = ""
    template_values: tuple[str, ...] = field(default=())
