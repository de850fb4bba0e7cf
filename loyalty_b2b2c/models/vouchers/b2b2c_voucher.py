import json

from odoo import api, fields, models

from ...engine import voucher_code
from ...vault import VaultError
from . import voucher_words


class B2b2cVoucher(models.Model):
    """A code that a partner gave, encrypted; one participant gets it, once.

    A million rows are ordinary, so a row is narrow and has no log columns.  Rows are
    written by SQL only: by the import, and by the moves of ``b2b2c_voucher_giving.py``.
    """

    _name = "b2b2c.voucher"
    _description = "Voucher"
    _inherit = "b2b2c.closed"
    _log_access = False
    _order = "id"

    pool_id = fields.Many2one(
        "b2b2c.voucher.pool", required=True, readonly=True, ondelete="restrict"
    )
    company_id = fields.Many2one(related="pool_id.company_id")
    partner_id = fields.Many2one(related="pool_id.partner_id")
    import_id = fields.Many2one(
        "b2b2c.voucher.import",
        string="File",
        required=True,
        readonly=True,
        ondelete="restrict",
    )
    row = fields.Integer(
        required=True, readonly=True, aggregator=None, help="In the file it came from."
    )
    tail = fields.Char(
        "Ends With", readonly=True, help="Only of codes with twelve characters or more."
    )
    state = fields.Selection(
        [
            ("free", "Free"),
            ("reserved", "Reserved"),
            ("given", "Given"),
            ("shown", "Shown"),
            ("returned", "Returned"),
        ],
        string="Status",
        required=True,
        readonly=True,
        default="free",
        help="Given: it belongs to a participant, who has not looked at it yet. "
        "Returned: the partner has it back.",
    )
    expires_on = fields.Date("Valid Until", readonly=True)
    redemption_id = fields.Many2one(
        "b2b2c.redemption",
        string="Request",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
    )
    member_id = fields.Many2one(related="redemption_id.member_id")
    given_at = fields.Datetime("Given On", readonly=True)
    shown_at = fields.Datetime("First Shown On", readonly=True)
    returned_at = fields.Datetime("Returned On", readonly=True)
    count = fields.Integer(compute="_compute_count", aggregator="sum")

    # The code, and what tells whether two are one, or look alike
    code_sealed = fields.Binary(
        attachment=False, required=True, readonly=True, groups=fields.NO_ACCESS
    )
    code_index = fields.Binary(
        attachment=False, required=True, readonly=True, groups=fields.NO_ACCESS
    )
    shape_index = fields.Binary(
        attachment=False, required=True, readonly=True, groups=fields.NO_ACCESS
    )

    _code_once = models.UniqueIndex("(code_index)", "This code exists already.")
    _alike = models.Index("(shape_index)")
    _free = models.Index("(pool_id, expires_on, id) WHERE state = 'free'")
    _of_pool = models.Index("(pool_id, state)")

    # === COMPUTE METHODS === #

    @api.depends("row", "tail", "import_id.name")
    def _compute_display_name(self):
        """Name a voucher by where it stands, as its code is nobody's business."""
        for voucher in self:
            name = self.env._("Row %(row)s of %(file)s", row=voucher.row,
                              file=voucher.import_id.name)  # fmt: skip
            voucher.display_name = f"{name} …{voucher.tail}" if voucher.tail else name

    def _compute_count(self):
        self.count = 1

    # === THE CODE === #

    @api.model
    def _get_context(self, pool, index):
        """Return what a sealed code is bound to: its pool, and its own index.

        :param pool: ``b2b2c.voucher.pool`` record with superuser rights
        :param bytes index: what the code is told apart by
        """
        return f"voucher {pool.seal} ".encode() + index

    @api.model
    def _seal(self, vault, pool, code, pin):
        """Return what is stored of a code, as values of its row."""
        index = vault.index(pool.family, "code", voucher_code.get_key(code))
        secret = json.dumps([code, pin] if pin else [code]).encode()
        return {
            "code_sealed": vault.seal(secret, self._get_context(pool, index)),
            "code_index": index,
            "shape_index": vault.index(
                pool.family, "shape", voucher_code.get_shape(code)
            ),
            "tail": voucher_code.get_tail(code),
        }

    def _open_codes(self):
        """Return the code and the PIN of each of these vouchers.

        Who asks was checked, and is written down, by the caller.

        :return: list of ``(code, pin)``; the PIN is empty when there is none
        :raise VoucherKeyError: there is no key, or another one, or a code was damaged
        """
        vault = self.env["b2b2c.voucher.key"].sudo()._get_vault()
        codes = []
        for voucher in self.sudo().with_context(bin_size=False):
            index = bytes(voucher.code_index)
            context = self._get_context(voucher.pool_id, index)
            try:
                secret = vault.open(bytes(voucher.code_sealed), context)
            except VaultError as error:
                raise voucher_words.refuse(self.env, error.code) from None
            code, pin = [*json.loads(secret), ""][:2]
            codes.append((code, pin))
        return codes
