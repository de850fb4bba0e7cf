import secrets
from collections import Counter, defaultdict

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import SQL

from ..base.days import get_today

#: Figures that a move of codes changes.
COUNTS = (
    "all_count", "free_count", "over_count", "given_count", "shown_count",
    "returned_count", "is_low",
)  # fmt: skip
#: What stays as it is once a pool has codes.
_TERMS = {"partner_id", "company_id", "currency_id", "value", "kind", "family", "seal"}


class B2b2cVoucherPool(models.Model):
    """Vouchers of one kind that a partner gave: each of the same value, for the same
    thing.

    Either every participant gets a code of his own (``kind`` is ``codes``; they are
    rows of ``b2b2c.voucher``), or all use the same public code or link (``shared``), as
    for a discount that a partner gives for free.
    """

    _name = "b2b2c.voucher.pool"
    _description = "Voucher Pool"
    _inherit = [
        "mail.thread",
        "mail.activity.mixin",
        "image.mixin",
        "b2b2c.counterparty",
    ]
    _order = "state desc, name, id"

    # What
    name = fields.Char(required=True, translate=True, tracking=True)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        ondelete="restrict",
        default=lambda self: self.env.company,
    )
    partner_id = fields.Many2one(
        "res.partner",
        string="Given By",
        required=True,
        index=True,
        ondelete="restrict",
        check_company=True,
        tracking=True,
        help="The partner whose shop takes the vouchers.",
    )
    kind = fields.Selection(
        [
            ("codes", "A code of its own for each participant"),
            ("shared", "One public code or link for everybody"),
        ],
        string="Vouchers",
        required=True,
        default="codes",
    )
    shared_code = fields.Char(
        string="Public Code",
        tracking=True,
        help="The partner knows that everybody may use it; it is no secret.",
    )
    link = fields.Char(
        string="Where It Is Used",
        help="Address of a page of the partner. {code} in it is replaced by the code.",
    )
    instructions = fields.Text(
        translate=True,
        string="How to Use It",
        help="Participants read it beside their code.",
    )

    # For how much
    currency_id = fields.Many2one(
        "res.currency",
        required=True,
        ondelete="restrict",
        default=lambda self: self.env.company.currency_id,
    )
    value = fields.Monetary(
        tracking=True, help="What the participant gets for it. 0: a percentage, …"
    )
    cost = fields.Monetary(
        string="Cost per Voucher", tracking=True, help="What the partner asks for one."
    )

    # Until when, how many
    valid_until = fields.Date(
        tracking=True,
        help="The last day on which the partner takes the vouchers; a code that has a "
        "day of its own in the file keeps it. Empty: without end.",
    )
    days_to_use = fields.Integer(
        string="Days to Use It",
        help="A participant has at least so many days: codes that are over before are "
        "given to nobody.",
    )
    low_stock = fields.Integer(
        string="Tell When So Many Are Left", default=10, help="0: never."
    )
    responsible_id = fields.Many2one(
        "res.users",
        ondelete="set null",
        default=lambda self: self.env.user,
        help="Is told when few codes are left, or when they are about to be over.",
    )
    low_told_at = fields.Datetime(readonly=True, copy=False)
    state = fields.Selection(
        [("open", "Given Out"), ("paused", "Paused"), ("closed", "Closed")],
        string="Status",
        required=True,
        readonly=True,
        copy=False,
        default="open",
        tracking=True,
    )

    # What tells its codes apart from others', and binds them to it
    family = fields.Char(readonly=True, copy=False, groups=fields.NO_ACCESS)
    seal = fields.Char(
        readonly=True,
        copy=False,
        required=True,
        groups=fields.NO_ACCESS,
        default=lambda self: secrets.token_hex(16),
    )

    # Figures
    import_ids = fields.One2many("b2b2c.voucher.import", "pool_id")
    reward_ids = fields.One2many("b2b2c.reward", "voucher_pool_id")
    reward_count = fields.Integer(compute="_compute_reward_count", string="Rewards")
    all_count = fields.Integer(compute="_compute_counts", string="Codes")
    free_count = fields.Integer(compute="_compute_counts", string="Still Free")
    over_count = fields.Integer(
        compute="_compute_counts",
        string="Not Given in Time",
        help="Nobody got them, and they are over or too close to it.",
    )
    given_count = fields.Integer(
        compute="_compute_counts", string="Given", help="Those that were shown, too."
    )
    shown_count = fields.Integer(compute="_compute_counts", string="Shown")
    returned_count = fields.Integer(compute="_compute_counts", string="Returned")
    is_low = fields.Boolean(compute="_compute_counts", string="Few Left")
    key_problem = fields.Char(compute="_compute_key_problem")

    _sizes = models.Constraint(
        "CHECK (low_stock >= 0 AND days_to_use >= 0 AND value >= 0 AND cost >= 0)",
        "Values and numbers of a pool are not negative.",
    )
    _shared_has_something = models.Constraint(
        "CHECK (kind != 'shared' OR shared_code IS NOT NULL OR link IS NOT NULL)",
        "Enter the code or the link that everybody may use.",
    )

    # === COMPUTE METHODS === #

    @api.depends("import_ids.added_count", "kind", "low_stock", "valid_until")
    def _compute_counts(self):
        counts = self._count()
        for pool in self:
            count = counts[pool.id]
            pool.free_count = count["free"]
            pool.over_count = count["over"]
            pool.shown_count = count["shown"]
            pool.given_count = count["reserved"] + count["given"] + count["shown"]
            pool.returned_count = count["returned"]
            pool.all_count = count.total()
            pool.is_low = pool.kind == "codes" and count["free"] <= pool.low_stock

    def _count(self):
        """Return pool id -> Counter of its codes by their state.

        Free ones that cannot be given any more count as ``over``.
        """
        counts = defaultdict(Counter)
        for pool in self.filtered(lambda pool: pool._origin and pool.kind == "codes"):
            rows = self.env.execute_query(
                SQL(
                    """
                    SELECT CASE WHEN state = 'free' AND NOT %(in_time)s
                                THEN 'over' ELSE state END, count(*)
                      FROM b2b2c_voucher WHERE pool_id = %(pool)s GROUP BY 1
                    """,
                    in_time=pool._is_in_time(),
                    pool=pool._origin.id,
                )
            )
            counts[pool.id] = Counter(dict(rows))
        return counts

    @api.depends("reward_ids")
    def _compute_reward_count(self):
        for pool in self:
            pool.reward_count = len(pool.reward_ids)

    @api.depends("kind")
    def _compute_key_problem(self):
        problem = self.env["b2b2c.voucher.key"].sudo()._get_problem()
        for pool in self:
            pool.key_problem = problem if pool.kind == "codes" else False

    # === CONSTRAINT METHODS === #

    @api.constrains("link")
    def _check_link(self):
        """A participant is sent there: it is an address of the web, nothing else."""
        for pool in self:
            if pool.link and not pool.link.startswith(("https://", "http://")):
                raise ValidationError(
                    self.env._("An address of a page begins with https://.")
                )

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            for name in ("family", "seal", "state", "low_told_at"):
                vals.pop(name, None)
        pools = super().create(vals_list)
        for pool in pools.sudo():
            pool.family = pool._get_family()
        return pools

    def write(self, vals):
        changed = _TERMS & vals.keys()
        if changed and not self.env.su and any(pool.sudo().all_count for pool in self):
            raise UserError(
                self.env._(
                    "The pool has codes: partner, company and value stay. Make another "
                    "pool for other vouchers."
                )
            )
        if {"state", "family", "seal", "low_told_at"} & vals.keys() and not self.env.su:
            raise UserError(self.env._("Use the buttons of the pool."))
        return super().write(vals)

    def _get_family(self):
        """Return what the codes of all pools of a partner have in common: among them
        each code is there once."""
        partner = self.partner_id.commercial_partner_id
        earlier = self.with_context(active_test=False).search(
            [
                ("company_id", "=", self.company_id.id),
                ("partner_id", "child_of", partner.id),
                ("family", "!=", False),
            ],
            order="id",
            limit=1,
        )
        return earlier.family or f"{self.company_id.id}/{partner.id}"

    @api.ondelete(at_uninstall=False)
    def _unlink_only_empty(self):
        for pool in self.sudo():
            if pool.all_count or pool.reward_ids:
                raise UserError(
                    self.env._(
                        "“%s” has codes or rewards; close or archive it instead.",
                        pool.name,
                    )
                )

    # === WHAT CAN BE GIVEN === #

    def _get_today(self):
        """Return the day it is at the company."""
        self.ensure_one()
        return get_today(self.company_id)

    def _get_first_day(self):
        """Return the earliest last day that a code to be given now may have."""
        return fields.Date.add(self._get_today(), days=self.days_to_use)

    def _is_over(self):
        """Tell whether the day of the pool itself has come, or is too close."""
        self.ensure_one()
        return bool(self.valid_until and self.valid_until < self._get_first_day())

    def _is_in_time(self):
        """Return the condition of a code that a participant can still use long enough.

        The pool's day is that of the codes that have none of their own.
        """
        if self._is_over():
            return SQL("coalesce(expires_on >= %s, FALSE)", self._get_first_day())
        return SQL("coalesce(expires_on >= %s, TRUE)", self._get_first_day())

    def _can_give(self, quantity=1):
        """Tell whether so many vouchers can be given now; reads only.

        The guard is the UPDATE that takes them, see ``b2b2c.voucher._reserve``.
        """
        self.ensure_one()
        if self.state != "open" or not self.active:
            return False
        if self.kind == "shared":
            return not self._is_over()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT count(*) FROM (
                    SELECT FROM b2b2c_voucher
                     WHERE pool_id = %s AND state = 'free' AND %s LIMIT %s) free
                """,
                self.id,
                self._is_in_time(),
                quantity,
            )
        )
        return rows[0][0] >= quantity

    # === ACTION METHODS === #

    def _own(self):
        """Return these pools with superuser rights, for a manager who sees them.

        :raise UserError: the user is none
        """
        if not self.env.user.has_group("loyalty_b2b2c.group_manager"):
            raise UserError(self.env._("Only a loyalty manager may do this."))
        self.check_access("write")
        return self.sudo()

    def action_pause(self):
        """Give no voucher of these pools for now (managers)."""
        self._own().filtered(lambda pool: pool.state == "open").state = "paused"
        return True

    def action_resume(self):
        """Give vouchers of these pools again (managers)."""
        self._own().filtered(lambda pool: pool.state != "open").state = "open"
        return True

    def action_close(self):
        """Give no voucher of these pools any more (managers)."""
        self._own().state = "closed"
        return True

    def action_open_vouchers(self):
        """Open the codes of this pool."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "loyalty_b2b2c.b2b2c_voucher_action"
        )
        context = {"search_default_group_state": 1}
        return dict(action, domain=[("pool_id", "=", self.id)], context=context)

    def action_open_rewards(self):
        """Open the rewards that are paid with vouchers of this pool."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "loyalty_b2b2c.b2b2c_reward_action"
        )
        context = {
            "default_kind": "voucher",
            "default_voucher_pool_id": self.id,
            "default_name": self.name,
            "default_company_id": self.company_id.id,
        }
        return dict(action, domain=[("voucher_pool_id", "=", self.id)], context=context)

    def action_open_imports(self):
        """Open the files that codes of this pool came from."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "loyalty_b2b2c.b2b2c_voucher_import_action"
        )
        context = {"default_pool_id": self.id}
        return dict(action, domain=[("pool_id", "=", self.id)], context=context)

    def action_open_import(self):
        """Ask for a file with codes of this pool (managers)."""
        self.ensure_one()
        self._own()
        return self.env["b2b2c.voucher.import"]._open(pool=self)

    def action_open_return(self):
        """Ask how many codes go back to the partner (managers)."""
        self.ensure_one()
        self._own()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Return to the Partner"),
            "res_model": "b2b2c.voucher.return",
            "view_mode": "form",
            "target": "new",
            "context": {"default_pool_id": self.id, "default_count": self.free_count},
        }
