from odoo import api, models
from odoo.tools.translate import LazyTranslate

from odoo.addons.loyalty_b2b2c.models.mechanics.mechanic import Mechanic, draw

_lt = LazyTranslate(__name__)

CHAT_SCAN = "chat_scan"
MECHANICS = {
    CHAT_SCAN: Mechanic(
        label=_lt("Scan in a chat"),
        note=_lt(
            "The salesperson sends your bot in Telegram, WhatsApp or Viber the code of "
            "a piece, or a photo of it, and has the points at once."
        ),
        group="seller",
        picture=draw(CHAT_SCAN, "loyalty_b2b2c_chat"),
        name=_lt("Scans in the chat"),
        asks=(
            "product_ids",
            "kind",
            "value",
            "code_count",
            "expiry_months",
            "date_from",
        ),
        defaults={"kind": "per_unit", "value": 10},
        kinds=("scan",),
        make=lambda dialog: dialog._make_program_and_codes(),
        rule={"role": "salesperson", "pick": "contact", "trigger": "paid"},
    ),
}


class B2b2cMechanic(models.AbstractModel):
    """What people send in a chat can reward."""

    _inherit = "b2b2c.mechanic"

    @api.model
    def _get_mechanics(self):
        return {**super()._get_mechanics(), **MECHANICS}
