from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

from .volume_feed import VolumeFeed


class B2b2cSource(models.AbstractModel):
    """Every document that was processed may change a dealer's volume."""

    _inherit = "b2b2c.source"

    _is_purchase = True  # whether a dealer's volume may count it

    @api.model
    def _after_processing(self, document_ids, judged=None):
        """Count the documents for dealers."""
        VolumeFeed(self.env, self._document_model).feed(document_ids)
        return super()._after_processing(document_ids, judged)

    def _get_tier_percents(self, documents, company):
        """Return the bonus of the tier that each buyer had when it bought."""
        dealers = self.env["b2b2c.ladder.standing"]
        return {
            **super()._get_tier_percents(documents, company),
            **{
                document.id: dealers._get_bonus(
                    self._get_parties(document).buyer_company,
                    company,
                    self._get_occurred_at(document),
                )
                for document in documents
            },
        }

    @api.model
    def _get_counting_companies(self):
        """Dealers count the documents of their ladder's company."""
        dealers = self.env["b2b2c.ladder.standing"]._get_dealer_companies()
        running = {
            company_id for company_id, is_running in dealers.items() if is_running
        }
        return super()._get_counting_companies() | running

    def _get_booked_ids(self, documents):
        """Volume is booked, too."""
        counted = self.env["b2b2c.volume.entry"].sudo()
        domain = [
            ("document_model", "=", self._document_model),
            ("document_id", "in", documents.ids),
        ]
        groups = counted._read_group(domain, ["document_id"])
        return super()._get_booked_ids(documents) | {row[0] for row in groups}

    def _get_dealer_domain(self, companies, partners):
        """Return the domain of the documents that companies bought.

        Those of which it was kept that they did; and those of which nothing was kept
        that name them, or a contact of theirs, now.

        :param companies: whose documents count, ``res.company`` records
        :param partners: commercial partners
        """
        return self._get_bought_domain(companies, partners)

    def _get_counted_domain(self, standings):
        """Return the domain of the documents that are counted for dealers now."""
        counted = SQL(
            "SELECT e.document_id AS id FROM b2b2c_volume_entry e"
            " WHERE e.document_model = %s AND e.standing_id = ANY(%s)",
            self._document_model,
            standings.ids,
        )
        return Domain("id", "in", counted)
