"""Finding in the database what a reported document names."""

from collections import defaultdict
from functools import reduce
from operator import and_, or_

from odoo.fields import Domain
from odoo.tools import email_normalize, escape_psql

from ...engine import trade_number
from ...exceptions import AmbiguousPerson
from ...values import shown
from .intake_values import MAX_TEXT, BadValue


class Lookup:
    """Finds people, companies, products and units of measure by their names.

    :param env: of the superuser, with the company as the only one allowed
    :param company: ``res.company`` whose programs award points for the document
    :param asker: ``res.partner`` who only asks: people it does not know are left out,
        whether they take part or not; ``None``: everybody is found or refused
    """

    def __init__(self, env, company, asker=None):
        self.env = env
        self.company = company
        self.asker = asker

    # === PEOPLE AND COMPANIES === #

    def find_buyer(self, names):
        """Return the participant who bought, empty when nobody is named.

        Who sells here may buy there: the membership that does not sell is meant.

        :param dict names: see :attr:`.intake_values.DocumentValues.member`
        :raise BadValue: the person is unknown, or it may be several people
        """
        return self._find_member(names, "member", sells=False)

    def find_seller(self, names):
        """Return the participant who sold, empty when nobody is named.

        :param dict names: see :attr:`.intake_values.DocumentValues.seller`
        :raise BadValue: the person is unknown, or it may be several people
        """
        return self._find_member(names, "seller", sells=True)

    def _find_member(self, names, path, *, sells):
        Member = self.env["b2b2c.member"]
        if not names:
            return Member
        if "id" in names:
            names = {"member_id": names["id"]}
        # who shows the code is at the till; others a reporter knows, or is not told of
        hides = self.asker and "code" not in names
        find = self._find_known if hides else Member._find_in_force
        try:
            members = find(self.company, **names)
        except AmbiguousPerson:
            raise BadValue("ambiguous_member", path) from None
        if not members and hides:
            return Member
        if not members:
            raise BadValue("unknown_member", path)
        fitting = members.filtered(lambda member: member._sells() == sells)
        return (fitting or members)[0]

    def _find_known(self, company, **names):
        """Return the memberships in force that fit, of a person the asker knows."""
        members = self.env["b2b2c.member"]._search_in_force(company, **names)
        known = self.env["b2b2c.intake"]._known_to(members, self.asker)
        return known._check_one_person()

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
        companies = self._find_companies(domain)
        if not companies:
            raise BadValue("unknown_partner", "partner")
        if len(companies) > 1:
            raise BadValue("ambiguous_partner", "partner")
        return companies

    def find_shops(self, text):
        """Return the companies that have a reference, tax number or exact name.

        All of them: whoever asks decides what several mean.
        """
        named = Domain.OR([(name, "=", text)] for name in ("ref", "vat", "name"))
        return self._find_companies(
            Domain("company_id", "in", (False, self.company.id)) & named
        )

    def _find_companies(self, domain):
        """Return the companies of the contacts of a domain, two of them at most.

        A thousand contacts of one company are one company, and not the first of them.
        """
        groups = self.env["res.partner"]._read_group(
            domain, ["commercial_partner_id"], limit=2
        )
        return self.env["res.partner"].union(*(company for (company,) in groups))

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

        :raise BadValue: a product is unknown, or a name means two
        """
        Product = self.env["product.product"].with_context(active_test=False)
        names = [name for line in lines for name in _product_names(line.product)]
        ids = [value for kind, value in names if kind == "id"]
        texts = [
            spelling
            for kind, value in names
            if kind != "id"
            for spelling in trade_number.get_spellings(value)
        ]
        by_name, by_id = defaultdict(set), {}
        if names:
            for product in Product.search_fetch(
                Domain("company_id", "in", (False, self.company.id))
                & (
                    Domain("default_code", "in", texts)
                    | Domain("barcode", "in", texts)
                    | Domain("id", "in", ids)
                ),
                ("active", "default_code", "barcode", "uom_id"),
                order="id",
            ):
                by_id[product.id] = product
                by_name["id", product.id].add(product.id)
                for kind, text in (
                    ("sku", product.default_code),
                    ("barcode", product.barcode),
                ):
                    by_name[kind, text].add(product.id)
                    by_name[kind, _number(text)].add(product.id)
        return [self._choose_product(line, by_name, by_id) or Product for line in lines]

    def _choose_product(self, line, by_name, by_id):
        """Return the product a line names, ``None`` when it names none.

        What is sold today goes before what is archived, and who has the very text
        before who has the same trade number in another spelling.

        :param by_name: name -> ids of the products that have it
        :param by_id: id -> product
        :raise BadValue: there is none, or more than one
        """
        names = _product_names(line.product)
        if not names:
            return None
        # a text may be a code of either kind, of several names each has to fit
        combine = and_ if isinstance(line.product, dict) else or_
        same = reduce(combine, (by_name[name] for name in names))
        alike = reduce(
            combine, (by_name[kind, _number(value)] for kind, value in names)
        )
        text = " ".join(dict.fromkeys(str(value) for _kind, value in names))
        sold = {product_id for product_id in same | alike if by_id[product_id].active}
        for ids in (same & sold, alike & sold, same, alike):
            products = [by_id[product_id] for product_id in sorted(ids)]
            if len(products) == 1:
                return products[0]
            if products:
                one, other = (product.display_name for product in products[:2])
                raise BadValue(
                    "ambiguous_product",
                    f"{line.path}.product",
                    name=text,
                    one=one,
                    other=other,
                )
        raise BadValue("unknown_product", f"{line.path}.product", name=text)

    def _find_uom(self, name, product, path, known):
        """Return the unit of measure a line names, empty when it names none.

        :param name: text or id
        :param dict known: units looked up before, by what they were called
        :raise BadValue: there is none, or more than one it may be
        """
        Uom = self.env["uom.uom"]
        if name is None or name == "":
            return Uom
        if isinstance(name, bool) or not isinstance(name, int | str):
            raise BadValue("invalid_value", f"{path}.uom")
        if name not in known:
            is_text = isinstance(name, str)
            domain = ("name", "=ilike", escape_psql(name.strip())) if is_text else None
            known[name] = Uom.search([domain or ("id", "=", name)])
        uoms = known[name]
        if not uoms:
            raise BadValue("unknown_uom", f"{path}.uom", name=str(name)[:MAX_TEXT])
        if product:
            uoms = uoms.filtered(lambda uom: uom._has_common_reference(product.uom_id))
        if not uoms:
            raise BadValue(
                "uom_mismatch",
                f"{path}.uom",
                uom=known[name][0].name,
                own=product.uom_id.name,
            )
        own = uoms & product.uom_id  # two are called "Box": the product is sold in one
        if len(own or uoms) > 1:
            raise BadValue("ambiguous_uom", f"{path}.uom", name=str(name)[:MAX_TEXT])
        return own or uoms


def _product_names(product):
    """Return ``(kind, value)`` pairs under which a line's product may be known."""
    if not product:
        return []
    if isinstance(product, dict):
        return list(product.items())
    return [("sku", product.strip()), ("barcode", product.strip())]


def _number(text):
    """Return the key under which a trade number is found in each of its spellings.

    Some other text is its own key.
    """
    number = trade_number.normalize(text) if isinstance(text, str) else None
    return ("gtin", number) if number else text
