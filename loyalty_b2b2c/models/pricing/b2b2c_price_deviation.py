from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ...const import POINTS
from ...engine import to_decimal
from ..people.authority import decides
from .marks import LADDER, is_marked, marked


class B2b2cPriceDeviation(models.Model):
    """A dealer paid another price than the tier's: where, how much, and why.

    Rows are added by :meth:`_record`; people only say that they looked, and why it is
    right.
    """

    _name = "b2b2c.price.deviation"
    _description = "Price Deviation"
    _order = "id desc"
    _rec_name = "document_name"

    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, ondelete="restrict"
    )
    standing_id = fields.Many2one(
        "b2b2c.ladder.standing",
        required=True,
        readonly=True,
        index=True,
        string="Dealer",
        ondelete="restrict",
    )
    kind = fields.Selection(
        [
            ("online", "Confirmed by the customer at an older price"),
            ("exception", "Approved exception"),
            ("credit", "Credit note without a return"),
            ("undone", "Tier of a volume that was undone"),
            ("terms", "Early discount, taxes or rounding"),
            ("free", "Sold at a price that no tier gave"),
        ],
        required=True,
        readonly=True,
    )
    document_model = fields.Char(required=True, readonly=True)
    document_id = fields.Many2oneReference(
        model_field="document_model", readonly=True, string="Document ID"
    )
    document_name = fields.Char(readonly=True, string="Document")
    source_key = fields.Char(required=True, readonly=True)
    name = fields.Char(readonly=True, string="Line")
    product_id = fields.Many2one("product.product", readonly=True, ondelete="restrict")
    quantity = fields.Float(**POINTS, readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True, ondelete="restrict")
    expected = fields.Monetary(readonly=True, help="What a unit costs by the tier.")
    actual = fields.Monetary(readonly=True)
    company_currency_id = fields.Many2one(related="company_id.currency_id")
    cost = fields.Monetary(
        currency_field="company_currency_id",
        readonly=True,
        help="What the company got less than by the tier.",
    )
    exception_id = fields.Many2one(
        "b2b2c.price.exception", readonly=True, ondelete="restrict"
    )
    user_id = fields.Many2one(
        "res.users", readonly=True, string="By", ondelete="restrict"
    )
    recorded_at = fields.Datetime(required=True, readonly=True)
    state = fields.Selection(
        [
            ("review", "To Review"),
            ("accepted", "Accepted"),
            ("withdrawn", "Withdrawn"),
        ],
        required=True,
        readonly=True,
        default="review",
        string="Status",
    )
    reason = fields.Char(help="Why this is right.")
    reviewed_by_id = fields.Many2one("res.users", readonly=True, ondelete="restrict")

    _source_once = models.UniqueIndex(
        "(source_key)", "This deviation has already been recorded."
    )

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):  # pylint: disable=method-required-super
        self.check_access("create")
        raise UserError(self.env._("Deviations are recorded by themselves."))

    def write(self, vals):
        """Let officers give a reason before they accept; nothing else changes."""
        if not is_marked(LADDER) and (
            vals.keys() - {"reason"} or "accepted" in self.mapped("state")
        ):
            raise UserError(self.env._("What was recorded never changes."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("What was recorded is never deleted."))

    # === RECORDING === #

    @api.model
    def _get_key(self, kind, model, key):
        """Return the identity of what is recorded of a line."""
        return f"{kind}/{model}/{key}"

    @api.model
    def _record(self, document, standing, kind, lines, exception=None):
        """Record what a dealer paid less, or more, than by the tier.

        A line is recorded once for each kind, however often this is called.  What was
        undone, or is lowered by terms, may become more or less, until somebody accepted
        it.

        :param document: order, invoice or ticket
        :param standing: ``b2b2c.ladder.standing``
        :param str kind: see the field
        :param lines: list of dicts ``key`` (identity of the line), ``name``,
            ``product``, ``quantity``, ``expected`` and ``actual`` (prices of a unit),
            ``currency``
        :param exception: ``b2b2c.price.exception`` that allows it
        """
        company = standing.company_id
        now = fields.Datetime.now()
        for line in lines:
            expected, actual = to_decimal(line["expected"]), to_decimal(line["actual"])
            rate = self.env["res.currency"]._get_conversion_rate(
                line["currency"], company.currency_id, company, fields.Date.today()
            )
            cost = (expected - actual) * to_decimal(line["quantity"])
            cost = round(cost * to_decimal(rate), company.currency_id.decimal_places)
            self.env.cr.execute(
                SQL(
                    """
                    INSERT INTO b2b2c_price_deviation AS d
                        (company_id, standing_id, kind, document_model, document_id,
                         document_name, source_key, name, product_id, quantity,
                         currency_id, expected, actual, cost, exception_id, user_id,
                         recorded_at, state, reason, reviewed_by_id)
                    VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s,
                            %s, %s, %s, %s, %s)
                    ON CONFLICT (source_key) DO UPDATE
                       SET quantity = EXCLUDED.quantity, expected = EXCLUDED.expected,
                           actual = EXCLUDED.actual, cost = EXCLUDED.cost,
                           state = EXCLUDED.state
                     WHERE d.kind IN ('undone', 'terms') AND d.state <> 'accepted'
                    """,
                    company.id,
                    standing.id,
                    kind,
                    document._name,
                    document.id,
                    document.display_name,
                    self._get_key(kind, document._name, line["key"]),
                    line["name"],
                    line["product"].id or None,
                    to_decimal(line["quantity"]),
                    line["currency"].id,
                    expected,
                    actual,
                    cost,
                    exception.id if exception else None,
                    self.env.uid,
                    now,
                    "accepted" if exception else "review",
                    exception.reason if exception else None,
                    exception.decided_by_id.id if exception else None,
                )
            )
        self.invalidate_model()

    # === ACTIONS === #

    @decides("standing_id.partner_id", asked_by="user_id")
    def action_accept(self):
        """Accept deviations that have a reason (officers)."""
        if not self.env.user.has_group("loyalty_b2b2c.group_officer"):
            raise UserError(self.env._("Only a loyalty officer accepts deviations."))
        self.check_access("write")
        for deviation in self.filtered(lambda deviation: deviation.state == "review"):
            if not (deviation.reason or "").strip():
                raise UserError(self.env._("Say why this price is right."))
            with marked(LADDER):
                deviation.sudo().write(
                    {"state": "accepted", "reviewed_by_id": self.env.uid}
                )
        return True

    def action_open_document(self):
        """Open the order, invoice or ticket."""
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "res_model": self.document_model,
            "res_id": self.document_id,
            "views": [(False, "form")],
        }
