from datetime import datetime, time

from pytz import timezone

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

from ...const import ACCOUNTANTS, ENTRY_TYPES, POINTS
from ...values import UTC, naive
from .point_values import get_point_values
from .stat_facts import MEASURES

_FIGURES = (*MEASURES, "cost", "liability")
_MONEY = {"currency_field": "currency_id", "readonly": True}


class B2b2cReport(models.AbstractModel):
    """Figures of the dashboards: folded sums plus what was booked since.

    A view over a statistics table (:attr:`_stat`), exact at any moment.
    """

    _name = "b2b2c.report"
    _description = "Loyalty Figures"
    _auto = False
    _order = "day desc, id"
    _rec_name = "day"

    _stat = None

    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    unit_id = fields.Many2one("b2b2c.unit", readonly=True)
    symbol = fields.Char(related="unit_id.symbol")
    program_id = fields.Many2one("b2b2c.program", readonly=True)
    entry_type = fields.Selection(ENTRY_TYPES, readonly=True, string="Kind of Entry")
    day = fields.Date(readonly=True)

    issued = fields.Float(**POINTS, readonly=True, aggregator="sum")
    pending = fields.Float(**POINTS, readonly=True, aggregator="sum")
    spent = fields.Float(**POINTS, readonly=True, aggregator="sum")
    expired = fields.Float(**POINTS, readonly=True, aggregator="sum")
    reversed = fields.Float(
        **POINTS,
        readonly=True,
        string="Taken Back",
        aggregator="sum",
        help="Taken back because a document was undone, or by hand.",
    )
    adjusted = fields.Float(**POINTS, readonly=True, aggregator="sum")
    moved = fields.Float(
        **POINTS, readonly=True, aggregator="sum", string="Transferred"
    )
    reserved = fields.Float(
        **POINTS,
        readonly=True,
        aggregator="sum",
        help="Set aside for what participants asked for; owed until they get it.",
    )
    debt = fields.Float(**POINTS, readonly=True, aggregator="sum")
    written_off = fields.Float(**POINTS, readonly=True, aggregator="sum")
    outstanding = fields.Float(
        **POINTS,
        readonly=True,
        string="Owed",
        aggregator="sum",
        help="What participants have, reserved points too: issued, less taken back, "
        "spent and expired, plus adjustments and transfers.",
    )
    entries = fields.Float(**POINTS, readonly=True, aggregator="sum")
    amount = fields.Monetary(
        **_MONEY,
        string="Sales That Earned",
        aggregator="sum",
        help="The sales amount behind the awards. A sale that two rules or two "
        "participants are rewarded for counts for each of them.",
    )
    cost = fields.Monetary(
        **_MONEY,
        groups=ACCOUNTANTS,
        string="Cost of Points",
        aggregator="sum",
        help="Issued and pending points less those taken back, at the unit's value.",
    )
    liability = fields.Monetary(
        **_MONEY,
        groups=ACCOUNTANTS,
        aggregator="sum",
        help="What is owed, at the unit's value.",
    )
    cost_rate = fields.Float(
        string="Cost per Sale (%)",
        digits=(16, 2),
        readonly=True,
        groups=ACCOUNTANTS,
        aggregator="avg",
        help="Cost of points as a share of the sales that earned them. Documents "
        "without an amount, as deliveries and scans, are left out of both.",
    )

    # === THE VIEW === #

    @property
    def _table_query(self):
        """The SQL behind the report: sums, tail, and the value of a point."""
        stat = self.env[self._stat]
        columns = stat._get_columns()
        tail = SQL(
            """
            (SELECT f.*
               FROM (SELECT low, high FROM b2b2c_stat_range r
                      WHERE (SELECT e.id FROM b2b2c_ledger_entry e
                              WHERE e.id BETWEEN r.low AND r.high
                           ORDER BY e.id LIMIT 1) IS NOT NULL
                     OFFSET 0) r
         CROSS JOIN LATERAL b2b2c_stat_facts(r.low, r.high) f)
            """
        )
        return SQL(
            """
            WITH value AS MATERIALIZED (%(values)s
            ), sums (id, %(columns)s) AS (
                SELECT id::bigint, %(columns)s FROM %(table)s
                 UNION ALL
                SELECT (1::bigint << 40) + row_number() OVER (), t.*
                  FROM (%(tail)s) t
            )
            SELECT s.*, v.currency_id, %(more)s
                   (s.issued + s.pending - s.reversed) * v.value AS cost,
                   s.outstanding * v.value AS liability,
                   NULL::numeric AS cost_rate
              FROM sums s
              JOIN value v USING (company_id, unit_id)
                   %(joins)s
            """,
            values=get_point_values(),
            columns=columns,
            table=SQL.identifier(stat._table),
            tail=stat._get_sums(tail),
            more=self._get_more_columns(),
            joins=self._get_more_joins(),
        )

    def _get_more_columns(self):
        """Return further columns of the view, each followed by a comma."""
        return SQL()

    def _get_more_joins(self):
        """Return further joins of the view."""
        return SQL()

    # === ACTION METHODS === #

    def action_open_entries(self):
        """Open the entries behind this figure.

        Spendings and reservations are figures of the program their points came from; as
        entries they belong to none.
        """
        self.ensure_one()
        if not self.company_id:
            raise UserError(self.env._("There is no such figure any more."))
        names, end = self._get_place()
        domain = Domain("company_id", "=", self.company_id.id)
        domain &= Domain("unit_id", "=", self.unit_id.id)
        domain &= Domain("entry_type", "=", self.entry_type)
        for name in names:
            value = self[name]
            of_lots = self.spent or self.reserved
            if value and (name == "account_id" or not of_lots):
                value = value.id if isinstance(value, models.BaseModel) else value
                domain &= Domain(name, "=", value)
        zone = timezone(self.company_id.b2b2c_timezone)
        for operator, day in ((">=", self.day), ("<", end)):
            midnight = zone.localize(datetime.combine(day, time.min))
            domain &= Domain("effective_at", operator, naive(midnight.astimezone(UTC)))
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "loyalty_b2b2c.b2b2c_ledger_entry_action"
        )
        return dict(action, domain=list(domain), context={})

    def _get_place(self):
        """Return the fields that name the entries of a row, and where its time ends."""
        raise NotImplementedError

    # === READING === #

    def _read_group_select(self, aggregate_spec, query):
        """A rate is computed from the sums of a group, never added up.

        What was reported without an amount, as deliveries and scans, is in neither.
        """
        if aggregate_spec.startswith("cost_rate:"):
            return SQL(
                "100 * sum(%(cost)s) FILTER (WHERE %(amount)s != 0)"
                " / nullif(sum(%(amount)s), 0)",
                cost=self._field_to_sql(self._table, "cost", query),
                amount=self._field_to_sql(self._table, "amount", query),
            )
        return super()._read_group_select(aggregate_spec, query)

    @api.model
    def _get_summed(self):
        """Return the names of the figures that can be added up."""
        return _FIGURES

    @api.model
    def _get_totals(self, domain, groupby, measures=_FIGURES):
        """Return the figures of groups.

        :param str groupby: name of a field
        :return: dict value of the field (a record's id) -> dict of figures
        """
        rows = self.sudo()._read_group(
            domain, [groupby], [f"{name}:sum" for name in measures]
        )
        return {
            key.id if isinstance(key, models.BaseModel) else key: dict(
                zip(measures, figures, strict=True)
            )
            for key, *figures in rows
        }
