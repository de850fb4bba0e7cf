from odoo import api, models
from odoo.tools.translate import LazyTranslate

from ..mechanics.mechanic import Mechanic, draw

_lt = LazyTranslate(__name__)


MECHANICS = {
    "network": Mechanic(
        label=_lt("Network of partners"),
        note=_lt(
            "End customers earn whichever partner they buy from, and spend at each of "
            "them; the shares are settled every month."
        ),
        group="customer",
        picture=draw("network"),
        name=_lt("Club of the network"),
        asks=("kind", "value", "expiry_months", "date_from"),
        defaults={"kind": "percent", "value": 5},
        kinds=("sale",),
        program={"is_network": True},
        rule={
            "role": "customer",
            "pick": "contact",
            "trigger": "paid",
            "amount_basis": "total",
        },
    ),
}


class B2b2cMechanic(models.AbstractModel):
    """What a network of partners can reward."""

    _inherit = "b2b2c.mechanic"

    @api.model
    def _get_mechanics(self):
        return {**super()._get_mechanics(), **MECHANICS}
