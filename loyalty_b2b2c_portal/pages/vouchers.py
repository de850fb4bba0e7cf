from odoo.tools import format_amount

from odoo.addons.loyalty_b2b2c.models.base.code_picture import draw_code

from . import pictures, words
from .requests import request_row

_QR_SIZE = 400


class VoucherPage:
    """The page of a voucher: what it is, and, after a tap, its codes.

    :param request: ``b2b2c.redemption`` record of the person, with a voucher
    """

    def __init__(self, request):
        self.request, self.env = request, request.env

    def row(self):
        """Return the voucher in words, without its code."""
        pool, day = self.request.voucher_pool_id, self.request._get_voucher_day()
        value = format_amount(self.env, pool.value, pool.currency_id)
        found = pictures.find(self.request.reward_id)
        return {
            **request_row(self.request, found),
            "partner": pool.partner_id.name,
            "value": value if pool.value else "",
            "valid_until": words.day(self.env, day) if day else "",
            "is_over": bool(day and day < pool._get_today()),
            "instructions": pool.instructions or "",
            "count": self.request.quantity if pool.kind == "codes" else 1,
        }

    def show(self, user):
        """Return the codes in words; that they were shown is written down.

        :param user: ``res.users`` who looks
        :raise RedemptionError: there is nothing to show, or it was asked for too often
        :raise VoucherKeyError: the server has no key, or another one
        """
        return [
            {
                "code": "" if shown.code == shown.link else shown.code,
                "pin": shown.pin,
                "link": shown.link,
                "picture": self._get_picture(shown.code),
                "day": (
                    words.day(self.env, shown.expires_on) if shown.expires_on else ""
                ),
            }
            for shown in self.request._show_vouchers(user)
        ]

    def _get_picture(self, code):
        """Return the QR code of a code as the address of a picture."""
        if not code:
            return ""
        return draw_code(self.env, code, _QR_SIZE)
