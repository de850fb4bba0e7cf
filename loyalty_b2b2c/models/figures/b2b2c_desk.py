from datetime import timedelta

from odoo import api, models
from odoo.tools.misc import format_date, formatLang

from ...const import ACCOUNTANTS
from ..base.days import get_today, word_day

#: Figures of a period, with what the desk compares them to.
_OF_PERIOD = ("issued", "spent", "expired", "amount", "cost")
_BEST = 5


class B2b2cDesk(models.AbstractModel):
    """How it goes: figures of a period beside those of the period before, by time, by
    program, and the shops and people that got most.

    All are of one company and one unit: points of different units have no sum.
    """

    _inherit = "b2b2c.desk"

    @api.model
    def _get_figures(self, days, unit_id=None):
        company = self.env.company
        units = self._get_moved_units(company)
        if not units:
            return {}
        unit = units.filtered(lambda one: one.id == unit_id) or units[:1]
        today = get_today(company)
        start = today - timedelta(days=days - 1)
        return {
            "units": [{"id": one.id, "name": one.name} for one in units],
            "unit_id": unit.id,
            "days": days,
            "tiles": self._get_tiles(company, unit, start, today),
            "times": self._get_times(company, unit, start, today),
            "programs": self._get_programs(company, unit, start),
            **self._get_best(company, unit, start),
        }

    def _get_moved_units(self, company):
        """Return the units with entries in a company, that of most entries first."""
        rows = (
            self.env["b2b2c.report.day"]
            .sudo()
            ._read_group(
                [("company_id", "=", company.id)],
                ["unit_id"],
                ["entries:sum"],
                order="entries:sum DESC",
            )
        )
        return self.env["b2b2c.unit"].union(*(unit for unit, _count in rows))

    def _sum(self, company, unit, names, *conditions):
        """Return sums of the program figures: dict name -> float."""
        domain = [("company_id", "=", company.id), ("unit_id", "=", unit.id)]
        [sums] = (
            self.env["b2b2c.report.day"]
            .sudo()
            ._read_group([*domain, *conditions], [], [f"{name}:sum" for name in names])
        )
        return {name: value or 0 for name, value in zip(names, sums, strict=True)}

    # === TILES === #

    def _get_tiles(self, company, unit, start, today):
        """Return the big figures, each with its change since the period before."""
        length = today - start + timedelta(days=1)
        now = self._sum(company, unit, _OF_PERIOD, ("day", ">=", start))
        before = self._sum(
            company,
            unit,
            _OF_PERIOD,
            ("day", ">=", start - length),
            ("day", "<", start),
        )
        owed = self._sum(
            company, unit, ("outstanding", "reserved", "pending", "liability")
        )

        def points(name, label, help_text):
            return {
                "key": name,
                "label": label,
                "value": unit._format(now[name]),
                "change": _get_change(now[name], before[name]),
                "help": help_text,
            }

        tiles = [
            points(
                "issued",
                self.env._("Issued"),
                self.env._("Points that became usable in this time."),
            ),
            points(
                "spent",
                self.env._("Spent"),
                self.env._("Exchanged for a reward or a payment, for good."),
            ),
            points(
                "expired",
                self.env._("Expired"),
                self.env._("Not spent before they lapsed."),
            ),
            self._get_owed_tile(unit, owed),
        ]
        if self.env.user.has_groups(ACCOUNTANTS):
            tiles += self._get_money_tiles(company, now, before)
        return tiles

    def _get_owed_tile(self, unit, owed):
        """Return what participants have today, and what money it is."""
        parts = []
        if owed["reserved"]:
            reserved = unit._format(owed["reserved"])
            parts.append(self.env._("%s of it reserved", reserved))
        if owed["pending"]:
            parts.append(self.env._("%s more pending", unit._format(owed["pending"])))
        return {
            "key": "owed",
            "label": self.env._("Owed today"),
            "value": unit._format(owed["outstanding"]),
            "note": ", ".join(parts),
            "help": self.env._("What participants have and can still spend."),
        }

    def _get_money_tiles(self, company, now, before):
        """Return what the sales were worth and what their points cost."""
        currency = company.currency_id

        def money(amount):
            return formatLang(self.env, amount, currency_obj=currency)

        sales, cost = now["amount"], now["cost"]
        return [
            {
                "key": "sales",
                "label": self.env._("Sales that earned"),
                "value": money(sales),
                "change": _get_change(sales, before["amount"]),
                "help": self.env._(
                    "Without what was reported without an amount, as deliveries and "
                    "scans."
                ),
            },
            {
                "key": "cost",
                "label": self.env._("Cost of points"),
                "value": money(cost),
                "change": _get_change(cost, before["cost"]),
                "help": self.env._(
                    "Issued and pending points less those taken back, at the value of "
                    "a point."
                ),
            },
        ]

    # === BY TIME === #

    def _get_times(self, company, unit, start, today):
        """Return issued and spent points by day, week or month: labels and values."""
        step, width = _get_step((today - start).days + 1)
        rows = (
            self.env["b2b2c.report.day"]
            .sudo()
            ._read_group(
                [
                    ("company_id", "=", company.id),
                    ("unit_id", "=", unit.id),
                    ("day", ">=", start),
                ],
                ["day:day"],
                ["issued:sum", "spent:sum"],
            )
        )
        sums = {}
        day = start
        while day <= today:
            sums.setdefault(step(day), [0, 0])
            day += timedelta(days=1)
        for day, issued, spent in rows:
            place = sums.setdefault(step(day), [0, 0])
            place[0] += issued
            place[1] += spent
        days = sorted(sums)
        return {
            "labels": [
                format_date(self.env, max(day, start), date_format=width)
                for day in days
            ],
            "series": [
                {
                    "label": self.env._("Issued"),
                    "values": [sums[day][0] for day in days],
                },
                {
                    "label": self.env._("Spent"),
                    "values": [sums[day][1] for day in days],
                },
            ],
        }

    # === THE BEST === #

    def _get_programs(self, company, unit, start):
        """Return which programs issued most: list of name, value and share."""
        rows = (
            self.env["b2b2c.report.day"]
            .sudo()
            ._read_group(
                [
                    ("company_id", "=", company.id),
                    ("unit_id", "=", unit.id),
                    ("day", ">=", start),
                    ("program_id", "!=", False),
                ],
                ["program_id"],
                ["issued:sum"],
                order="issued:sum DESC",
                limit=_BEST,
            )
        )
        return self._word_best(unit, rows)

    def _get_best(self, company, unit, start):
        """Return the shops and the people that got most.

        Their figures are kept by month, so they begin with that of ``start``.
        """
        since = start.replace(day=1)
        domain = [
            ("company_id", "=", company.id),
            ("unit_id", "=", unit.id),
            ("day", ">=", since),
        ]
        best = {}
        for name, field in (("shops", "employer_id"), ("people", "member_id")):
            rows = (
                self.env["b2b2c.report.member"]
                .sudo()
                ._read_group(
                    [*domain, (field, "!=", False)],
                    [field],
                    ["issued:sum"],
                    order="issued:sum DESC",
                    limit=_BEST,
                )
            )
            best[name] = self._word_best(unit, rows)
        best["best_since"] = word_day(self.env, since)
        return best

    def _word_best(self, unit, rows):
        """Return rows as the screen shows them, without those that got nothing."""
        rows = [(record, issued) for record, issued in rows if issued > 0]
        top = max((issued for _record, issued in rows), default=0)
        return [
            {
                "id": record.id,
                "name": record.display_name,
                "value": unit._format(issued),
                "share": round(100 * issued / top),
            }
            for record, issued in rows
        ]


def _get_change(now, before):
    """Return the change since the period before in percent, ``None``: nothing then."""
    if before <= 0:
        return None
    return round(100 * (now - before) / before)


def _get_step(days):
    """Return how a period is divided: a function of a day, and the format of labels."""
    if days <= 31:
        return (lambda day: day), "d MMM"
    if days <= 100:
        return (lambda day: day - timedelta(days=day.weekday())), "d MMM"
    return (lambda day: day.replace(day=1)), "MMM y"
