from lxml import etree

from odoo import api, models
from odoo.exceptions import AccessError


class B2b2cSettings(models.TransientModel):
    """The loyalty manager's own page of settings, of one company.

    Odoo's page is for administrators only.  This one shows the same settings as far as
    a loyalty manager answers for them, and writes nothing else.
    """

    _name = "b2b2c.settings"
    _description = "Loyalty Settings"
    _inherit = ["b2b2c.dialog", "b2b2c.company.settings"]

    # === THE PAGE === #

    @api.model
    def _get_view(self, view_id=None, view_type="form", **options):
        """Show what Odoo's page of settings shows of these settings."""
        arch, view = super()._get_view(view_id, view_type, **options)
        if view_type != "form":
            return arch, view
        page = self.env.ref("base.res_config_settings_view_form")
        settings = self.env["res.config.settings"].sudo()
        all_apps, _view = settings._get_view(page.id, "form", **options)
        [app] = all_apps.xpath("//app[@name='loyalty_b2b2c']")
        self._leave_out(app)
        form = etree.Element(
            "form",
            {"class": "oe_form_configuration", "js_class": "base_settings"},
            string=self.env._("Settings"),
        )
        form.append(app)
        return form, view

    @api.model
    def _leave_out(self, app):
        """Take settings out of the page that are not the loyalty manager's."""
        for setting in app.xpath(".//setting"):
            names = setting.xpath(".//field/@name")
            methods = setting.xpath(".//button[@type='object']/@name")
            if not set(names) <= self._fields.keys() or methods:
                setting.getparent().remove(setting)
        for block in app.xpath(".//block[not(.//setting)]"):
            block.getparent().remove(block)

    # === WRITING === #

    @api.model
    def _get_setting_names(self):
        """Return the fields that are settings of the company."""
        return {
            name
            for name, field in self._fields.items()
            if name.startswith("b2b2c_") and field.related and not field.readonly
        }

    @api.model_create_multi
    def create(self, vals_list):
        self.check_access("create")
        names = self._get_setting_names()
        own = [
            {name: value for name, value in vals.items() if name not in names}
            for vals in vals_list
        ]
        pages = super().create(own)
        for page, vals in zip(pages, vals_list, strict=True):
            page._apply({name: vals[name] for name in names & vals.keys()})
        return pages

    def write(self, vals):
        self.check_access("write")
        names = self._get_setting_names()
        own = {name: value for name, value in vals.items() if name not in names}
        result = super().write(own)
        for page in self:
            page._apply({name: vals[name] for name in names & vals.keys()})
        return result

    def _apply(self, values):
        """Write settings of the company.

        :raise AccessError: the company is not one of the user's
        """
        if self.company_id not in self.env.user.company_ids:
            raise AccessError(
                self.env._("These are the settings of a company that is not yours.")
            )
        if values:
            self.company_id.sudo().write(values)
            self.invalidate_recordset()

    # === ACTION METHODS === #

    def execute(self):
        """Save, as the button of pages of settings is called: all is written by now."""
        self.check_access("write")
        return {"type": "ir.actions.client", "tag": "reload"}

    def cancel(self):
        """Leave the page without saving."""
        self.check_access("read")
        return {"type": "ir.actions.client", "tag": "reload"}
