from odoo import api, fields, models
from odoo.exceptions import UserError


class B2b2cAgreedText(models.AbstractModel):
    """What people agree to, in the words of one version.

    Versions of a company are numbered.  Once somebody agreed to one it stays as it is:
    the proof of the agreement names it.  A model of such texts says who agreed
    (``_agreed_field``), what it proposes (:meth:`_get_default_body`) and what to do
    instead of changing a version (:meth:`_get_refusal`).
    """

    _name = "b2b2c.agreed.text"
    _description = "Text People Agree To"
    _order = "company_id, version desc"
    _rec_name = "version"

    _agreed_field = None  # leads to who agreed to a version

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
    )
    is_used = fields.Boolean(compute="_compute_is_used")

    @api.depends("version")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for text in self:
            text.display_name = (
                self.env._("Version %s", text.version)
                if text.version
                else self.env._("New version")
            )

    @api.depends(lambda self: (self._agreed_field,) if self._agreed_field else ())
    def _compute_is_used(self):
        for text in self.sudo():
            text.is_used = bool(text[self._agreed_field])

    @api.model
    def _get_default_body(self):
        """Return the words of a new version, for people to change."""
        raise NotImplementedError

    def _get_refusal(self):
        """Return why a version that people agreed to is not changed, and what to do."""
        raise NotImplementedError

    @api.model_create_multi
    def create(self, vals_list):
        """Number the versions of a company, whatever a client sends."""
        for vals in vals_list:
            company_id = vals.get("company_id") or self.env.company.id
            vals["version"] = self._get_newest(company_id).version + 1
        return super().create(vals_list)

    def write(self, vals):
        self.check_access("write")
        if {"body", "company_id", "version"} & vals.keys() and any(
            text.is_used for text in self
        ):
            raise UserError(self._get_refusal())
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        if any(text.is_used for text in self):
            raise UserError(self.env._("People agreed to this version: it is proof."))

    @api.model
    def _get_newest(self, company_id):
        """Return the newest version of a company, empty without one (sudo)."""
        return self.sudo().search([("company_id", "=", company_id)], limit=1)
