from odoo import fields, models


class B2b2cApiKeyShow(models.AbstractModel):
    """Shows a new key once.  It is abstract, so the secret is never in a table."""

    _name = "b2b2c.api.key.show"
    _description = "New Loyalty API Key"

    id = fields.Id()  # the form asks for its default values by it
    token = fields.Char(string="Key", readonly=True)
