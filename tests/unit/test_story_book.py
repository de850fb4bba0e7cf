"""Scenes of the story: what a wrong figure, an error and silence do."""

import sys
from pathlib import Path

import pytest

sys.path.append(str(Path(__file__).parents[1] / "story"))

from book import Story, scene  # noqa: E402  (it stands beside the chapters)


@pytest.fixture
def story():
    lines = []
    told = Story("http://server", "database", {}, lines.append)
    told.lines = lines
    return told


@scene("S1.1")
def buys(story):
    """somebody buys"""
    story.show("S1.1", "bought for 100", 5, 5)


@scene("S1.2")
def returns(story):
    story.show("S1.2", "returned", 0, 0)
    story.show("S1.2", "and what is left", 5, 0)


@scene("S1.3")
def breaks(story):
    """the page is opened"""
    raise ValueError("no page")


def test_what_is_as_expected(story):
    buys(story)
    assert story.lines == ["S1.1   ok     bought for 100: 5"]
    assert story.items == [
        {"item": "S1.1", "did": "bought for 100", "seen": "5", "status": "ok"}
    ]


def test_a_wrong_figure_fails_its_scene_and_no_other(story):
    with pytest.raises(AssertionError, match=r"^and what is left: 5 \(expected 0\)"):
        returns(story)
    buys(story)
    assert story.lines[1:] == [
        "S1.2   WRONG  and what is left: 5 (expected 0)",
        "S1.1   ok     bought for 100: 5",
    ]


def test_a_scene_that_breaks_is_told(story):
    with pytest.raises(AssertionError, match="no page"):
        breaks(story)
    assert story.lines == [
        "S1.3   WRONG  the page is opened: ValueError: no page (expected no error)"
    ]


def test_a_scene_that_shows_nothing_fails(story):
    with pytest.raises(AssertionError, match="showed nothing"):
        scene("S1.4")(lambda story: None)(story)
