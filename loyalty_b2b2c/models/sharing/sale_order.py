from odoo import fields, models
from odoo.exceptions import UserError

from ...const import SELLERS_AND_STAFF
from ..referrals.referral_words import word

#: Problems that an order which has the code makes for itself.
_OWN_USE = ("used_before", "used_up")


class SaleOrder(models.Model):
    """Adapter: a quotation names the code with which its customer was recommended."""

    _inherit = "sale.order"

    b2b2c_referral_code = fields.Char(
        string="Recommended By",
        compute="_compute_b2b2c_referral_code",
        inverse="_inverse_b2b2c_referral_code",
        copy=False,
        groups=SELLERS_AND_STAFF,
        help="The code of who recommended us to this customer.",
    )

    def _compute_b2b2c_referral_code(self):
        named = self.env["b2b2c.referral.use"]._find(self)
        codes = {use.document_id: use.link_id.code for use in named}
        for order in self:
            order.b2b2c_referral_code = codes.get(order._origin.id, False)

    def _inverse_b2b2c_referral_code(self):
        for order in self:
            code = order.b2b2c_referral_code
            if not code:
                order._b2b2c_forget_recommendation()
                continue
            found = self.env["b2b2c.referral.link"]._find(code, order.company_id)
            problem = found.message or order._b2b2c_recommend(found.link, "order")
            if problem:
                raise UserError(problem)

    def _b2b2c_recommend(self, link, channel):
        """Let an order that is not confirmed be the recommendation of somebody.

        An add-on that gives who is recommended a discount extends it.

        :return: see :meth:`_b2b2c_note_recommendation`
        """
        return self._b2b2c_note_recommendation(link, channel)

    def _b2b2c_note_recommendation(self, link, channel, known=None):
        """Keep whose recommendation an order is.

        :param link: ``b2b2c.referral.link`` that can be used
        :param str channel: see ``b2b2c.referral.touch``
        :param known: the ``b2b2c.referral.use`` of the order, if it was asked for
        :return: why not, as a sentence; empty when all is well
        """
        self.ensure_one()
        uses, buyer = self.env["b2b2c.referral.use"].sudo(), self._b2b2c_get_buyer()
        known = uses._find(self) if known is None else known
        if known.link_id == link:
            return ""
        if self.state not in ("draft", "sent"):
            return self.env._("The order is confirmed: it is too late for a code.")
        problem = link._get_problem(buyer)
        if not problem and not uses._note(self, link, channel, buyer, known):
            problem = "own_word" if link._is_word_of_owner() else "used_up"
        return word(self.env, problem)

    def _b2b2c_forget_recommendation(self):
        """Let an order be nobody's recommendation, unless it was settled."""
        self.env["b2b2c.referral.use"]._take_back(self)

    def _b2b2c_check_recommendation(self, use=None):
        """Look again at the code of an open order: who buys may be known only now.

        :param use: the ``b2b2c.referral.use`` of the order, if it was asked for
        :return: why not, as a sentence; the code is taken off then
        """
        self.ensure_one()
        use = self.env["b2b2c.referral.use"]._find(self) if use is None else use
        if not use or use.referral_id or self.state not in ("draft", "sent"):
            return ""
        buyer = self._b2b2c_get_buyer()
        problem = use.link_id._get_problem(buyer)
        if use.partner_id == buyer.commercial_partner_id and problem in _OWN_USE:
            problem = ""  # the use that is left over is this order's
        elif not problem and not use._note(self, use.link_id, use.channel, buyer, use):
            problem = "used_before"
        if problem:
            self._b2b2c_forget_recommendation()
        return word(self.env, problem)

    def _b2b2c_get_buyer(self):
        """Return who buys, empty for a visitor of the web shop nobody knows yet."""
        return self.partner_id.filtered(lambda partner: not partner.is_public)
