from odoo import models


class B2b2cSourcePosOrder(models.AbstractModel):
    """A till stands in a shop: that of its warehouse, if it is the company's own."""

    _inherit = "b2b2c.source.pos.order"

    def _get_place(self, document):
        company = document.company_id.partner_id
        shop = document.config_id.sudo().picking_type_id.warehouse_id.partner_id
        is_its = shop.commercial_partner_id == company.commercial_partner_id
        return shop if shop and is_its else company

    def _get_ticket(self, document):
        """Return the number that is printed on the ticket."""
        return document.pos_reference or super()._get_ticket(document)
