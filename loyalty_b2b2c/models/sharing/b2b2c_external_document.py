from odoo import fields, models


class B2b2cExternalDocument(models.Model):
    """What was reported may say whose recommendation it is."""

    _inherit = "b2b2c.external.document"

    referral_link_id = fields.Many2one(
        "b2b2c.referral.link",
        string="Recommended By",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
    )
