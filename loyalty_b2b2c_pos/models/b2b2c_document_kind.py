from odoo import api, models
from odoo.tools.translate import LazyTranslate

from odoo.addons.loyalty_b2b2c.models.programs.kind_words import KindWords

_lt = LazyTranslate(__name__)

#: A ticket is ordered, handed over and invoiced in one moment; what goes on the
#: customer's account is paid later.
TICKET = KindWords(
    when={
        "confirmed": _lt("something is bought at a till"),
        "delivered": _lt("something is bought at a till"),
        "invoiced": _lt("something is bought at a till"),
        "paid": _lt("what was bought at a till is paid"),
    },
    moments=("confirmed", "paid"),
    is_credit=True,
    never_with=frozenset({"sale.order", "invoice", "delivery"}),
)


class B2b2cDocumentKind(models.Model):
    """What a till order is called in the sentence of a rule."""

    _inherit = "b2b2c.document.kind"

    @api.model
    def _get_kind_words(self):
        return {**super()._get_kind_words(), "pos.order": TICKET}
