from odoo import models

from ...engine import TRIGGERS
from ...values import aware


class B2b2cSourceClaim(models.AbstractModel):
    """Measures proofs of sale.

    A code or a receipt proves that the goods were sold and paid for, so an accepted
    claim has reached every moment at once; any other claim has reached nothing.
    """

    _name = "b2b2c.source.claim"
    _description = "Reward Source: Proof of Sale"
    _inherit = "b2b2c.source.external"

    _document_model = "b2b2c.claim"
    _is_purchase = False  # the shop's sale; its purchase is another document

    def _get_undone_cause(self, document, award):
        undone = document.state in ("refused", "cancelled")
        return "cancelled" if undone else "changed"

    def _get_line_name(self, line):
        return line.name or line.product_id.display_name or line.claim_id.reference

    def _get_measures(self, line, rate, hypothetical):
        """Return trigger -> measure of one line."""
        claim = line.claim_id
        if claim.state != "accepted" and not hypothetical:
            return {}
        moments = dict.fromkeys(TRIGGERS, aware(claim.accepted_at or claim.occurred_at))
        moments["confirmed"] = aware(claim.occurred_at)
        return {
            trigger: self._get_part(line, rate, at) for trigger, at in moments.items()
        }

    # === HOOKS === #

    def _get_kind(self, document):
        return document.kind

    def _get_event_code(self, document):
        return ""

    def _get_named_member(self, document):
        return document.submitter_id

    def _get_named_sellers(self, document):
        """Return the submitter when it is a salesperson: who scans has sold."""
        return document.submitter_id.filtered(lambda member: member._sells())
