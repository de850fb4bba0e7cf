"""The picture of a dealer's volume."""

from datetime import date, timedelta
from decimal import Decimal
from xml.etree import ElementTree

import pytest
from drawing.volume_chart import BOTTOM, LEFT, RIGHT, TOP, Chart, Line, render

SVG = "{http://www.w3.org/2000/svg}"
FIRST = date(2026, 1, 1)
#: Nothing for ten days, 300 for ten days, 500 for ten days, 0 again.
POINTS = [
    (FIRST + timedelta(days=number), Decimal(volume))
    for number, volume in enumerate([0] * 10 + [300] * 10 + [500] * 10 + [0] * 11)
]


def draw(**values):
    chart = Chart(
        **{
            "points": POINTS,
            "today": FIRST + timedelta(days=25),
            "today_label": "Today",
            "volume_label": "$ 500",
            "title": 'Volume of <A & "B">',
            "lines": (
                Line(Decimal(0), "0 %", True),
                Line(Decimal(100), "5 %", True),
                Line(Decimal(1000), "10 %"),
                Line(Decimal(9000), "20 %"),
            ),
            "loss": (FIRST + timedelta(days=30), "−$ 500 on 31 Jan"),
            "months": ((date(2026, 2, 1), "Feb"),),
            **values,
        }
    )
    return ElementTree.fromstring(render(chart))


def texts(svg):
    return [node.text for node in svg.iter(f"{SVG}text")]


def places(svg, name):
    return [node for node in svg.iter() if node.get("class") == name]


def test_words_are_there_and_escaped():
    svg = draw()
    assert svg.find(f"{SVG}title").text == 'Volume of <A & "B">'
    assert svg.get("aria-label") == 'Volume of <A & "B">'
    assert set(texts(svg)) == {
        "Today",
        "$ 500",
        "5 %",
        "10 %",
        "Feb",
        "−$ 500 on 31 Jan",
    }


def test_thresholds_up_to_the_next_one_are_dashed():
    svg = draw()
    lines = places(svg, "o_b2b2c_threshold")
    # 100 is reached, 1000 is next; 0 is the ground and 9000 is far away
    assert len(lines) == 2
    assert all(line.get("stroke-dasharray") for line in lines)
    low, high = (float(line.get("y1")) for line in lines)
    assert TOP < high < low < BOTTOM
    # 1000 is at 1 / 1.12 of the height
    assert high == pytest.approx(BOTTOM - (BOTTOM - TOP) / 1.12, abs=0.1)


def test_words_of_close_thresholds_do_not_touch():
    # drawn 2 apart: the second one's words go below its line, the third finds no room
    names = {Decimal(100): "A", Decimal(105): "B", Decimal(110): "C"}
    svg = draw(lines=[Line(volume, name, True) for volume, name in names.items()])
    assert len(places(svg, "o_b2b2c_threshold")) == 3
    heights = {node.text: float(node.get("y")) for node in svg.iter(f"{SVG}text")}
    assert "B" in heights and "C" in heights and "A" not in heights
    assert heights["B"] - heights["C"] >= 13


def test_the_volume_stays_off_the_words_of_a_threshold():
    wide = "Very important partner · $ 500"
    for label, side in (("10 %", "end"), (wide, "start")):
        svg = draw(
            today=FIRST + timedelta(days=21),
            lines=[Line(Decimal(500), label, True)],
        )
        [volume] = [one for one in svg.iter(f"{SVG}text") if one.text == "$ 500"]
        assert volume.get("text-anchor") == side


def test_today_and_the_loss_are_where_they_belong():
    svg = draw()
    [today] = places(svg, "o_b2b2c_today")
    [loss] = places(svg, "o_b2b2c_loss")
    width = RIGHT - LEFT
    assert float(today.get("x1")) == pytest.approx(LEFT + width * 25 / 40, abs=0.1)
    assert float(loss.get("cx")) == pytest.approx(LEFT + width * 30 / 40, abs=0.1)
    assert float(loss.get("cy")) == BOTTOM


def test_words_of_the_loss_cross_no_line():
    # what is left is the ground, and a threshold runs closely above it
    for left, volume in ((0, 50), (60, 40), (200, 490)):
        points = [*POINTS[:30], *((day, Decimal(left)) for day, _old in POINTS[30:])]
        svg = draw(points=points, lines=[Line(Decimal(volume), "5 %", True)])
        [words] = [one for one in svg.iter(f"{SVG}text") if "31 Jan" in one.text]
        place = float(words.get("y"))
        lines = [float(one.get("y1")) for one in places(svg, "o_b2b2c_threshold")]
        for line in [*lines, BOTTOM]:
            assert not place - 10 < line < place + 2


def test_the_line_steps_at_the_days_of_change():
    curves = [node for node in draw().iter(f"{SVG}path") if node.get("stroke")]
    past, ahead = (node.get("d") for node in curves)
    # down to the ground, up twice: 2 corners each, and both ends
    assert past.count(",") == 6
    assert ahead.count(",") == 4
    assert not curves[0].get("stroke-dasharray")
    assert curves[1].get("stroke-dasharray")


def test_everything_stays_inside():
    svg = draw(
        volume_label="$ 999,999,999,999.99",
        today=FIRST,
        loss=(POINTS[-1][0], "−$ 999,999,999,999.99 on 31 December 2026"),
    )
    for node in svg.iter(f"{SVG}text"):
        x, wide = float(node.get("x")), len(node.text) * 5.6
        anchor = node.get("text-anchor")
        begin = x - {"start": 0, "middle": wide / 2, "end": wide}[anchor]
        assert begin >= 0 and begin + wide <= 400, node.text
        assert 0 < float(node.get("y")) < 232


def test_returns_may_make_a_volume_negative():
    svg = draw(points=[(FIRST, Decimal(-50)), (FIRST + timedelta(days=1), Decimal(0))])
    for node in svg.iter(f"{SVG}path"):
        numbers = node.get("d").strip("MZ").replace("L", " ").split()
        assert all(TOP <= float(n.split(",")[1]) <= BOTTOM for n in numbers)


def test_one_day_and_nothing_sold():
    svg = draw(points=[(FIRST, Decimal(0))], today=FIRST, lines=(), loss=None)
    assert texts(svg)[:1] == ["Feb"]
    assert not places(svg, "o_b2b2c_loss")


def test_no_day_is_refused():
    with pytest.raises(ValueError, match="at least one day"):
        draw(points=[])
