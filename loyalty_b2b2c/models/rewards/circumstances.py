"""What decides about offers besides the reward itself, looked up once for many."""

from decimal import Decimal
from functools import cached_property

from odoo import fields
from odoo.tools import SQL

from ...engine import day_start, period_of
from ...values import naive
from ..base.days import get_today

_PERIODS = ("day", "week", "month", "year")


class Circumstances:
    """What participants have, had and earned in.

    However many rewards are looked at, it is read by the same few statements, each when
    it is first asked for.

    :param members: ``b2b2c.member`` records the offers are for (with sudo)
    """

    def __init__(self, members):
        self.members, self.env = members, members.env
        self.now = fields.Datetime.now()
        self._persons, self._taken = {}, {}

    def get_balance(self, member, unit):
        """Return what a participant can spend, less what is owed; exact.

        The account is not opened for looking.
        """
        return self._balances.get((member._get_survivor().id, unit.id), Decimal(0))

    def get_taken(self, member, reward):
        """Return how many pieces of a reward a person had in the period of its limit.

        All memberships of the person count together.
        """
        person = self._get_person(member)
        if person not in self._taken:
            self._taken[person] = self._read_taken(person)
        return self._taken[person].get(reward.id, {}).get(reward.limit_period, 0)

    def get_programs(self, member):
        """Return the ids of the programs of rewards that a participant earned in."""
        return self._programs[member.id]

    @cached_property
    def _balances(self):
        """Account by account: ``(member id, unit id)`` -> Decimal."""
        survivors = self.members.browse(
            member._get_survivor().id for member in self.members
        )
        accounts = survivors.account_ids
        balances = accounts._get_balances()
        return {
            (account.member_id.id, account.unit_id.id): (
                balances[account.id]["posted"]
                - balances[account.id]["held"]
                - balances[account.id]["debt"]
            )
            for account in accounts
        }

    def _get_person(self, member):
        """Return the memberships of the person a membership is of."""
        if member.id not in self._persons:
            self._persons[member.id] = member._get_of_person()
        return self._persons[member.id]

    def _read_taken(self, person):
        """Return reward id -> period -> pieces that a person requested or had."""
        company = person.company_id
        today, zone = get_today(company), company.b2b2c_timezone or "UTC"
        starts = {
            period: naive(day_start(period_of(period, today)[0], zone))
            for period in _PERIODS
        }
        within = [
            SQL("coalesce(sum(quantity) FILTER (WHERE requested_at >= %s), 0)", start)
            for start in starts.values()
        ]
        self.env["b2b2c.redemption"].flush_model()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT reward_id, sum(quantity), %s
                  FROM b2b2c_redemption
                 WHERE member_id = ANY(%s) AND state IN ('requested', 'fulfilled')
              GROUP BY reward_id
                """,
                SQL(", ").join(within),
                person.ids,
            )
        )
        names = ("ever", *starts)
        return {row[0]: dict(zip(names, row[1:], strict=True)) for row in rows}

    @cached_property
    def _programs(self):
        """Member id -> ids of programs, of those that rewards ask for."""
        earned = {}
        for member in self.members:
            accounts = member._get_with_merged().account_ids
            rows = self.env.execute_query(
                SQL(
                    """
                    SELECT p.id
                      FROM (SELECT DISTINCT b2b2c_program_id AS id
                              FROM b2b2c_reward_program_rel) p
                     WHERE EXISTS (SELECT FROM b2b2c_ledger_entry e
                                    WHERE e.account_id = ANY(%s)
                                      AND e.program_id = p.id)
                    """,
                    accounts.ids,
                )
            )
            earned[member.id] = [row[0] for row in rows]
        return earned
