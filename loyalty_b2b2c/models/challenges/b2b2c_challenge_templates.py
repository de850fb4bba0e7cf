from collections.abc import Callable
from dataclasses import dataclass

from odoo import Command, api, models
from odoo.tools.translate import LazyTranslate

_lt = LazyTranslate(__name__)


@dataclass(frozen=True, kw_only=True, eq=False)
class Template:
    """A challenge that only needs a goal and a prize.

    :param label: what it is called, translatable
    :param note: what happens in it, translatable
    :param goal: how much is to be reached; 0: nothing is asked
    :param points: the (first) prize
    :param recurrence: a key of ``b2b2c.challenge.recurrence``
    :param values: function of goal and points: the other fields, a dict
    """

    label: object
    note: object
    goal: int = 0
    points: int = 50
    recurrence: str = "once"
    values: Callable


def _steps(*pairs):
    """Return the prizes of thresholds, ``(threshold, points)``."""
    return [
        Command.create({"threshold": threshold, "points": points})
        for threshold, points in pairs
    ]


def _places(*points):
    """Return the prizes of the first places."""
    return [
        Command.create({"place_from": place, "place_to": place, "points": one})
        for place, one in enumerate(points, 1)
    ]


def _word_places(points):
    """Return prizes of three places: all of it, two thirds, one third."""
    return _places(points, max(points * 2 // 3, 1), max(points // 3, 1))


#: Code -> template, in the order of the gallery.
TEMPLATES = {
    "week": Template(
        label=_lt("Sell 10 this week"),
        note=_lt("Every week anew: whoever sells so many has the prize at once."),
        goal=10,
        recurrence="week",
        values=lambda goal, points: {
            "kind": "target",
            "metric": "units",
            "prize_ids": _steps((goal, points)),
        },
    ),
    "steps": Template(
        label=_lt("Three steps in a month"),
        note=_lt("A prize for the goal, another for twice and for four times as much."),
        goal=10,
        recurrence="month",
        values=lambda goal, points: {
            "kind": "target",
            "metric": "units",
            "prize_ids": _steps((goal, points), (2 * goal, points), (4 * goal, points)),
        },
    ),
    "take_on": Template(
        label=_lt("Take it on: 20 in 14 days"),
        note=_lt(
            "Who wants to takes it on and has two weeks from then. There are 50 places."
        ),
        goal=20,
        recurrence="month",
        values=lambda goal, points: {
            "kind": "target",
            "metric": "units",
            "is_opt_in": True,
            "places": 50,
            "deadline_days": 14,
            "count_from": "joined",
            "prize_ids": _steps((goal, points)),
        },
    ),
    "first": Template(
        label=_lt("The first ten"),
        note=_lt("The first ten who sell so many have the prize."),
        goal=20,
        recurrence="month",
        values=lambda goal, points: {
            "kind": "target",
            "metric": "units",
            "winners": 10,
            "prize_ids": _steps((goal, points)),
        },
    ),
    "better": Template(
        label=_lt("10 % more than one's last three months"),
        note=_lt(
            "Everybody competes with the own average, and sells the goal at least."
        ),
        goal=5,
        recurrence="month",
        values=lambda goal, points: {
            "kind": "target",
            "metric": "units",
            "best_rounds": 3,
            "best_percent": 10,
            "prize_ids": _steps((goal, points)),
        },
    ),
    "top": Template(
        label=_lt("Top three of the month"),
        note=_lt(
            "People compete for three places; the others see how much is missing."
        ),
        points=300,
        recurrence="month",
        values=lambda goal, points: {
            "kind": "contest",
            "metric": "units",
            "prize_ids": _word_places(points),
        },
    ),
    "shops": Template(
        label=_lt("Shop of the month"),
        note=_lt(
            "Shops compete by the average of their people; what they win is divided."
        ),
        points=600,
        recurrence="month",
        values=lambda goal, points: {
            "kind": "contest",
            "metric": "units",
            "group_by": "shop",
            "shop_prize": "split",
            "shop_metric": "per_head",
            "shop_min_size": 2,
            "prize_ids": _word_places(points),
        },
    ),
}


class B2b2cChallenge(models.Model):
    """The gallery of challenges one begins with."""

    _inherit = "b2b2c.challenge"

    @api.model
    def _get_templates(self):
        """Return the templates there are; packages with kinds of their own add theirs.

        :return: dict code -> :class:`Template`, in the order of the gallery
        """
        return dict(TEMPLATES)

    @api.model
    def _get_template_selection(self):
        """Return the templates as a selection, in the reader's language."""
        return [
            (code, self.env._(one.label)) for code, one in self._get_templates().items()
        ]
