from odoo import models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ...engine import to_decimal


class B2b2cRedemption(models.Model):
    """What was given of a request, piece by piece, and what came back of it.

    The points of a piece are spent when it is given.  What is refused or called off
    afterwards is the rest: a request of which something was given ends as fulfilled.
    """

    _inherit = "b2b2c.redemption"

    # === GIVING === #

    def _give(self, quantity, user):
        """Give some pieces: their points are spent, the others still wait.

        With the last piece the request is fulfilled.

        :param int quantity: how many, > 0
        :param user: ``res.users`` who gave them, empty when a document did
        :raise UserError: the request does not wait any more, or not for so many
        """
        self.ensure_one()
        self._check_not_suspended()
        if quantity == self.quantity - self.quantity_given:
            self._fulfil(user)
            return
        with self.env.cr.savepoint():
            self._count_pieces("quantity_given", quantity, "requested", self.quantity)
            if self.hold_id:
                self.entry_id = self.hold_id.account_id._capture(
                    self.hold_id, self._get_points_of(quantity)
                )
            self._after_giving(quantity)
            self._message_log(
                body=self.env._(
                    "%(given)s of %(quantity)s pieces were given.",
                    given=self.quantity_given,
                    quantity=self.quantity,
                )
            )

    def _spend_rest(self):
        """Spend the points of all pieces that were not given yet."""
        rest = self.quantity - self.quantity_given
        if self.hold_id:
            self.entry_id = self.reward_id._get_handler()._spend(self)
        self.quantity_given = self.quantity
        self._after_giving(rest)

    def _after_giving(self, quantity):
        """Hook: do what follows when pieces were given.

        :param int quantity: how many; less than nothing when they came back
        """

    # === THE REST === #

    def _get_end(self, state):
        """Return the state in which a waiting request ends whose rest is not given.

        :param str state: the one without any piece
        """
        keeps_some = self.quantity_given > self.quantity_returned
        return "fulfilled" if self.state == "requested" and keeps_some else state

    def _free(self):
        """Give points, pieces and what the handler took back, as far as they wait.

        :return: the points that are free again
        """
        rest = self.quantity - self.quantity_given
        if self.hold_id:
            released = self.hold_id.account_id._release(self.hold_id)
            self.entry_id = self.entry_id or released
        if self.took_stock:
            self.reward_id._return_stock(rest)
        self.reward_id._get_handler()._release(self)
        return self._get_points_of(rest)

    # === WHAT CAME BACK === #

    def _return(self, user, note, quantity=None):
        """Give the points back: what the participant had, or was to get, came back.

        :param user: ``res.users`` who says so, empty when a document does
        :param str note: why; the participant reads it
        :param int quantity: how many pieces, by default all that were given
        :raise UserError: it was never given, or cannot come back
        """
        self.ensure_one()
        if not (note or "").strip():
            raise UserError(self.env._("Say why: the participant reads it."))
        note, kept = note.strip(), self.quantity_given - self.quantity_returned
        quantity = kept if quantity is None else quantity
        is_all = self.state != "requested" and quantity == kept
        with self.env.cr.savepoint():
            if is_all:
                if not self._move_to("returned", user, note=note, left="fulfilled"):
                    return
                self.quantity_returned = self.quantity_given
            else:
                self._count_pieces(
                    "quantity_returned", quantity, self.state, self.quantity_given
                )
            points = self._get_points_of(quantity)
            self._reverse_points(points, note)
            if self.took_stock:
                self.reward_id._return_stock(quantity)
            if is_all:
                self.reward_id._get_handler()._take_back(self)
            self._after_giving(-quantity)
            self._message_log(body=self.env._("Returned: %s", note))
            news = {**self._get_news(points), "note": note}
            news["reference"] += f"/{self.quantity_returned}"
            self._get_messages()._queue_returned(**news)

    def _reverse_points(self, points, reason):
        """Give spent points back, those that were spent last first.

        :param points: Decimal, no more than was spent
        :param str reason: why, for the statement
        """
        if not self.hold_id:
            return
        for entry in self._get_spent().sorted("id", reverse=True):
            given_back = sum(back._get_net() for back in entry.reversal_ids)
            part = min(points, -entry._get_net() - given_back)
            if part > 0:
                entry.account_id._reverse(entry, part, reason=reason)
                points -= part

    def _get_spent(self):
        """Return the entries that spent the reserved points of this request."""
        self.hold_id.ensure_one()
        return self.env["b2b2c.ledger.entry"].search(
            [("related_id", "=", self.hold_id.id), ("entry_type", "=", "redeem")]
        )

    # === HELPERS === #

    def _get_points_of(self, quantity):
        """Return the points of some pieces, exact."""
        return to_decimal(self.points) / self.quantity * quantity

    def _count_pieces(self, column, quantity, state, most):
        """Count pieces while the request is in a state; fewer than the most together.

        The UPDATE is the guard: two who count at once cannot both pass.

        :raise UserError: the request is in another state, or there are not so many
        """
        self.flush_recordset()
        rows = self.env.execute_query(
            SQL(
                """
                UPDATE b2b2c_redemption SET %(column)s = %(column)s + %(quantity)s
                 WHERE id = %(id)s AND state = %(state)s AND %(quantity)s > 0
                   AND %(column)s + %(quantity)s <= %(most)s
             RETURNING id
                """,
                column=SQL.identifier(column),
                quantity=quantity,
                id=self.id,
                state=state,
                most=most,
            )
        )
        self.invalidate_recordset()
        if not rows:
            raise UserError(
                self.env._("There are not so many pieces of %s.", self.display_name)
            )
