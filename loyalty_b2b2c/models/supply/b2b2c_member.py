from odoo import models

_ORDER = ("name", "sent_at", "shop_id", "points", "amount_total", "state", "note")


class B2b2cMember(models.Model):
    """What an owner ordered from the distributor."""

    _inherit = "b2b2c.member"

    def _get_personal_data(self):
        orders = self.env["b2b2c.supply.order"].search([("member_id", "in", self.ids)])
        data = super()._get_personal_data()
        return {**data, "goods_orders": self._to_rows(orders, _ORDER)}

    def _get_personal_records(self):
        orders = self.env["b2b2c.supply.order"].search([("member_id", "in", self.ids)])
        return [*super()._get_personal_records(), orders]

    def _get_personal_texts(self, person):
        texts = super()._get_personal_texts(person)
        texts.add(
            "b2b2c.supply.order",
            replaced=["note"],
            impersonal=["name", "reference", "request_key"],
            mine=person.is_mine("account_id", self.account_ids.ids),
        )
        return texts

    def _erase_personal_data(self, person):
        """Free the points of what nobody has accepted yet."""
        orders = self.env["b2b2c.supply.order"].search(
            [("member_id", "in", self.ids), ("state", "=", "sent")]
        )
        for order in orders:
            order._cancel(self.env.user)
        return super()._erase_personal_data(person)
