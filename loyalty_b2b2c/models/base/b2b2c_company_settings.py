from odoo import fields, models


class B2b2cCompanySettings(models.AbstractModel):
    """The settings of a company that a loyalty manager answers for.

    They stand on Odoo's page of settings, which administrators open, and on the loyalty
    manager's own.  Each package adds its fields here, related to those of the company;
    what controls the manager, as accounts and auditors, it adds to
    ``res.config.settings`` only.
    """

    _name = "b2b2c.company.settings"
    _description = "Settings of a Loyalty Manager"

    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    b2b2c_manager_id = fields.Many2one(
        related="company_id.b2b2c_manager_id", readonly=False
    )
    b2b2c_timezone = fields.Selection(
        related="company_id.b2b2c_timezone", readonly=False
    )
