from odoo import api, models

from .volume_feed import VolumeFeed


class B2b2cSource(models.AbstractModel):
    """Every document that was processed may change a dealer's volume."""

    _inherit = "b2b2c.source"

    _is_purchase = True  # whether a dealer's volume may count it
    _is_delivered = True  # whether it knows when its goods are delivered

    @api.model
    def _after_processing(self, document_ids):
        """Count the documents for dealers."""
        VolumeFeed(self.env, self._document_model).feed(document_ids)
        return super()._after_processing(document_ids)

    def _get_tier_percents(self, documents, company):
        """Return the bonus of the tier that each buyer had when it bought."""
        dealers = self.env["b2b2c.ladder.standing"]
        return {
            **super()._get_tier_percents(documents, company),
            **{
                document.id: dealers._get_bonus(
                    self._get_buyer(document), company, self._get_occurred_at(document)
                )
                for document in documents
            },
        }

    def _get_dealer_domain(self, companies, partners):
        """Return the domain of the documents that partners bought or received.

        :param companies: whose documents count, ``res.company`` records
        :param partners: commercial partners
        """
        return [
            ("company_id", "in", companies.ids),
            ("partner_id", "child_of", partners.ids),
        ]
