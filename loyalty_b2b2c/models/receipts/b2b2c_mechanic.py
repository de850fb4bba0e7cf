from odoo import api, models
from odoo.tools.translate import LazyTranslate

from ..mechanics.mechanic import Mechanic, draw

_lt = LazyTranslate(__name__)


MECHANICS = {
    "receipt": Mechanic(
        label=_lt("Photo of a receipt"),
        note=_lt(
            "The salesperson photographs the customer's receipt; it is read, and what "
            "is on it of your products brings points."
        ),
        group="seller",
        picture=draw("receipt"),
        name=_lt("Receipts"),
        asks=("product_ids", "kind", "value", "expiry_months", "date_from"),
        defaults={"kind": "per_unit", "value": 3},
        kinds=("receipt", "tax_stamp"),
        rule={"role": "salesperson", "pick": "contact", "trigger": "paid"},
    ),
}


class B2b2cMechanic(models.AbstractModel):
    """What photos of receipts can reward."""

    _inherit = "b2b2c.mechanic"

    @api.model
    def _get_mechanics(self):
        return {**super()._get_mechanics(), **MECHANICS}
