from odoo import api, models
from odoo.tools.translate import LazyTranslate

from odoo.addons.loyalty_b2b2c.models.mechanics.mechanic import Mechanic, draw

_lt = LazyTranslate(__name__)

_ASKED = ("product_ids", "kind", "value", "expiry_months", "date_from")

MECHANICS = {
    "till_seller": Mechanic(
        label=_lt("Seller at the till"),
        note=_lt(
            "The till knows who sold; each ticket brings the seller points, and a "
            "return takes them back."
        ),
        group="seller",
        picture=draw("till_seller", "loyalty_b2b2c_pos"),
        name=_lt("Sellers at the till"),
        asks=_ASKED,
        defaults={"kind": "per_unit", "value": 5},
        kinds=("pos.order",),
        rule={"role": "salesperson", "pick": "seller", "trigger": "paid"},
    ),
    "till_buyer": Mechanic(
        label=_lt("End customer at the till"),
        note=_lt(
            "The customer shows a code on the phone at the till, and gets a share of "
            "each ticket."
        ),
        group="customer",
        picture=draw("till_buyer", "loyalty_b2b2c_pos"),
        name=_lt("Customers' club"),
        asks=_ASKED,
        defaults={"kind": "percent", "value": 3},
        kinds=("pos.order",),
        rule={
            "role": "customer",
            "pick": "contact",
            "trigger": "paid",
            "amount_basis": "total",
        },
    ),
}


class B2b2cMechanic(models.AbstractModel):
    """What tickets of a till can reward."""

    _inherit = "b2b2c.mechanic"

    @api.model
    def _get_mechanics(self):
        return {**super()._get_mechanics(), **MECHANICS}
