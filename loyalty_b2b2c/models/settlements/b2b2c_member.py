from odoo import models


class B2b2cMember(models.Model):
    """Settlements name receipts, shops and amounts, and no participant.

    What a partner says about a line is the partner's word to the company, and stays
    with the settlement.
    """

    _inherit = "b2b2c.member"

    def _get_personal_texts(self, person):
        texts = super()._get_personal_texts(person)
        texts.add("b2b2c.settlement", impersonal=["name"])
        texts.add("b2b2c.settlement.line", impersonal=["ticket"])
        texts.add("b2b2c.settlement.dispute", impersonal=["reason", "answer"])
        texts.add("res.partner", impersonal=["b2b2c_opening_hours"])
        return texts
