from odoo import fields
from odoo.tools import SQL

from . import membership, words
from .movements import Movements
from .statement import Statement

_EXPIRY_DATES = 3
_PENDING_SHOWN = 3
_PENDING_LOOKED_AT = 50


class AccountCards:
    """Accounts with what can be spent, what is pending and why, what lapses when.

    :param accounts: ``b2b2c.account`` records of one person
    """

    def __init__(self, accounts):
        self.accounts, self.env = accounts, accounts.env

    def rows(self, movements=0):
        """Return what is shown of these accounts, all of it worded.

        :param int movements: how many of the latest entries to add
        :return: list of dict
        """
        expiring = self._get_expiring()
        pending = self._get_pending()
        return [
            {
                "account": account,
                "title": membership.title(account.member_id),
                "unit": account.unit_id.name,
                "available": account.unit_id._format(account.balance_available),
                "worth": account.unit_id._word_worth(
                    account.balance_available, account.company_id
                ),
                "pending": words.points_or_nothing(
                    account.unit_id, account.balance_pending
                ),
                "pending_details": pending.get(account.id, []),
                "held": words.points_or_nothing(account.unit_id, account.balance_held),
                "debt": self._get_debt(account),
                "expiring": expiring.get(account.id, []),
                "rows": (
                    Statement(account).page(limit=movements)[0] if movements else []
                ),
            }
            for account in self.accounts
        ]

    def _get_debt(self, account):
        """Return what is owed as a sentence, empty when nothing is."""
        points = words.points_or_nothing(account.unit_id, account.balance_debt)
        if not points:
            return ""
        return self.env._(
            "You owe %s: they will be taken from your next points.", points
        )

    def _get_expiring(self):
        """Return the next dates on which points of these accounts lapse.

        Days are those of the program's time zone, in which the points lapse.  Each date
        is found by one index look-up, however many lots there are.

        :return: dict account id -> list of sentences; the day they name is the last
            one on which the points can be used
        """
        if not self.accounts:
            return {}
        # the first open lot of an account after an instant, and its last day
        first_lot = SQL(
            """
            SELECT l.expires_at, z.zone,
                   (l.expires_at - interval '1 second')
                       AT TIME ZONE 'UTC' AT TIME ZONE z.zone AS last_moment
              FROM b2b2c_ledger_lot l
              JOIN b2b2c_ledger_entry e ON e.id = l.entry_id
         LEFT JOIN b2b2c_program p ON p.id = e.program_id
        CROSS JOIN LATERAL (SELECT coalesce(p.timezone, %s) AS zone) z
             WHERE l.account_id = a.id AND l.remaining > 0 AND l.expires_at > a.after
          ORDER BY l.expires_at, l.id
             LIMIT 1
            """,
            str(self.env.tz),
        )
        next_day = SQL(
            """(date_trunc('day', d.last_moment) + interval '1 day')
                   AT TIME ZONE d.zone AT TIME ZONE 'UTC'"""
        )
        rows = self.env.execute_query(
            SQL(
                """
                WITH RECURSIVE due (account_id, number, starts, zone, last_moment) AS (
                    SELECT a.id, 1, f.*
                      FROM (SELECT id, %(now)s::timestamp AS after
                              FROM unnest(%(ids)s) AS i (id)) a
                CROSS JOIN LATERAL (%(first_lot)s) f
                 UNION ALL
                    SELECT a.id, a.number + 1, f.*
                      FROM (SELECT d.account_id AS id, d.number, %(next_day)s AS after
                              FROM due d WHERE d.number < %(dates)s) a
                CROSS JOIN LATERAL (%(first_lot)s) f
                )
                SELECT d.account_id, d.last_moment::date,
                       (SELECT sum(l.remaining) FROM b2b2c_ledger_lot l
                         WHERE l.account_id = d.account_id AND l.remaining > 0
                           AND l.expires_at >= d.starts
                           AND l.expires_at <= %(next_day)s)
                  FROM due d
              ORDER BY d.account_id, d.number
                """,
                ids=self.accounts.ids,
                now=fields.Datetime.now(),
                dates=_EXPIRY_DATES,
                first_lot=first_lot,
                next_day=next_day,
            )
        )
        units = {account.id: account.unit_id for account in self.accounts}
        expiring = {}
        for account_id, last_day, points in rows:
            expiring.setdefault(account_id, []).append(
                self.env._(
                    "%(points)s expire on %(day)s",
                    points=units[account_id]._format(points),
                    day=words.day(self.env, last_day),
                )
            )
        return expiring

    def _get_pending(self):
        """Return why points of these accounts are pending, latest documents first.

        :return: dict account id -> list of sentences; only recent entries are looked
            at, so that a long history costs nothing
        """
        accounts = self.accounts.filtered(lambda account: account.balance_pending > 0)
        if not accounts:
            return {}
        rows = self.env.execute_query(
            SQL(
                """
                SELECT e.id
                  FROM unnest(%s) AS a (id)
            CROSS JOIN LATERAL (
                       SELECT id FROM b2b2c_ledger_entry
                        WHERE account_id = a.id AND points_pending > 0
                     ORDER BY id DESC LIMIT %s) e
              ORDER BY e.id DESC
                """,
                accounts.ids,
                _PENDING_LOOKED_AT,
            )
        )
        entries = self.env["b2b2c.ledger.entry"].browse(row[0] for row in rows)
        sentences = {}
        for entry, sentence in Movements(entries).waiting(_PENDING_SHOWN):
            sentences.setdefault(entry.account_id.id, []).append(sentence)
        return sentences
