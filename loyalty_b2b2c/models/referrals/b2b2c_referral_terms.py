from odoo import api, fields, models


class B2b2cReferralTerms(models.Model):
    """On which terms people recommend a company.

    Recommenders have to agree to the newest version (``_get_newest``); where a company
    has none, nobody is asked.
    """

    _name = "b2b2c.referral.terms"
    _description = "Terms of Recommending"
    _inherit = "b2b2c.agreed.text"

    _agreed_field = "link_ids"

    body = fields.Html(help="How recommenders are paid, and what they must not do.")
    link_ids = fields.One2many("b2b2c.referral.link", "terms_id")

    _once = models.UniqueIndex("(company_id, version)")

    @api.model
    def _get_default_body(self):
        return self.env._(
            "I recommend to people I know. I pay nothing for it, and I am paid for "
            "purchases of those I brought, never for bringing somebody. I do not use "
            "my own code, and do not publish it on pages that collect codes. I pay "
            "taxes on what I get myself. If a purchase is undone, what I got for it is "
            "taken back."
        )

    def _get_refusal(self):
        return self.env._(
            "People agreed to this version already. Create a new version "
            "instead; recommenders agree to it next."
        )
