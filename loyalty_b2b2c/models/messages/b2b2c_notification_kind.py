from collections.abc import Callable
from dataclasses import dataclass

from odoo import api, models
from odoo.tools.translate import LazyTranslate

from . import notification_words

_lt = LazyTranslate(__name__)


def _nothing_more(message):
    """Return no further sentences."""
    return []


@dataclass(frozen=True, kw_only=True, eq=False)
class Kind:
    """A kind of message: what it says, when it goes out, and who may decline it.

    Functions take a ``b2b2c.notification`` whose context has the reader's language and
    time zone.

    :param label: the kind in words, translatable
    :param headline: function: what happened, in one line without a full stop
    :param sentences: function: what else the reader should know, a list of sentences
    :param topic: what participants decline it by, a key of
        :meth:`B2b2cNotificationKind._get_topics`; empty: nobody can decline it
    :param tone: how good the news is: ``good``, ``news``, ``warning`` or ``bad``
    :param is_digested: whether it waits for the digest of who wants one; a message that
        does not is never listed together with others either
    :param is_urgent: whether it is handed over in the transaction that queues it, not
        by the scheduled action
    :param channels: codes of the channels it always goes over, whatever people chose;
        empty: those they want
    :param mail_template: xmlid of the template of the e-mail, of the message itself or
        of the record the message is about
    :param mail_layout: xmlid of the layout around the template
    :param short_text: function: the whole text where there is little room (SMS); none:
        the template of SMS words it
    :param secret_minutes: for so long what it tells is worth something, so it must not
        be found later where it was handed over; 0: it tells no secret
    """

    label: object
    headline: Callable
    sentences: Callable = _nothing_more
    topic: str = ""
    tone: str = "news"
    is_digested: bool = True
    is_urgent: bool = False
    channels: tuple = ()
    mail_template: str = "loyalty_b2b2c.mail_template_message"
    mail_layout: str = ""
    short_text: Callable | None = None
    secret_minutes: int = 0


def _ledger_kind(label, topic, tone="news"):
    """Return a kind of message about points, worded by ``notification_words``."""
    return Kind(
        label=label,
        headline=notification_words.headline,
        sentences=notification_words.sentences,
        topic=topic,
        tone=tone,
    )


#: Stored value -> kind; stored values are for ever.
LEDGER_KINDS = {
    "credited": _ledger_kind(_lt("Points credited"), "points", "good"),
    "pending": _ledger_kind(_lt("Points pending"), "pending"),
    "usable": _ledger_kind(_lt("Pending points usable"), "points", "good"),
    "reversed": _ledger_kind(_lt("Points taken back"), "reversed", "bad"),
    "voided": _ledger_kind(_lt("Pending points cancelled"), "reversed", "bad"),
    "expiring": _ledger_kind(_lt("Points about to expire"), "expiry", "warning"),
    "expired": _ledger_kind(_lt("Points expired"), "expiry", "warning"),
}
#: Topic -> what it is called where participants choose.
LEDGER_TOPICS = {
    "points": _lt("Points to use"),
    "pending": _lt("Points on the way"),
    "reversed": _lt("Points taken back or cancelled"),
    "expiry": _lt("Points that expire"),
}


class B2b2cNotificationKind(models.AbstractModel):
    """The registry of the kinds of messages to people, and of their topics.

    A package that has something to say adds its own kinds: it extends
    :meth:`_get_kinds` with ``super()``, and :meth:`_get_topics` when people may decline
    them.  No other file has to know.
    """

    _name = "b2b2c.notification.kind"
    _description = "Kind of Message"

    @api.model
    def _get_kinds(self):
        """Return the kinds that exist.

        :return: dict stored value -> :class:`Kind`, in the order of the screens
        """
        return dict(LEDGER_KINDS)

    @api.model
    def _get_topics(self):
        """Return what participants can decline.

        :return: dict topic -> label, translatable, in the order of the screens
        """
        return dict(LEDGER_TOPICS)

    @api.model
    def _get_kind(self, code):
        """Return a kind; a nameless one for what an add-on left that is gone."""
        return self._get_kinds().get(code) or Kind(
            label=code, headline=lambda message: message.document_name or code
        )

    @api.model
    def _get_kind_selection(self):
        """Return the kinds as a selection, in the reader's language."""
        return [
            (code, self.env._(kind.label)) for code, kind in self._get_kinds().items()
        ]

    @api.model
    def _get_topic_selection(self):
        """Return the topics as a selection, in the reader's language."""
        return [
            (topic, self.env._(label)) for topic, label in self._get_topics().items()
        ]
