from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.loyalty_b2b2c.values import shown

from .marks import OURS, is_marked, marked

#: What core and clients write of a card, and nobody hears: the ledger says it.
_KEPT = {
    "points", "partner_id", "program_id", "code", "expiration_date", "active",
    "b2b2c_account_id", "order_id", "company_id",
}  # fmt: skip


class LoyaltyCard(models.Model):
    """The card of a wallet shows what a participant can spend; it holds nothing."""

    _inherit = "loyalty.card"

    b2b2c_account_id = fields.Many2one(
        "b2b2c.account",
        string="Account of Points",
        readonly=True,
        copy=False,
        ondelete="restrict",
        groups="loyalty_b2b2c.group_user",
    )

    _b2b2c_one_card = models.UniqueIndex(
        "(program_id, b2b2c_account_id) WHERE b2b2c_account_id IS NOT NULL",
        "The wallet of this participant was opened a moment ago: try again.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        cards = super().create(vals_list)
        if not is_marked(OURS) and cards._b2b2c_of_wallet():
            raise UserError(
                self.env._("Wallets of points open by themselves, with an order.")
            )
        return cards

    def write(self, vals):
        """Swallow what core writes on a wallet: it follows from the ledger."""
        wallets = self.browse() if is_marked(OURS) else self._b2b2c_of_wallet()
        if not wallets:
            return super().write(vals)
        rest = {name: value for name, value in vals.items() if name not in _KEPT}
        if rest:
            super(LoyaltyCard, wallets).write(rest)
        return super(LoyaltyCard, self - wallets).write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_wallet(self):
        if self._b2b2c_of_wallet():
            raise UserError(self.env._("The wallet of a participant stays."))

    def _b2b2c_of_wallet(self):
        """Return which of these cards are wallets of points."""
        return self.filtered(lambda card: card.sudo().program_id.b2b2c_wallet)

    @api.model
    def _b2b2c_get_card(self, program, account):
        """Return the card of an account (sudo), opened when needed."""
        domain = [
            ("program_id", "=", program.id),
            ("b2b2c_account_id", "=", account.id),
        ]
        card = self.sudo().search(domain, limit=1)
        if not card:
            with marked(OURS):
                values = {
                    "program_id": program.id,
                    "b2b2c_account_id": account.id,
                    "partner_id": account.member_id.partner_id.id,
                }
                card = self.sudo().with_context(loyalty_no_mail=True).create(values)
        return card

    def _b2b2c_show(self, points):
        """Show on these cards what can be spent."""
        quiet = self.sudo().with_context(loyalty_no_mail=True, tracking_disable=True)
        with marked(OURS):
            quiet.filtered(lambda card: card.points != shown(points)).write(
                {"points": shown(points)}
            )
