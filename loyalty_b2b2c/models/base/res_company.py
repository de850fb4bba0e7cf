import base64

from odoo import api, fields, models, tools

from odoo.addons.base.models.res_partner import _tz_get


class ResCompany(models.Model):
    """What all packages ask a company for: who is alerted, when a day begins, and where
    participants go on the web."""

    _inherit = "res.company"

    b2b2c_manager_id = fields.Many2one(
        "res.users",
        string="Loyalty Manager",
        help="Gets a to-do when the points of a document could not be computed.",
    )
    b2b2c_timezone = fields.Selection(
        _tz_get,
        string="Time Zone of Figures",
        required=True,
        default=lambda self: self.env.user.tz or "UTC",
        help="The dashboards count days and months in this time zone.",
    )

    def write(self, vals):
        """Forget the cached values of settings that change."""
        cached = {
            name
            for names in self._get_loyalty_setting_names().values()
            for name in names
        }
        if vals.keys() & cached:
            self.env.registry.clear_cache()
        return super().write(vals)

    @api.model
    def _get_loyalty_setting_names(self):
        """Return the settings that are asked for so often that they are cached.

        Each package adds its own with ``super()``.

        :return: dict name of a group of settings -> tuple of field names
        """
        return {}

    @api.model
    @tools.ormcache("company_id", "group", cache="default")
    def _get_loyalty_settings(self, company_id, group):
        """Return the values of a group of cached settings, records as their ids.

        :return: dict field name -> value
        """
        company = self.sudo().browse(company_id)
        names = self._get_loyalty_setting_names()[group]
        return {
            name: company._fields[name].convert_to_read(
                company[name], company, use_display_name=False
            )
            for name in names
        }

    def _get_loyalty_manager(self):
        """Return who is alerted: the chosen manager, else any loyalty manager."""
        self.ensure_one()
        if self.b2b2c_manager_id:
            return self.b2b2c_manager_id
        group = self.env.ref("loyalty_b2b2c.group_manager")
        return group.all_user_ids.filtered(
            lambda user: self in user.company_ids and user.active
        )[:1]

    def _get_loyalty_officer(self):
        """Return who decides on participants: the manager, else any officer."""
        manager = self._get_loyalty_manager()
        if manager:
            return manager
        officers = self.env.ref("loyalty_b2b2c.group_officer").all_user_ids
        return officers.filtered(lambda user: self in user.company_ids and user.active)[
            :1
        ]

    def _get_own_logo(self):
        """Return the file of the logo, empty while it is Odoo's own."""
        self.ensure_one()
        company = self.sudo()
        if company.uses_default_logo or not company.logo:
            return b""
        return base64.b64decode(company.logo)

    def _get_rewards_path(self, page="overview", **params):
        """Return where a page for participants is on this site, beginning with ``/``.

        Without an add-on that has such pages this is the start page of the site. The
        portal add-on overrides it and lists the pages in its ``addresses.py``.

        :param str page: ``overview``, ``preferences``, ``shop``, ``scan`` …
        :param params: what the page is about, as ``token`` of an invitation
        """
        return "/"

    def _get_rewards_url(self, page="overview", **params):
        """Return the whole address of a page for participants, for a message.

        :param str page: see :meth:`_get_rewards_path`
        :param params: see :meth:`_get_rewards_path`
        """
        return self.get_base_url() + self._get_rewards_path(page, **params)
