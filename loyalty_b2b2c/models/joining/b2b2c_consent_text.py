from odoo import api, fields, models
from odoo.exceptions import UserError


class B2b2cConsentText(models.Model):
    """What people agree to when they join, in the words of one version.

    Once somebody agreed to a version it stays as it is: the proof of the agreement
    names it.  The newest version of a company is the one people see.
    """

    _name = "b2b2c.consent.text"
    _description = "Consent Text"
    _order = "company_id, version desc"
    _rec_name = "version"

    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        ondelete="cascade",
        default=lambda self: self.env.company,
    )
    version = fields.Integer(required=True, readonly=True, copy=False, default=0)
    body = fields.Html(
        string="Text",
        required=True,
        translate=True,
        default=lambda self: self._get_default_body(),
        help="What happens with the data of a person who joins.",
    )
    join_ids = fields.One2many("b2b2c.join", "consent_text_id")
    is_used = fields.Boolean(compute="_compute_is_used")

    _once = models.UniqueIndex("(company_id, version)")

    def _compute_display_name(self):
        for text in self:
            text.display_name = self.env._("Version %s", text.version)

    @api.depends("join_ids")
    def _compute_is_used(self):
        for text in self.sudo():
            text.is_used = bool(text.join_ids)

    @api.model
    def _get_default_body(self):
        return self.env._(
            "I take part in the loyalty program. My name, my phone number or e-mail "
            "address, what I register and the points I get for it are stored for this "
            "purpose. I can end my participation and have my data erased at any time."
        )

    @api.model_create_multi
    def create(self, vals_list):
        """Number the versions of a company, whatever a client sends."""
        for vals in vals_list:
            company_id = vals.get("company_id") or self.env.company.id
            last = self.sudo().search([("company_id", "=", company_id)], limit=1)
            vals["version"] = last.version + 1
        return super().create(vals_list)

    def write(self, vals):
        if {"body", "company_id", "version"} & vals.keys() and any(
            text.is_used for text in self
        ):
            raise UserError(
                self.env._(
                    "People agreed to this version already. Create a new version "
                    "instead; who joins from then on agrees to it."
                )
            )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        if any(text.is_used for text in self):
            raise UserError(self.env._("People agreed to this version: it is proof."))

    @api.model
    def _get_current(self, company):
        """Return what people of a company agree to now, created when there is none."""
        texts = self.sudo()
        return texts.search([("company_id", "=", company.id)], limit=1) or texts.create(
            {"company_id": company.id}
        )
