from odoo import api, models
from odoo.tools.translate import LazyTranslate

from ..mechanics.mechanic import Mechanic, draw

_lt = LazyTranslate(__name__)


MECHANICS = {
    "terminal": Mechanic(
        label=_lt("Amount entered at the terminal"),
        note=_lt(
            "After a payment your colleague enters phone and amount on a page for the "
            "counter; the buyer's employee gets a share."
        ),
        group="buyer",
        picture=draw("terminal"),
        name=_lt("Cashback at the counter"),
        asks=("kind", "value", "expiry_months", "date_from"),
        defaults={"kind": "percent", "value": 5},
        kinds=("sale",),
        rule={
            "role": "employee",
            "pick": "contact",
            "trigger": "paid",
            "amount_basis": "total",
        },
    ),
}


class B2b2cMechanic(models.AbstractModel):
    """What is entered at the counter can reward."""

    _inherit = "b2b2c.mechanic"

    @api.model
    def _get_mechanics(self):
        return {**super()._get_mechanics(), **MECHANICS}
