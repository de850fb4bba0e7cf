from odoo import models


class B2b2cMember(models.Model):
    """What a participant sold at tills, and what is stored about it."""

    _inherit = "b2b2c.member"

    def _get_personal_data(self):
        tickets = self.env["b2b2c.ticket"].search(
            [
                ("partner_id", "in", self.partner_id.ids),
                ("employer_id", "in", self.employer_id.ids),
            ],
            order="id",
        )
        return {
            **super()._get_personal_data(),
            "sold at tills": [ticket.order_id.display_name for ticket in tickets],
        }

    def _get_personal_texts(self, person):
        texts = super()._get_personal_texts(person)
        texts.add("b2b2c.till.seller", impersonal=["person_model"])
        return texts
