from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ...const import ENTRY_TYPES, POINTS
from ...engine import Basis
from ..programs import explanation
from . import ledger_door
from .booked import get_award_step, get_booked_award

# Reservations are released, repayments follow from the debt, transfers are
# transferred back, cancelled pending points never counted.
_NOT_REVERSIBLE = {"hold", "release", "repay", "transfer", "void"}


class B2b2cLedgerEntry(models.Model):
    """A booked row.  Added by :class:`~.ledger_door.LedgerDoor`, never changed.

    An entry has five effects; each balance of an account is the sum of one of them.
    """

    _name = "b2b2c.ledger.entry"
    _description = "Ledger Entry"
    _inherit = "b2b2c.closed"
    _order = "id desc"
    _rec_name = "source_key"
    _log_access = False

    # Where it counts
    account_id = fields.Many2one(
        "b2b2c.account", required=True, readonly=True, ondelete="restrict"
    )
    member_id = fields.Many2one(related="account_id.member_id", string="Participant")
    employer_id = fields.Many2one(related="account_id.member_id.employer_id")
    unit_id = fields.Many2one(
        "b2b2c.unit", required=True, readonly=True, ondelete="restrict"
    )
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, ondelete="restrict"
    )
    symbol = fields.Char(related="unit_id.symbol")

    # What it does
    entry_type = fields.Selection(ENTRY_TYPES, required=True, readonly=True)
    points = fields.Float(**POINTS, readonly=True)
    points_pending = fields.Float(**POINTS, readonly=True, string="Pending")
    points_held = fields.Float(**POINTS, readonly=True, string="Reserved")
    points_debt = fields.Float(**POINTS, readonly=True, string="Debt")
    points_lost = fields.Float(**POINTS, readonly=True, string="Written Off")

    # Why
    program_id = fields.Many2one(
        "b2b2c.program", readonly=True, index="btree_not_null", ondelete="restrict"
    )
    rule_id = fields.Many2one(
        "b2b2c.earning.rule", readonly=True, index="btree_not_null", ondelete="restrict"
    )
    document_model = fields.Char(readonly=True)
    document_id = fields.Many2oneReference(
        model_field="document_model", readonly=True, string="Document ID"
    )
    document_name = fields.Char(
        compute="_compute_document_name",
        compute_sudo=True,  # the name is no secret, the document may be
        string="Document",
    )
    line_model = fields.Char(readonly=True)
    line_id = fields.Many2oneReference(model_field="line_model", readonly=True)
    reason = fields.Char(readonly=True)
    basis = fields.Json(
        readonly=True,
        help="What the award was measured on, see ``engine.Basis``: code counts on it.",
    )
    explanation = fields.Json(
        readonly=True, help="Why so much, for people only: no code reads it."
    )
    explanation_text = fields.Text(compute="_compute_explanation_text", string="Why")
    subject = fields.Char(compute="_compute_description", string="What For")
    description = fields.Char(compute="_compute_description")

    # Identity and lineage
    source_key = fields.Char(required=True, readonly=True)
    award_key = fields.Char(readonly=True, index="btree_not_null")
    reversal_of_id = fields.Many2one(
        "b2b2c.ledger.entry",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
        string="Reverses",
    )
    related_id = fields.Many2one(
        "b2b2c.ledger.entry", readonly=True, index="btree_not_null", ondelete="restrict"
    )
    reversal_ids = fields.One2many("b2b2c.ledger.entry", "reversal_of_id")
    allocation_ids = fields.One2many("b2b2c.ledger.allocation", "entry_id")
    is_manual = fields.Boolean(readonly=True, string="By Hand")
    user_id = fields.Many2one("res.users", readonly=True, ondelete="restrict")

    # When: it happened / we learned it
    effective_at = fields.Datetime(required=True, readonly=True)
    recorded_at = fields.Datetime(required=True, readonly=True)
    release_at = fields.Datetime(readonly=True, string="Waits Until")
    expected_at = fields.Datetime(
        readonly=True,
        string="Expected",
        help="When pending points are expected to become usable, as it was known "
        "when the entry was booked.",
    )

    _source_once = models.UniqueIndex(
        "(source_key)", "This fact has already been booked."
    )
    _account_page = models.Index("(account_id, id DESC)")
    # Every index is written with every entry.  Dates follow the order of booking, so a
    # summary of blocks finds them; companies and types are too few to be worth one.
    _by_date = models.Index("USING brin (effective_at)")
    _document_awards = models.Index(
        "(document_model, document_id) WHERE document_id IS NOT NULL"
    )

    def init(self):
        """Install the door, and keep what it books: append-only for everybody."""
        ledger_door.install(self.env.cr)
        self._make_append_only()

    def _get_refusal(self):
        return self.env._("What is booked never changes; reverse it instead.")

    # === COMPUTE METHODS === #

    @api.depends("document_model", "document_id")
    def _compute_document_name(self):
        for entry in self:
            record = entry._get_document()
            entry.document_name = record.display_name if record else False

    @api.depends("explanation")
    @api.depends_context("lang")
    def _compute_explanation_text(self):
        for entry in self:
            entry.explanation_text = "\n".join(
                explanation.render(
                    self.env,
                    entry.explanation or [],
                    currency=entry.company_id.currency_id,
                )
            )

    @api.depends("entry_type", "reason", "rule_id", "document_id")
    @api.depends_context("lang")
    def _compute_description(self):
        labels = dict(self._fields["entry_type"]._description_selection(self.env))
        for entry in self:
            what = entry.document_name or entry.reason or entry.rule_id.name
            label = labels[entry.entry_type]
            entry.subject = what
            entry.description = f"{label}: {what}" if what else label

    @api.depends("description")
    def _compute_display_name(self):
        for entry in self:
            entry.display_name = f"{entry.description} (#{entry.id})"

    # === ACTION METHODS === #

    def action_open_document(self):
        """Open the document the entry was booked for."""
        self.ensure_one()
        document = self._get_document()
        if not document:
            raise UserError(self.env._("This entry belongs to no document."))
        return {
            "type": "ir.actions.act_window",
            "res_model": document._name,
            "res_id": document.id,
            "views": [(False, "form")],
        }

    # === BUSINESS METHODS === #

    @api.model
    def _get_document_totals(self, documents):
        """Return document id -> (number of entries, points pending or not)."""
        return {
            document_id: (count, points + pending)
            for document_id, count, points, pending in self._read_group(
                [
                    ("document_model", "=", documents._name),
                    ("document_id", "in", documents.ids),
                    # called as superuser: other companies may award points, too
                    ("company_id", "in", self.env.companies.ids),
                ],
                ["document_id"],
                ["__count", "points:sum", "points_pending:sum"],
            )
        }

    @api.model
    def _open_for(self, document):
        """Return the action that shows the entries of a document."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "loyalty_b2b2c.b2b2c_ledger_entry_action"
        )
        return dict(
            action,
            domain=[
                ("document_model", "=", document._name),
                ("document_id", "=", document.id),
            ],
            context={},
        )

    def _get_document(self):
        """Return the document as a record, ``None`` when it has none or is gone."""
        self.ensure_one()
        if not self.document_model or self.document_model not in self.env:
            return None
        return self.env[self.document_model].browse(self.document_id).exists() or None

    def _get_net(self):
        """Return the effect on what the participant owns, exact.

        Posted points less debt and losses; for a purely pending entry the pending
        points.
        """
        self.ensure_one()
        points, pending, debt, lost = self._read_exact()
        return (points - debt - lost) or pending

    def _read_exact(self):
        """Return points, pending, debt and lost of this entry as Decimal."""
        row = self.env.execute_query(
            SQL(
                """
                SELECT points::text, points_pending::text, points_debt::text,
                       points_lost::text
                  FROM b2b2c_ledger_entry WHERE id = %s
                """,
                self.id,
            )
        )[0]
        return tuple(map(Decimal, row))

    def _get_basis(self):
        """Return what the entry's award was measured on, ``engine.Basis``.

        :return: ``None`` when the entry belongs to no award
        """
        self.ensure_one()
        return Basis.from_json(self.basis) if self.basis else None

    def _get_lineage(self):
        """Return what a follow-up entry inherits from this one."""
        self.ensure_one()
        return {
            "award_key": self.award_key or None,
            "basis": self._get_basis(),
            "program_id": self.program_id.id or None,
            "rule_id": self.rule_id.id or None,
            "document_model": self.document_model or None,
            "document_id": self.document_id or None,
            "line_model": self.line_model or None,
            "line_id": self.line_id or None,
        }

    def _get_pending_left(self, points):
        """Return how much of this pending earning may still be confirmed or voided.

        :param points: wanted part, ``None`` for all of it
        :return: ``(points, number of earlier follow-ups)``
        """
        return self._get_left(
            "points_pending", points, self.env._("Nothing is pending on this entry.")
        )

    def _get_reserved_left(self, points):
        """Return how much of this reservation may still be captured or released."""
        return self._get_left(
            "points_held", points, self.env._("Nothing is reserved by this entry.")
        )

    def _get_left(self, column, points, nothing):
        """Return what is left of an effect after its follow-up entries.

        :raise UserError: nothing is left, or less than wanted
        """
        self.ensure_one()
        left, number = self.env.execute_query(
            SQL(
                """
                SELECT sum(%(column)s)::text, count(*) FROM b2b2c_ledger_entry
                 WHERE id = %(id)s OR related_id = %(id)s
                """,
                column=SQL.identifier(column),
                id=self.id,
            )
        )[0]
        return self._check_part(Decimal(left), points, nothing), number

    def _get_reversible(self, points):
        """Return how much of this entry can be reversed, and the reversal's number.

        :raise UserError: the entry cannot be reversed, or not by that much
        """
        self.ensure_one()
        automatic = self.award_key and not self.is_manual
        if self.entry_type in _NOT_REVERSIBLE or (
            automatic and self.entry_type not in ("earn", "confirm")
        ):
            raise UserError(self.env._("This kind of entry cannot be reversed."))
        net = self._get_net()
        reversed_, number = self.env.execute_query(
            SQL(
                """
                SELECT coalesce(sum(CASE WHEN points <> 0 OR points_debt <> 0
                                              OR points_lost <> 0
                                    THEN points - points_debt - points_lost
                                    ELSE points_pending END), 0)::text,
                       count(*)
                  FROM b2b2c_ledger_entry WHERE reversal_of_id = %s
                """,
                self.id,
            )
        )[0]
        left = abs(net) - abs(Decimal(reversed_))
        if self.award_key:
            booked = get_booked_award(self.env, self.award_key)
            left = min(left, booked.posted + booked.pending)
        return (
            self._check_part(left, points, self.env._("Already reversed in full.")),
            number,
        )

    def _check_by_hand(self):
        """Refuse to undo by hand what a document booked: the document undoes it.

        :raise UserError: says which document
        """
        self.ensure_one()
        if self.document_id and not self.is_manual:
            raise UserError(
                self.env._(
                    "%s booked this. Change or cancel it there: what it booked "
                    "follows.",
                    self.document_name or self.description,
                )
            )

    def _get_reversal_key(self, number):
        """Return the source key of this entry's next reversal.

        Reversals of an award take the award's own sequence, so that a person and the
        booker can never both book the same step.
        """
        self.ensure_one()
        if self.award_key:
            return get_award_step(self.env, self.award_key)
        return f"reverse/{self.id}/{number}"

    def _check_part(self, left, points, nothing):
        """Return the part ``points`` of ``left`` (all of it by default)."""
        if left <= 0:
            raise UserError(nothing)
        if points is None:
            return left
        points = self.unit_id._to_points(points)
        if not 0 < points <= left:
            raise UserError(
                self.env._(
                    "Between 0 and %s points are possible.", self.unit_id._format(left)
                )
            )
        return points

    def _get_taken(self):
        """Return how many points this entry still has out of lots."""
        self.ensure_one()
        row = self.env.execute_query(
            SQL(
                "SELECT coalesce(sum(points), 0)::text FROM b2b2c_ledger_allocation "
                "WHERE origin_id = %s",
                self.id,
            )
        )[0]
        return Decimal(row[0])

    def _get_debt_policy(self):
        """Return what happens when points to take back are spent already."""
        self.ensure_one()
        return self.program_id.debt_policy or "debt"
