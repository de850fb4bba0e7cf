from odoo import models
from odoo.exceptions import UserError

from .price_guard import LADDER, is_marked

_PRICELIST = "specific_property_product_pricelist"
#: What makes a dealer somebody else's, or somebody else's prices the dealer's.
_IDENTITY = ("parent_id", "is_company")
_LOCKED = {_PRICELIST, "grade_id", *_IDENTITY}


class ResPartner(models.Model):
    """Price guard: nobody chooses the price list of a managed dealer."""

    # a file of its own: the guard is another concern
    # pylint: disable=consider-merging-classes-inherited
    _inherit = "res.partner"

    def write(self, vals):
        if not _LOCKED.isdisjoint(vals) and not is_marked(LADDER):
            self._b2b2c_refuse_price_change(vals)
        return super().write(vals)

    def _b2b2c_refuse_price_change(self, vals):
        """Refuse to change what the ladder decides.

        A contact may get what its company has: core keeps them the same.
        """
        standings = (
            self.env["b2b2c.ladder.standing"]
            .sudo()
            .search([("partner_id", "in", self.commercial_partner_id.ids)])
        )
        for standing in standings:
            company = standing.partner_id
            for partner in self.filtered(
                lambda one, company=company: one.commercial_partner_id == company
            ):
                names = partner._b2b2c_changed(vals, standing)
                if names:
                    raise UserError(
                        self.env._(
                            "%(dealer)s is a dealer of “%(ladder)s”, which decides on "
                            "its price list, level and company. Let the dealer go "
                            "first.",
                            dealer=company.name,
                            ladder=standing.ladder_id.name,
                        )
                    )

    def _b2b2c_changed(self, vals, standing):
        """Return which locked fields these values change.

        :param standing: dealer whose company this contact is, or belongs to
        """
        self.ensure_one()
        names = set()
        company = standing.partner_id
        if _PRICELIST in vals and standing.ladder_id.benefit != "bonus":
            own = self.sudo().with_company(standing.company_id)[_PRICELIST]
            right = company.with_company(standing.company_id)[_PRICELIST]
            # a property has a value for each company: others are no affair of ours
            if standing.company_id == self.env.company and vals[_PRICELIST] not in (
                own.id,
                right.id,
            ):
                names.add(_PRICELIST)
        if self == company:
            names |= {
                name
                for name in ("grade_id", *_IDENTITY)
                if name in vals
                and self.sudo()._fields[name].convert_to_write(self.sudo()[name], self)
                != (vals[name] or False)
            }
        return names
