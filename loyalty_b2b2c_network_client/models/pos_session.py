from odoo import models

from .pos_payment_method import NETWORK
from .till_words import read_number, read_text, read_value


class PosSession(models.Model):
    """What a till asks the network while the customer stands there.

    Answers are dicts: what was asked for, or ``refused`` with a sentence.
    """

    _inherit = "pos.session"

    def b2b2c_network_show(self, values):
        """Tell who shows a code, what there is, and what a basket will give.

        :param dict values: ``code``, ``amount`` of the basket
        """
        self._b2b2c_check_cashier()
        body = {"code": read_text(values, "code"), **self._b2b2c_get_currency()}
        amount = read_number(values, "amount")
        if amount:
            currency = self._b2b2c_get_currency()
            body["basket"] = {"amount": amount, **currency}
        return self._b2b2c_ask("/members/shown", body)

    def b2b2c_network_hold(self, values):
        """Reserve points for a payment line; asking again is the same reservation.

        :param dict values: ``code``, ``method`` id, ``uuid`` of the line, ``amount``,
            ``proof`` that was typed
        """
        self._b2b2c_check_cashier()
        wanted = read_value(values, "method")
        method = self.config_id.payment_method_ids.filtered(
            lambda one: one.id == wanted and one.use_payment_terminal == NETWORK
        )
        if not method:
            return {"refused": self.env._("This till does not take points.")}
        return self._b2b2c_ask("/spends", self._b2b2c_get_payment(values))

    def b2b2c_network_send_code(self, values):
        """Send the customer a code that confirms a payment."""
        self._b2b2c_check_cashier()
        return self._b2b2c_ask("/spends/code", self._b2b2c_get_payment(values))

    def b2b2c_network_release(self, values):
        """Give up a payment line; when nobody answers, the network hears it later."""
        self._b2b2c_check_cashier()
        uuid = read_text(values, "uuid")
        answer = self._b2b2c_ask("/spends/release", {"key": uuid})
        if answer.get("unreachable"):
            self.env["points.network.call"].sudo()._queue(
                self.company_id, f"release/{uuid}", "/spends/release", {"key": uuid}
            )
            return {"released": True}
        return answer

    def _b2b2c_get_payment(self, values):
        """Return a payment in the words of the API."""
        body = {
            "key": read_text(values, "uuid"),
            "code": read_text(values, "code"),
            "amount": read_number(values, "amount"),
            "reference": self.config_id.name[:64],
            **self._b2b2c_get_currency(),
        }
        proof = read_text(values, "proof")[:64]
        return {**body, "proof": proof} if proof else body

    def _b2b2c_get_currency(self):
        return {"currency": self.currency_id.name}
