from odoo import models

#: What core may say of a code that is no recommendation.
NOT_OURS = ("no_code", "mistyped", "unknown")


class SaleOrder(models.Model):
    """Who is recommended pays less: by core's rewards, without its lock."""

    _inherit = "sale.order"

    # === CODES === #

    def _try_apply_code(self, code):
        """Take the code of a recommender.

        Core locks the row of the program for each code, and repeats that with each
        change of a cart: of a code that many people use at once that would be a queue.
        Nothing is taken from ours, so nothing has to wait.
        """
        self.ensure_one()
        if self.env["loyalty.card"]._b2b2c_is_code_of_core(code):
            return super()._try_apply_code(code)
        asker = self._b2b2c_get_asker()
        found = self.env["b2b2c.referral.link"]._find(code, self.company_id, asker)
        if found.problem in NOT_OURS:
            return super()._try_apply_code(code)
        known = self.env["b2b2c.referral.use"].sudo()._find(self)
        error = found.message or self._b2b2c_get_other(known, found.link)
        error = error or self._b2b2c_note_recommendation(
            found.link, self._b2b2c_get_channel(), known
        )
        if error:
            return {"error": error}
        return self._b2b2c_apply(found.link)

    def _b2b2c_get_asker(self):
        """Return whose wrong codes are counted; empty: those of the office are not."""
        return ""

    def _b2b2c_get_channel(self):
        """Return where the order comes from, see ``b2b2c.referral.touch``."""
        return "order"

    def _b2b2c_get_other(self, known, link):
        """Return a sentence when the order is the recommendation of somebody else.

        :param known: the ``b2b2c.referral.use`` of the order, possibly empty
        :param link: ``b2b2c.referral.link`` whose code was typed
        """
        if not known or known.link_id == link:
            return ""
        return self.env._(
            "This order has the code %s already. Take it off first: one order has one "
            "recommendation.",
            known.link_id.code,
        )
