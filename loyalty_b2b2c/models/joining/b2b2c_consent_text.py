from odoo import api, fields, models


class B2b2cConsentText(models.Model):
    """What people agree to when they join: they see the newest version of a company."""

    _name = "b2b2c.consent.text"
    _description = "Consent Text"
    _inherit = "b2b2c.agreed.text"

    _agreed_field = "join_ids"

    body = fields.Html(help="What happens with the data of a person who joins.")
    join_ids = fields.One2many("b2b2c.join", "consent_text_id")

    _once = models.UniqueIndex("(company_id, version)")

    @api.model
    def _get_default_body(self):
        return self.env._(
            "I take part in the loyalty program. My name, my phone number or e-mail "
            "address, what I register and the points I get for it are stored for this "
            "purpose. I can end my participation and have my data erased at any time."
        )

    def _get_refusal(self):
        return self.env._(
            "People agreed to this version already. Create a new version "
            "instead; who joins from then on agrees to it."
        )

    @api.model
    def _get_current(self, company):
        """Return what people of a company agree to now, created when there is none."""
        newest = self._get_newest(company.id)
        return newest or newest.create({"company_id": company.id})
