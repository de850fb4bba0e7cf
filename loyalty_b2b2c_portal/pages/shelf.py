"""What somebody asks the catalogue for, as an address of the store says it."""

from dataclasses import dataclass, replace

from odoo.addons.loyalty_b2b2c.models.rewards.b2b2c_reward_catalogue import Shelf

PER_PAGE = 24
ORDERS = ("recommended", "price", "new")
_MOST_TEXT = 60
_MOST_PAGES = 1000


@dataclass(frozen=True, slots=True)
class Asked:
    """The part of an address behind the question mark, read.

    :param str text: what was typed
    :param category: id of a category, ``None`` for all
    :param bool is_favourite: only favourites
    :param bool is_now: only what can be had now
    :param str order: one of ``ORDERS``
    :param int page: from 1
    """

    text: str = ""
    category: int | None = None
    is_favourite: bool = False
    is_now: bool = False
    order: str = ORDERS[0]
    page: int = 1

    @property
    def is_narrow(self):
        """Tell whether only a part of the catalogue is asked for."""
        return bool(self.text or self.category or self.is_favourite or self.is_now)

    @property
    def offset(self):
        """How many rewards are on the pages before."""
        return (self.page - 1) * PER_PAGE

    def but(self, **changes):
        """Return the same with something else, from its first page on."""
        return replace(self, **{"page": 1, **changes})

    def to_query(self):
        """Return it as parameters of an address; what is usual is left out."""
        said = {
            "q": self.text,
            "category": self.category,
            "favourites": 1 if self.is_favourite else None,
            "now": 1 if self.is_now else None,
            "sort": self.order if self.order != ORDERS[0] else None,
            "page": self.page if self.page > 1 else None,
        }
        return {name: value for name, value in said.items() if value}

    def to_shelf(self, favourites):
        """Return it as the catalogue understands it.

        :param favourites: ids of the person's favourites
        """
        return Shelf(
            text=self.text,
            category=self.category,
            favourites=frozenset(favourites) if self.is_favourite else None,
            is_now=self.is_now,
            order=self.order,
        )


def read_asked(query, parse_id):
    """Return what an address asks for; what it cannot mean is left out.

    :param dict query: parameters as they came
    :param parse_id: function that returns the id in a text, or ``None``
    """
    order = query.get("sort")
    return Asked(
        text=" ".join(str(query.get("q") or "").split())[:_MOST_TEXT],
        category=parse_id(query.get("category")),
        is_favourite=query.get("favourites") == "1",
        is_now=query.get("now") == "1",
        order=order if order in ORDERS else ORDERS[0],
        page=min(parse_id(query.get("page")) or 1, _MOST_PAGES),
    )
