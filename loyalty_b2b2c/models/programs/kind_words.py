"""How sentences speak of the kinds of documents that can earn."""

from dataclasses import dataclass, field

from odoo.tools.translate import LazyTranslate

from ...engine import TRIGGERS

_lt = LazyTranslate(__name__)


@dataclass(frozen=True, kw_only=True, eq=False)
class KindWords:
    """What a kind of document is called in a sentence, and what can matter for it.

    :param when: trigger -> what happens then, as a clause that follows "when"; a
        moment that documents of this kind never reach is missing
    :param moments: the triggers among which a rule can choose; one: nothing to choose
    :param giver: who is named on it, as a clause behind the person
    :param has_parties: whether goods may go to others than who ordered
    :param is_credit: whether points can be there before somebody paid
    :param is_proof: whether people hand it in; it may not say which product was sold
    :param shows_goods: whether it is about goods, which another document may show, too
    :param repeats: whether two documents of this kind can show the same goods
    :param never_with: kinds that never show the goods of this one
    """

    when: dict
    moments: tuple = ("confirmed",)
    giver: object = None
    has_parties: bool = False
    is_credit: bool = False
    is_proof: bool = False
    shows_goods: bool = True
    repeats: bool = False
    never_with: frozenset = field(default_factory=frozenset)


def _once(words):
    """Return the words of a document whose moments are all the same one."""
    return dict.fromkeys(TRIGGERS, words)


#: Code of a kind -> its words.
WORDS = {
    "sale.order": KindWords(
        when={
            "confirmed": _lt("an order is confirmed"),
            "delivered": _lt("the goods of an order are delivered"),
            "invoiced": _lt("an order is invoiced"),
            "paid": _lt("an order is paid"),
        },
        moments=TRIGGERS,
        has_parties=True,
        is_credit=True,
        never_with=frozenset({"invoice", "delivery"}),
    ),
    "invoice": KindWords(
        when={
            "confirmed": _lt("an invoice without an order is posted"),
            "invoiced": _lt("an invoice without an order is posted"),
            "paid": _lt("an invoice without an order is paid"),
        },
        moments=("invoiced", "paid"),
        has_parties=True,
        is_credit=True,
        never_with=frozenset({"sale.order"}),
    ),
    "delivery": KindWords(
        when={
            "confirmed": _lt("goods are delivered without an order"),
            "delivered": _lt("goods are delivered without an order"),
        },
        moments=("delivered",),
        is_credit=True,
        never_with=frozenset({"sale.order"}),
    ),
    "sale": KindWords(
        when={
            "confirmed": _lt("a sale is reported"),
            "delivered": _lt("a reported sale is delivered"),
            "invoiced": _lt("a reported sale is invoiced"),
            "paid": _lt("a reported sale is paid"),
        },
        moments=TRIGGERS,
        has_parties=True,
    ),
    "shipment": KindWords(
        when={
            "confirmed": _lt("a shipment is reported"),
            "delivered": _lt("a reported shipment is delivered"),
            "invoiced": _lt("a reported shipment is invoiced"),
            "paid": _lt("a reported shipment is paid"),
        },
        moments=TRIGGERS,
        has_parties=True,
    ),
    "event": KindWords(
        when=_once(_lt("an event is reported")),
        giver=_lt("named in it"),
        shows_goods=False,
    ),
    "scan": KindWords(
        when=_once(_lt("a code is scanned")),
        giver=_lt("who scanned it"),
        is_proof=True,
        repeats=True,
    ),
    "receipt": KindWords(
        when=_once(_lt("a receipt is accepted")),
        giver=_lt("who sent it"),
        is_proof=True,
    ),
    "tax_stamp": KindWords(
        when=_once(_lt("a tax stamp is accepted")),
        giver=_lt("who sent it"),
        is_proof=True,
    ),
}
