from decimal import Decimal

from odoo import models
from odoo.tools import SQL

from .booked import get_award_step
from .ledger_door import Posting


class B2b2cAccount(models.Model):
    """Accounts of participants whose contacts were merged: points follow the person."""

    _inherit = "b2b2c.account"

    def _get_holder(self):
        """Return who holds the points now: the survivor's account after a merge."""
        self.ensure_one()
        if not self.member_id.merged_into_id:
            return self
        return self.member_id._get_account(self.unit_id)

    def _follow_merge(self):
        """Move pending points, debt and free points to the survivor of a merge.

        Reservations stay until they are captured or released.
        """
        self.ensure_one()
        holder = self._get_holder()
        if holder == self:
            return
        door = self._get_door()
        for account_id in sorted((self.id, holder.id)):  # one order: no deadlock
            door.open(account_id)
        self._move_pending(door, holder)
        balances = self._repay(door)
        key = f"merge/{self.id}/{self._get_version()}"
        reason = self.env._("Contacts merged")
        if balances.debt:
            for account, sign, end in ((self, -1, "out"), (holder, 1, "in")):
                debt = sign * balances.debt
                door.apply(
                    Posting(
                        account.id,
                        "transfer",
                        f"{key}/debt/{end}",
                        points_debt=debt,
                        reason=reason,
                    )
                )
            holder._repay(door)
        if balances.available:
            self._transfer(holder, balances.available, source_key=key, reason=reason)
        (self | holder).invalidate_recordset()

    def _move_pending(self, door, holder):
        """Move the pending points of each award; its document confirms them there.

        Both entries belong to the award, so what is booked for it stays the same.
        """
        rows = self.env.execute_query(
            SQL(
                """
                SELECT award_key, sum(points_pending)::text, min(id)
                  FROM b2b2c_ledger_entry
                 WHERE account_id = %s AND award_key IS NOT NULL
              GROUP BY award_key HAVING sum(points_pending) <> 0
              ORDER BY award_key
                """,
                self.id,
            )
        )
        for award_key, pending, entry_id in rows:
            entry = self.env["b2b2c.ledger.entry"].browse(entry_id)
            for account, sign in ((self, -1), (holder, 1)):
                door.apply(
                    Posting(
                        account.id,
                        "transfer",
                        get_award_step(self.env, award_key),
                        points_pending=sign * Decimal(pending),
                        release_at=entry.release_at or None,
                        expected_at=entry.expected_at or None,
                        reason=self.env._("Contacts merged"),
                        **entry._get_lineage(),
                    )
                )

    def _get_carried_lots(self, entries):
        """Return the lots that hold points of ``entries`` today, wherever they went.

        A transfer closes lots here and opens lots of the same points there, in the
        same order; so the lots of an award can be followed to the survivor of a merge.

        :return: dict lot id -> id of the entry that opened it
        """
        return dict(
            self.env.execute_query(
                SQL(
                    """
                    WITH RECURSIVE carried (lot_id, entry_id) AS (
                        SELECT id, entry_id FROM b2b2c_ledger_lot
                         WHERE entry_id = ANY(%s)
                         UNION
                        SELECT there.id, there.entry_id
                          FROM carried c
                          JOIN b2b2c_ledger_allocation a ON a.lot_id = c.lot_id
                          JOIN b2b2c_ledger_entry o
                            ON o.id = a.entry_id AND o.entry_type = 'transfer'
                          JOIN b2b2c_ledger_entry i
                            ON i.related_id = o.id AND i.entry_type = 'transfer'
                          JOIN LATERAL (
                                SELECT x.id, x.entry_id,
                                       row_number() OVER (ORDER BY x.id) AS place
                                  FROM b2b2c_ledger_lot x WHERE x.entry_id = i.id
                               ) there
                            ON there.place = (
                                SELECT count(*) FROM b2b2c_ledger_allocation y
                                 WHERE y.entry_id = o.id AND y.id <= a.id)
                    )
                    SELECT lot_id, entry_id FROM carried
                    """,
                    entries.ids,
                )
            )
        )
