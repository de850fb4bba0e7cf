from odoo import api, fields, models
from odoo.tools import SQL

LEVELS = [
    ("unit", "Unit"),
    ("block", "Block"),
    ("pallet", "Pallet"),
    ("waybill", "Delivery slip"),
]

#: States in which nobody has been paid for a code yet.
OPEN = ("printed", "active")


def is_usable(now):
    """Return the condition of a code that counts at an instant (naive UTC).

    A code ``c`` counts when its batch ``b`` is active as a whole, when it was shipped,
    or when the batch's day has come; never when the batch is frozen or over.
    """
    return SQL(
        """(b.state IN ('printed', 'active')
            AND (b.valid_until IS NULL OR b.valid_until > %(now)s)
            AND (c.state = 'active'
                 OR c.state = 'printed'
                 AND (b.state = 'active'
                      OR b.activation = 'date' AND b.activate_at <= %(now)s)))""",
        now=now,
    )


class B2b2cCode(models.Model):
    """One printed code.

    Ten million rows are ordinary, so a row is narrow and has no log columns.  Rows are
    written by SQL only: by the batch that makes or imports them, by a shipment or a
    return, and by the claim that takes a code (``codes/b2b2c_claim.py``), whose
    conditional UPDATE is what makes a code pay once.
    """

    _name = "b2b2c.code"
    _description = "Product Code"
    _log_access = False
    _order = "id"
    _rec_name = "code"

    batch_id = fields.Many2one(
        "b2b2c.code.batch", required=True, readonly=True, ondelete="restrict"
    )
    company_id = fields.Many2one(related="batch_id.company_id")
    product_id = fields.Many2one(related="batch_id.product_id")
    code = fields.Char(required=True, readonly=True)
    level = fields.Selection(LEVELS, required=True, readonly=True)
    serial = fields.Integer(
        required=True,
        readonly=True,
        string="Number",
        help="Within its batch and level.",
    )
    parent_id = fields.Many2one(
        "b2b2c.code",
        string="Packed In",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
    )
    state = fields.Selection(
        [
            ("printed", "Printed"),
            ("active", "Active"),
            ("claimed", "Claimed"),
            ("blocked", "Blocked"),
            ("returned", "Returned"),
        ],
        required=True,
        readonly=True,
        default="printed",
        string="Status",
    )
    is_usable = fields.Boolean(
        compute="_compute_is_usable",
        string="Counts Now",
        help="Whether a scan counts: the batch is active, the goods were shipped, or "
        "the day has come; and nobody scanned it yet.",
    )
    pin_hash = fields.Char(readonly=True, groups=fields.NO_ACCESS)
    lot_id = fields.Many2one(
        "stock.lot", readonly=True, index="btree_not_null", ondelete="restrict"
    )
    package_id = fields.Many2one(
        "stock.package", readonly=True, index="btree_not_null", ondelete="restrict"
    )
    picking_id = fields.Many2one(
        "stock.picking", readonly=True, index="btree_not_null", ondelete="restrict"
    )
    shop_id = fields.Many2one(
        "res.partner",
        string="Shipped To",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
    )
    activated_at = fields.Datetime(readonly=True, string="Shipped On")
    claim_id = fields.Many2one(
        "b2b2c.claim", readonly=True, index="btree_not_null", ondelete="restrict"
    )
    claimed_at = fields.Datetime(readonly=True)

    _code_once = models.UniqueIndex("(code)", "This code exists already.")
    _in_batch = models.Index("(batch_id, serial)")

    # === COMPUTE METHODS === #

    def _compute_is_usable(self):
        self.env["b2b2c.code.batch"].flush_model()
        rows = self.env.execute_query(
            SQL(
                """SELECT c.id FROM b2b2c_code c JOIN b2b2c_code_batch b
                       ON b.id = c.batch_id WHERE c.id = ANY(%s) AND %s""",
                self.ids,
                is_usable(fields.Datetime.now()),
            )
        )
        usable = {row[0] for row in rows}
        for code in self:
            code.is_usable = code.id in usable

    # === BUSINESS METHODS === #

    @api.model
    def _select_tree(self, root):
        """Return the query of ids of codes and all that is packed in them.

        :param root: ``SQL`` query of the ids to begin with
        """
        return SQL(
            """
            WITH RECURSIVE tree (id) AS (
                %s
                UNION
                SELECT c.id FROM b2b2c_code c JOIN tree ON c.parent_id = tree.id
            )
            SELECT id FROM tree
            """,
            root,
        )

    def _block(self):
        """Take codes out of use; those that were claimed stay claimed."""
        return self._set_state("blocked", OPEN)

    def _unblock(self):
        """Put blocked codes back as they were printed."""
        return self._set_state("printed", ("blocked",))

    def _set_state(self, state, allowed):
        """Change the state of those of these codes that are in ``allowed``.

        :return: how many changed
        """
        rows = self.env.execute_query(
            SQL(
                """UPDATE b2b2c_code SET state = %s
                    WHERE id = ANY(%s) AND state IN %s RETURNING id""",
                state,
                self.ids,
                tuple(allowed),
            )
        )
        self.invalidate_model(flush=False)
        return len(rows)

    # === ACTION METHODS === #

    def action_block(self):
        """Take codes out of use, stolen ones for instance (managers)."""
        self.env["b2b2c.code.batch"]._check_manager()
        self.check_access("read")
        self.sudo()._block()
        return True

    def action_unblock(self):
        """Put blocked codes back (managers)."""
        self.env["b2b2c.code.batch"]._check_manager()
        self.check_access("read")
        self.sudo()._unblock()
        return True
