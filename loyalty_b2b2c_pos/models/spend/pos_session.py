from odoo import models

from ..cashier import as_cashier
from .till_counter import TillCounter


class PosSession(models.Model):
    """What a till asks about points; and a session that ends frees what it reserved.

    Whoever works at a till may call these. They answer with sentences for the cashier,
    and raise only for who has no business here.
    """

    _inherit = "pos.session"

    def b2b2c_get_spendable(self, values):
        """Tell what a participant can pay here (read only).

        :param dict values: ``token`` that was shown, ``method`` id
        :return: dict with ``name``, ``points`` and ``amount``; with ``name`` and
            ``is_hidden`` for who was named by a phone number; or ``refused``
        """
        return self._b2b2c_get_counter().get_spendable(values)

    def b2b2c_hold_points(self, values):
        """Reserve points for a payment line; asking again is the same reservation.

        :param dict values: ``token``, ``method``, ``uuid`` of the line, ``order_uuid``,
            ``amount`` in the till's currency, ``proof``: PIN or code that was typed
        :return: dict with ``held``; or ``needs_proof`` with the ways; or ``refused``
        """
        return self._b2b2c_get_counter().hold(values)

    def b2b2c_send_points_code(self, values):
        """Send the participant a code that confirms a payment.

        :param dict values: as for :meth:`b2b2c_hold_points`, without ``proof``
        :return: dict with ``sent``: where to, masked; or ``refused``
        """
        return self._b2b2c_get_counter().send_code(values)

    def b2b2c_release_points(self, values):
        """Give up a payment line for good.

        :param dict values: ``uuid`` of the line
        :return: dict with ``released``; or ``refused``
        """
        return self._b2b2c_get_counter().release(values)

    def b2b2c_get_refundable(self, values):
        """Tell what a refund may pay in points, and what otherwise (read only).

        :param dict values: ``lines``: ids of the lines that are taken back
        :return: dict with ``points`` and ``money``, in the till's currency
        """
        return self._b2b2c_get_counter().get_refundable(values)

    def _b2b2c_get_counter(self):
        """Return the counter of this session, for who may work in it."""
        return TillCounter(as_cashier(self))

    def write(self, vals):
        result = super().write(vals)
        if vals.get("state") == "closed":
            self.env["b2b2c.till.payment"]._leave("session_id", self.ids)
        return result
