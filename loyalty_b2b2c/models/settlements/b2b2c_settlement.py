from odoo import api, fields, models
from odoo.exceptions import UserError

from ...values import shown
from ..base.rows import update_in_state

_OWN = {"currency_field": "currency_id", "readonly": True}


class B2b2cSettlement(models.Model):
    """What a partner and we owe each other for a period.

    Drafted from the ledger, sent, agreed line by line, booked as an invoice and a bill,
    netted and paid.  This file is what a settlement is; ``_drafting.py`` makes one,
    ``_sending.py`` sends it and has it agreed, ``_booking.py`` makes the documents,
    ``_netting.py`` sets one off against the other.
    """

    _name = "b2b2c.settlement"
    _description = "Settlement with a Partner"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "date_to desc, id desc"

    name = fields.Char(required=True, readonly=True, copy=False)
    agreement_id = fields.Many2one(
        "b2b2c.partner.agreement",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    partner_id = fields.Many2one(
        related="agreement_id.partner_id", store=True, index=True
    )
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True, ondelete="restrict"
    )
    currency_id = fields.Many2one(
        "res.currency", required=True, readonly=True, ondelete="restrict"
    )
    date_from = fields.Date("From", required=True, readonly=True)
    date_to = fields.Date("Until", required=True, readonly=True)
    state = fields.Selection(
        [("draft", "Draft"), ("sent", "Sent"), ("agreed", "Agreed")],
        string="Status",
        required=True,
        readonly=True,
        default="draft",
        copy=False,
    )
    made_by_id = fields.Many2one("res.users", readonly=True, ondelete="restrict")
    sent_at = fields.Datetime(readonly=True, copy=False)
    agreed_at = fields.Datetime(readonly=True, copy=False)
    agreed_by_id = fields.Many2one(
        "res.users", readonly=True, ondelete="restrict", copy=False
    )
    agreed_how = fields.Selection(
        [
            ("partner", "By the partner"),
            ("officer", "By an officer"),
            ("silence", "Nobody answered in time"),
        ],
        readonly=True,
        copy=False,
    )
    line_ids = fields.One2many(
        "b2b2c.settlement.line", "counted_in_id", string="Lines", readonly=True
    )
    first_line_ids = fields.One2many(
        "b2b2c.settlement.line", "settlement_id", readonly=True
    )
    dispute_ids = fields.One2many(
        "b2b2c.settlement.dispute", "settlement_id", readonly=True
    )

    # How much
    earned_amount = fields.Monetary(
        **_OWN,
        string="Points Given There",
        help="What the partner owes for points that people earned there.",
    )
    spent_amount = fields.Monetary(
        **_OWN,
        string="Paid with Points",
        help="What we owe for what people paid there with points.",
    )
    shipped_amount = fields.Monetary(
        **_OWN, string="Goods Shipped", help="What we owe for goods it shipped."
    )
    owed_amount = fields.Monetary(
        **_OWN, string="We Owe", compute="_compute_balance", store=True
    )
    net_amount = fields.Monetary(
        **_OWN,
        string="Balance",
        compute="_compute_balance",
        store=True,
        help="Above zero the partner pays us, below we pay the partner.",
    )
    line_count = fields.Integer(readonly=True)
    disputed_amount = fields.Monetary(**_OWN, compute="_compute_disputed")
    disputed_count = fields.Integer(compute="_compute_disputed")

    _once = models.UniqueIndex(
        "(agreement_id, date_from)", "This period is settled already."
    )
    _days = models.Constraint("CHECK (date_to >= date_from)", "A period ends later.")

    # === COMPUTE METHODS === #

    @api.depends("name", "partner_id")
    def _compute_display_name(self):
        for settlement in self:
            settlement.display_name = (
                f"{settlement.name} · {settlement.partner_id.name}"
            )

    @api.depends("earned_amount", "spent_amount", "shipped_amount")
    def _compute_balance(self):
        for settlement in self:
            owed = settlement.spent_amount + settlement.shipped_amount
            settlement.owed_amount = owed
            settlement.net_amount = settlement.earned_amount - owed

    def _compute_disputed(self):
        groups = self.env["b2b2c.settlement.line"]._read_group(
            [("settlement_id", "in", self.ids), ("is_disputed", "=", True)],
            ["settlement_id"],
            ["__count", "amount:sum"],
        )
        sums = {settlement.id: row for settlement, *row in groups}
        for settlement in self:
            count, amount = sums.get(settlement.id, (0, 0))
            settlement.disputed_count = count
            settlement.disputed_amount = amount

    # === CRUD === #

    @api.model_create_multi
    def create(self, vals_list):
        """Only our own code makes settlements: from the ledger."""
        if not self.env.su:
            self.check_access("create")
            raise UserError(self.env._("Settlements are made from the ledger."))
        return super().create(vals_list)

    def write(self, vals):
        """Clients write messages and activities only."""
        allowed = ("activity_", "my_activity_", "message_")
        if not self.env.su and any(not name.startswith(allowed) for name in vals):
            raise UserError(self.env._("Settlements are made from the ledger."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_drafts_only(self):
        if any(settlement.state != "draft" for settlement in self):
            raise UserError(
                self.env._("What was sent stays: settle the difference next time.")
            )

    # === BUILDING BLOCKS === #

    def _recount(self):
        """Write down what the lines that count come to."""
        self.flush_recordset()
        lines = self.env["b2b2c.settlement.line"].sudo()
        sums = lines._get_sums(self)
        for settlement in self.sudo():
            settlement.line_count = sum(
                sums.get((settlement.id, side), (0, 0))[0]
                for side in ("earned", "spent", "shipped")
            )
            for side in ("earned", "spent", "shipped"):
                amount = sums.get((settlement.id, side), (0, 0))[1]
                settlement[f"{side}_amount"] = shown(amount)
        self.invalidate_recordset(["line_ids", "first_line_ids"])

    def _hold_in(self, state):
        """Let what happens in a state come one after the other: who moves it at the
        same time waits, or Odoo repeats the later.

        :raise UserError: it is in another state
        """
        self._write_state(state, state)

    def _move_to(self, state, left, **columns):
        """Leave a state; packages do what follows with ``super()``.

        :raise UserError: somebody else was faster
        """
        self._write_state(state, left, **columns)

    def _write_state(self, state, left, **columns):
        """Write a state while it is in one; the UPDATE is the guard."""
        if not update_in_state(self.sudo(), (left,), state=state, **columns):
            label = dict(self._fields["state"]._description_selection(self.env))
            raise UserError(
                self.env._(
                    "%(name)s is not “%(state)s” any more.",
                    name=self.name,
                    state=label[left],
                )
            )

    def _check_officer(self):
        """Return these settlements (sudo) for an officer.

        :raise UserError: the user is none
        """
        if not self.env.user.has_group("loyalty_b2b2c.group_officer"):
            raise UserError(self.env._("Only a loyalty officer settles with partners."))
        self.check_access("read")
        return self.sudo()

    def _word_period(self):
        """Return the period in the reader's words: a month by its name."""
        from_text = fields.Date.to_string(self.date_from)
        if self.date_from.day == 1 and (
            self.date_to == fields.Date.end_of(self.date_from, "month")
        ):
            return self.date_from.strftime("%Y-%m")
        return f"{from_text} – {fields.Date.to_string(self.date_to)}"

    # === ACTION METHODS === #

    def action_open_lines(self):
        """Open the lines that count, as a list, a pivot table and a graph."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "loyalty_b2b2c.b2b2c_settlement_line_action"
        )
        return dict(
            action, domain=[("counted_in_id", "=", self.id)], context={}, name=self.name
        )

    def action_open_disputes(self):
        """Open what the partner disputes."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "loyalty_b2b2c.b2b2c_settlement_dispute_action"
        )
        return dict(action, domain=[("settlement_id", "=", self.id)], context={})

    def action_discard(self):
        """Discard drafts; their facts are open again (officers)."""
        self._check_officer().unlink()
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "views": [(False, "list"), (False, "form")],
        }
