"""The slice of the retail data set, without downloading it."""

from datetime import datetime

import pytest

from tools.demo import retail, retail_data
from tools.steps import UserError


def row(basket=1, shop=1, household=7, product=5, quantity=1, value=2.0, day=1):
    return {
        "basket_id": basket,
        "store_id": shop,
        "household_id": household,
        "product_id": product,
        "quantity": quantity,
        "sales_value": value,
        "transaction_timestamp": datetime(2017, 1, day, 10, 0, 0, 250),
    }


def test_lines_of_one_product_are_one():
    [basket] = retail_data.collect([row(quantity=2, value=3.0), row(value=1.5)])
    assert basket.lines == {5: [3, 4.5]}
    assert basket.at == datetime(2017, 1, 1, 10)


def test_fuel_is_one_piece():
    [basket] = retail_data.collect([row(quantity=12000, value=24.0)])
    assert basket.lines == {5: [1, 24.0]}


def test_baskets_come_in_time_order():
    baskets = retail_data.collect([row(basket=2, day=3), row(basket=1, day=2)])
    assert [basket.id for basket in baskets] == [1, 2]


def test_larger_choice_contains_the_smaller_one():
    pairs = [(basket, basket % 30) for basket in range(3000)]
    few, many = (retail_data.choose(pairs, number) for number in (50, 500))
    assert few < many
    assert len(many) == 500


def test_only_the_busiest_shops():
    pairs = [(n, n % 25 if n > 2000 else n % 20) for n in range(3000)]
    chosen = retail_data.choose(pairs, 1000)
    assert {dict(pairs)[basket] for basket in chosen} <= set(range(20))


def test_more_orders_than_there_are():
    with pytest.raises(UserError, match="10 orders, not 11"):
        retail_data.choose([(n, 1) for n in range(10)], 11)


def test_workers_share_the_shops():
    baskets = retail_data.collect([row(basket=n, shop=n % 5) for n in range(50)])
    chosen = retail_data.Slice(baskets, {}, set())
    one, two = chosen.share(0, 2), chosen.share(1, 2)
    assert len(one) + len(two) == 50
    assert not {basket.shop for basket in one} & {basket.shop for basket in two}


def test_home_is_the_shop_visited_most():
    rows = [row(basket=n, shop=1 if n < 2 else 2) for n in range(5)]
    chosen = retail_data.Slice(retail_data.collect(rows), {}, {7})
    assert chosen.homes() == {7: 2}


def test_what_comes_back_was_paid():
    baskets = retail_data.collect([row(basket=n) for n in range(5000)])
    assert not [b for b in baskets if b.comes_back and b.stays_unpaid]
    assert 0.02 < sum(b.comes_back for b in baskets) / 5000 < 0.04
    assert 0.04 < sum(b.stays_unpaid for b in baskets) / 5000 < 0.06


def count(baskets, is_so):
    return sum(map(bool, map(is_so, baskets)))


def test_corrections_are_drawn_by_the_number_of_the_basket():
    rows = [row(basket=n, value=20.0) for n in range(10000)]
    baskets = retail_data.collect(rows)
    assert 400 < count(baskets, lambda b: b.gets_cheaper) < 600
    assert 400 < count(baskets, lambda b: b.discount) < 600
    assert 240 < count(baskets, lambda b: b.advance) < 360
    again = retail_data.collect(rows[::-1])
    drawn = [
        [(b.id, b.gets_cheaper, b.discount, b.advance) for b in some]
        for some in (baskets, sorted(again, key=lambda basket: basket.id))
    ]
    assert drawn[0] == drawn[1]


def test_every_percentage_is_drawn_and_half_of_the_down_payments_paid():
    baskets = retail_data.collect([row(basket=n, value=20.0) for n in range(10000)])
    ahead = [b for b in baskets if b.advance]
    assert {b.advance for b in ahead} == {20, 50, 100}
    assert {b.discount for b in baskets} == {0, 5, 10, 25}
    assert 0.4 < count(ahead, lambda b: b.advance_is_paid) / len(ahead) < 0.6


def test_one_order_may_be_corrected_in_several_ways():
    baskets = retail_data.collect([row(basket=n, value=20.0) for n in range(10000)])
    assert count(baskets, lambda b: b.discount and b.gets_cheaper)
    assert count(baskets, lambda b: b.discount and b.advance)
    assert not count(baskets, lambda b: b.gets_cheaper and b.comes_back)


def test_cents_are_neither_discounted_nor_paid_in_advance():
    baskets = retail_data.collect([row(basket=n, value=4.99) for n in range(10000)])
    assert not count(baskets, lambda b: b.discount or b.advance)


@pytest.mark.parametrize("wrong", ["problems", "worth", "standings", "planted"])
def test_a_load_is_right_when_nothing_differs_and_faults_are_found(wrong):
    result = {
        "problems": [],
        "worth": {"differences": []},
        "standings": {"differences": []},
        "planted": {"points": True, "standings": True},
    }
    assert retail.is_right(result)
    result[wrong] = {
        "problems": ["an account"],
        "planted": {"points": True, "standings": False},
    }.get(wrong, {"differences": ["an order"]})
    assert not retail.is_right(result)


def test_progress_says_how_long(monkeypatch):
    clock = iter([0.0, 10.0])
    monkeypatch.setattr(retail.time, "monotonic", lambda: next(clock))
    progress = retail.Progress(2000)
    progress.done = 500
    assert progress.text().split("] ")[1] == "500 of 2,000 orders, 50.0/s, 0:30 left "
