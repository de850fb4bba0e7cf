from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

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
    :param kind, metric, recurrence: keys of the fields of ``b2b2c.challenge``
    :param prizes: function of goal and points: commands of the prizes
    :param values: its other fields
    :param picture: address of its drawing in the gallery; that of its kind by default
    :param is_offered: function of the environment; whether the gallery shows it
    """

    label: object
    note: object
    goal: int = 0
    points: int = 50
    kind: str = "target"
    metric: str = "units"
    recurrence: str = "once"
    prizes: Callable
    values: Mapping = field(default_factory=dict)
    picture: str = ""
    is_offered: Callable | None = None

    def get_values(self, goal, points):
        """Return the fields of a challenge of this goal and prize, without its days."""
        return {
            "kind": self.kind,
            "metric": self.metric,
            "recurrence": self.recurrence,
            "prize_ids": self.prizes(goal, points),
            **self.values,
        }


def give_one(_goal, points):
    """Return the one prize of whatever is done or accepted."""
    return [Command.create({"points": points})]


def _give_at(*factors):
    """Return a function for prizes at so many times the goal."""
    return lambda goal, points: [
        Command.create({"threshold": factor * goal, "points": points})
        for factor in factors
    ]


def _give_places(_goal, points):
    """Return the prizes of three places: all of it, two thirds, one third."""
    thirds = (points, max(points * 2 // 3, 1), max(points // 3, 1))
    return [
        Command.create({"place_from": place, "place_to": place, "points": one})
        for place, one in enumerate(thirds, 1)
    ]


#: Code -> template, in the order of the gallery.
TEMPLATES = {
    "week": Template(
        label=_lt("Sell 10 this week"),
        note=_lt("Every week anew: whoever sells so many has the prize at once."),
        goal=10,
        recurrence="week",
        prizes=_give_at(1),
    ),
    "steps": Template(
        label=_lt("Three steps in a month"),
        note=_lt("A prize for the goal, another for twice and for four times as much."),
        goal=10,
        recurrence="month",
        prizes=_give_at(1, 2, 4),
    ),
    "take_on": Template(
        label=_lt("Take it on: 20 in 14 days"),
        note=_lt(
            "Who wants to takes it on and has two weeks from then. There are 50 places."
        ),
        goal=20,
        recurrence="month",
        prizes=_give_at(1),
        values={
            "is_opt_in": True,
            "places": 50,
            "deadline_days": 14,
            "count_from": "joined",
        },
    ),
    "first": Template(
        label=_lt("The first ten"),
        note=_lt("The first ten who sell so many have the prize."),
        goal=20,
        recurrence="month",
        prizes=_give_at(1),
        values={"winners": 10},
    ),
    "better": Template(
        label=_lt("10 % more than one's last three months"),
        note=_lt(
            "Everybody competes with the own average, and sells the goal at least."
        ),
        goal=5,
        recurrence="month",
        prizes=_give_at(1),
        values={"best_rounds": 3, "best_percent": 10},
    ),
    "top": Template(
        label=_lt("Top three of the month"),
        note=_lt(
            "People compete for three places; the others see how much is missing."
        ),
        points=300,
        recurrence="month",
        kind="contest",
        prizes=_give_places,
    ),
    "shops": Template(
        label=_lt("Shop of the month"),
        note=_lt(
            "Shops compete by the average of their people; what they win is divided."
        ),
        points=600,
        recurrence="month",
        kind="contest",
        prizes=_give_places,
        values={
            "group_by": "shop",
            "shop_prize": "split",
            "shop_metric": "per_head",
            "shop_min_size": 2,
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
