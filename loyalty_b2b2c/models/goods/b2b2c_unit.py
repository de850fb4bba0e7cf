from odoo import models, tools
from odoo.exceptions import UserError


class B2b2cUnit(models.Model):
    """A unit that counts pieces of a product, and the reward that delivers them."""

    _inherit = "b2b2c.unit"

    def _word_amount(self, number):
        """Return how many pieces of what: ``"3 × Coffee"``."""
        product = self._get_product_label(self.id, self.env.lang)
        return f"{number} × {product}" if product else super()._word_amount(number)

    @tools.ormcache("unit_id", "lang", cache="default")
    def _get_product_label(self, unit_id, lang):
        """Return the name of the product a unit counts, empty when it counts none.

        Cached until a unit changes: a product that is renamed keeps its name here
        until then, or until the server starts again.
        """
        unit = self.sudo().browse(unit_id)
        return unit.product_id.name if unit.kind == "goods" else ""

    def action_offer_goods(self):
        """Let people order the product of this unit, one piece for 1 (managers)."""
        self.ensure_one()
        rewards, product = self.env["b2b2c.reward"], self.product_id
        if self.kind != "goods" or not product:
            raise UserError(self.env._("“%s” counts no product.", self.name))
        company = self.company_id or self.env.company
        reward = rewards.search(
            [
                ("kind", "=", "delivery"),
                ("unit_id", "=", self.id),
                ("product_id", "=", product.id),
                ("company_id", "=", company.id),
            ],
            limit=1,
        )
        reward = reward or rewards.create(
            {
                "name": product.name,
                "kind": "delivery",
                "unit_id": self.id,
                "product_id": product.id,
                "points": 1,
                "is_from_stock": product.is_storable,
                "image_1920": product.image_1920,
                "company_id": company.id,
            }
        )
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "loyalty_b2b2c.b2b2c_reward_action"
        )
        return dict(action, res_id=reward.id, views=[(False, "form")], context={})
