from collections import defaultdict
from dataclasses import dataclass
from datetime import timedelta

from babel.dates import format_timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools.misc import babel_locale_parse

#: Who opens the desk at all; each line has a group of its own beside this.
_READERS = "loyalty_b2b2c.group_user,loyalty_b2b2c.group_auditor"
#: From this age on a line is shown as late.
_LATE_DAYS = 3


@dataclass(frozen=True, kw_only=True)
class Waiting:
    """Records that wait for a person: a line of the desk of the day.

    :ivar str key: names the line, for ever: stored nowhere, but scripts ask for it
    :ivar str section: of :meth:`B2b2cDesk._get_sections`
    :ivar str label: what waits, in the plural and in the reader's language
    :ivar str model: of the records
    :ivar tuple domain: which of them wait
    :ivar str action: XML id of the action that lists them
    :ivar str filter: the filter of that list that shows the same records; a test
        compares both
    :ivar str since: the field that says since when a record waits
    :ivar str icon: of Font Awesome
    :ivar str group: who can do something about it; others are not shown the line
    """

    key: str
    section: str
    label: str
    model: str
    domain: tuple
    action: str
    filter: str
    since: str = "create_date"
    icon: str = "fa-inbox"
    group: str = "loyalty_b2b2c.group_officer"


class B2b2cDesk(models.AbstractModel):
    """The desk of the day: what waits for somebody of the office, and how it goes.

    A registry.  Each package adds what waits with it by :meth:`_get_waiting`, and the
    figures add how it goes by :meth:`_get_figures`.  Lines are counted with the rights
    of who looks: a line nobody could act on is not there.
    """

    _name = "b2b2c.desk"
    _description = "Desk of the Day"

    # === REGISTRY === #

    @api.model
    def _get_sections(self):
        """Return the parts of the desk: dict code -> headline, in this order."""
        return {
            "proofs": self.env._("Proofs of sale"),
            "people": self.env._("People"),
            "rewards": self.env._("Rewards"),
            "sales": self.env._("Prices and partners"),
            "failed": self.env._("Does not work"),
        }

    @api.model
    def _get_waiting(self):
        """Return the lines of the desk: list of :class:`Waiting`.

        A package extends this with ``super()``, in its ``b2b2c_desk.py``.
        """
        return []

    @api.model
    def _get_figures(self, days, unit_id=None):
        """Return how it goes, as JSON for the screen; nothing without figures.

        :param int days: the period, up to and including today
        :param int unit_id: of the points shown
        """
        return {}

    @api.model
    def _is_new(self):
        """Hook: return whether nothing was set up yet and the reader may begin.

        The desk shows the gallery then, instead of figures that are not there.
        """
        return False

    # === REMOTE METHODS === #

    @api.model
    def get_day(self, days=30, unit_id=None):
        """Return the desk for the user: what waits, and how it goes.

        :param int days: of the figures
        :param int unit_id: of the figures; that of most movements by default
        :return: dict with ``sections`` (each with ``name`` and ``lines``), ``idle``
            (labels and keys of lines where nothing waits), ``figures`` and ``is_new``
        :raise AccessError: the user has nothing to do with loyalty
        """
        self._check_reader()
        days = min(max(int(days), 1), 366) if isinstance(days, int) else 30
        unit_id = unit_id if isinstance(unit_id, int) else None
        busy, idle = defaultdict(list), []
        for line in self._get_open_lines():
            shown = self._count(line)
            if shown["count"]:
                busy[line.section].append(shown)
            else:
                idle.append(shown)
        return {
            "sections": [
                {"key": code, "name": name, "lines": busy[code]}
                for code, name in self._get_sections().items()
                if busy[code]
            ],
            "idle": idle,
            "figures": self._get_figures(days, unit_id),
            "is_new": self._is_new(),
        }

    @api.model
    def count_waiting(self):
        """Return how much waits for the user, for the counter in the menu bar.

        :raise AccessError: the user has nothing to do with loyalty
        """
        self._check_reader()
        return sum(self._count(line)["count"] for line in self._get_open_lines())

    @api.model
    def open_waiting(self, key):
        """Return the action that lists what waits in a line.

        :param str key: of the line
        :raise UserError: there is no such line (for this user)
        """
        self._check_reader()
        lines = {line.key: line for line in self._get_open_lines()}
        line = lines.get(key) if isinstance(key, str) else None
        if not line:
            raise UserError(self.env._("There is no such line on the desk any more."))
        action = self.env["ir.actions.actions"]._for_xml_id(line.action)
        return dict(action, context={f"search_default_{line.filter}": 1})

    # === HELPERS === #

    def _check_reader(self):
        if not self.env.user.has_groups(_READERS):
            raise AccessError(
                self.env._("The desk is for those who work with the loyalty programs.")
            )

    def _get_open_lines(self):
        """Return the lines whose records the user may see and decide on."""
        user = self.env.user
        return [
            line
            for line in self._get_waiting()
            if user.has_group(line.group) and self.env[line.model].has_access("read")
        ]

    def _count(self, line):
        """Return a line with its number of records and the age of the oldest."""
        domain = list(line.domain)
        [(count, since)] = self.env[line.model]._read_group(
            domain, [], ["__count", f"{line.since}:min"]
        )
        return {
            "key": line.key,
            "label": line.label,
            "icon": line.icon,
            "count": count,
            "age": self._word_age(since),
            "is_late": bool(since and self._get_age(since).days >= _LATE_DAYS),
            "is_problem": line.section == "failed",
        }

    def _get_age(self, since):
        """Return how long ago a moment or a day was, never less than nothing."""
        moment = fields.Datetime.to_datetime(since)
        return max(fields.Datetime.now() - moment, timedelta())

    def _word_age(self, since):
        """Return how long the oldest has waited, in the reader's language."""
        if not since:
            return ""
        locale = babel_locale_parse(self.env.lang)
        return format_timedelta(self._get_age(since), locale=locale, threshold=1.2)
