from dataclasses import dataclass

from odoo import api, models


@dataclass(frozen=True, kw_only=True)
class ImaginedSale:
    """A sale that somebody plays on the screen.

    :param company: ``res.company`` that sells
    :param partner: ``res.partner`` who buys, or the shop where it is sold
    :param member: ``b2b2c.member`` who is named, or hands in; possibly empty
    :param product: ``product.product``, possibly empty
    :param quantity: in the product's own unit
    :param amount: of all of it, with and without tax alike
    :param event: code of an event
    """

    company: object
    partner: object
    member: object
    product: object
    quantity: float = 1.0
    amount: float = 0.0
    event: str = ""


class B2b2cSource(models.AbstractModel):
    """Which documents can be played on the screen, with no row behind them."""

    _inherit = "b2b2c.source"

    def _get_imagined_kinds(self):
        """Hook: return the kinds of documents of this source that can be imagined.

        :return: list of codes of ``b2b2c.document.kind``
        """
        return []

    def _imagine_sale(self, kind, sale):
        """Return the document that a sale would be, made with ``new``.

        :param str kind: one of :meth:`_get_imagined_kinds`
        :param sale: :class:`ImaginedSale`
        """
        raise NotImplementedError

    @api.model
    def _find_imagining(self):
        """Return kind of document -> the source that imagines such documents."""
        sources = {}
        for model in self._get_sources():
            source = self._for_model(model)
            sources |= dict.fromkeys(source._get_imagined_kinds(), source)
        return sources
