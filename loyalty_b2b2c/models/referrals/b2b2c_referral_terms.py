from odoo import api, fields, models
from odoo.exceptions import UserError


class B2b2cReferralTerms(models.Model):
    """On which terms people recommend a company, in the words of one version.

    Once somebody agreed to a version it stays as it is.  The newest version of a
    company is what recommenders have to agree to; without any nobody is asked.
    """

    _name = "b2b2c.referral.terms"
    _description = "Terms of Recommending"
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
        help="How recommenders are paid, and what they must not do.",
    )
    link_ids = fields.One2many("b2b2c.referral.link", "terms_id")
    is_used = fields.Boolean(compute="_compute_is_used")

    _once = models.UniqueIndex("(company_id, version)")

    @api.depends("version")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for terms in self:
            terms.display_name = self.env._("Version %s", terms.version)

    @api.depends("link_ids")
    def _compute_is_used(self):
        for terms in self.sudo():
            terms.is_used = bool(terms.link_ids)

    @api.model
    def _get_default_body(self):
        return self.env._(
            "I recommend to people I know. I pay nothing for it, and I am paid for "
            "purchases of those I brought, never for bringing somebody. I do not use "
            "my own code, and do not publish it on pages that collect codes. I pay "
            "taxes on what I get myself. If a purchase is undone, what I got for it is "
            "taken back."
        )

    @api.model_create_multi
    def create(self, vals_list):
        """Number the versions of a company, whatever a client sends."""
        for vals in vals_list:
            company_id = vals.get("company_id") or self.env.company.id
            vals["version"] = self._get_current(company_id).version + 1
        return super().create(vals_list)

    def write(self, vals):
        self.check_access("write")
        if {"body", "company_id", "version"} & vals.keys() and any(
            terms.is_used for terms in self
        ):
            raise UserError(
                self.env._(
                    "People agreed to this version already. Create a new version "
                    "instead; recommenders agree to it next."
                )
            )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        if any(terms.is_used for terms in self):
            raise UserError(self.env._("People agreed to this version: it is proof."))

    @api.model
    def _get_current(self, company_id):
        """Return the newest version of a company, empty without one (sudo)."""
        return self.sudo().search([("company_id", "=", company_id)], limit=1)
