from odoo import api, models
from odoo.tools.translate import LazyTranslate

from ..mechanics.mechanic import Mechanic, draw

_lt = LazyTranslate(__name__)


MECHANICS = {
    "distributor": Mechanic(
        label=_lt("Shop's owner, reported by a distributor"),
        note=_lt(
            "A distributor's system tells what it shipped, by API or in a file; the "
            "owner of the shop gets points for it."
        ),
        group="owner",
        picture=draw("distributor"),
        name=_lt("Owner's points for shipments"),
        asks=("product_ids", "kind", "value", "expiry_months", "date_from"),
        defaults={"kind": "per_unit", "value": 2},
        kinds=("shipment",),
        rule={
            "role": "owner",
            "pick": "contact_or_first",
            "party": "receiver",
            "trigger": "delivered",
        },
    ),
    "event": Mechanic(
        label=_lt("Points for an event"),
        note=_lt(
            "Another system reports that somebody did something, as a visit or a "
            "lesson; each time brings points."
        ),
        group="training",
        picture=draw("event"),
        name=_lt("Points for events"),
        asks=("event_codes", "value", "expiry_months", "date_from"),
        defaults={"kind": "fixed", "value": 20},
        kinds=("event",),
        make=lambda dialog: dialog._make_event_program(),
        rule={
            "role": "salesperson",
            "pick": "contact",
            "trigger": "paid",
            "kind": "fixed",
            "scope": "document",
            "without_product": True,
        },
    ),
}


class B2b2cMechanic(models.AbstractModel):
    """What other systems report can reward."""

    _inherit = "b2b2c.mechanic"

    @api.model
    def _get_mechanics(self):
        return {**super()._get_mechanics(), **MECHANICS}
