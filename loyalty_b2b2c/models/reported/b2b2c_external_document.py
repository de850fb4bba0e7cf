from odoo import api, fields, models
from odoo.exceptions import UserError

from ...const import REPORTED_TYPES, STATUSES
from ..people.authority import decides
from .mandate import REVIEW_REASONS

CHANNELS = [
    ("terminal", "Terminal"),
    ("api", "API"),
    ("import", "File"),
]


class B2b2cExternalDocument(models.Model):
    """A sale, a shipment or an event that happened outside this database.

    A till, a distributor's system, an imported file or the terminal reported it.  Only
    ``b2b2c.intake`` writes rows: what was reported is evidence.
    """

    _name = "b2b2c.external.document"
    _description = "Reported Document"
    _inherit = "b2b2c.document"
    _order = "id desc"
    _rec_name = "reference"
    _rec_names_search = ["reference", "partner_id.name", "member_id.name"]

    # What
    document_type = fields.Selection(
        REPORTED_TYPES, required=True, readonly=True, string="Type"
    )
    event_code = fields.Char(readonly=True)
    reference = fields.Char(required=True, readonly=True)
    reference_key = fields.Char(
        required=True,
        readonly=True,
        help="What is compared: spellings that look alike are one number.",
    )
    state = fields.Selection(
        [
            ("review", "To Review"),
            ("recorded", "Recorded"),
            ("cancelled", "Cancelled"),
        ],
        required=True,
        readonly=True,
        default="recorded",
        string="Status",
    )
    review_reason = fields.Selection(
        REVIEW_REASONS, readonly=True, string="Why Somebody Looks At It"
    )
    status = fields.Selection(
        STATUSES,
        required=True,
        readonly=True,
        string="Reached",
        help="The furthest moment the sale has reached, as reported.",
    )
    note = fields.Char(readonly=True)

    # Who
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True, ondelete="restrict"
    )
    reporter_id = fields.Many2one(
        "res.partner",
        string="Reported By",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
        help="The distributor, shop or system of another company that told us; empty "
        "for what our own people recorded.",
    )
    partner_id = fields.Many2one(
        "res.partner",
        string="Company or Shop",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
        help="Who received or bought the goods.",
    )
    member_id = fields.Many2one(
        "b2b2c.member",
        string="Participant",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
    )
    seller_id = fields.Many2one(
        "b2b2c.member",
        string="Sold By",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
    )
    channel = fields.Selection(CHANNELS, required=True, readonly=True)
    operator_id = fields.Many2one("res.users", readonly=True, ondelete="set null")

    # How much
    currency_id = fields.Many2one(
        "res.currency", required=True, readonly=True, ondelete="restrict"
    )
    line_ids = fields.One2many("b2b2c.external.line", "document_id", readonly=True)
    amount_untaxed = fields.Monetary(compute="_compute_amounts", store=True)
    amount_total = fields.Monetary(compute="_compute_amounts", store=True)

    # When
    occurred_at = fields.Datetime(required=True, readonly=True, index=True)
    status_at = fields.Datetime(required=True, readonly=True)
    accepted_at = fields.Datetime(readonly=True)
    accepted_by_id = fields.Many2one("res.users", readonly=True, ondelete="set null")
    cancelled_at = fields.Datetime(readonly=True)
    cancelled_by_id = fields.Many2one("res.users", readonly=True, ondelete="set null")
    cancel_reason = fields.Char(readonly=True)

    content_hash = fields.Char(required=True, readonly=True)

    _once = models.UniqueIndex(
        "(company_id, document_type, coalesce(reporter_id, 0), reference_key)",
        "A document with this number was recorded already.",
    )

    _to_review = models.Index("(company_id) WHERE state = 'review'")

    # which sale it shows is looked for by its number, whoever reported it
    _by_reference = models.Index("(company_id, lower(reference))")

    @api.depends("line_ids.amount_untaxed", "line_ids.amount_total")
    def _compute_amounts(self):
        for document in self:
            document.amount_untaxed = sum(document.line_ids.mapped("amount_untaxed"))
            document.amount_total = sum(document.line_ids.mapped("amount_total"))

    @api.depends("document_type", "reference", "reporter_id.name")
    def _compute_display_name(self):
        labels = dict(self._fields["document_type"]._description_selection(self.env))
        for document in self:
            name = f"{labels.get(document.document_type)} {document.reference}"
            # everybody may know the name, not everybody may read the contact
            reporter = document.sudo().reporter_id.name
            document.display_name = f"{name} ({reporter})" if reporter else name

    # === ACTION METHODS === #

    @decides("member_id", "seller_id", "partner_id")
    def action_accept(self):
        """Accept documents that wait for a person (officers only): they earn now."""
        self._check_officer()
        for document in self.sudo().filtered(lambda one: one.state == "review"):
            self.env["b2b2c.intake"]._accept(document, self.env.user)
        return True

    @decides("member_id", "seller_id", "partner_id")
    def action_cancel(self):
        """Cancel these documents (officers only): what they earned is reversed."""
        self._check_officer()
        for document in self.sudo():
            self.env["b2b2c.intake"]._cancel(
                document,
                reason=self.env._("Cancelled by %s.", self.env.user.name),
                operator=self.env.user,
            )
        return True

    def _check_officer(self):
        if not self.env.user.has_group("loyalty_b2b2c.group_officer"):
            raise UserError(
                self.env._("Only a loyalty officer may decide what was reported.")
            )
        self.check_access("read")
