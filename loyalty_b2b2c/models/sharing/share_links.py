"""Where a recommendation is shared: addresses that open an app with the text written.

Plain Python.  The person's own app sends it, to whom the person chooses: we neither
see nor keep those numbers and names.
"""

from dataclasses import dataclass
from urllib.parse import quote

from odoo.tools.translate import LazyTranslate

_lt = LazyTranslate(__name__)


@dataclass(frozen=True, slots=True)
class Way:
    """An app a recommendation is shared with.

    :param label: what it is called, translatable where it is no name
    :param icon: class of its picture, of Font Awesome 4
    :param pattern: address that opens it; ``{text}`` stands for the words with the
        link, ``{words}`` for those without, ``{url}`` for the link, ``{subject}`` for
        what the words are about, each encoded
    """

    label: object
    icon: str
    pattern: str


#: Channel -> way; channels are kept with what was shared, for ever.
WAYS = {
    "whatsapp": Way("WhatsApp", "fa-whatsapp", "https://wa.me/?text={text}"),
    "viber": Way("Viber", "fa-volume-control-phone", "viber://forward?text={text}"),
    "telegram": Way(
        "Telegram", "fa-telegram", "https://t.me/share/url?url={url}&text={words}"
    ),
    "facebook": Way(
        "Facebook",
        "fa-facebook",
        "https://www.facebook.com/sharer/sharer.php?u={url}",
    ),
    "sms": Way(_lt("SMS"), "fa-commenting", "sms:?&body={text}"),
    "email": Way(_lt("E-mail"), "fa-envelope", "mailto:?subject={subject}&body={text}"),
}


def fill(way, url, words, subject):
    """Return the address that opens an app with the text written.

    :param Way way: from :data:`WAYS`
    :param str url: the link that is shared
    :param str words: what is said beside it
    :param str subject: of an e-mail
    """
    # %20, not +: neither mailto nor sms know the plus of forms
    return way.pattern.format(
        text=quote(f"{words}\n{url}", safe=""),
        words=quote(words, safe=""),
        url=quote(url, safe=""),
        subject=quote(subject, safe=""),
    )
