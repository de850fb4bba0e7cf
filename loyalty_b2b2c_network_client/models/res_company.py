from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from .network_client import NetworkClient, is_usable, read_kept_key


class ResCompany(models.Model):
    """Which network a company's tills take part in."""

    _inherit = "res.company"

    b2b2c_network_url = fields.Char(
        "Network Address", groups="base.group_system", help="Begins with https://"
    )
    b2b2c_network_key = fields.Char(
        "Network Key",
        groups="base.group_system",
        help="Empty when the server keeps the key in a file of its own: then no backup "
        "of the database has it.",
    )

    @api.constrains("b2b2c_network_url")
    def _check_b2b2c_network_url(self):
        for company in self.sudo():
            url = company.b2b2c_network_url
            if url and not is_usable(url):
                raise ValidationError(
                    self.env._("The address of the network begins with https://.")
                )

    def _b2b2c_get_network(self):
        """Return the client of the network.

        :raise UserError: the company takes part in none
        """
        company = self.sudo()
        url = company.b2b2c_network_url
        key = url and (company.b2b2c_network_key or read_kept_key(url))
        if not key:
            raise UserError(
                self.env._("This company takes part in no network of points.")
            )
        return NetworkClient(url, key, self.env.lang or "en_US")
