from odoo import api, models
from odoo.tools.translate import LazyTranslate

from ..mechanics.mechanic import Mechanic, draw

_lt = LazyTranslate(__name__)


_ASKED = ("product_ids", "kind", "value", "code_count", "expiry_months", "date_from")

MECHANICS = {
    "scan": Mechanic(
        label=_lt("Scan to earn"),
        note=_lt(
            "Each piece has a code, on a label or in the warranty card; the shop's "
            "salesperson scans it with a phone and has the points at once."
        ),
        group="seller",
        picture=draw("scan"),
        asks=_ASKED,
        defaults={"kind": "per_unit", "value": 10},
        kinds=("scan",),
        make=lambda dialog: dialog._make_program_and_codes(),
        rule={"role": "salesperson", "pick": "contact", "trigger": "paid"},
    ),
    "owner_scan": Mechanic(
        label=_lt("Shop's owner for scanned goods"),
        note=_lt(
            "Whoever in the shop scans the code of a piece, a block or a pallet, its "
            "owner gets the points."
        ),
        group="owner",
        picture=draw("owner_scan"),
        name=_lt("Owner's points for scans"),
        asks=_ASKED,
        defaults={"kind": "per_unit", "value": 2},
        kinds=("scan",),
        make=lambda dialog: dialog._make_program_and_codes(),
        rule={"role": "owner", "pick": "contact_or_first", "trigger": "paid"},
    ),
}


class B2b2cMechanic(models.AbstractModel):
    """What codes on goods can reward."""

    _inherit = "b2b2c.mechanic"

    @api.model
    def _get_mechanics(self):
        return {**super()._get_mechanics(), **MECHANICS}
