from odoo import models
from odoo.exceptions import AccessError, UserError

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
        """Return the counter of this session.

        :raise AccessError: the caller does not work at tills, or not in this company
        :raise UserError: the session is closed
        """
        self.ensure_one()
        if not self.env.user.has_group("point_of_sale.group_pos_user"):
            raise AccessError(self.env._("Only who works at a till asks for points."))
        self.check_access("read")
        if self.state not in ("opening_control", "opened"):
            raise UserError(
                self.env._("The session %s is closed.", self.sudo().name or "")
            )
        return TillCounter(self.sudo())

    def write(self, vals):
        result = super().write(vals)
        if vals.get("state") == "closed":
            self.env["b2b2c.till.payment"]._leave("session_id", self.ids)
        return result
