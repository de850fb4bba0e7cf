from decimal import Decimal
from fractions import Fraction

from odoo import models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ...engine import to_decimal, to_fraction
from ...engine.part_payment import share
from ...values import shown
from ..base.days import get_today


class B2b2cSupplyOrder(models.Model):
    """What was shipped: points are spent for it, and the distributor is owed for it.

    Both are targets less what is booked, so goods may leave in any number of steps, and
    what is said twice changes nothing.  While an order is open its points are spent or
    reserved; those for goods that came back are the owner's when it ends, and at once
    after that.  What is shipped after the end is paid with money.
    """

    _inherit = "b2b2c.supply.order"

    def _ship(self, shipped, user, reference=None):
        """Book what was shipped so far.

        :param dict shipped: line -> pieces shipped in total, less what came back;
            lines that are not named stay as they are
        :param user: ``res.users`` who says so, empty when a system does
        :param reference: the distributor's own number
        :raise UserError: the order was refused or cancelled
        """
        self.ensure_one()
        with self.env.cr.savepoint():
            self._lock_open()
            if self.state == "sent":
                self._accept(user, reference)
            for line, pieces in shipped.items():
                line.shipped = pieces
            self._settle()
            if self.state == "accepted" and self._is_complete():
                self._end(user)

    def _close(self, user):
        """Free the points of what is not coming any more; the order is done.

        :raise UserError: nothing was shipped of it
        """
        self.ensure_one()
        with self.env.cr.savepoint():
            self._lock_open()
            if self.state == "done":
                return
            if not any(line._get_counted() for line in self.line_ids):
                raise UserError(
                    self.env._("Nothing of %s was shipped: refuse it.", self.name)
                )
            self._end(user)

    def _end(self, user):
        """Let the order be done: what is still reserved is free."""
        for line in self.line_ids:
            line.shipped_at_end = line._get_counted()
        captured = to_decimal(self.points_spent)
        self._move_to("done", ("accepted",), user)
        self._settle()
        if captured < to_decimal(self.points):
            self.hold_id.account_id._release(self.hold_id)
        self._message_log(body=self.env._("Done."))
        self._tell_owner("supply_done")

    def _is_complete(self):
        return all(line.shipped >= line.quantity for line in self.line_ids)

    def _lock_open(self):
        """Let changes of one order come one after the other.

        Of two at the same time Odoo repeats the later one, which then sees the first.

        :raise UserError: it was refused or cancelled
        """
        self.flush_recordset()
        rows = self.env.execute_query(
            SQL(
                """
                UPDATE b2b2c_supply_order SET write_date = now() AT TIME ZONE 'UTC'
                 WHERE id = %s AND state IN ('sent', 'accepted', 'done')
             RETURNING id
                """,
                self.id,
            )
        )
        self.invalidate_recordset()
        self.line_ids.invalidate_recordset()
        if not rows:
            raise UserError(self.env._("%s was called off.", self.name))

    # === TARGET LESS BOOKED === #

    def _settle(self):
        """Spend points, or give them back; owe more, or less."""
        self._settle_points()
        rows = []
        for line in self.line_ids:
            target = share(
                to_decimal(line.amount_owed),
                line._get_counted(),
                Decimal(line.quantity),
                self.currency_id.decimal_places,
            )
            owed = sum(
                (to_decimal(row.amount) for row in line.compensation_ids), Decimal(0)
            )
            if target != owed:
                rows.append(line._get_compensation_row(target - owed))
        self.env["b2b2c.compensation"]._book(rows)

    def _settle_points(self):
        """Capture what belongs to the shipped goods, reverse what came back."""
        step = self._get_points_target() - to_decimal(self.points_spent)
        if step > 0:
            self.hold_id.account_id._capture(self.hold_id, step)
        elif step < 0 and self.state == "done":
            self._give_back(-step)
        else:
            return
        self.points_spent = shown(to_decimal(self.points_spent) + step)

    def _get_points_target(self):
        """Return how many points belong to what was shipped, exact."""
        done = whole = Fraction(0)
        for line in self.line_ids:
            paid = to_fraction(line.amount_points)
            whole += paid
            done += paid * to_fraction(line._get_counted()) / line.quantity
        return share(
            to_decimal(self.points), done, whole, self.account_id.unit_id.decimals
        )

    def _give_back(self, points):
        """Return points for goods that came back, the latest spending first."""
        entries = self.env["b2b2c.ledger.entry"].sudo()
        spent = entries.search(
            [("related_id", "=", self.hold_id.id), ("entry_type", "=", "redeem")],
            order="id desc",
        )
        for entry in spent:
            undone = sum((row._get_net() for row in entry.reversal_ids), Decimal(0))
            back = min(points, -entry._get_net() - undone)
            if back > 0:
                reason = self.env._("Goods of %s came back", self.name)
                entry.account_id._reverse(entry, back, reason=reason)
                points -= back


class B2b2cSupplyLine(models.Model):
    """How much of a line counts, and the steps of what is owed for it."""

    _inherit = "b2b2c.supply.line"

    def _get_counted(self):
        """Return how many of the shipped pieces count, exact."""
        self.ensure_one()
        most = self.quantity
        if self.order_id.state == "done":
            most = self.shipped_at_end
        return max(min(to_decimal(self.shipped), to_decimal(most)), Decimal(0))

    def _get_compensation_row(self, amount):
        """Return the row that owes so much more, or less, for this line."""
        order, booked = self.order_id, self.compensation_ids
        return {
            "line_id": self.id,
            "number": len(booked) + 1,
            "order_id": order.id,
            "distributor_id": order.distributor_id.id,
            "company_id": order.company_id.id,
            "shop_id": order.shop_id.id,
            "product_id": self.product_id.id,
            "quantity": self._get_counted()
            - to_decimal(sum(booked.mapped("quantity"))),
            "amount": amount,
            "owed_on": get_today(order.company_id),
        }
