from odoo import models


class B2b2cMember(models.Model):
    """What tills keep of who paid in points names nobody."""

    _inherit = "b2b2c.member"

    def _get_personal_texts(self, person):
        texts = super()._get_personal_texts(person)
        texts.add("b2b2c.till.payment", impersonal=["uuid", "order_uuid"])
        return texts
