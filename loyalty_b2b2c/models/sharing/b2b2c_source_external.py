from odoo import models


class B2b2cSourceExternal(models.AbstractModel):
    """What is only imagined of a report knows the code that was stated with it."""

    _inherit = "b2b2c.source.external"

    def _get_named_link(self, document):
        """Return also the code of a question: it is noted when the sale is recorded."""
        link = document.referral_link_id
        if document._origin or not link:
            return super()._get_named_link(document)
        buyer = document.member_id.partner_id or document.partner_id
        usable = link._origin.sudo()
        return usable.browse() if usable._get_problem(buyer._origin) else usable
