from dataclasses import dataclass
from datetime import date, timedelta

from odoo import fields
from odoo.fields import Domain
from odoo.tools import SQL

from odoo.addons.loyalty_b2b2c.engine import day_start, to_decimal
from odoo.addons.loyalty_b2b2c.values import naive, shown

from . import words
from .movements import Movements
from .typed import get_zone

PAGE = 30
#: So many documents stand on a statement that is printed.
MOST_ON_PAPER = 2000
_PERIODS = ("month", "last_month", "year", "last_year")


@dataclass(frozen=True, slots=True)
class Asked:
    """Which part of a statement somebody wants to see.

    :param str period: ``"month"``, ``"last_month"``, ``"year"``, ``"last_year"``;
        empty for all of it
    :param program: id of a program, ``None`` for all
    """

    period: str = ""
    program: int | None = None

    def to_query(self):
        """Return what of it stands in an address: dict of names and values."""
        query = {"period": self.period, "program": self.program}
        return {name: value for name, value in query.items() if value}


def read_asked(query, parse_id):
    """Return the :class:`Asked` of an address; garbage in it asks for nothing.

    :param dict query: the names and values of the address
    :param parse_id: function that reads a record's id, ``None`` for what is none
    """
    period = query.get("period")
    return Asked(
        period if period in _PERIODS else "", parse_id(query.get("program") or "")
    )


class Statement:
    """What happened to the points of an account, one row per document.

    A document may be booked several times: earned, confirmed, taken back in part.  That
    is its story; it stands where the last of it was booked.

    :param account: one ``b2b2c.account`` record
    :param asked: the :class:`Asked` part of it
    """

    def __init__(self, account, asked=None):
        account.ensure_one()
        self.account, self.env = account, account.env
        self.asked = asked or Asked()

    # === PAGES === #

    def page(self, before=None, limit=PAGE):
        """Return a page of the statement, newest first.

        A page costs the same however long the history is: it starts behind an entry
        (index on account and id), nothing is counted or skipped.

        :param int before: only documents whose last entry is older than this one
        :return: ``(rows, id to continue before)``, ``None`` when there is no more; each
            row a dict with the keys ``title``, ``what``, ``day``, ``amount``, ``tone``
            (plus, minus, pending, neutral), ``status``, ``pending``, ``balance`` and
            ``story``: the entries of the document, the first one first
        """
        last = self._find_last(before, limit + 1)
        page = self.env["b2b2c.ledger.entry"].browse(last[:limit])
        older = last[limit - 1] if len(last) > limit else None
        return self._get_rows(page), older

    def balance(self):
        """Return what is available now, less what is owed, a number of points."""
        return self.account.balance_available - self.account.balance_debt

    def periods(self):
        """Return what can be chosen: pairs of value and label."""
        env = self.env
        labels = (
            env._("This month"),
            env._("Last month"),
            env._("This year"),
            env._("Last year"),
        )
        return [("", env._("All the time")), *zip(_PERIODS, labels, strict=True)]

    def programs(self):
        """Return the programs that booked something here: pairs of id and name."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT p.id FROM b2b2c_program p
                 WHERE p.company_id = %s
                   AND EXISTS (SELECT FROM b2b2c_ledger_entry e
                                WHERE e.account_id = %s AND e.program_id = p.id)
                """,
                self.account.company_id.id,
                self.account.id,
            )
        )
        programs = self.env["b2b2c.program"].browse(row[0] for row in rows)
        return [(program.id, program.name) for program in programs.sorted("name")]

    def days(self):
        """Return the first and the last day of the period, ``None`` for no end."""
        return _get_days(self.asked.period, words.today(self.env))

    def news(self, message_id):
        """Return what a message to this account says: ``title`` and ``text``.

        And its ``age`` in seconds: a page that was drawn later shows it already.

        :param message_id: anything but a message to this account gives nothing
        """
        message = self.env["b2b2c.notification"].search(
            [("id", "=", message_id), ("account_id", "=", self.account.id)]
        )
        if not message:
            return None
        age = fields.Datetime.now() - message.create_date
        return {
            "title": message.headline,
            "text": " ".join(message.sentences or []),
            "age": age.total_seconds(),
        }

    # === ROWS === #

    def _find_last(self, before, limit):
        """Return the ids of the last entry of each document, the newest first."""
        rows = self.env.execute_query(self._get_last_query(before, limit))
        return [row[0] for row in rows]

    def _get_last_query(self, before, limit):
        """Return the query of :meth:`_find_last`."""
        conditions = [SQL("e.account_id = %s", self.account.id)]
        if before:
            conditions.append(SQL("e.id < %s", before))
        if self.asked.program:
            conditions.append(self._get_of_program())
        for operator, moment in zip((">=", "<"), self._get_moments(), strict=True):
            if moment:
                conditions.append(SQL(f"e.effective_at {operator} %s", moment))
        return SQL(
            """
            SELECT e.id FROM b2b2c_ledger_entry e
             WHERE %s
               AND NOT EXISTS (
                   SELECT FROM b2b2c_ledger_entry later
                    WHERE later.document_model = e.document_model
                      AND later.document_id = e.document_id
                      AND later.account_id = e.account_id AND later.id > e.id)
          ORDER BY e.id DESC LIMIT %s
            """,
            SQL(" AND ").join(conditions),
            limit,
        )

    def _get_of_program(self):
        """Return the condition that a program booked something of the document."""
        return SQL(
            """
            (e.program_id = %(program)s OR EXISTS (
                SELECT FROM b2b2c_ledger_entry own
                 WHERE own.document_model = e.document_model
                   AND own.document_id = e.document_id
                   AND own.account_id = e.account_id
                   AND own.program_id = %(program)s))
            """,
            program=self.asked.program,
        )

    def _get_moments(self):
        """Return when the period begins and ends (naive UTC) where the person is."""
        first, last = self.days()
        zone = get_zone(self.env).key
        return [
            day and naive(day_start(day, zone))
            for day in (first, last and last + timedelta(days=1))
        ]

    def _get_rows(self, last):
        """Return the rows of documents.

        :param last: the last entry of each document
        """
        stories = self._get_stories(last)
        entries = last.union(*stories.values()).sorted("id", reverse=True)
        parts = dict(zip(entries, Movements(entries).rows(), strict=True))
        balances = self._get_balances(last)
        return [_get_row(stories[entry], parts, balances[entry.id]) for entry in last]

    def _get_stories(self, last):
        """Return last entry of a document -> all its entries, the first one first."""
        documents = last.filtered("document_id")
        if not documents:
            return {entry: entry for entry in last}
        found = self.env["b2b2c.ledger.entry"].search(
            Domain("account_id", "=", self.account.id)
            & Domain.OR(
                Domain("document_model", "=", model)
                & Domain("document_id", "in", same.mapped("document_id"))
                for model, same in documents.grouped("document_model").items()
            ),
            order="id",
        )
        by_document = found.grouped(_get_document)
        return {
            entry: by_document[_get_document(entry)] if entry.document_id else entry
            for entry in last
        }

    def _get_balances(self, last):
        """Return id -> what there was after an entry, in words."""
        if not last:
            return {}
        rows = self.env.execute_query(
            SQL(
                """
                SELECT l.id, coalesce((
                       SELECT sum(e.points - e.points_held - e.points_debt)
                         FROM b2b2c_ledger_entry e
                        WHERE e.account_id = %(account)s AND e.id > %(newest)s), 0)
                     + coalesce((
                       SELECT sum(e.points - e.points_held - e.points_debt)
                         FROM b2b2c_ledger_entry e
                        WHERE e.account_id = %(account)s
                          AND e.id > l.id AND e.id <= %(newest)s), 0)
                  FROM unnest(%(ids)s) AS l (id)
                """,
                account=self.account.id,
                newest=last[0].id,
                ids=last.ids,
            )
        )
        now, unit = to_decimal(self.balance()), self.account.unit_id
        return {
            entry_id: words.signed(unit, shown(now - to_decimal(later)), plus="")
            for entry_id, later in rows
        }


def _get_document(entry):
    """Return what tells the document of an entry from others."""
    return entry.document_model, entry.document_id


def _get_days(period, today):
    """Return the first and the last day of a period; ``None`` where it has no end."""
    month = today.replace(day=1)
    if period == "month":
        return month, None
    if period == "last_month":
        last = month - timedelta(days=1)
        return last.replace(day=1), last
    if period == "year":
        return today.replace(month=1, day=1), None
    if period == "last_year":
        return date(today.year - 1, 1, 1), date(today.year - 1, 12, 31)
    return None, None


# === WORDS OF ONE DOCUMENT === #


def _get_row(story, parts, balance):
    """Return a document as a row of the statement.

    :param story: its entries, the first one first
    :param dict parts: entry -> its row, see :meth:`Movements.rows`
    :param str balance: what there was afterwards
    """
    last = story[-1]
    part, rows = parts[last], [parts[entry] for entry in story]
    subject, total = part["subject"], _get_sum(story)
    is_left = last.entry_type == "reverse" and total["tone"] == "plus"
    what = last.env._("Part of it taken back") if is_left else part["title"]
    return {
        "id": last.id,
        "title": subject or part["title"],
        "what": what if subject else "",
        "day": part["day"],
        "balance": balance,
        "story": rows,
        **(total if len(story) > 1 else {**_pick(part), "pending": ""}),
    }


def _pick(part):
    """Return how much one entry is, as it is worded already."""
    return {name: part[name] for name in ("amount", "tone", "status")}


def _get_sum(story):
    """Return what became of a document altogether: amount, tone, status, pending."""
    unit, env = story[-1].unit_id, story.env
    pending = sum(to_decimal(entry.points_pending) for entry in story)
    effect = sum(
        to_decimal(entry.points)
        - to_decimal(entry.points_held)
        - to_decimal(entry.points_debt)
        for entry in story
    )
    if not effect and pending > 0:
        return {
            "amount": words.signed(unit, shown(pending)),
            "tone": "pending",
            "status": "pending",
            "pending": "",
        }
    tone = "plus" if effect > 0 else "minus" if effect < 0 else "neutral"
    return {
        "amount": words.signed(unit, shown(effect)),
        "tone": tone,
        "status": "",
        "pending": env._("%s pending", unit._format(shown(pending)))
        if pending > 0
        else "",
    }
