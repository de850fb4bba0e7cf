from odoo import api, fields, models
from odoo.exceptions import UserError

from ...recognition import understand
from ...recognition.letters import plain_number
from ..claims import claim_words

#: What a person may put right while a receipt waits for review.
CORRECTABLE = {
    "number",
    "fiscal_number",
    "register_number",
    "serial",
    "issued_on",
    "amount_total",
    "line_ids",
}


class B2b2cReceipt(models.Model):
    """What a participant handed in as a photo: a shop's receipt or a tax stamp.

    The proof of sale itself is :attr:`claim_id`; here is what is on the picture, what
    machines read, what people put right, and who looked at it.
    """

    _name = "b2b2c.receipt"
    _description = "Receipt"
    _order = "id desc"

    claim_id = fields.Many2one(
        "b2b2c.claim",
        string="Proof of Sale",
        required=True,
        readonly=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True, ondelete="restrict"
    )
    kind = fields.Selection(related="claim_id.kind")
    state = fields.Selection(related="claim_id.state", string="Status")
    submitter_id = fields.Many2one(related="claim_id.submitter_id")
    partner_id = fields.Many2one(related="claim_id.partner_id")
    currency_id = fields.Many2one(related="claim_id.currency_id")
    submitted_at = fields.Datetime(related="claim_id.create_date", string="Handed In")
    decided_by_id = fields.Many2one(related="claim_id.decided_by_id")
    reason_text = fields.Char(related="claim_id.reason_text")
    note = fields.Char(related="claim_id.note")
    findings_text = fields.Text(related="claim_id.findings_text")
    points = fields.Float(related="claim_id.points")
    pays_text = fields.Char(related="claim_id.pays_text")
    entry_count = fields.Integer(related="claim_id.entry_count")

    # What it says
    number = fields.Char(string="Receipt Number")
    fiscal_number = fields.Char()
    register_number = fields.Char(string="Cash Register")
    serial = fields.Char(string="Stamp Serial")
    issued_on = fields.Date(string="Date of Sale")
    issued_time = fields.Char(string="Time of Sale", readonly=True)
    amount_total = fields.Monetary(string="Total")
    line_ids = fields.One2many("b2b2c.receipt.line", "receipt_id", string="Lines")
    lines_total = fields.Monetary(compute="_compute_lines_total")

    # The picture
    page_ids = fields.One2many("b2b2c.receipt.page", "receipt_id", readonly=True)
    upload_hash = fields.Char(readonly=True)

    # The reading
    read_state = fields.Selection(
        [
            ("waiting", "Waiting"),
            ("reading", "Being read"),
            ("done", "Read"),
            ("failed", "Not readable here"),
        ],
        required=True,
        readonly=True,
        default="waiting",
    )
    read_at = fields.Datetime(readonly=True)
    read_attempts = fields.Integer(readonly=True)
    seen = fields.Json(readonly=True)  # what machines saw, page by page
    doubts = fields.Json(readonly=True)
    doubts_text = fields.Text(compute="_compute_doubts_text", string="Please Check")
    is_corrected = fields.Boolean(readonly=True, string="Corrected")

    # The decision
    duplicate_of_id = fields.Many2one(
        "b2b2c.receipt",
        string="Same As",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
    )
    first_reviewer_id = fields.Many2one(
        "res.users", string="First Approval", readonly=True, ondelete="set null"
    )
    needs_second = fields.Boolean(compute="_compute_needs_second")
    waiting_count = fields.Integer(
        compute="_compute_waiting_count", string="More Receipts That Wait"
    )

    _claim_once = models.UniqueIndex("(claim_id)")
    _waiting = models.Index("(id) WHERE read_state IN ('waiting', 'reading')")
    _upload = models.Index("(company_id, upload_hash)")
    # which sale it shows is looked for by its numbers
    _by_number = models.Index("(lower(number)) WHERE number IS NOT NULL")
    _by_fiscal_number = models.Index(
        "(lower(fiscal_number)) WHERE fiscal_number IS NOT NULL"
    )

    # === COMPUTE METHODS === #

    @api.depends("claim_id.display_name")
    def _compute_display_name(self):
        for receipt in self:
            receipt.display_name = receipt.sudo().claim_id.display_name

    @api.depends("line_ids.amount_total")
    def _compute_lines_total(self):
        for receipt in self:
            receipt.lines_total = sum(receipt.line_ids.mapped("amount_total"))

    @api.depends_context("lang")
    @api.depends("doubts")
    def _compute_doubts_text(self):
        for receipt in self:
            receipt.doubts_text = "\n".join(
                claim_words.word(self.env, code) for code in receipt.doubts or []
            )

    @api.depends("amount_total", "lines_total", "company_id.b2b2c_receipt_limit")
    def _compute_needs_second(self):
        for receipt in self:
            limit = receipt.company_id.b2b2c_receipt_limit
            # a small total above large lines does not get around it
            amount = max(receipt.amount_total, receipt.lines_total)
            receipt.needs_second = bool(limit) and amount > limit

    # === CRUD METHODS === #

    def write(self, vals):
        """Let people put right what was read, while it waits for review."""
        self.check_access("write")
        if not self.env.su:
            self._check_correctable(vals)
        result = super().write(vals)
        if not self.env.su and CORRECTABLE & vals.keys():
            # whoever approved, approved something else
            self.sudo().write({"is_corrected": True, "first_reviewer_id": False})
            for receipt in self.sudo():
                receipt._follow_correction()
        return result

    def _follow_correction(self):
        """Bring the proof of sale in step: what approving would pay is shown."""
        self._fill_lines()

    def _check_correctable(self, vals):
        """Check that these receipts may be put right now.

        :raise UserError: they were decided, or the values are nobody's to change
        """
        if not vals.keys() <= CORRECTABLE:
            raise UserError(self.env._("Only what stands on the receipt can change."))
        receipts = self.sudo()
        if any(receipt.state != "review" for receipt in receipts):
            raise UserError(
                self.env._("Only a receipt that waits for review can be corrected.")
            )
        self.env["b2b2c.authority"]._check(
            self.env.user, members=receipts.submitter_id, partners=receipts.partner_id
        )

    # === IDENTITY === #

    def _get_keys(self):
        """Return the texts that name this receipt; each is paid once.

        Empty while too little is known to tell receipts apart.
        """
        self.ensure_one()
        if self.kind == "tax_stamp":
            serial = plain_number(self.serial)
            return [f"s|{serial}"] if serial else []
        return understand.identities(
            number=self.number,
            fiscal_number=self.fiscal_number,
            issued_on=self.issued_on,
            total=self.amount_total,
            shop=self.partner_id.id,
        )

    def _take_keys(self):
        """Make what this receipt is its own: nobody else is paid for it.

        Waits for a transaction that takes the same at this moment.

        :return: the receipt that has one of its keys already, empty when all are ours
        """
        self.ensure_one()
        self.flush_recordset()
        keys = self.env["b2b2c.receipt.key"].sudo()
        return keys._take(self, self._get_keys())

    def _release_keys(self):
        """Let others hand in what these receipts are: they were refused."""
        self.env["b2b2c.receipt.key"].sudo().search(
            [("receipt_id", "in", self.ids)]
        ).unlink()
