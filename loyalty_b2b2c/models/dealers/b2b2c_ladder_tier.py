from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command

from ...const import POINTS
from .dealer_lookup import forget_companies


class B2b2cLadderTier(models.Model):
    """A price class of a ladder: from a volume up to the next tier's."""

    _name = "b2b2c.ladder.tier"
    _description = "Dealer Tier"
    _order = "ladder_id, volume_from"

    ladder_id = fields.Many2one(
        "b2b2c.ladder", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="ladder_id.company_id", store=True)
    name = fields.Char(compute="_compute_name", store=True, readonly=False)
    volume_from = fields.Float(**POINTS, required=True, string="From Volume")
    discount = fields.Float(
        digits="Discount",
        string="Discount (%)",
        help="On the list price, or on the base pricelist of the ladder.",
    )
    bonus = fields.Float(
        **POINTS,
        string="Bonus (%)",
        help="Of every paid invoice, when the ladder gives a bonus.",
    )
    discount_ids = fields.One2many(
        "b2b2c.ladder.tier.discount",
        "tier_id",
        copy=True,
        string="Other Categories",
        help="Categories with a discount of their own.",
    )
    pricelist_id = fields.Many2one(
        "product.pricelist",
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
        help="Made when the ladder starts, unless you choose one of your own.",
    )

    _volume_range = models.Constraint(
        "CHECK (volume_from >= 0 AND volume_from < 1e15)",
        "A tier starts from a volume of 0 or more.",
    )
    _discount_range = models.Constraint(
        "CHECK (discount >= 0 AND discount < 100 AND bonus >= 0 AND bonus <= 100)",
        "Discount and bonus are percentages between 0 and 100.",
    )
    _pricelist_once = models.UniqueIndex(
        "(pricelist_id) WHERE pricelist_id IS NOT NULL",
        "Another tier has this pricelist already; each tier needs one of its own.",
    )

    @api.depends("discount", "bonus", "ladder_id.benefit")
    def _compute_name(self):
        for tier in self:
            percent = tier.bonus if tier.ladder_id.benefit == "bonus" else tier.discount
            tier.name = f"{percent:g} %"

    def copy_data(self, default=None):
        # a new version makes its own pricelists
        return super().copy_data(dict(default or {}, pricelist_id=False))

    def write(self, vals):
        self._check_draft(vals)
        result = super().write(vals)
        if "pricelist_id" in vals:
            forget_companies(self.env)
        return result

    @api.model_create_multi
    def create(self, vals_list):
        tiers = super().create(vals_list)
        tiers._check_draft({"volume_from": 0})
        if tiers.pricelist_id:
            forget_companies(self.env)
        return tiers

    @api.ondelete(at_uninstall=False)
    def _unlink_draft_only(self):
        self._check_draft({"volume_from": 0})

    def _check_draft(self, vals):
        """Refuse a change of tiers that run; a name is only a name."""
        if not vals.keys() - {"name"}:
            return
        if self.ladder_id.filtered(lambda ladder: ladder.state != "draft"):
            raise UserError(
                self.env._("The tiers of a ladder that runs stay; use “New Version”.")
            )

    def _get_price(self):
        """Return what a dealer feels of this tier: a new version may give the same."""
        self.ensure_one()
        return self.name, self.discount, self.bonus

    # === PRICELISTS === #

    def _make_pricelists(self):
        """Give each tier a real pricelist, made or checked."""
        for tier in self:
            if tier.pricelist_id:
                tier._check_pricelist()
                continue
            ladder = tier.ladder_id
            tier.pricelist_id = (
                self.env["product.pricelist"]
                .sudo()
                .create(
                    {
                        "name": f"{ladder.name}: {tier.name}",
                        "company_id": ladder.company_id.id,
                        "currency_id": ladder.currency_id.id,
                        "sequence": 1000,  # never anybody's default
                        "item_ids": [
                            Command.create(values) for values in tier._get_items()
                        ],
                    }
                )
            )

    def _get_items(self):
        """Return the values of the pricelist items: categories, then all the rest."""
        base = self.ladder_id.base_pricelist_id
        common = {"compute_price": "percentage"}
        if base:
            common.update(base="pricelist", base_pricelist_id=base.id)
        items = [
            {
                **common,
                "applied_on": "2_product_category",
                "categ_id": other.categ_id.id,
                "percent_price": other.discount,
            }
            for other in self.discount_ids
        ]
        return [
            *items,
            {**common, "applied_on": "3_global", "percent_price": self.discount},
        ]

    def _check_pricelist(self):
        """Check a pricelist that a person chose for a tier.

        :raise ValidationError: with what to do
        """
        pricelist = self.pricelist_id
        problem = None
        if not pricelist.active:
            problem = self.env._("it is archived")
        elif pricelist.currency_id != self.ladder_id.currency_id:
            problem = self.env._("it is in another currency than the company")
        elif pricelist.company_id not in (
            self.env["res.company"],
            self.ladder_id.company_id,
        ):
            problem = self.env._("it belongs to another company")
        elif self._is_used_elsewhere(pricelist):
            problem = self.env._("customers have it who are not dealers of a ladder")
        if problem:
            raise ValidationError(
                self.env._(
                    "Tier “%(tier)s” cannot have pricelist “%(pricelist)s”: "
                    "%(problem)s. Choose another one, or none: then one is made.",
                    tier=self.name,
                    pricelist=pricelist.name,
                    problem=problem,
                )
            )

    def _is_used_elsewhere(self, pricelist):
        """Tell whether a pricelist prices somebody or something of its own."""
        company = self.ladder_id.company_id
        return bool(
            self.env["res.partner"]
            .sudo()
            .with_company(company)
            .search_count(
                [("specific_property_product_pricelist", "=", pricelist.id)], limit=1
            )
            or self.env["product.pricelist.item"]
            .sudo()
            .search_count([("base_pricelist_id", "=", pricelist.id)], limit=1)
        )


class B2b2cLadderTierDiscount(models.Model):
    """A category whose discount in a tier differs."""

    _name = "b2b2c.ladder.tier.discount"
    _description = "Dealer Tier Discount"
    _order = "tier_id, categ_id"

    tier_id = fields.Many2one(
        "b2b2c.ladder.tier", required=True, index=True, ondelete="cascade"
    )
    categ_id = fields.Many2one(
        "product.category", required=True, ondelete="restrict", string="Category"
    )
    discount = fields.Float(digits="Discount", string="Discount (%)")

    _once = models.UniqueIndex(
        "(tier_id, categ_id)", "A category has one discount in a tier."
    )
    _discount_range = models.Constraint(
        "CHECK (discount >= 0 AND discount < 100)",
        "A discount is a percentage between 0 and 100.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        discounts = super().create(vals_list)
        discounts.tier_id._check_draft({"discount": 0})
        return discounts

    def write(self, vals):
        self.tier_id._check_draft({"discount": 0})
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_draft_only(self):
        self.tier_id._check_draft({"discount": 0})
