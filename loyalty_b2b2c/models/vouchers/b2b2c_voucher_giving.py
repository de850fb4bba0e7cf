from odoo import api, fields, models
from odoo.tools import SQL

from .b2b2c_voucher_pool import COUNTS


class B2b2cVoucher(models.Model):
    """How a voucher moves: free → reserved → given → shown, or back, or to the partner.

    Each move is one conditional UPDATE.  Of two requests for the last code one finds
    nothing, or Odoo repeats it, and then it finds nothing.
    """

    _inherit = "b2b2c.voucher"

    @api.model
    def _reserve(self, pool, request, quantity):
        """Take free codes of a pool for a request, those first that are over first.

        Codes that another transaction is taking are passed by, so many people at once
        do not wait for each other.

        :param pool: ``b2b2c.voucher.pool`` record
        :param request: ``b2b2c.redemption`` record
        :param int quantity: how many
        :return: the vouchers, fewer than asked for when there are no more
        """
        rows = self.env.execute_query(
            SQL(
                """
                UPDATE b2b2c_voucher
                   SET state = 'reserved', redemption_id = %(request)s
                 WHERE id IN (SELECT id FROM b2b2c_voucher
                               WHERE pool_id = %(pool)s AND state = 'free'
                                 AND %(in_time)s
                            ORDER BY expires_on, id
                               LIMIT %(quantity)s FOR UPDATE SKIP LOCKED)
                   AND state = 'free'
             RETURNING id
                """,
                request=request.id,
                pool=pool.id,
                in_time=pool._is_in_time(),
                quantity=quantity,
            )
        )
        return self._moved(rows)

    @api.model
    def _give(self, request):
        """Let a request have the codes that were reserved for it.

        :return: the vouchers
        """
        return self._move(
            SQL("state = 'given', given_at = %s", fields.Datetime.now()),
            SQL("redemption_id = %s AND state = 'reserved'", request.id),
        )

    @api.model
    def _free(self, request):
        """Give back the codes of a request that nobody has seen.

        :return: the vouchers that are free again
        """
        return self._move(
            SQL("state = 'free', redemption_id = NULL, given_at = NULL"),
            SQL(
                "redemption_id = %s AND state IN ('reserved', 'given')"
                " AND shown_at IS NULL",
                request.id,
            ),
        )

    def _show(self):
        """Remember that these vouchers were looked at; the first time counts.

        :return: those that were looked at for the first time
        """
        return self._move(
            SQL("state = 'shown', shown_at = %s", fields.Datetime.now()),
            SQL("id = ANY(%s) AND state = 'given'", self.ids),
        )

    @api.model
    def _return(self, pool, count):
        """Give free codes of a pool back to the partner, the latest imported first.

        :param int count: how many at most
        :return: the vouchers
        """
        return self._move(
            SQL("state = 'returned', returned_at = %s", fields.Datetime.now()),
            SQL(
                """
                id IN (SELECT id FROM b2b2c_voucher
                        WHERE pool_id = %s AND state = 'free'
                     ORDER BY id DESC LIMIT %s FOR UPDATE SKIP LOCKED)
                AND state = 'free'
                """,
                pool.id,
                count,
            ),
        )

    def _move(self, values, condition):
        return self._moved(
            self.env.execute_query(
                SQL(
                    "UPDATE b2b2c_voucher SET %s WHERE %s RETURNING id",
                    values,
                    condition,
                )
            )
        )

    def _moved(self, rows):
        """Return the vouchers an UPDATE changed, in the order they were imported."""
        self.invalidate_model(flush=False)
        self.env["b2b2c.voucher.pool"].invalidate_model(COUNTS)
        return self.browse(sorted(voucher_id for (voucher_id,) in rows))
