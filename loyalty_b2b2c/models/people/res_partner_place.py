from urllib.parse import quote_plus

from odoo import models

_MAP = "https://www.openstreetmap.org"


class ResPartner(models.Model):
    """Where a shop is, on a map."""

    _inherit = "res.partner"

    def action_b2b2c_show_place(self):
        """Open a map at the place, or where it finds the address: the degrees to enter
        are read there."""
        self.ensure_one()
        latitude, longitude = self.partner_latitude, self.partner_longitude
        if latitude or longitude:
            place = f"{latitude:.6f}/{longitude:.6f}"
            url = f"{_MAP}/?mlat={latitude:.6f}&mlon={longitude:.6f}#map=17/{place}"
        else:
            address = self._display_address(without_company=True)
            words = ", ".join(filter(None, map(str.strip, address.splitlines())))
            url = f"{_MAP}/search?query={quote_plus(words or self.name or '')}"
        return {"type": "ir.actions.act_url", "url": url, "target": "new"}
