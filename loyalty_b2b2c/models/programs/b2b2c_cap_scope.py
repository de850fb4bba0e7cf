from decimal import Decimal

from odoo import api, fields, models
from odoo.tools import SQL

from ...const import POINTS


class B2b2cCapScope(models.Model):
    """How much of a limit is used: of a participant, a day, a program's budget.

    The counter row is what makes the last points of a budget go to one document only:
    reading it and updating it in one transaction fails with a serialization error when
    somebody else did the same.
    """

    _name = "b2b2c.cap.scope"
    _description = "Limit Usage"
    _inherit = "b2b2c.closed"
    _log_access = False
    _rec_name = "scope"

    scope = fields.Char(required=True, readonly=True)
    used = fields.Float(**POINTS, readonly=True)

    _scope_once = models.UniqueIndex("(scope)")

    @api.model
    def _get_used(self, scopes, document=None):
        """Return how many points are used of each scope.

        :param scopes: scope texts, see :attr:`engine.Award.cap_uses`
        :param document: ``"model,id"`` whose own uses are told apart
        :return: dict scope -> ``(by others, by the document)`` as Decimal; scopes
            never used are missing
        """
        if not scopes:
            return {}
        rows = self.env.execute_query(
            SQL(
                """
                SELECT s.scope, (s.used - coalesce(own.points, 0))::text,
                       coalesce(own.points, 0)::text
                  FROM b2b2c_cap_scope s
             LEFT JOIN (SELECT scope, sum(points) AS points FROM b2b2c_cap_use
                         WHERE document = %s GROUP BY scope) own USING (scope)
                 WHERE s.scope IN %s
                """,
                document,
                tuple(scopes),
            )
        )
        return {scope: (Decimal(others), Decimal(own)) for scope, others, own in rows}

    @api.model
    def _set_document_uses(self, document, uses, cuts):
        """Make ``uses`` what a document takes of each limit.

        :param str document: ``"model,id"``
        :param uses: dict scope -> Decimal
        :param cuts: dict scope -> Decimal, what each limit kept back from it
        :return: dict scope -> ``(before, after)``: points used by all documents, of
            the scopes that changed
        """
        zero = Decimal(0)
        before = {
            scope: (Decimal(points), Decimal(cut))
            for scope, points, cut in self.env.execute_query(
                SQL(
                    "SELECT scope, points::text, coalesce(cut, 0)::text"
                    "  FROM b2b2c_cap_use WHERE document = %s",
                    document,
                )
            )
        }
        used = {}
        # one order: no deadlock
        for scope in sorted(before.keys() | uses.keys() | cuts.keys()):
            points, cut = uses.get(scope, zero), cuts.get(scope, zero)
            old_points, old_cut = before.get(scope, (zero, zero))
            if (points, cut) != (old_points, old_cut):
                self._write_use(document, scope, points, cut)
            if points != old_points:
                after = self._add_used(scope, points - old_points)
                used[scope] = (after - points + old_points, after)
        return used

    @api.model
    def _write_use(self, document, scope, points, cut):
        """Write what a document takes of one limit and what is kept back from it."""
        self.env.execute_query(
            SQL(
                """
                INSERT INTO b2b2c_cap_use AS u (document, scope, points, cut)
                VALUES (%s, %s, %s, %s)
                ON CONFLICT (document, scope)
                DO UPDATE SET points = EXCLUDED.points, cut = EXCLUDED.cut
             RETURNING u.id
                """,
                document,
                scope,
                points,
                cut,
            )
        )

    @api.model
    def _add_used(self, scope, change):
        """Change a counter; return what is used now.

        Two documents that change the same counter cannot both commit.
        """
        rows = self.env.execute_query(
            SQL(
                """
                INSERT INTO b2b2c_cap_scope AS s (scope, used)
                VALUES (%(scope)s, %(change)s)
                ON CONFLICT (scope) DO UPDATE SET used = s.used + %(change)s
             RETURNING s.used::text
                """,
                scope=scope,
                change=change,
            )
        )
        return Decimal(rows[0][0])

    @api.model
    def _set_use(self, document, scope, points, limit=None):
        """Make ``points`` what a document takes of one limit, unless that is too much.

        For what is promised before it is earned, as the prizes of a contest: nothing is
        cut, all of it has room or none.  The limit is part of the statement.

        :param str document: ``"model,id"``
        :param str scope: see :attr:`engine.Award.cap_uses`
        :param Decimal points: what it takes from now on; 0 gives all of it back
        :param Decimal limit: how much all documents may take; ``None``: any amount
        :return: whether there was room; giving back always has
        """
        used = self._get_used([scope], document)
        change = points - used.get(scope, (Decimal(0), Decimal(0)))[1]
        if not change:
            return True
        rows = self.env.execute_query(
            SQL(
                """
                INSERT INTO b2b2c_cap_scope AS s (scope, used)
                SELECT %(scope)s, %(change)s
                 WHERE %(limit)s::numeric IS NULL OR %(change)s <= %(limit)s
                ON CONFLICT (scope) DO UPDATE SET used = s.used + EXCLUDED.used
                 WHERE %(limit)s::numeric IS NULL OR EXCLUDED.used <= 0
                    OR s.used + EXCLUDED.used <= %(limit)s
             RETURNING s.id
                """,
                scope=scope,
                change=change,
                limit=limit,
            )
        )
        if rows:
            self._write_use(document, scope, points, Decimal(0))
        return bool(rows)
