from dataclasses import dataclass
from datetime import date
from urllib.parse import quote

from odoo import api, fields, models
from odoo.exceptions import UserError

from ...exceptions import RedemptionError

#: A person looks at codes so often within an hour, and asks for a message again.
SHOWN_PER_HOUR, SENT_PER_HOUR = 30, 5


@dataclass(frozen=True, slots=True)
class ShownVoucher:
    """What a participant sees of a voucher, and nobody else.

    :param str code: what the partner's till wants; empty when there is only a link
    :param str pin: a second part, empty when there is none
    :param str link: where it is used, empty when there is no such page
    :param expires_on: last day, ``None`` without one
    """

    code: str
    pin: str
    link: str
    expires_on: date | None


class B2b2cRedemption(models.Model):
    """The codes of a request: its owner sees them when asking for it, and each time is
    written down."""

    _inherit = "b2b2c.redemption"

    voucher_ids = fields.One2many("b2b2c.voucher", "redemption_id", string="Vouchers")
    voucher_pool_id = fields.Many2one(related="reward_id.voucher_pool_id")
    voucher_showing_ids = fields.One2many(
        "b2b2c.voucher.showing", "redemption_id", string="Shown"
    )
    can_send_voucher = fields.Boolean(compute="_compute_can_send_voucher")

    @api.depends("state", "reward_id.kind")
    def _compute_can_send_voucher(self):
        for request in self:
            request.can_send_voucher = request._has_voucher()

    def _has_voucher(self):
        """Tell whether the participant has a voucher of this request."""
        self.ensure_one()
        return self.state == "fulfilled" and self.reward_id.kind == "voucher"

    def _get_voucher_path(self):
        """Return where the participant opens the voucher, on this site."""
        return self.company_id._get_rewards_path("voucher", request=self.id)

    def _get_voucher_url(self):
        """Return the whole address of the voucher's page, for a message."""
        return self.company_id._get_rewards_url("voucher", request=self.id)

    def _get_voucher_day(self):
        """Return the last day of the voucher, of several the first; ``None`` without
        one."""
        self.ensure_one()
        days = [day for day in self.voucher_ids.mapped("expires_on") if day]
        if not self.voucher_ids or len(days) < len(self.voucher_ids):
            days += [day for day in [self.voucher_pool_id.valid_until] if day]
        return min(days, default=None)

    # === SHOWING === #

    def _show_vouchers(self, user):
        """Return the codes of this request, and write down who saw them.

        The caller found out that the request is the user's own.

        :param user: ``res.users`` who looks
        :return: list of :class:`ShownVoucher`
        :raise RedemptionError: there is nothing to show, or it was asked for too often
        :raise VoucherKeyError: there is no key, or another one
        """
        self.ensure_one()
        if not self._has_voucher():
            raise RedemptionError(
                "no_voucher", self.env._("There is no voucher to show.")
            )
        pool, vouchers = self.voucher_pool_id, self.voucher_ids
        codes = [(pool.shared_code or "", "")]
        if pool.kind == "codes":
            codes = vouchers._open_codes()
        self._count_voucher("voucher_shown", SHOWN_PER_HOUR)
        vouchers._show()
        self.env["b2b2c.voucher.showing"]._record(self, user)
        days = [voucher.expires_on for voucher in vouchers] or [False]
        return [
            ShownVoucher(
                code, pin, _get_link(pool, code), day or pool.valid_until or None
            )
            for (code, pin), day in zip(codes, days, strict=True)
        ]

    def _count_voucher(self, what, limit):
        """Count something a person does with vouchers.

        :raise RedemptionError: it was done too often within the hour
        """
        allowed = self.env["b2b2c.hour.count"]._count(
            self.company_id, f"{what}/m{self.member_id.id}", limit
        )
        if not allowed:
            raise RedemptionError(
                "too_often",
                self.env._("That was very often. Please try again in an hour."),
            )

    # === SENDING AGAIN === #

    def _send_voucher(self):
        """Queue a message with the way to the voucher, never with the code.

        :raise UserError: there is none, or it was sent very often already
        """
        self.ensure_one()
        if not self._has_voucher():
            raise UserError(self.env._("This request has no voucher to send."))
        self._count_voucher("voucher_sent", SENT_PER_HOUR)
        lang = self.member_id.lang or self.env.lang
        now = fields.Datetime.now()
        self.env["b2b2c.notification"]._tell(
            [
                {
                    "member_id": self.member_id._get_survivor().id,
                    "kind": "voucher",
                    "key": f"voucher/{self.id}/{now:%Y%m%d%H%M}",
                    "is_numbered": False,
                    "document_name": self.reward_id.with_context(lang=lang).name,
                    "res_model": self._name,
                    "res_id": self.id,
                }
            ]
        )
        self._message_log(body=self.env._("The way to the voucher was sent again."))

    def action_send_voucher(self):
        """Send the participant the way to the voucher again (officers)."""
        for request in self._check_officer():
            request._send_voucher()
        return True


def _get_link(pool, code):
    """Return where a code is used: the pool's page, or the code if it is a link."""
    if code.startswith(("https://", "http://")):
        return code
    return (pool.link or "").replace("{code}", quote(code, safe=""))
