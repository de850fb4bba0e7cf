from odoo.fields import Domain

#: So many shops the map shows at most.
MOST = 2000


class Places:
    """Where points can be earned and spent: the shops of the partners.

    Distances are worked out in the browser: where somebody is, is sent nowhere.

    :param members: memberships of the logged-in person
    """

    def __init__(self, members):
        self.env = members.env
        self.companies = members.company_id

    def has_anything(self):
        """Tell whether there is a partner at all."""
        return bool(self._get_agreements(limit=1))

    def _get_agreements(self, **options):
        domain = Domain("company_id", "in", self.companies.ids)
        domain &= Domain("state", "=", "active")
        domain &= Domain("can_earn", "=", True) | Domain("can_spend", "=", True)
        return self.env["b2b2c.partner.agreement"].sudo().search(domain, **options)

    def rows(self, query="", what=""):
        """Return the shops in words.

        :param str query: a part of a town, a street or a name
        :param str what: ``"earn"``, ``"spend"`` or both
        """
        rows = {}
        for agreement in self._get_agreements():
            if what == "earn" and not agreement.can_earn:
                continue
            if what == "spend" and not agreement.can_spend:
                continue
            for shop in self._get_shops(agreement):
                row = rows.setdefault(shop.id, self._row(shop))
                row["can_earn"] = row["can_earn"] or agreement.can_earn
                row["can_spend"] = row["can_spend"] or agreement.can_spend
        wanted = query.casefold()
        found = [
            row
            for row in rows.values()
            if not wanted
            or wanted in " ".join((row["name"], row["address"])).casefold()
        ]
        found.sort(key=lambda row: (row["town"].casefold(), row["name"].casefold()))
        return found[:MOST]

    def _get_shops(self, agreement):
        """Return the shops of an agreement: those it names, else the partner's
        addresses, or the partner itself when it has none."""
        if agreement.shop_ids:
            return agreement.shop_ids.filtered("active")
        partner = agreement.partner_id
        addresses = partner.child_ids.filtered(
            lambda child: child.type in ("delivery", "other") and child.active
        )
        return addresses or partner

    def _row(self, shop):
        latitude, longitude = shop.partner_latitude, shop.partner_longitude
        is_placed = bool(latitude or longitude)
        parts = (shop.street, shop.street2, shop.zip, shop.city)
        owner = shop.commercial_partner_id.name or ""
        name = shop.name or ""
        return {
            "id": shop.id,
            "name": name if owner in (name, "") or not name else f"{owner}, {name}",
            "town": shop.city or "",
            "address": ", ".join(part for part in parts if part),
            "hours": shop.b2b2c_opening_hours or "",
            "phone": shop.phone or "",
            "can_earn": False,
            "can_spend": False,
            "latitude": latitude if is_placed else None,
            "longitude": longitude if is_placed else None,
            "geo": f"geo:{latitude:.6f},{longitude:.6f}" if is_placed else "",
            "map": "https://www.openstreetmap.org/"
            f"?mlat={latitude:.6f}&mlon={longitude:.6f}"
            f"#map=17/{latitude:.6f}/{longitude:.6f}"
            if is_placed
            else "",
        }
