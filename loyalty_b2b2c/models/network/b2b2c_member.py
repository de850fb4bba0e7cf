from odoo import api, models


class B2b2cMember(models.Model):
    """What a counter that is not ours is told of a participant, and what is kept."""

    _inherit = "b2b2c.member"

    @api.model
    def _get_card_companies(self, company):
        """Add those whose points are spent at a company's tills by agreement."""
        owners = self.env["b2b2c.partner.agreement"]._get_owners(company)
        return super()._get_card_companies(company) | owners

    def _get_personal_texts(self, person):
        texts = super()._get_personal_texts(person)
        texts.add("b2b2c.partner.visit", impersonal=["document_model", "ticket"])
        texts.add("b2b2c.spend.incident", impersonal=["document_model"])
        return texts
