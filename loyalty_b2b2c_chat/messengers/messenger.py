"""What every messenger can do for us: the contract of an adapter.

A messenger is one file: a class that inherits :class:`Messenger`. It knows the protocol
and nothing else: no database, no participants. Those that come with the add-on stand in
``MESSENGERS`` of this package; another add-on extends
``b2b2c.chat.channel._get_messengers``.
"""

from dataclasses import dataclass, field
from datetime import datetime


def _lt(text):
    """Mark a text that Odoo translates where it is shown."""
    return text


class Wait(Exception):
    """The messenger takes nothing now.

    :param float seconds: it is tried again after so long
    :param bool for_all: it takes nothing from us at all, whoever it is for
    """

    def __init__(self, seconds, reason="", for_all=True):
        super().__init__(reason)
        self.seconds = seconds
        self.for_all = for_all


class Blocked(Exception):
    """The person does not want to hear from us, or is not there any more."""


class Refused(Exception):
    """The messenger will never take this message; the text is what it said."""


class OutsideWindow(Refused):
    """The person did not write lately, and there is no template for the message."""


class Unavailable(Exception):
    """A file cannot be had: too large, gone; the text is what the messenger said.

    :param bool is_too_large: because of its size
    """

    def __init__(self, reason="", is_too_large=False):
        super().__init__(reason)
        self.is_too_large = is_too_large


@dataclass(frozen=True)
class Account:
    """How we sign in at a messenger.

    :param str token: by which the messenger knows us; never logged, never shown
    :param str secret: by which we know the messenger: of the webhook
    :param str name: name or number of the account, as ``shop_bot``
    :param str api_base: address of the messenger's server, empty: its own
    :param options: dict, what only this messenger needs, by the names of its
        :attr:`Messenger.options`
    """

    token: str
    secret: str = ""
    name: str = ""
    api_base: str = ""
    options: dict = field(default_factory=dict)


@dataclass(frozen=True)
class Option:
    """A setting that only one messenger needs.

    :param str label: English, marked for translation where it is written
    :param str help: one sentence
    :param bool is_secret: it is shown to nobody
    """

    label: str
    help: str = ""
    is_secret: bool = False


@dataclass(frozen=True)
class Abilities:
    """What a messenger can do, and its limits.

    :param per_second: messages we may send in a second, whoever they are for
    :param chat_seconds: seconds between two messages to one chat
    :param text_length: characters of a text; longer ones go out in parts
    :param button_length: characters on a button
    :param max_buttons: buttons of a message
    :param file_bytes: size of a file we may fetch
    :param caption_length: characters below a picture
    :param fetches_files: it takes no files but addresses at which it finds them, see
        :attr:`Attachment.address`
    :param window_hours: after a message of the person, so long everything may be sent;
        None: for ever
    :param reproof_days: the messenger's number of a person is a phone number, and those
        get new owners: after so many silent days it has to be linked again; None: its
        numbers are never given to somebody else
    """

    per_second: float = 25
    chat_seconds: float = 1
    text_length: int = 4096
    caption_length: int = 1000
    button_length: int = 64
    max_buttons: int = 100
    file_bytes: int = 20_000_000
    window_hours: float | None = None
    reproof_days: int | None = None
    fetches_files: bool = False
    can_web_page: bool = False
    can_ask_contact: bool = False
    can_edit: bool = False
    can_poll: bool = False


@dataclass(frozen=True)
class Sent:
    """What the messenger made of a message.

    :param str message_id: its number of the message
    :param str file_reference: by which it has the attachment from now on
    """

    message_id: str = ""
    file_reference: str = ""


@dataclass(frozen=True)
class Health:
    """How the messenger sees us.

    :param bool is_ok: messages arrive
    :param str account: how the account is called there
    :param str hook_url: where it delivers to, empty: nowhere
    :param pending: messages it could not deliver yet, None: it does not say
    :param str problem: what it complains about, in its words
    :param problem_at: naive UTC, when that was
    """

    is_ok: bool
    account: str = ""
    hook_url: str = ""
    pending: int | None = None
    problem: str = ""
    problem_at: datetime | None = None


class Messenger:
    """A messenger, signed in as one account. All methods are synchronous.

    Errors: :class:`Wait`, :class:`Blocked` and :class:`Refused` from :meth:`send`;
    whatever else is raised, as a broken connection, is tried again. A token never
    stands in the text of an error (:meth:`_hide`).

    :cvar str code: stored value, for ever
    :cvar str label: its name, as it calls itself
    :cvar tuple guide: how an account is made and entered, sentence by sentence, for the
        form; each is marked with ``_lt``
    :cvar str prices: what it costs, in a few sentences, marked as well
    :cvar options: dict name -> :class:`Option`
    :cvar abilities: :class:`Abilities`
    :cvar str api_base: address of its server
    """

    code = ""
    label = ""
    guide = ()
    prices = ""
    options = {}
    abilities = Abilities()
    api_base = ""

    def __init__(self, account, http):
        """
        :param account: :class:`Account`
        :param http: ``requests.Session`` or what behaves like one
        """
        self.account = account
        self.http = http
        self.base = (account.api_base or self.api_base).rstrip("/")

    # === WHAT COMES IN === #

    def verify(self, headers, query, body):
        """Tell whether a call of our webhook comes from the messenger.

        :param headers: mapping, its keys whatever their case
        :param query: mapping, of the address
        :param bytes body: as it came
        """
        raise NotImplementedError

    def get_challenge(self, query):
        """Return what has to be answered to a GET of the webhook, None: nothing."""
        return None

    def parse(self, payload):
        """Return what a body says: a list of :class:`Incoming`, in its order.

        What is nothing to us is left out.

        :param payload: the body, read as JSON
        :raise: whatever it likes when the body is no body of this messenger
        """
        raise NotImplementedError

    def read_page(self, told):
        """Return the number of whoever looks at a page of ours within the messenger,
        empty: nobody knows.

        :param told: what the messenger told the page: anything
        """
        return ""

    def get_quick_answer(self, incoming):
        """Return what can be said in the answer to the webhook: JSON or None.

        :param incoming: list of :class:`Incoming` of this call
        """
        return None

    def acknowledge(self, incoming):
        """Tell the messenger that a press arrived, where :meth:`get_quick_answer`
        could not."""

    def poll(self, mark):
        """Ask for what came in, where :attr:`Abilities.can_poll`.

        :param str mark: what the last call returned, empty at first
        :return: (list of payloads for :meth:`parse`, next mark)
        """
        raise NotImplementedError

    def fetch(self, file, max_bytes):
        """Return the content of a file.

        :param file: :class:`File`
        :raise Unavailable: it is larger, or it is gone
        """
        raise NotImplementedError

    # === WHAT GOES OUT === #

    def send(self, message):
        """Send an :class:`Outgoing` and return :class:`Sent`."""
        raise NotImplementedError

    def get_template(self, lang):
        """Return by what news go to a person who did not write lately.

        :param str lang: language of the person, as ``uk_UA``
        :return: :attr:`Outgoing.template`, or None: such news cannot be sent
        """
        return None

    def show_working(self, chat):
        """Show in a chat that an answer is on its way, where the messenger can."""

    # === THE ACCOUNT === #

    def set_up(self, hook_url):
        """Have messages delivered to our webhook; empty: nowhere.

        :raise Refused: the messenger does not like it
        """
        raise NotImplementedError

    def get_health(self):
        """Return :class:`Health`; the messenger is asked."""
        raise NotImplementedError

    def _get_health_safely(self):
        """Return :class:`Health`, also of a messenger that cannot be asked."""
        try:
            return self.get_health()
        except Exception as error:  # noqa: BLE001 - whatever it is, it is not well
            return Health(False, problem=self._hide(str(error)) or type(error).__name__)

    def get_link(self, start):
        """Return the address that opens a chat with us.

        :param str start: what the first message carries, at most 64 of
            ``A-Z a-z 0-9 _ -``
        """
        raise NotImplementedError

    def _hide(self, text):
        """Return a text without our token and secrets."""
        account = self.account
        hidden = [name for name, option in self.options.items() if option.is_secret]
        own = [account.options.get(name) for name in hidden]
        for secret in (account.token, account.secret, *own):
            if secret:
                text = text.replace(secret, "…")
        return text
