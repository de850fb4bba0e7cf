from decimal import Decimal

from odoo import api, fields, models
from odoo.tools import SQL

from ...const import POINTS

#: Side -> what it is called.
SIDE_LABELS = [
    ("earned", "Points Given There"),
    ("spent", "Paid with Points"),
    ("shipped", "Goods Shipped"),
]


class B2b2cSettlementLine(models.Model):
    """A fact in a settlement: inserted by one statement, and never changed.

    A fact has one line, whoever settles and how often.  What comes later, as points
    taken back, is a line of a later settlement that names the first.  A line that the
    partner disputes is apart until it is answered, and counts in a later settlement
    when the first was agreed without it.
    """

    _name = "b2b2c.settlement.line"
    _description = "Line of a Settlement"
    _inherit = "b2b2c.closed"
    _order = "id"
    _rec_name = "ticket"

    settlement_id = fields.Many2one(
        "b2b2c.settlement", required=True, readonly=True, index=True, ondelete="cascade"
    )
    counted_in_id = fields.Many2one(
        "b2b2c.settlement",
        readonly=True,
        index=True,
        ondelete="set null",
        help="Whose documents have it. Empty: disputed, or for the next one.",
    )
    is_disputed = fields.Boolean(readonly=True)
    agreement_id = fields.Many2one(
        "b2b2c.partner.agreement",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    partner_id = fields.Many2one(related="agreement_id.partner_id")
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, ondelete="restrict"
    )
    currency_id = fields.Many2one(
        "res.currency", required=True, readonly=True, ondelete="restrict"
    )
    side = fields.Selection(SIDE_LABELS, required=True, readonly=True)

    # Which fact
    entry_id = fields.Many2one(
        "b2b2c.ledger.entry",
        readonly=True,
        ondelete="restrict",
        string="Ledger Entry",
    )
    back_id = fields.Many2one(
        "b2b2c.spend.back", readonly=True, ondelete="restrict", string="Came Back"
    )
    compensation_id = fields.Many2one(
        "b2b2c.compensation", readonly=True, ondelete="restrict"
    )
    dispute_id = fields.Many2one(
        "b2b2c.settlement.dispute",
        readonly=True,
        ondelete="restrict",
        help="The answer that this line makes good.",
    )
    corrects_id = fields.Many2one(
        "b2b2c.settlement.line",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
        help="The line of the same sale that was settled before.",
    )
    visit_id = fields.Many2one(
        "b2b2c.partner.visit",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
        string="Sale",
    )
    spend_id = fields.Many2one(
        "b2b2c.spend",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
        string="Payment",
    )

    # What it is worth
    day = fields.Date(readonly=True, required=True, help="When it was booked.")
    sold_on = fields.Date(
        readonly=True, required=True, help="Day of the sale: its rate counts."
    )
    shop_id = fields.Many2one("res.partner", readonly=True, ondelete="restrict")
    ticket = fields.Char(readonly=True)
    unit_id = fields.Many2one("b2b2c.unit", readonly=True, ondelete="restrict")
    points = fields.Float(**POINTS, readonly=True, aggregator="sum")
    paid = fields.Float(
        digits=False,
        readonly=True,
        aggregator="sum",
        help="Money paid with points, in the currency of the settlement.",
    )
    rate_id = fields.Many2one("b2b2c.partner.rate", readonly=True, ondelete="restrict")
    price = fields.Float(digits=False, readonly=True, aggregator=None)
    percent = fields.Float(digits=(5, 2), readonly=True, aggregator=None)
    exact = fields.Float(
        digits=False, readonly=True, aggregator=None, help="Before it was rounded."
    )
    amount = fields.Monetary(readonly=True, required=True)

    _entry_once = models.UniqueIndex(
        "(entry_id, side) WHERE entry_id IS NOT NULL", "This was settled already."
    )
    _back_once = models.UniqueIndex(
        "(back_id) WHERE back_id IS NOT NULL", "This was settled already."
    )
    _compensation_once = models.UniqueIndex(
        "(compensation_id) WHERE compensation_id IS NOT NULL",
        "This was settled already.",
    )
    _dispute_once = models.UniqueIndex(
        "(dispute_id) WHERE dispute_id IS NOT NULL", "This was made good already."
    )
    _one_fact = models.Constraint(
        "CHECK (num_nonnulls(entry_id, back_id, compensation_id, dispute_id) = 1)",
        "A line is about one fact.",
    )

    @api.model
    def _get_sums(self, settlements):
        """Return ``(settlement id, side)`` -> (number of lines, amount) of what counts
        in settlements."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT counted_in_id, side, count(*), sum(amount)::text
                  FROM b2b2c_settlement_line WHERE counted_in_id = ANY(%s)
              GROUP BY counted_in_id, side
                """,
                settlements.ids,
            )
        )
        return {(row[0], row[1]): (row[2], Decimal(row[3])) for row in rows}

    def _set_apart(self, counted_in, *, is_disputed):
        """Let lines count in a settlement, or in none for the time being.

        :param counted_in: ``b2b2c.settlement``, empty: in the next one
        """
        self.env.execute_query(
            SQL(
                """
                UPDATE b2b2c_settlement_line
                   SET counted_in_id = %s, is_disputed = %s
                 WHERE id = ANY(%s) RETURNING id
                """,
                counted_in.id or None,
                is_disputed,
                self.ids,
            )
        )
        self.invalidate_recordset()

    def _word_side(self):
        """Return what the side is called, in the reader's language."""
        return dict(self._fields["side"]._description_selection(self.env))[self.side]

    def action_open_source(self):
        """Open what was settled: the sale, the payment or the goods."""
        self.ensure_one()
        self.check_access("read")
        line = self.sudo()
        record = line.spend_id or line.compensation_id or line.entry_id
        if line.side == "earned" and line.entry_id:
            return line.entry_id.with_user(self.env.user).action_open_document()
        return {
            "type": "ir.actions.act_window",
            "res_model": record._name,
            "res_id": record.id,
            "views": [(False, "form")],
        }
