from odoo import api, models


class B2b2cMember(models.Model):
    """What a counter that is not ours is told of a participant, and what is kept."""

    _inherit = "b2b2c.member"

    @api.model
    def _find_at_till(self, company, code):
        """Return who shows a code at a till of a company (sudo), empty for nobody.

        Who takes part with the company itself, or with one whose points are spent there
        by agreement.

        :param company: ``res.company`` of the till
        """
        owners = self.env["b2b2c.partner.agreement"]._get_owners(company)
        for owner in company | owners:
            member = self._find_in_force(owner, code=code)
            if member:
                return member[:1]
        return self.sudo().browse()

    def _get_personal_texts(self, person):
        texts = super()._get_personal_texts(person)
        texts.add("b2b2c.partner.visit", impersonal=["document_model", "ticket"])
        return texts
