from odoo import models

from ..cashier import as_cashier
from .till_desk import TillDesk


class PosSession(models.Model):
    """What a till asks about the people who buy.

    A cashier has no rights on our models: each method asks whether the session is one
    he may work in, and reads as superuser then.
    """

    _inherit = "pos.session"

    # === REMOTE METHODS === #

    def b2b2c_show_buyer(self, text):
        """Find who shows a card, a code or a phone number.

        Whoever does not take part, is paused or belongs elsewhere is the same answer.

        :param text: as scanned or typed; or the ``ticket`` of an order, to look again
        :return: dict with ``status`` (found, unknown, own, wait) and ``message``; of
            somebody who was found also ``ticket`` for the order, ``name`` (masked),
            ``way`` and ``balances``: list of texts
        """
        return self._b2b2c_open_desk().show(text)

    def b2b2c_send_buyer_code(self, text):
        """Send a code by SMS to who has no card with him.

        :param text: phone number
        :return: dict with ``message``: the same whether somebody has that number
        """
        return self._b2b2c_open_desk().send_code(text)

    def b2b2c_preview(self, ticket, basket):
        """Tell what a basket would bring who was shown; nothing is booked.

        :param str ticket: from :meth:`b2b2c_show_buyer`
        :param dict basket: see :func:`.basket.imagine`
        :return: dict with ``gain`` (a text, empty for nothing) and ``message``
        """
        return self._b2b2c_open_desk().preview(ticket, basket)

    def b2b2c_get_receipt(self, order_uuid):
        """Return what the receipt of a paid order says about points.

        :param str order_uuid: of an order of this session
        :return: dict with ``earned``, ``later`` and ``balances``; empty when nobody
            showed a card
        """
        desk = self._b2b2c_open_desk()
        uuid = order_uuid if isinstance(order_uuid, str) else ""
        order = desk.session.order_ids.search(
            [("uuid", "=", uuid), ("session_id", "=", desk.session.id)], limit=1
        )
        return desk.write_receipt(order) if order else {}

    # === HELPERS === #

    def _b2b2c_open_desk(self):
        """Return the desk of this session, for who may work in it."""
        return TillDesk(as_cashier(self), self.env.user)
