"""Random histories of sales, and what they score by plain SQL over the orders.

A history is what happened to orders, looked at by one contest: sales that are dated
back, lowered, raised again and cancelled, sellers who move to another shop, around the
end of a month and days on which clocks change.  One stream of documents is looked at by
many contests, each with days, time zone, grace, metric and conditions of its own.

The oracle knows no engine: the quantity of a line counts as it is now, but no more than
when the hours of grace ended.
"""

from datetime import date, datetime, timedelta

from freezegun import freeze_time

from odoo import Command

BEGIN = datetime(2026, 3, 20, 6)
DAYS = 20
#: Clocks change on 29 March in Kyiv, and by half an hour on 5 April on Lord Howe.
ZONES = ("Europe/Kyiv", "America/New_York", "Australia/Lord_Howe", "UTC")
METRICS = ("units", "amount", "sales")


class Histories:
    """A stream of documents, and the contests that look at it.

    :param case: test class or world with the builders of ``ChallengeCommon``
    :param random: ``random.Random``
    """

    def __init__(self, case, random):
        self.case = case
        self.env = case.env
        self.random = random
        toys = self.env["product.category"].create({"name": "Toys"})
        self.products = [
            case._create_product("Ball", 7.5, type="service", categ_id=toys.id),
            case._create_product("Lamp", 20, type="service"),
        ]
        self.category = toys
        self.sellers = [*case.sellers]
        self.orders = []
        self.contests = []
        self.env.cr.execute(
            "CREATE TEMP TABLE IF NOT EXISTS known_in_time"
            " (round_id int, line_id int, quantity numeric, amount numeric)"
        )
        self.env.cr.execute("TRUNCATE known_in_time")

    # === CONTESTS === #

    def start(self, number):
        """Start random contests."""
        programs = {}
        for zone in ZONES:
            programs[zone] = self.case._create_program(
                {"kind": "fixed", "value": 1, "amount_min": 1e9},
                name=zone,
                timezone=zone,
                notify=False,
            )
        with freeze_time(BEGIN):
            for _number in range(number):
                self.contests.append(self._start_one(programs))

    def _start_one(self, programs):
        first = date(2026, 3, 16) + timedelta(days=self.random.randrange(16))
        last = max(first, date(2026, 3, 20)) + timedelta(days=self.random.randrange(14))
        values = {}
        if self.random.random() < 0.4:
            values["category_ids"] = [Command.set(self.category.ids)]
        if self.random.random() < 0.3:
            values["shop_ids"] = [Command.set(self.case.shop.ids)]
        return self.case._create_challenge(
            {(1, 3): 1},
            program_id=programs[self.random.choice(ZONES)].id,
            first_day=first,
            last_day=last,
            metric=self.random.choice(METRICS),
            moment="confirmed",
            grace_hours=self.random.choice((0, 5, 48)),
            clawback_days=60,
            **values,
        )

    # === WHAT HAPPENS === #

    def happen(self, number):
        """Let so many things happen, in the order of time, each processed at once."""
        ends = [(one.round_ids.counts_until, one) for one in self.contests]
        ends.sort(key=lambda end: end[0])
        moments = sorted(
            BEGIN + timedelta(seconds=self.random.randrange(1, DAYS * 86400))
            for _number in range(number)
        )
        for at in moments:
            while ends and ends[0][0] < at:
                self._note(ends.pop(0)[1])
            with freeze_time(at):
                self._act(at)
                self.env["b2b2c.event"]._process_now()
                self.env.invalidate_all()
        self.now = moments[-1] + timedelta(seconds=1)
        self.noted = {one.id for one in self.contests} - {one.id for _at, one in ends}

    def _act(self, at):
        """Sell, lower, raise, cancel or move."""
        dice = self.random.random()
        if dice < 0.55 or not self.orders:
            self._sell(at)
        elif dice < 0.8:
            order = self.random.choice(self.orders)
            if order.state == "sale":
                line = self.random.choice(order.order_line)
                line.product_uom_qty = self.random.randrange(0, 9)
        elif dice < 0.93:
            order = self.random.choice(self.orders)
            if order.state == "sale":
                order._action_cancel()
        else:
            self._move(at)

    def _sell(self, at):
        seller = self.random.choice(self.sellers)
        back = self.random.choice((0, 0, 0, 1, 3600, 86400, 3 * 86400))
        # who moved sells for the shop of today, and cannot have sold there before
        at = max(at - timedelta(seconds=back), seller.enrolled_at)
        lines = [
            Command.create(
                {
                    "product_id": self.random.choice(self.products).id,
                    "product_uom_qty": self.random.randrange(1, 9),
                }
            )
            for _line in range(self.random.randrange(1, 3))
        ]
        order = self.env["sale.order"].create(
            {
                "partner_id": seller.employer_id.id,
                "b2b2c_seller_id": seller.id,
                "order_line": lines,
            }
        )
        with freeze_time(at):
            order.action_confirm()
        self.orders.append(order)

    def _move(self, at):
        index = self.random.randrange(len(self.sellers))
        seller = self.sellers[index]
        here, there = self.case.shop, self.case.other_shop
        to = there if seller.employer_id == here else here
        self.sellers[index] = seller._move(to, moved_at=at)

    # === THE ORACLE === #

    def _note(self, contest):
        """Write down what is known when a contest's hours of grace end."""
        self.env.flush_all()
        self.env.cr.execute(
            """
            INSERT INTO known_in_time
            SELECT %s, l.id, l.product_uom_qty, l.price_subtotal
              FROM sale_order o JOIN sale_order_line l ON l.order_id = o.id
             WHERE o.state = 'sale'
            """,
            [contest.round_ids.id],
        )

    def get_expected(self, contest):
        """Return person (partner id) -> (score, place) by SQL over the orders."""
        self.env.flush_all()
        metric = {
            "units": "sum(pieces)",
            "amount": "sum(amount)",
            "sales": "count(DISTINCT order_id) FILTER (WHERE pieces > 0)",
        }[contest.metric]
        self.env.cr.execute(
            f"""
            WITH line AS (
                SELECT o.id AS order_id, m.partner_id,
                       CASE WHEN %(ended)s THEN least(l.product_uom_qty, k.quantity)
                            ELSE l.product_uom_qty END AS pieces,
                       CASE WHEN %(ended)s THEN least(l.price_subtotal, k.amount)
                            ELSE l.price_subtotal END AS amount
                  FROM sale_order o
                  JOIN sale_order_line l ON l.order_id = o.id
                  JOIN product_product p ON p.id = l.product_id
                  JOIN product_template t ON t.id = p.product_tmpl_id
                  JOIN b2b2c_member m ON m.id = o.b2b2c_seller_id
             LEFT JOIN known_in_time k ON k.line_id = l.id AND k.round_id = %(round)s
                 WHERE o.state = 'sale'
                   AND (o.date_order AT TIME ZONE 'UTC' AT TIME ZONE %(zone)s)::date
                       BETWEEN %(first)s AND %(last)s
                   AND (NOT %(ended)s OR k.line_id IS NOT NULL)
                   AND (%(category)s IS NULL OR t.categ_id = %(category)s)
                   AND (%(shop)s IS NULL OR m.employer_id = %(shop)s)
            ), person AS (
                SELECT partner_id, {metric} AS score FROM line GROUP BY partner_id
            )
            SELECT partner_id, score, rank() OVER (ORDER BY score DESC)
              FROM person WHERE score > 0
            """,  # the metric is one of three texts above
            {
                "ended": contest.id in self.noted,
                "round": contest.round_ids.id,
                "zone": contest.timezone,
                "first": contest.first_day,
                "last": contest.last_day,
                "category": contest.category_ids.id or None,
                "shop": contest.shop_ids.id or None,
            },
        )
        return {
            partner_id: (float(score), place)
            for partner_id, score, place in self.env.cr.fetchall()
        }

    def get_found(self, contest):
        """Return person (partner id) -> (score, place) by scores and the ranking."""
        members = self.env["b2b2c.member"]
        return {
            members.browse(place.key).partner_id.id: (float(place.score), place.rank)
            for place in contest.round_ids._rank_now()
            if place.score > 0
        }

    def get_differences(self):
        """Return (contest, what is found, what is expected) where they differ."""
        with freeze_time(self.now):
            found = [
                (one, self.get_found(one), self.get_expected(one))
                for one in self.contests
            ]
        return [(one.id, is_, should) for one, is_, should in found if is_ != should]

    def count_scores(self):
        """Return how many people have a score, in all contests together."""
        return sum(len(self.get_expected(one)) for one in self.contests)
