"""Finding in the database what a reported document names."""

from collections import defaultdict

from odoo.fields import Domain
from odoo.tools import email_normalize, escape_psql

from ...values import shown
from .intake_values import MAX_TEXT, BadValue


class Lookup:
    """Finds people, companies, products and units of measure by their names.

    :param env: of the superuser, with the company as the only one allowed
    :param company: ``res.company`` whose programs award points for the document
    """

    def __init__(self, env, company):
        self.env = env
        self.company = company

    # === PEOPLE AND COMPANIES === #

    def find_buyer(self, names):
        """Return the participant who bought, empty when nobody is named.

        Who sells here may buy there: the membership that does not sell is meant.

        :param dict names: see :attr:`.intake_values.DocumentValues.member`
        :raise BadValue: the person is unknown
        """
        return self._find_member(names, "member", sells=False)

    def find_seller(self, names):
        """Return the participant who sold, empty when nobody is named.

        :param dict names: see :attr:`.intake_values.DocumentValues.seller`
        :raise BadValue: the person is unknown
        """
        return self._find_member(names, "seller", sells=True)

    def _find_member(self, names, path, *, sells):
        Member = self.env["b2b2c.member"]
        if not names:
            return Member
        if "id" in names:
            names = {"member_id": names["id"]}
        members = Member._find_in_force(self.company, **names)
        if not members:
            raise BadValue("unknown_member", path)
        fitting = members.filtered(lambda member: member._sells() == sells)
        return (fitting or members)[0]

    def find_partner(self, names):
        """Return the company or shop, empty when none is named.

        :param dict names: see :attr:`.intake_values.DocumentValues.partner`
        :raise BadValue: it is unknown, or there are several
        """
        Partner = self.env["res.partner"]
        if not names:
            return Partner
        domain = Domain("company_id", "in", (False, self.company.id))
        for name, value in names.items():
            if name == "email":
                address = email_normalize(value) or "-"
                domain &= Domain("email_normalized", "=", address)
            else:
                domain &= Domain(name, "=", value)
        companies = Partner.search(domain, limit=2).commercial_partner_id
        if len(companies) != 1:
            raise BadValue("unknown_partner", "partner")
        return companies

    def find_currency(self, name):
        """Return the currency of a code, the company's own by default.

        :raise BadValue: it is unknown
        """
        if not name:
            return self.company.currency_id
        currency = self.env["res.currency"].search([("name", "=", name)], limit=1)
        if not currency:
            raise BadValue("unknown_currency", "currency")
        return currency

    # === LINES === #

    def find_lines(self, lines):
        """Return the columns of each line; names are looked up for all lines at once.

        :param lines: :class:`.intake_values.LineValues`
        :return: list of dicts
        :raise BadValue: a product or a unit of measure is unknown
        """
        products = self._find_products(lines)
        uoms = {}  # a long delivery names the same few units again and again
        rows = []
        for line, product in zip(lines, products, strict=True):
            uom = self._find_uom(line.uom, product, line.path, uoms)
            rows.append(
                {
                    "product_id": product.id,
                    "product_uom_id": (uom or product.uom_id).id,
                    "name": line.name or product.display_name or False,
                    "quantity": shown(line.quantity),
                    "amount_untaxed": shown(line.amount_untaxed),
                    "amount_total": shown(line.amount_total),
                }
            )
        return rows

    def _find_products(self, lines):
        """Return the product of each line, an empty one where none is named.

        :raise BadValue: a product is unknown
        """
        Product = self.env["product.product"].with_context(active_test=False)
        names_by_line = [_product_names(line.product) for line in lines]
        names = [name for line_names in names_by_line for name in line_names]
        ids = [value for kind, value in names if kind == "id"]
        texts = [value for kind, value in names if kind != "id"]
        by_name = defaultdict(list)
        if names:
            for product in Product.search_fetch(
                Domain("company_id", "in", (False, self.company.id))
                & (
                    Domain("default_code", "in", texts)
                    | Domain("barcode", "in", texts)
                    | Domain("id", "in", ids)
                ),
                ("default_code", "barcode", "uom_id"),
                order="active desc, id",
            ):
                by_name["id", product.id].append(product)
                by_name["sku", product.default_code].append(product)
                by_name["barcode", product.barcode].append(product)
        return [
            self._choose_product(line, line_names, by_name) or Product
            for line, line_names in zip(lines, names_by_line, strict=True)
        ]

    def _choose_product(self, line, names, by_name):
        """Return the product a line names: by its code first, if it is a text.

        :param names: see :func:`_product_names`
        :param by_name: name -> products that have it
        """
        if not names:
            return None
        if isinstance(line.product, dict):
            first, *others = (by_name[name] for name in names)
            products = [
                product
                for product in first
                if all(product in other for other in others)
            ]
        else:
            products = [product for name in names for product in by_name[name]]
        if not products:
            stated = line.product
            texts = stated.values() if isinstance(stated, dict) else [stated]
            name = " ".join(map(str, texts))
            raise BadValue("unknown_product", f"{line.path}.product", name=name)
        return products[0]

    def _find_uom(self, name, product, path, known):
        """Return the unit of measure a line names, empty when it names none.

        :param name: text or id
        :param dict known: units looked up before, by what they were called
        """
        Uom = self.env["uom.uom"]
        if name is None or name == "":
            return Uom
        if isinstance(name, bool) or not isinstance(name, int | str):
            raise BadValue("invalid_value", f"{path}.uom")
        if name not in known:
            is_text = isinstance(name, str)
            domain = ("name", "=ilike", escape_psql(name.strip())) if is_text else None
            known[name] = Uom.search([domain or ("id", "=", name)], limit=1)
        uom = known[name]
        if not uom:
            raise BadValue("unknown_uom", f"{path}.uom", name=str(name)[:MAX_TEXT])
        if product and not uom._has_common_reference(product.uom_id):
            raise BadValue(
                "uom_mismatch", f"{path}.uom", uom=uom.name, own=product.uom_id.name
            )
        return uom


def _product_names(product):
    """Return ``(kind, value)`` pairs under which a line's product may be known."""
    if not product:
        return []
    if isinstance(product, dict):
        return list(product.items())
    return [("sku", product.strip()), ("barcode", product.strip())]
