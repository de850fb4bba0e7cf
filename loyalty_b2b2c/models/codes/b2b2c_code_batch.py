import secrets

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import SQL

from ...engine import trade_number
from .b2b2c_code import LEVELS

MOST = 10_000_000
AT_ONCE = 5000  # so many codes are made while the person waits
_BYTES_AT_ONCE = 200_000  # of a file, in base64

# what may still change once codes exist
_FREE = {
    "name",
    "valid_until",
    "note",
    "message_ids",
    "activation",
    "activate_at",
}


class B2b2cCodeBatch(models.Model):
    """Codes that were made together, for one product.

    A batch as a whole is activated, frozen and ended by changing this one row, however
    many codes it has: the scan looks here.
    """

    _name = "b2b2c.code.batch"
    _description = "Code Batch"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "id desc"

    # What
    name = fields.Char(required=True, tracking=True)
    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        ondelete="restrict",
        default=lambda self: self.env.company,
    )
    product_id = fields.Many2one(
        "product.product",
        required=True,
        index=True,
        ondelete="restrict",
        check_company=True,
        tracking=True,
    )
    lot_id = fields.Many2one(
        "stock.lot",
        ondelete="restrict",
        domain="[('product_id', '=', product_id)]",
        index="btree_not_null",
        help="All units of the batch belong to this lot; it is shipped with it.",
    )
    origin = fields.Selection(
        [
            ("count", "A number of new codes"),
            ("serials", "One for each serial number of the product"),
            ("packages", "One for each package of the product in stock"),
            ("import", "A list somebody else made"),
        ],
        required=True,
        default="count",
        string="Codes",
    )
    count = fields.Integer(default=1000, string="Number of Codes")
    level = fields.Selection(
        LEVELS[:3], required=True, default="unit", string="A Code Is On"
    )
    content = fields.Integer(
        default=1,
        required=True,
        string="Units per Code",
        help="How many units of the product one code stands for.",
    )
    block_size = fields.Integer(
        string="Units per Block",
        help="Print a code on every block of so many units, too. Scanning it counts "
        "for all units in it that were not scanned yet. 0: none.",
    )
    pallet_size = fields.Integer(
        string="Blocks per Pallet",
        help="Print a code on every pallet of so many blocks, too. 0: none.",
    )
    with_pin = fields.Boolean(
        string="Hidden PIN",
        help="A second part below a scratch layer, asked for when the code is scanned.",
    )
    note = fields.Text()

    # When it counts
    activation = fields.Selection(
        [
            ("now", "At once"),
            ("date", "On a date"),
            ("shipped", "When the goods are shipped"),
        ],
        required=True,
        default="now",
        tracking=True,
        help="“When the goods are shipped”: each code with the serial number or the "
        "package it belongs to, for the shop it is shipped to. Stolen stock is "
        "worthless.",
    )
    activate_at = fields.Datetime(string="Active From", tracking=True)
    valid_until = fields.Datetime(tracking=True, help="Empty: without end.")
    state = fields.Selection(
        [
            ("draft", "New"),
            ("making", "Being made"),
            ("printed", "Printed"),
            ("active", "Active"),
            ("frozen", "Frozen"),
            ("closed", "Closed"),
        ],
        required=True,
        readonly=True,
        copy=False,
        default="draft",
        tracking=True,
        string="Status",
    )
    state_before = fields.Char(readonly=True, copy=False)

    # How far
    made = fields.Integer(
        required=True, readonly=True, copy=False, default=0, string="Codes Made"
    )
    progress = fields.Integer(compute="_compute_progress")
    claimed = fields.Integer(compute="_compute_claimed")
    code_count = fields.Integer(compute="_compute_claimed", string="All Codes")
    # PINs may stand in it in clear; it is deleted as soon as it was read
    import_file = fields.Binary(
        copy=False, string="File", groups="loyalty_b2b2c.group_manager"
    )
    import_name = fields.Char(copy=False)
    import_report = fields.Text(readonly=True, copy=False)
    # whoever has it can compute every PIN: only the printing dialog reads it
    print_secret = fields.Char(
        readonly=True, copy=False, groups=fields.NO_ACCESS, string="Printing Secret"
    )
    can_print_pins = fields.Boolean(compute="_compute_can_print_pins")

    _sizes = models.Constraint(
        "CHECK (block_size >= 0 AND pallet_size >= 0 AND content > 0"
        " AND (pallet_size = 0 OR block_size > 0))",
        "A pallet is made of blocks, and sizes are positive numbers.",
    )

    # === COMPUTE METHODS === #

    @api.depends("made", "count", "state")
    def _compute_progress(self):
        for batch in self:
            done = batch.state not in ("draft", "making")
            percent = 100 * batch.made // batch.count if batch.count else 0
            batch.progress = 100 if done else min(percent, 99)

    def _compute_claimed(self):
        self.env["b2b2c.claim"].flush_model()
        rows = self.env.execute_query(
            SQL(
                """SELECT batch_id, count(*), count(*) FILTER (WHERE state = 'claimed')
                     FROM b2b2c_code WHERE batch_id = ANY(%s) GROUP BY batch_id""",
                self.ids,
            )
        )
        numbers = {batch_id: (total, claimed) for batch_id, total, claimed in rows}
        for batch in self:
            batch.code_count, batch.claimed = numbers.get(batch.id, (0, 0))

    @api.depends("with_pin", "print_secret")
    def _compute_can_print_pins(self):
        for batch in self:
            batch.can_print_pins = batch.with_pin and bool(batch.sudo().print_secret)

    # === CONSTRAINT METHODS === #

    @api.constrains("count", "origin")
    def _check_count(self):
        for batch in self:
            if batch.origin == "count" and not 0 < batch.count <= MOST:
                raise ValidationError(
                    self.env._("A batch has from 1 to 10,000,000 codes.")
                )

    @api.constrains("activation", "activate_at")
    def _check_activation(self):
        for batch in self:
            if batch.activation == "date" and not batch.activate_at:
                raise ValidationError(
                    self.env._("Say from when on the codes are active.")
                )

    @api.constrains("activation", "origin", "lot_id", "state")
    def _check_shipped(self):
        """A code that waits for a shipment must belong to something that is shipped."""
        for batch in self:
            linked = batch.lot_id or batch.origin != "count"
            if batch.activation == "shipped" and not linked:
                raise ValidationError(
                    self.env._(
                        "Choose a lot, or codes for serial numbers or packages: a "
                        "shipment names those."
                    )
                )

    # === CRUD METHODS === #

    def write(self, vals):
        """Keep the terms of codes that were made: they are printed."""
        fixed = vals.keys() - _FREE
        fixed = {name for name in fixed if not name.startswith("activity_")}
        if not self.env.su and fixed and any(b.state != "draft" for b in self):
            raise UserError(
                self.env._("The codes are made; only dates and notes change now.")
            )
        changed = self.filtered(
            lambda b: vals.get("activation", b.activation) != b.activation
        )
        result = super().write(vals)
        changed._follow_activation()
        return result

    def _follow_activation(self):
        """Let a batch whose activation was changed count, or wait again."""
        for batch in self.sudo():
            state = batch._get_made_state()
            if batch.state in ("printed", "active"):
                batch.state = state
            elif batch.state == "frozen":
                batch.state_before = state

    def _get_made_state(self):
        """Return the state of this batch once its codes are made."""
        return "active" if self.activation == "now" else "printed"

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            for vals in vals_list:
                vals.update(state="draft", made=0)
        return super().create(vals_list)

    @api.ondelete(at_uninstall=False)
    def _unlink_only_new(self):
        if any(batch.state != "draft" for batch in self):
            raise UserError(
                self.env._(
                    "Codes that may be printed are not deleted; close the batch."
                )
            )

    # === BUSINESS METHODS === #

    @api.model
    def _check_manager(self):
        """
        :raise UserError: the user is no loyalty manager
        """
        if not self.env.user.has_group("loyalty_b2b2c.group_manager"):
            raise UserError(self.env._("Only a loyalty manager may do this."))

    def _own(self):
        """Return these batches with superuser rights, for a manager who sees them."""
        self._check_manager()
        self.check_access("write")
        return self.sudo()

    def _move(self, state, allowed, **values):
        """Change the state; batches that have it already stay as they are."""
        for batch in self:
            if batch.state == state:
                continue
            if batch.state not in allowed:
                raise UserError(
                    self.env._("“%s” cannot be changed like this now.", batch.name)
                )
            batch.write({"state": state, **values})

    def _get_gtin(self):
        """Return the GTIN of the product, empty when its barcode is none."""
        return trade_number.normalize(self.product_id.barcode) or ""

    # === ACTION METHODS === #

    def action_make(self):
        """Make the codes: few at once, many in the background (managers)."""
        for batch in self._own():
            if batch.state == "making":
                continue
            batch._prepare_making()
            batch._move(
                "making", ("draft",), print_secret=batch.with_pin and _new_secret()
            )
            if batch._is_small():
                batch._make_all()
            else:
                self.env.ref("loyalty_b2b2c.cron_codes").sudo()._trigger()
        return True

    def _is_small(self):
        """Tell whether the codes are made while the person waits."""
        if self.origin == "import":
            return len(self.with_context(bin_size=False).import_file) <= _BYTES_AT_ONCE
        return self.count <= AT_ONCE

    def action_print(self):
        """Ask what to print: labels, or files for a print house (managers)."""
        self.ensure_one()
        self._own()
        return self.env["b2b2c.code.print"]._open(self)

    def action_activate(self):
        """Let all codes of the batch count from now on (managers)."""
        self._own()._move("active", ("printed",))
        return True

    def action_freeze(self):
        """Let no code of the batch count for now: recall, theft (managers)."""
        for batch in self._own():
            batch._move("frozen", ("printed", "active"), state_before=batch.state)
        return True

    def action_unfreeze(self):
        """Let the codes of a frozen batch count again (managers)."""
        for batch in self._own():
            batch._move(batch.state_before or "printed", ("frozen",))
        return True

    def action_close(self):
        """End a batch for good (managers)."""
        self._own()._move("closed", ("printed", "active", "frozen"))
        return True

    def action_forget_pins(self):
        """Throw the printing secret away: PINs are never shown again (managers)."""
        self._own().filtered("with_pin").write({"print_secret": False})
        return True

    def action_open_codes(self):
        """Open the codes of this batch."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "loyalty_b2b2c.b2b2c_code_action"
        )
        return dict(action, domain=[("batch_id", "=", self.id)], context={})

    def action_open_claims(self):
        """Open what was claimed with codes of this batch."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "loyalty_b2b2c.b2b2c_claim_action"
        )
        return dict(action, domain=[("batch_id", "=", self.id)], context={})


def _new_secret():
    return secrets.token_hex(32)
