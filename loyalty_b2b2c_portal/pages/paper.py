"""The statement of an account on paper, in the language of who reads it."""

from odoo.addons.loyalty_b2b2c.drawing.statement_sheet import (
    StatementLine,
    StatementSheet,
    draw_statement,
)
from odoo.addons.loyalty_b2b2c.fonts import load_paper_fonts

from . import membership, words
from .statement import MOST_ON_PAPER


def draw(statement):
    """Return the PDF of a :class:`~.statement.Statement`: the newest first, as on the
    screen, and so many documents as fit into a file."""
    env, account = statement.env, statement.account
    unit, company = account.unit_id, account.company_id
    rows, _older = statement.page(limit=MOST_ON_PAPER)
    load_paper_fonts()
    return draw_statement(
        StatementSheet(
            title=env._("Statement: %s", unit.name),
            company=company.name,
            person=account.member_id.name,
            facts=tuple(_get_facts(statement)),
            heads=(env._("Day"), env._("What for"), unit.name, env._("Balance")),
            lines=tuple(_get_line(row) for row in rows),
            empty=env._("Nothing happened in this time."),
            page=env._("Page %(page)s of %(pages)s"),
        )
    )


def _get_facts(statement):
    """Yield what stands below the name: the role, the time, what there is today."""
    env, account = statement.env, statement.account
    unit, today = account.unit_id, words.day(env, words.today(env))
    yield membership.title(account.member_id)
    first, last = statement.days()
    if first:
        yield env._(
            "From %(first)s to %(last)s",
            first=words.day(env, first),
            last=words.day(env, last) if last else today,
        )
    programs = dict(statement.programs())
    if statement.asked.program in programs:
        yield env._("Program: %s", programs[statement.asked.program])
    available = unit._format(account.balance_available)
    yield env._("Available on %(day)s: %(points)s", day=today, points=available)


def _get_line(row):
    """Return a row of the statement as a line on paper."""
    note = " · ".join(filter(None, (row["what"], row["pending"])))
    return StatementLine(row["day"], row["title"], note, row["amount"], row["balance"])
