from odoo import api, models
from odoo.tools.translate import LazyTranslate

from ..mechanics.mechanic import Mechanic, draw

_lt = LazyTranslate(__name__)


_RULE = {
    "role": "recommender",
    "pick": "referrer",
    "trigger": "paid",
}

MECHANICS = {
    "recommend": Mechanic(
        label=_lt("Recommendation"),
        note=_lt(
            "Somebody recommends you by a link, a code or a coupon of his own, and "
            "gets a share of what the new customer buys."
        ),
        group="recommender",
        picture=draw("recommend"),
        name=_lt("Recommend us"),
        asks=("product_ids", "kind", "value", "offer", "expiry_months", "date_from"),
        defaults={"kind": "percent", "value": 5},
        kinds=("sale.order", "invoice", "sale"),
        make=lambda dialog: dialog._make_recommendation(),
        rule=_RULE,
    ),
    "recommend_levels": Mechanic(
        label=_lt("Recommendation over several levels"),
        note=_lt(
            "Who brought the customer gets a share, and who brought that one a smaller "
            "one: for sales below only, never for bringing people."
        ),
        group="recommender",
        picture=draw("recommend_levels"),
        name=_lt("Recommend us, level by level"),
        asks=(
            "product_ids",
            "kind",
            "value",
            "level_count",
            "offer",
            "expiry_months",
            "date_from",
        ),
        defaults={"kind": "percent", "value": 5, "level_count": 2},
        kinds=("sale.order", "invoice", "sale"),
        make=lambda dialog: dialog._make_recommendation(),
        rule=_RULE,
    ),
}


class B2b2cMechanic(models.AbstractModel):
    """What recommendations can bring."""

    _inherit = "b2b2c.mechanic"

    @api.model
    def _get_mechanics(self):
        return {**super()._get_mechanics(), **MECHANICS}
