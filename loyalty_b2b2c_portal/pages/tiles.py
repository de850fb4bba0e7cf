from dataclasses import dataclass

from ..addresses import path
from . import membership
from .card import LateTickets
from .places import Places
from .proofs import Proofs
from .recommend import Recommend
from .requests import Requests
from .shop import Shop
from .store import Store
from .supply import Supplies
from .tasks import Tasks
from .trainings import Trainings


@dataclass(frozen=True, slots=True)
class Tile:
    """A way from the overview to a page.

    :param str code: what it is for: ``"scan"`` is drawn as ``o_b2b2c_scan_link``
    :param str title: what one can do there
    :param str icon: of Font Awesome
    :param str hint: a few words below the title
    :param int waiting: how many people or things wait there for the person
    :param int weight: which tile becomes the one large button: that of the greatest
        weight; 0 never does
    """

    code: str
    title: str
    url: str
    icon: str
    hint: str = ""
    waiting: int = 0
    weight: int = 0


class Tiles:
    """What a person can do here, in the order in which people look for it.

    :param members: the memberships of the person
    :param bool has_dealer: whether the person belongs to a dealer
    """

    def __init__(self, members, has_dealer=False):
        self.members, self.env = members, members.env
        self.active = membership.submitters(members)
        self.owners = membership.owners(members)
        self.has_dealer = has_dealer
        self.sells = any(member._sells() for member in self.active)

    def rows(self):
        """Return the tiles of what there is for this person."""
        parts = (
            self._get_proofs(),
            self._get_shop(),
            self._get_spending(),
            self._get_more(),
            self._get_around(),
        )
        return [tile for part in parts for tile in part]

    def waiting(self):
        """Return how many people wait for the person's answer."""
        return sum(len(Shop(owner).get_waiting()) for owner in self.owners)

    def _get_proofs(self):
        """Yield the ways to hand something in."""
        env, proofs = self.env, Proofs(self.active)
        if proofs.codes_earn():
            yield Tile(
                "scan",
                env._("Scan a code"),
                path("scan"),
                "fa-camera",
                env._("On the package"),
                weight=80 if self.sells else 40,
            )
        if proofs.receipts_earn():
            yield Tile(
                "receipts",
                env._("Send a receipt"),
                path("receipts"),
                "fa-file-text-o",
                env._("A photo is enough"),
                weight=70 if self.sells else 35,
            )
        if LateTickets(self.active).are_offered():
            yield Tile(
                "tickets",
                env._("Card forgotten?"),
                path("tickets"),
                "fa-ticket",
                env._("Name the ticket of your purchase"),
            )

    def _get_shop(self):
        """Yield what the owner of a shop does."""
        env = self.env
        if self.owners:
            waiting = self.waiting()
            yield Tile(
                "shop",
                env._("My shop and my people"),
                path("shop"),
                "fa-users",
                env._("Want to join: %s", waiting)
                if waiting
                else env._("Who works and earns here"),
                waiting=waiting,
                weight=90 if waiting else 60,
            )
            yield Tile(
                "goods",
                env._("Goods my shop received"),
                path("goods"),
                "fa-truck",
            )
        if Supplies(self.owners).has_anything():
            yield Tile(
                "supply",
                env._("Order goods for my shop"),
                path("supply"),
                "fa-cart-plus",
                env._("Pay a part with points"),
            )
        if self.has_dealer:
            yield Tile(
                "dealer",
                env._("Dealer discount"),
                path("dealer"),
                "fa-line-chart",
                env._("Your tier and what comes"),
                weight=55,
            )

    def _get_spending(self):
        """Yield what points are spent on."""
        env, requests = self.env, Requests(self.members)
        if Store(self.members).has_anything():
            yield Tile(
                "store",
                env._("Spend points"),
                path("store"),
                "fa-gift",
                env._("What you can have for them"),
                weight=50,
            )
        if requests.count():
            waiting = requests.count_open()
            yield Tile(
                "requests",
                env._("My requests"),
                path("requests"),
                "fa-list-ul",
                env._("On the way: %s", waiting) if waiting else "",
            )

    def _get_more(self):
        """Yield more that brings points."""
        env = self.env
        tasks, waiting = Tasks(self.members).summary()
        if tasks:
            yield Tile(
                "tasks",
                env._("Tasks and contests"),
                path("tasks"),
                "fa-trophy",
                tasks,
                waiting=waiting,
                weight=30,
            )
        if Trainings(self.active).has_anything():
            yield Tile(
                "trainings",
                env._("Trainings"),
                path("trainings"),
                "fa-graduation-cap",
                env._("Learn, present, come along: each brings something"),
            )
        if Recommend(self.active).has_anything():
            yield Tile(
                "recommend",
                env._("Recommend"),
                path("recommend"),
                "fa-share-alt",
                env._("Share your link, and see what came of it"),
                weight=20,
            )

    def _get_around(self):
        """Yield what one wants to know."""
        env = self.env
        if self.active:
            yield Tile(
                "earn",
                env._("How to earn"),
                path("earn"),
                "fa-lightbulb-o",
                env._("What brings points, and how many"),
            )
        if Places(self.members).has_anything():
            yield Tile(
                "places",
                env._("Where can I earn and spend?"),
                path("places"),
                "fa-map-marker",
            )


def pick_main(tiles):
    """Return the tile that becomes the large button, and the others.

    :return: ``(tile or None, list of the others)``
    """
    main = max(tiles, key=lambda tile: tile.weight, default=None)
    if main is None or not main.weight:
        return None, tiles
    return main, [tile for tile in tiles if tile != main]
