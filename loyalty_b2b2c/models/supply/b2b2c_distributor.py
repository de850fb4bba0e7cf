from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ...engine import to_decimal

#: So many different goods a distributor offers at most: the page shows them all.
MOST_GOODS = 500


class B2b2cDistributor(models.Model):
    """Who ships our goods to shops, and what we owe for those paid with points.

    Owners of shops order from the distributor that serves them.  It may be a company of
    this database, which gets a quotation, or one outside, which gets a mail and asks
    the API.
    """

    _name = "b2b2c.distributor"
    _description = "Distributor"
    _inherit = ["mail.thread", "b2b2c.counterparty"]
    _order = "sequence, id"
    _check_company_auto = True

    partner_id = fields.Many2one(
        "res.partner",
        required=True,
        string="Distributor",
        ondelete="restrict",
        tracking=True,
    )
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        ondelete="restrict",
        default=lambda self: self.env.company,
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    supplying_company_id = fields.Many2one(
        "res.company",
        compute="_compute_supplying_company_id",
        compute_sudo=True,
        string="Company of This Database",
        help="Orders become quotations there. Otherwise they go out by mail, and the "
        "distributor's system asks for them by the API.",
    )
    shop_ids = fields.Many2many(
        "res.partner",
        "b2b2c_distributor_shop_rel",
        string="Serves",
        domain="[('is_company', '=', True)]",
        help="Shops whose owners order here. None: every shop no other distributor "
        "serves.",
    )

    # What can be ordered, and how much of it points pay
    product_ids = fields.Many2many(
        "product.product",
        "b2b2c_distributor_product_rel",
        string="Goods",
        help="What owners can order against their rewards.",
    )
    pricelist_id = fields.Many2one(
        "product.pricelist",
        check_company=True,
        help="What a shop pays for a piece, without taxes. Empty: the sales price.",
    )
    most_percent = fields.Float(
        string="Points Pay at Most",
        default=100,
        digits=(5, 2),
        tracking=True,
        help="Percent of an order without taxes.",
    )

    # What we owe
    compensation_kind = fields.Selection(
        [
            ("percent", "A percentage of what points paid"),
            ("pricelist", "A price list, for the part that points paid"),
        ],
        string="We Compensate",
        required=True,
        default="percent",
        tracking=True,
    )
    compensation_percent = fields.Float(
        string="Rate", default=100, digits=(5, 2), tracking=True
    )
    compensation_pricelist_id = fields.Many2one(
        "product.pricelist", check_company=True, string="Compensation Prices"
    )

    order_ids = fields.One2many("b2b2c.supply.order", "distributor_id")
    order_count = fields.Integer(compute="_compute_figures")
    owed = fields.Monetary(compute="_compute_figures", string="Not Billed Yet")

    _one_of_a_partner = models.UniqueIndex(
        "(partner_id, company_id)", "This distributor is there already."
    )
    _percents = models.Constraint(
        "CHECK (most_percent > 0 AND most_percent <= 100"
        " AND compensation_percent >= 0 AND compensation_percent <= 100)",
        "A percentage is between 0 and 100.",
    )

    # === COMPUTE AND CONSTRAINT METHODS === #

    @api.depends("partner_id")
    def _compute_display_name(self):
        for distributor in self:
            distributor.display_name = distributor.partner_id.display_name

    @api.depends("partner_id", "company_id")
    def _compute_supplying_company_id(self):
        for distributor in self:
            companies = distributor.partner_id.ref_company_ids
            distributor.supplying_company_id = (companies - distributor.company_id)[:1]

    @api.depends("order_ids")
    def _compute_figures(self):
        orders = self.env["b2b2c.supply.order"]._read_group(
            [("distributor_id", "in", self.ids)], ["distributor_id"], ["__count"]
        )
        open_sums = self.env["b2b2c.compensation"]._read_group(
            [("distributor_id", "in", self.ids), ("state", "=", "open")],
            ["distributor_id"],
            ["amount:sum"],
        )
        counts, sums = dict(orders), dict(open_sums)
        for distributor in self:
            distributor.order_count = counts.get(distributor, 0)
            distributor.owed = sums.get(distributor, 0)

    @api.constrains("partner_id", "company_id", "product_ids")
    def _check_supplying_company(self):
        for distributor in self:
            if len(distributor.product_ids) > MOST_GOODS:
                raise ValidationError(
                    self.env._("Choose %s goods at most.", MOST_GOODS)
                )
            supplier = distributor.sudo().supplying_company_id
            if not supplier:
                continue
            if supplier.currency_id != distributor.company_id.currency_id:
                raise ValidationError(
                    self.env._(
                        "%(supplier)s keeps its books in %(currency)s: an order of "
                        "another currency cannot go there.",
                        supplier=supplier.name,
                        currency=supplier.currency_id.name,
                    )
                )
            strange = distributor.product_ids.filtered(
                lambda product, supplier=supplier: (
                    product.company_id and product.company_id != supplier
                )
            )
            if strange:
                raise ValidationError(
                    self.env._(
                        "%(supplier)s cannot sell “%(product)s”: it belongs to another "
                        "company.",
                        supplier=supplier.name,
                        product=strange[0].display_name,
                    )
                )

    @api.constrains("pricelist_id", "compensation_pricelist_id", "company_id")
    def _check_currency(self):
        for distributor in self:
            lists = distributor.pricelist_id | distributor.compensation_pricelist_id
            if lists.currency_id - distributor.company_id.currency_id:
                raise ValidationError(
                    self.env._("The price lists are in the currency of the company.")
                )

    @api.constrains("compensation_kind", "compensation_pricelist_id")
    def _check_compensation(self):
        for distributor in self:
            if (
                distributor.compensation_kind == "pricelist"
                and not distributor.compensation_pricelist_id
            ):
                raise ValidationError(
                    self.env._("Choose the price list of the compensation.")
                )

    # === WHO SERVES WHOM === #

    @api.model
    def _get_of(self, member):
        """Return the distributor that serves an owner's shop, empty if none does.

        :param member: ``b2b2c.member`` record
        """
        distributors = self.sudo().search([("company_id", "=", member.company_id.id)])
        shop = member.employer_id
        named = distributors.filtered(lambda one: shop in one.shop_ids)
        others = distributors.filtered(lambda one: not one.shop_ids)
        return (named or others)[:1]

    # === PRICES === #

    def _get_price(self, product, quantity):
        """Return what a shop pays for one piece, without taxes; exact."""
        self.ensure_one()
        if not self.pricelist_id:
            return to_decimal(product.with_company(self.company_id).lst_price)
        return to_decimal(self.pricelist_id._get_product_price(product, quantity))

    def _get_compensation(self, product, quantity, paid, price):
        """Return what is owed when so many pieces were shipped; exact, not rounded.

        :param quantity: pieces, Decimal
        :param paid: money that points pay of these pieces
        :param price: what the shop pays for one piece
        """
        self.ensure_one()
        if self.compensation_kind == "percent":
            return paid * to_decimal(self.compensation_percent) / 100
        if not price:
            return Decimal(0)
        lists = self.compensation_pricelist_id
        ours = to_decimal(lists._get_product_price(product, quantity))
        return ours * paid / price

    # === ACTION METHODS === #

    def action_open_orders(self):
        """Open what was ordered from this distributor."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "loyalty_b2b2c.b2b2c_supply_order_action"
        )
        domain = [("distributor_id", "=", self.id)]
        return dict(action, domain=domain, context={})

    def action_open_compensations(self):
        """Open what is owed to this distributor."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "loyalty_b2b2c.b2b2c_compensation_action"
        )
        return dict(action, domain=[("distributor_id", "=", self.id)])
