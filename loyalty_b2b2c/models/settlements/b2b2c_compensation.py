from odoo import api, fields, models
from odoo.tools import SQL


class B2b2cCompensation(models.Model):
    """Goods of a distributor who is a partner are billed with its settlement.

    A thing is billed once: what a settlement has, no bill of its own takes.
    """

    _inherit = "b2b2c.compensation"

    settlement_id = fields.Many2one(
        "b2b2c.settlement", readonly=True, index="btree_not_null", ondelete="set null"
    )
    state = fields.Selection(selection_add=[("settled", "In a Settlement")])

    @api.depends("settlement_id")
    def _compute_state(self):
        settled = self.filtered("settlement_id")
        settled.state = "settled"
        return super(B2b2cCompensation, self - settled)._compute_state()

    def _search_state(self, operator, value):
        if operator not in ("in", "not in"):
            return NotImplemented
        settled = fields.Domain("settlement_id", "!=", False)
        domain = super()._search_state("in", value) & ~settled
        if "settled" in value:
            domain |= settled
        return domain if operator == "in" else ~domain

    @api.model
    def _get_open_condition(self, alias):
        return SQL(
            "%s AND %s IS NULL",
            super()._get_open_condition(alias),
            SQL.identifier(alias, "settlement_id"),
        )
