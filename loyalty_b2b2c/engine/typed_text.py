"""What strangers type and send: what it may be, and which spellings are one.

Plain functions without a database.  A key or token is an ASCII text or it is none; two
addresses that reach one mailbox, two addresses of one network and two texts that look
alike are one where somebody counts them or pays for them once.
"""

import re
import unicodedata
from ipaddress import ip_address, ip_network

#: Texts with these in front are formulas for a spreadsheet; the dashes are what others
#: make of a minus.
_FORMULA = re.compile(r"[=+\-@\u2010-\u2015\u2212\ufe58\ufe63]")
_TOKEN = re.compile(r"[ -~]+")
_UNSTORABLE = re.compile("[\0\ud800-\udfff]")
#: Letters of other alphabets that look like Latin capitals, and dashes.
_ALIKE = str.maketrans(
    "АВЕЅІЈКМНОРСТУХҺԀԚԜӀ" + "ΑΒΕΖΗΙΚΜΝΟΡΤΥΧ",
    "ABESIJKMHOPCTYXHDQWI" + "ABEZHIKMNOPTYX",
)
_DASHES = re.compile(r"[\u2010-\u2015\u2212\u00ad\u2043\ufe58\ufe63\uff0d]")
_IPV6_HOME = 64  # what one subscriber has at least


def read_token(text, shortest=1, longest=64):
    """Return a key or token as it came, ``""`` for what cannot be one.

    >>> read_token("a-token"), read_token("a\\0b"), read_token(7)
    ('a-token', '', '')

    :param text: anything a client sent
    :param int shortest, longest: characters
    """
    if not isinstance(text, str) or not shortest <= len(text) <= longest:
        return ""
    return text if _TOKEN.fullmatch(text) else ""


def is_storable(text):
    """Tell whether a text can be stored: no NUL, no half of a character."""
    return not _UNSTORABLE.search(text)


def get_readable(text):
    """Return a text with a sign in the place of each character that cannot be stored.

    >>> get_readable("a\\0b") == "a\N{REPLACEMENT CHARACTER}b"
    True
    """
    return _UNSTORABLE.sub("\N{REPLACEMENT CHARACTER}", text)


def is_formula(text):
    """Tell whether a text begins as a formula, as a spreadsheet may read it.

    Spaces, invisible characters and full-width forms in front are looked through.

    >>> is_formula(" ＝1+1"), is_formula("Anna-Maria")
    (True, False)
    """
    plain = unicodedata.normalize("NFKC", text)
    shown = [c for c in plain if not c.isspace() and unicodedata.category(c)[0] != "C"]
    return bool(shown and _FORMULA.match(shown[0]))


def get_number_key(text):
    """Return under what the number of a document is compared.

    Compatible forms, dashes, invisible characters and Cyrillic or Greek letters that
    look Latin are one; whether letters are large or small does not matter.

    >>> get_number_key("АВ‑１２"), get_number_key("ab-12")
    ('AB-12', 'AB-12')
    """
    text = _DASHES.sub("-", unicodedata.normalize("NFKC", text))
    digits = "".join(_plain(c) for c in text if unicodedata.category(c)[0] != "C")
    return " ".join(digits.upper().translate(_ALIKE).split())


def _plain(character):
    """Return a digit of any script as the ASCII digit, anything else as it is."""
    digit = unicodedata.decimal(character, None)
    return character if digit is None else str(digit)


def get_mailbox(email):
    """Return the mailbox an address reaches, for counting: never to send to.

    Whatever stands behind a plus reaches the same person.  Dots do not count where the
    provider says so: Gmail documents that.  Letters that look alike are one.

    >>> get_mailbox("O.Lena+shop@GoogleMail.com")
    'olena@gmail.com'
    """
    folded = get_number_key(email).casefold()
    name, at, domain = folded.rpartition("@")
    if not at:
        return domain
    name = name.partition("+")[0]
    if domain in ("gmail.com", "googlemail.com"):
        return f"{name.replace('.', '')}@gmail.com"
    return f"{name}@{domain}"


def get_network(address):
    """Return whose address it is, for counting: one home has a whole IPv6 network.

    >>> get_network("2001:db8:1:2:3::4"), get_network("::ffff:192.0.2.7")
    ('2001:db8:1:2::', '192.0.2.7')

    :param address: of IPv4 or IPv6; anything else is returned as it is
    """
    try:
        found = ip_address((address or "").partition("%")[0])
    except ValueError:
        return address or ""
    if found.version == 4:
        return str(found)
    if found.ipv4_mapped:
        return str(found.ipv4_mapped)
    home = ip_network((found, _IPV6_HOME), strict=False)
    return str(home.network_address)


_LINK = re.compile(r"[/\\@:<>]|\bwww\b|\w{2,}\.\w{2,}")
_MAX_SHOWN = 40


def has_link(text):
    """Tell whether a mail program may make a link of a part of a text.

    An initial is none: O.Kovalenko.
    """
    return bool(_LINK.search(unicodedata.normalize("NFKC", text).casefold()))


def get_quoted(name):
    """Return what a stranger calls himself, fit for a mail to somebody else.

    Short, in one line, and nothing a mail program makes a link of.

    >>> get_quoted("O.Kovalenko see t.co/x")
    'O. Kovalenko see t. co x'
    """
    name = re.sub(r"[/\\@:<>]", " ", unicodedata.normalize("NFKC", name or ""))
    name = " ".join(re.sub(r"\.(?=\S)", ". ", name).split())
    return name if len(name) <= _MAX_SHOWN else f"{name[: _MAX_SHOWN - 1]}…"
