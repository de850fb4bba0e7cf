from odoo import api, models
from odoo.tools.translate import LazyTranslate

from ..mechanics.mechanic import Mechanic, draw

_lt = LazyTranslate(__name__)


MECHANICS = {
    "ladder": Mechanic(
        label=_lt("Dealer's ladder"),
        note=_lt(
            "What a dealer bought in the last months decides the price, up and down, "
            "without anybody deciding."
        ),
        group="dealer",
        picture=draw("ladder"),
        name=_lt("Dealers"),
        asks=("months", "tiers"),
        make=lambda dialog: dialog._make_ladder("price"),
    ),
    "bonus": Mechanic(
        label=_lt("Bonus instead of a lower price"),
        note=_lt(
            "Dealers pay the list price, and get the percentage of their tier as "
            "points once an invoice is paid."
        ),
        group="dealer",
        picture=draw("bonus"),
        name=_lt("Dealers' bonus"),
        asks=("months", "tiers", "hold", "expiry_months"),
        kinds=("sale.order", "invoice"),
        make=lambda dialog: dialog._make_bonus(),
        rule={
            "role": "dealer",
            "pick": "contact_or_first",
            "party": "buyer",
            "trigger": "paid",
            "kind": "tier",
        },
    ),
}


class B2b2cMechanic(models.AbstractModel):
    """What the volume of dealers can bring them."""

    _inherit = "b2b2c.mechanic"

    @api.model
    def _get_mechanics(self):
        return {**super()._get_mechanics(), **MECHANICS}
