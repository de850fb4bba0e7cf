"""Any order of sales, returns, returns of returns and exchanges, against an oracle.

The oracle knows nothing of documents: each sale is a number of pieces that somebody
sold, and 5 points for each piece that stayed with the customer.
"""

from random import Random

from odoo.tests import tagged

from .seller_common import SellerCommon

SEEDS = (7, 19, 2026)
ACTS = 16


class Sale:
    """Pieces that somebody sold, and what became of them.

    :param owner: 0 for Nina, 1 for Ivan, ``None`` for who takes no part
    :param line: of the ticket
    :ivar back: pieces that came back, naming this sale
    :ivar lost: pieces that came back without a name, and were counted with this sale
    """

    def __init__(self, owner, line):
        self.owner, self.line = owner, line
        self.pieces, self.back, self.lost = int(line.qty), 0, 0

    @property
    def kept(self):
        return max(self.pieces - self.back - self.lost, 0)


class Back:
    """Pieces of a sale that a line took back, less what was handed out again."""

    def __init__(self, sale, line):
        self.sale, self.line, self.left = sale, line, -int(line.qty)


@tagged("post_install", "-at_install")
class TestSellerMachine(SellerCommon):
    def setUp(self):
        super().setUp()
        self.users = (self.nina_user, self.ivan_user, self.petro_user)

    def test_what_stays_sold_is_what_each_seller_has(self):
        for seed in SEEDS:
            with self.subTest(seed=seed), self.env.cr.savepoint() as savepoint:
                self._play(Random(seed))
                savepoint.rollback()
            self.env.invalidate_all()

    def _play(self, random):
        self.random, self.sales, self.backs = random, [], []
        self.acts = []
        acts = (self._sell_some, self._take_some, self._hand_out, self._exchange,
                self._type_a_minus)  # fmt: skip
        for _number in range(ACTS):
            act = random.choice(acts if self.sales else acts[:1])
            self.acts.append(act.__name__)
            act()
            expected = [0, 0]
            for sale in self.sales:
                if sale.owner is not None:
                    expected[sale.owner] += 5 * sale.kept
            self.assertEqual(list(self._points()), expected, self.acts)

    def _pick_seller(self):
        """Return who is at the till, what the button says, and whose sale it is."""
        at_till, chosen = self.random.randrange(3), self.random.choice((None, 0, 1))
        values = {}
        if chosen is not None:
            values["b2b2c_seller_token"] = self._get_token(("Nina", "Ivan")[chosen])
        owner = at_till if chosen is None else chosen
        return self.users[at_till], values, None if owner == 2 else owner

    def _sell_some(self):
        user, values, owner = self._pick_seller()
        ticket = self._sell_by(user, self.random.randint(1, 9), **values)
        self.sales.append(Sale(owner, ticket.lines))

    def _take_some(self):
        sale = self.random.choice(self.sales)
        left = sale.pieces - sale.back
        if left:
            user, values, _owner = self._pick_seller()
            pieces = self.random.randint(1, left)
            line = self._take_back(sale.line, pieces, user, **values)
            sale.back += pieces
            self.backs.append(Back(sale, line))

    def _hand_out(self):
        """Take a part of a return back: the customer keeps it after all."""
        backs = [back for back in self.backs if back.left]
        if backs:
            back = self.random.choice(backs)
            user, values, _owner = self._pick_seller()
            pieces = self.random.randint(1, back.left)
            self._sell_by(user, (pieces, back.line), **values)
            back.left -= pieces
            back.sale.back -= pieces

    def _exchange(self):
        sale = self.random.choice(self.sales)
        left = sale.pieces - sale.back
        if left:
            user, values, owner = self._pick_seller()
            pieces, new = self.random.randint(1, left), self.random.randint(1, 9)
            if pieces == new:
                new += 1  # a ticket of nothing has no payment
            lines = self._take_back(sale.line, pieces, user, new, **values).sorted(
                "qty"
            )
            sale.back += pieces
            self.backs.append(Back(sale, lines[0]))
            self.sales.append(Sale(owner, lines[1]))

    def _type_a_minus(self):
        """Take goods back without naming the sale: the latest sales lose them."""
        user, values, _owner = self._pick_seller()
        pieces = self.random.randint(1, 9)
        self._sell_by(user, -pieces, **values)
        for sale in reversed(self.sales):
            lost = min(pieces, sale.kept)
            sale.lost += lost
            pieces -= lost
