from odoo import api, models

from .unnamed_returns import settle


class B2b2cSource(models.AbstractModel):
    """Orders, and what is invoiced or delivered without one, can earn."""

    _inherit = "b2b2c.source"

    @api.model
    def _get_sources(self):
        return {
            **super()._get_sources(),
            "sale.order": "b2b2c.source.sale.order",
            "account.move": "b2b2c.source.invoice",
            "stock.picking": "b2b2c.source.delivery",
        }

    # === GOODS THAT COME BACK AND NAME NO SALE === #

    @api.model
    def _get_touched(self, document_ids):
        touched = super()._get_touched(document_ids)
        for model, ids in settle(self, document_ids).items():
            touched.setdefault(model, set()).update(ids)
        return touched

    def _find_unnamed_returns(self, document_ids):
        """Return the goods that documents in force take back, naming no sale.

        :return: list of ``unnamed_returns.Return``
        """
        return []

    def _get_sales_domain(self, product):
        """Return the domain of the documents that sold a product, ``None`` when nobody
        brings back what such documents tell of."""
        return None

    def _get_nobodys_domain(self, back):
        """Return the domain of the documents that were sold to nobody in particular,
        which one that names no customer either may take back.

        :param back: the document that takes goods back, of any model with a source
        :return: ``None`` when each such document names who bought
        """
        return None
