from odoo import api, models
from odoo.tools.translate import LazyTranslate

from ..mechanics.mechanic import Mechanic, draw

_lt = LazyTranslate(__name__)


_ASKED = ("product_ids", "kind", "value", "hold", "expiry_months", "date_from")

MECHANICS = {
    "cashback": Mechanic(
        label=_lt("Cashback for the buyer's employee"),
        note=_lt(
            "The accountant or office manager who chose you gets a share of each order "
            "of the company, once it is paid."
        ),
        group="buyer",
        picture=draw("cashback"),
        name=_lt("Cashback for the buyer"),
        asks=_ASKED,
        defaults={"kind": "percent", "value": 5, "hold": "until_paid"},
        kinds=("sale.order", "invoice"),
        rule={
            "role": "employee",
            "pick": "contact_or_first",
            "party": "buyer",
            "trigger": "confirmed",
        },
    ),
    "welcome": Mechanic(
        label=_lt("Gift for the first order"),
        note=_lt("The buyer's employee gets points once, for the first order."),
        group="buyer",
        picture=draw("welcome"),
        name=_lt("Welcome gift"),
        asks=("value", "expiry_months", "date_from"),
        defaults={"kind": "fixed", "value": 100},
        kinds=("sale.order", "invoice"),
        rule={
            "role": "employee",
            "pick": "contact_or_first",
            "party": "buyer",
            "trigger": "paid",
            "kind": "fixed",
            "scope": "document",
            "milestone": "only",
            "milestone_number": 1,
        },
    ),
    "deliveries": Mechanic(
        label=_lt("Shop's owner for deliveries"),
        note=_lt(
            "The owner gets points for the goods you deliver to the shop, whoever "
            "ordered them."
        ),
        group="owner",
        picture=draw("deliveries"),
        name=_lt("Owner's points for deliveries"),
        asks=_ASKED,
        defaults={"kind": "per_unit", "value": 2},
        kinds=("sale.order", "delivery"),
        rule={
            "role": "owner",
            "pick": "contact_or_first",
            "party": "receiver",
            "trigger": "delivered",
        },
    ),
}


class B2b2cMechanic(models.AbstractModel):
    """What orders, invoices and deliveries can reward."""

    _inherit = "b2b2c.mechanic"

    @api.model
    def _get_mechanics(self):
        return {**super()._get_mechanics(), **MECHANICS}
