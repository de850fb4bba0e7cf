"""What a document has reserved and spent, brought to what it should have.

Nothing that happens to a document is translated step by step: whoever knows how far it
has come says how many points it should hold and have spent, and the difference is
booked.  So doing it again does nothing.
"""

from decimal import Decimal

from odoo.tools import SQL

ZERO = Decimal(0)


class DocumentPoints:
    """The points of one document that people pay with.

    :param document: record whom the entries of the ledger name, of any model
    """

    def __init__(self, document):
        document.ensure_one()
        self._document = document
        self._env = document.env

    def get_booked(self):
        """Return what the document has reserved and spent, ``(held, spent)``."""
        row = self._env.execute_query(
            SQL(
                """
                SELECT coalesce(sum(points_held), 0)::text,
                       coalesce(sum(points_debt + points_lost - points) FILTER
                                (WHERE entry_type IN ('redeem', 'reverse')), 0)::text
                  FROM b2b2c_ledger_entry
                 WHERE document_model = %s AND document_id = %s
                """,
                self._document._name,
                self._document.id,
            )
        )[0]
        return tuple(map(Decimal, row))

    def release(self, points):
        """Give reserved points back to the lots they came from."""
        self._end_reservations(points, "_release")

    def capture(self, points):
        """Spend reserved points.

        :return: how many of them were reserved
        """
        return points - self._end_reservations(points, "_capture")

    def give_back(self, points, reason):
        """Give spent points back to the lots they came from, the last first.

        :param str reason: why; it stands on the statement
        """
        net = SQL("points - points_debt - points_lost")
        for entry, left in reversed(self._get_open("redeem", net, "reversal_of_id")):
            part = min(points, left)
            if part > 0:
                entry.account_id._reverse(entry, part, reason=reason)
            points -= part

    def _end_reservations(self, points, method):
        """End reservations, the oldest first.

        :param str method: of ``b2b2c.account``: ``_capture`` or ``_release``
        :return: how many points could not be found
        """
        for entry, left in self._get_open("hold", SQL("points_held"), "related_id"):
            part = min(points, left)
            if part > 0:
                getattr(entry.account_id, method)(entry, part)
                points -= part
        return points

    def _get_open(self, entry_type, column, link):
        """Return entries of the document of which something is left.

        :param str entry_type: what they are
        :param SQL column: the effect of an entry
        :param str link: the column in which later entries name them
        :return: list of ``(entry, points left)``, the oldest first
        """
        rows = self._env.execute_query(
            SQL(
                """
                SELECT coalesce(%(link)s, id), abs(sum(%(column)s))::text
                  FROM b2b2c_ledger_entry
                 WHERE document_model = %(model)s AND document_id = %(id)s
                   AND (entry_type = %(type)s OR %(link)s IS NOT NULL)
              GROUP BY 1 HAVING sum(%(column)s) <> 0 ORDER BY 1
                """,
                link=SQL.identifier(link),
                column=column,
                model=self._document._name,
                id=self._document.id,
                type=entry_type,
            )
        )
        entries = self._env["b2b2c.ledger.entry"].sudo()
        return [(entries.browse(entry_id), Decimal(left)) for entry_id, left in rows]
