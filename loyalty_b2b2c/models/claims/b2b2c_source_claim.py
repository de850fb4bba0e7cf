from odoo import fields, models
from odoo.fields import Command, Domain

from ...engine import TRIGGERS
from ...exceptions import FactError
from ...values import aware


class B2b2cSourceClaim(models.AbstractModel):
    """Measures proofs of sale.

    A code or a receipt proves that the goods were sold and paid for, so an accepted
    claim has reached every moment at once; any other claim has reached nothing.
    """

    _name = "b2b2c.source.claim"
    _description = "Earning Source: Proof of Sale"
    _inherit = "b2b2c.source.stated"

    _document_model = "b2b2c.claim"

    def _get_moment_words(self):
        """A proof has no moments but one."""
        return dict.fromkeys(TRIGGERS, self.env._("Accepted"))

    def _is_hypothetical(self, document):
        return document.state in ("draft", "review")

    def _get_undone_cause(self, document, award):
        undone = document.state in ("refused", "cancelled")
        return "cancelled" if undone else "changed"

    # === MEASURING === #

    def _get_document(self, line):
        return line.claim_id

    def _get_moments(self, document, hypothetical):
        if document.state != "accepted" and not hypothetical:
            return {}
        accepted_at = document.accepted_at or document.occurred_at
        moments = dict.fromkeys(TRIGGERS, aware(accepted_at))
        moments["confirmed"] = aware(document.occurred_at)
        return moments

    # === HOOKS === #

    def _get_kind(self, document):
        return document.kind

    def _get_arrived_at(self, document):
        return document.arrived_at if document._counts_on_arrival() else None

    def _is_proof(self, document):
        return True

    def _get_named_member(self, document):
        return document.submitter_id

    def _get_named_sellers(self, document):
        """Return the submitter when it is a salesperson: who scans has sold."""
        return document.submitter_id.filtered(lambda member: member._sells())

    def _get_personal_domain(self, members):
        return Domain("submitter_id", "in", members.ids)

    # === PLAYED ON THE SCREEN === #

    def _get_imagined_kinds(self):
        kinds = self.env["b2b2c.claim"]._fields["kind"].selection
        return [kind for kind, _label in kinds]

    def _imagine_sale(self, kind, sale):
        if not sale.member:
            raise FactError(self.env._("Choose the participant who hands it in."))
        now = fields.Datetime.now()
        line = {
            "name": sale.product.display_name,
            "product_id": sale.product.id,
            "product_uom_id": sale.product.uom_id.id,
            "quantity": sale.quantity,
            "amount_untaxed": sale.amount,
            "amount_total": sale.amount,
        }
        return self.env[self._document_model].new(
            {
                "kind": kind,
                "reference": self.env._("Trial"),
                "state": "accepted",
                "company_id": sale.company.id,
                "currency_id": sale.company.currency_id.id,
                "submitter_id": sale.member.id,
                "partner_id": sale.member.employer_id.commercial_partner_id.id,
                "occurred_at": now,
                "arrived_at": now,
                "accepted_at": now,
                "line_ids": [Command.create(line)],
            }
        )
