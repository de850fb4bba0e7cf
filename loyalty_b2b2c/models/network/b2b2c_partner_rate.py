from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import SQL

from ..base.days import get_today

#: What counts of a rate: it stays once something was settled by it.
_TERMS = {
    "agreement_id", "unit_id", "valid_from", "point_value", "earned_percent",
    "spent_percent",
}  # fmt: skip


class B2b2cPartnerRate(models.Model):
    """Who pays how much of a unit's points at a partner, from a day on.

    The rate of the day of the sale counts: a new one changes nothing before its day.
    """

    _name = "b2b2c.partner.rate"
    _description = "Partner Rate"
    _inherit = "b2b2c.counterparty"
    _counterparty = ("agreement_id.partner_id",)
    _order = "unit_id, valid_from desc, id desc"

    agreement_id = fields.Many2one(
        "b2b2c.partner.agreement", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="agreement_id.company_id", store=True, index=True
    )
    currency_id = fields.Many2one(related="agreement_id.currency_id")
    unit_id = fields.Many2one("b2b2c.unit", required=True, ondelete="restrict")
    valid_from = fields.Date(
        required=True, default=lambda self: get_today(self.env.company)
    )
    point_value = fields.Float(
        string="Value of a Point",
        digits=False,
        required=True,
        help="In the currency of the agreement: what a point given there counts.",
    )
    earned_percent = fields.Float(
        string="Partner Pays of Points Given",
        digits=(5, 2),
        help="Percent of the value of points that people earn there.",
    )
    spent_percent = fields.Float(
        string="We Pay of Money Paid with Points",
        digits=(5, 2),
        default=100,
        help="Percent of the money that people pay there with points.",
    )

    _once = models.UniqueIndex(
        "(agreement_id, unit_id, valid_from)", "There is a rate from this day already."
    )
    _amounts = models.Constraint(
        "CHECK (point_value > 0 AND earned_percent >= 0 AND earned_percent <= 100"
        " AND spent_percent >= 0 AND spent_percent <= 100)",
        "A point is worth something, and percentages are between 0 and 100.",
    )

    @api.constrains("valid_from", "agreement_id")
    def _check_not_before(self):
        for rate in self:
            if rate.valid_from > (rate.agreement_id.ends_on or rate.valid_from):
                raise ValidationError(
                    self.env._("A rate begins before its agreement ends.")
                )

    # === WHAT WAS USED STAYS === #

    @api.model_create_multi
    def create(self, vals_list):
        """A rate begins where nothing happened yet, or where none was agreed.

        :raise UserError: something was sold since the day it would begin, at the rate
            of before
        """
        rates = super().create(vals_list)
        for rate in rates:
            if rate._has_one_before() and rate._is_used():
                raise UserError(
                    self.env._(
                        "Something was sold since %(day)s at the rates of before. Let "
                        "the new rate begin later.",
                        day=fields.Date.to_string(rate.valid_from),
                    )
                )
        return rates

    def write(self, vals):
        if vals.keys() & _TERMS:
            self._check_unused()
        result = super().write(vals)
        if vals.keys() & {"agreement_id", "unit_id", "valid_from"}:
            self._check_unused()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_unused_only(self):
        self._check_unused()

    def _check_unused(self):
        """Refuse to change what something was sold at.

        :raise UserError: names the rate
        """
        for rate in self:
            if rate._is_used():
                raise UserError(
                    self.env._(
                        "The rate of %(unit)s from %(day)s on stays: something was "
                        "sold at it. Add a new one from a later day.",
                        unit=rate.unit_id.name,
                        day=fields.Date.to_string(rate.valid_from),
                    )
                )

    def _has_one_before(self):
        """Tell whether another rate of the unit counted until this one begins."""
        return any(
            rate.unit_id == self.unit_id and rate.valid_from < self.valid_from
            for rate in self.agreement_id.rate_ids
        )

    def _is_used(self):
        """Tell whether points were given or spent there while this rate counted."""
        self.ensure_one()
        later = self.agreement_id.rate_ids.filtered(
            lambda rate: (
                rate.unit_id == self.unit_id and rate.valid_from > self.valid_from
            )
        )
        last = min(
            later.mapped("valid_from"), default=fields.Date.to_date("9999-12-31")
        )
        self.env["b2b2c.spend"].flush_model()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT EXISTS (
                    SELECT FROM b2b2c_partner_visit v
                      JOIN b2b2c_ledger_entry e
                        ON e.document_model = v.document_model
                       AND e.document_id = v.document_id AND e.unit_id = %(unit)s
                     WHERE v.agreement_id = %(agreement)s
                       AND v.sold_on BETWEEN %(first)s AND %(last)s)
                OR EXISTS (
                    SELECT FROM b2b2c_spend s
                      JOIN b2b2c_account a ON a.id = s.account_id
                     WHERE s.agreement_id = %(agreement)s AND a.unit_id = %(unit)s
                       AND s.held_at::date BETWEEN %(first)s AND %(last)s)
                """,
                unit=self.unit_id.id,
                agreement=self.agreement_id.id,
                first=self.valid_from,
                last=last - timedelta(days=1),
            )
        )
        return rows[0][0]
