"""A kind of reward in one file: vouchers, each of whose codes is given once.

Nothing else knows it.  Its requests fulfil themselves, unless the reward says that
somebody has to look at them first.
"""

from dataclasses import replace

from odoo import api, fields, models
from odoo.tools import SQL

from ...exceptions import RedemptionError
from ...models.rewards.b2b2c_reward_handler import Refusal


class FakeVoucher(models.Model):
    """A code that somebody may be given."""

    _module = None
    _name = "b2b2c.fake.voucher"
    _description = "Voucher"
    _order = "id"

    reward_id = fields.Many2one("b2b2c.reward", required=True)
    code = fields.Char(required=True)
    redemption_id = fields.Many2one("b2b2c.redemption")


class FakeReward(models.Model):
    """A reward may be a voucher."""

    _module = None
    _inherit = "b2b2c.reward"

    kind = fields.Selection(
        selection_add=[("fake_voucher", "Voucher")],
        ondelete={"fake_voucher": "set default"},
    )
    is_looked_at = fields.Boolean("Somebody looks at each request")


class FakeVoucherHandler(models.AbstractModel):
    """Gives a code for each piece, and takes it back unless it was given for good."""

    _module = None
    _name = "b2b2c.reward.handler.fake_voucher"
    _description = "Kind of Reward: Voucher"
    _inherit = "b2b2c.reward.handler"

    @api.model
    def _check(self, offer):
        free = [("reward_id", "=", offer.reward.id), ("redemption_id", "=", False)]
        if self.env["b2b2c.fake.voucher"].search_count(free) < offer.quantity:
            return Refusal("no_codes", "No code is left.")
        return None

    @api.model
    def _is_instant(self, reward):
        return not reward.is_looked_at

    @api.model
    def _reserve(self, request, answers):
        rows = self.env.execute_query(
            SQL(
                """
                UPDATE b2b2c_fake_voucher SET redemption_id = %(request)s
                 WHERE id IN (SELECT id FROM b2b2c_fake_voucher
                               WHERE reward_id = %(reward)s AND redemption_id IS NULL
                            ORDER BY id LIMIT %(quantity)s)
                   AND redemption_id IS NULL
             RETURNING id
                """,
                request=request.id,
                reward=request.reward_id.id,
                quantity=request.quantity,
            )
        )
        self.env["b2b2c.fake.voucher"].invalidate_model()
        if len(rows) < request.quantity:
            raise RedemptionError("no_codes", "No code is left.")

    @api.model
    def _fulfil(self, request):
        if any(voucher.code == "broken" for voucher in self._get_vouchers(request)):
            raise RedemptionError("broken", "The code cannot be read.")

    @api.model
    def _release(self, request):
        vouchers = self._get_vouchers(request)
        if any(voucher.code == "sticky" for voucher in vouchers):
            raise RedemptionError("sticky", "The code cannot be taken back.")
        vouchers.write({"redemption_id": False})

    @api.model
    def _describe(self, request):
        description = super()._describe(request)
        if request.state != "fulfilled":
            return replace(description, next_step="The code comes soon.")
        code = " ".join(self._get_vouchers(request).mapped("code"))
        return replace(
            description,
            title=f"{description.title} for you",
            lines=("Valid at every counter.", *description.lines),
            code=code,
            picture=f"data:image/png;base64,{code}",
            next_step="Find a counter",
            next_url="/counters?near=me",
        )

    def _get_vouchers(self, request):
        return self.env["b2b2c.fake.voucher"].search(
            [("redemption_id", "=", request.id)]
        )


#: All of it, in the order an add-on would import it.
FAKES = (FakeVoucher, FakeReward, FakeVoucherHandler)
