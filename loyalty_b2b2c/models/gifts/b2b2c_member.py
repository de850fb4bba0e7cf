from odoo import fields, models


class B2b2cMember(models.Model):
    """What a participant gave to others, and got from them."""

    _inherit = "b2b2c.member"

    received_gift_ids = fields.One2many("b2b2c.redemption", "recipient_id")

    def _get_personal_data(self):
        given = self.redemption_ids.filtered(
            lambda request: request.cause_id or request.recipient_id
        )
        return {
            **super()._get_personal_data(),
            "gifts_given": self._to_rows(
                given, ("name", "requested_at", "points", "cause_id", "recipient_typed")
            ),
            "gifts_received": self._to_rows(
                self.received_gift_ids, ("name", "requested_at", "points", "state")
            ),
        }

    def _get_personal_texts(self, person):
        texts = super()._get_personal_texts(person)
        texts.add("b2b2c.cause", impersonal=["description", "name"])
        texts.add("b2b2c.redemption", cleared=["recipient_typed"])
        return texts

    def _erase_personal_data(self, person):
        """Forget how people named each other when they gave points away."""
        gifts = self.redemption_ids | self.received_gift_ids
        gifts.write({"recipient_typed": False})
        return super()._erase_personal_data(person)
