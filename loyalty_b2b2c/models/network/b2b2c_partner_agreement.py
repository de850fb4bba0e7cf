from datetime import timedelta

from odoo import api, fields, models, tools
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain

from ..base.days import get_today
from ..base.rows import update_in_state
from ..people.authority import decides

#: What an agreement keeps once it was in force.
_FOR_EVER = ("partner_id", "company_id", "currency_id")
#: What may let sales earn that did not before.
_EXTENDS = {"starts_on", "ends_on", "shop_ids", "program_ids", "can_earn", "late_days"}


class B2b2cPartnerAgreement(models.Model):
    """What a partner of the network may do with our points, and who pays for what.

    A partner is a company of this database with tills of its own, somebody whose Odoo
    or till speaks our API, or a shop with a phone. People earn there, spend there, or
    both. Each part of what that costs is settled at the rates of the day of the sale
    (``b2b2c.partner.rate``).
    """

    _name = "b2b2c.partner.agreement"
    _description = "Partner Agreement"
    _inherit = ["mail.thread", "mail.activity.mixin", "b2b2c.counterparty"]
    _order = "state, partner_id, id"
    _check_company_auto = True

    partner_id = fields.Many2one(
        "res.partner",
        required=True,
        index=True,
        ondelete="restrict",
        tracking=True,
        domain="[('is_company', '=', True)]",
        help="The company with which it is settled.",
    )
    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        ondelete="restrict",
        default=lambda self: self.env.company,
        help="Whose points they are.",
    )
    currency_id = fields.Many2one(
        "res.currency",
        required=True,
        ondelete="restrict",
        default=lambda self: self.env.company.currency_id,
        help="In which it is settled.",
    )
    contact_id = fields.Many2one(
        "res.partner",
        ondelete="restrict",
        help="Who gets the settlements. Empty: the partner itself.",
    )
    responsible_id = fields.Many2one(
        "res.users", default=lambda self: self.env.user, ondelete="set null"
    )
    state = fields.Selection(
        [
            ("draft", "Draft"),
            ("active", "In Force"),
            ("paused", "Paused"),
            ("ended", "Ended"),
        ],
        string="Status",
        required=True,
        readonly=True,
        copy=False,
        default="draft",
        tracking=True,
    )
    starts_on = fields.Date(
        required=True, default=lambda self: get_today(self.env.company), tracking=True
    )
    ends_on = fields.Date(tracking=True, help="The last day. Empty: no end.")

    # Where and what
    way = fields.Selection(
        [
            ("company", "A company of this database"),
            ("odoo", "Its own Odoo"),
            ("api", "Its own till or shop system"),
            ("terminal", "The terminal page on a phone"),
        ],
        string="How It Takes Part",
        required=True,
        default="terminal",
        tracking=True,
    )
    partner_company_id = fields.Many2one(
        "res.company",
        compute="_compute_partner_company_id",
        compute_sudo=True,
        string="Company of This Database",
    )
    receivable_account_id = fields.Many2one(
        "account.account",
        string="Account of What We Owe It",
        domain="[('account_type', '=', 'asset_current'),"
        " ('company_ids', 'in', partner_company_id)]",
        ondelete="restrict",
        help="In the books of that company: what people paid at its tills with our "
        "points, until it is settled. The payment method of its tills uses it.",
    )
    can_earn = fields.Boolean("People Earn There", default=True, tracking=True)
    can_spend = fields.Boolean("People Spend There", default=True, tracking=True)
    shop_ids = fields.Many2many(
        "res.partner",
        "b2b2c_partner_agreement_shop_rel",
        string="Shops",
        help="The shops that take part. None: all of the partner's.",
    )
    program_ids = fields.Many2many(
        "b2b2c.program",
        "b2b2c_partner_agreement_program_rel",
        string="Programs",
        check_company=True,
        help="What people earn by there. None: every program of the network.",
    )
    rate_ids = fields.One2many("b2b2c.partner.rate", "agreement_id", copy=True)

    late_days = fields.Integer(
        string="Days for Late Sales",
        default=7,
        help="So long after its last day sales of before may still be told, as by a "
        "till that was offline.",
    )

    # Limits
    day_limit = fields.Monetary(
        string="Spent a Day at Most", tracking=True, help="0: no limit."
    )
    buyer_limit = fields.Monetary(
        string="Spent a Day by One Buyer at Most", tracking=True, help="0: no limit."
    )

    _limits = models.Constraint(
        "CHECK (coalesce(day_limit, 0) >= 0 AND coalesce(buyer_limit, 0) >= 0)",
        "A limit cannot be negative.",
    )
    _late = models.Constraint(
        "CHECK (coalesce(late_days, 0) >= 0)", "Days for late sales are 0 or more."
    )
    _days = models.Constraint(
        "CHECK (ends_on IS NULL OR ends_on >= starts_on)",
        "An agreement ends after it begins.",
    )

    # === COMPUTE AND CONSTRAINT METHODS === #

    @api.depends("partner_id")
    def _compute_display_name(self):
        for agreement in self:
            agreement.display_name = agreement.partner_id.display_name

    @api.depends("partner_id", "company_id")
    def _compute_partner_company_id(self):
        for agreement in self:
            companies = agreement.partner_id.ref_company_ids
            agreement.partner_company_id = (companies - agreement.company_id)[:1]

    @api.constrains("way", "partner_id", "company_id")
    def _check_way(self):
        for agreement in self:
            if agreement.way == "company" and not agreement.partner_company_id:
                raise ValidationError(
                    self.env._(
                        "%s is no other company of this database.",
                        agreement.partner_id.display_name,
                    )
                )

    @api.constrains("state", "partner_id", "company_id", "starts_on", "ends_on")
    def _check_one_at_a_time(self):
        """Two agreements of one partner would both pay for a sale."""
        for agreement in self.filtered(lambda one: one.state != "draft"):
            domain = Domain("id", "!=", agreement.id)
            domain &= Domain("partner_id", "=", agreement.partner_id.id)
            domain &= Domain("company_id", "=", agreement.company_id.id)
            domain &= Domain("state", "!=", "draft")
            domain &= Domain("ends_on", "=", False) | Domain(
                "ends_on", ">=", agreement.starts_on
            )
            if agreement.ends_on:
                domain &= Domain("starts_on", "<=", agreement.ends_on)
            if self.sudo().search_count(domain, limit=1):
                raise ValidationError(
                    self.env._(
                        "There is another agreement with %s for these days.",
                        agreement.partner_id.display_name,
                    )
                )

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        agreements = super().create(vals_list)
        self.env.registry.clear_cache()
        return agreements

    def write(self, vals):
        """What facts were noted under keeps its partner, its company and currency.

        :raise UserError: it is in force, or was
        """
        told = [name for name in _FOR_EVER if name in vals]
        for agreement in self.filtered(lambda one: one.state != "draft"):
            if any(agreement[name].id != vals[name] for name in told):
                raise UserError(
                    self.env._(
                        "The agreement with %s keeps its partner, company and "
                        "currency. End it, and make a new one.",
                        agreement.partner_id.display_name,
                    )
                )
        result = super().write(vals)
        if vals.keys() & _EXTENDS:
            self._look_again()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_drafts_only(self):
        if any(agreement.state != "draft" for agreement in self):
            raise UserError(
                self.env._("An agreement that was in force is ended, not deleted.")
            )

    # === WHO MAY WHAT === #

    @api.model
    def _get_in_force(self, company, place, day):
        """Return the agreement under which a shop takes part, empty without one.

        :param company: ``res.company`` whose points they are
        :param place: ``res.partner``: the shop, or the partner itself
        :param day: date of the sale: what was in force then counts, also if it has
            ended since
        :return: record (sudo); ask it ``can_earn``, ``can_spend``
        """
        owners = place | place.commercial_partner_id
        agreements = self.sudo().search(
            [
                ("company_id", "=", company.id),
                ("partner_id", "in", owners.ids),
                ("state", "in", ("active", "ended")),
                ("starts_on", "<=", day),
                "|",
                ("ends_on", "=", False),
                ("ends_on", ">=", day),
            ]
        )
        return agreements.filtered(
            lambda one: (
                not one.shop_ids or place in one.shop_ids or place == one.partner_id
            )
        )[:1]

    @api.model
    @tools.ormcache(cache="default")
    def _has_network(self):
        """Tell whether there is an agreement, or a program that asks for one.

        Cached: creating one, and every change of a program, clears the cache.
        """
        if self.sudo().search_count([], limit=1):
            return True
        programs = self.env["b2b2c.program"].sudo().with_context(active_test=False)
        return bool(programs.search_count([("is_network", "=", True)], limit=1))

    @api.model
    def _get_for_company(self, company, owner):
        """Return the agreement by which a company of this database takes part.

        :param company: ``res.company`` with tills of its own
        :param owner: ``res.company`` whose points they are
        :return: record (sudo) in force today, empty without one
        """
        day = get_today(company)
        agreement = self._get_in_force(owner, company.sudo().partner_id, day)
        return agreement.filtered(
            lambda one: one.state == "active" and one.way == "company"
        )

    @api.model
    def _get_owners(self, company):
        """Return the companies whose points are spent at a company's own tills."""
        agreements = self.sudo().search(
            [
                ("way", "=", "company"),
                ("state", "=", "active"),
                ("partner_id", "=", company.sudo().partner_id.id),
            ]
        )
        return agreements.company_id

    @api.model
    def _get_till_place(self, company, owner):
        """Return where points are spent at a till: a partner's, or the owner's own.

        :param company: ``res.company`` of the till
        :param owner: ``res.company`` whose points they are
        :return: ``res.partner``, empty for the owner's own tills and its branches'
        """
        if owner in company.sudo().parent_ids:
            return self.env["res.partner"]
        return company.sudo().partner_id

    def _get_program_ids(self, network_ids):
        """Return which programs of the network people earn by under this agreement.

        :param network_ids: frozenset of ids of all of them
        """
        if not self:
            return frozenset()
        named = network_ids.intersection(self.program_ids.ids)
        return named if self.program_ids else network_ids

    def _is_in_time(self, day):
        """Tell whether a sale of when this was in force may be told on a day."""
        if not self.ends_on:
            return True
        return day <= self.ends_on + timedelta(days=self.late_days)

    def _get_rate(self, unit, day):
        """Return the rate of a unit on a day, empty when none is agreed."""
        self.ensure_one()
        return self.rate_ids.filtered(
            lambda rate: rate.unit_id == unit and rate.valid_from <= day
        ).sorted("valid_from")[-1:]

    # === ACTION METHODS === #

    @decides("partner_id")
    def action_activate(self):
        """Put agreements in force (managers)."""
        for agreement in self._check_manager():
            if not agreement.rate_ids:
                raise UserError(
                    self.env._(
                        "Say at which rates it is settled with %s first.",
                        agreement.partner_id.display_name,
                    )
                )
            agreement._move_to("active", ("draft", "paused"))
        return True

    @decides("partner_id")
    def action_pause(self):
        """Let nobody earn or spend there for a while (managers)."""
        for agreement in self._check_manager():
            agreement._move_to("paused", ("active",))
        return True

    @decides("partner_id")
    def action_end(self):
        """End agreements today (managers); what was sold until then is settled."""
        for agreement in self._check_manager():
            agreement._move_to("ended", ("active", "paused"))
            today = get_today(agreement.company_id)
            if not agreement.ends_on or agreement.ends_on > today:
                agreement.ends_on = max(today, agreement.starts_on)
        return True

    def _check_manager(self):
        """Return these agreements (sudo) for a manager.

        :raise UserError: the user is none
        """
        if not self.env.user.has_group("loyalty_b2b2c.group_manager"):
            raise UserError(
                self.env._("Only a loyalty manager decides about partners.")
            )
        self.check_access("write")
        return self.sudo()

    def _move_to(self, state, left):
        """Leave one of some states."""
        if update_in_state(self, left, state=state):
            self._tell_state()
            label = dict(self._fields["state"]._description_selection(self.env))[state]
            self._message_log(body=self.env._("Now: %s", label))
            self._check_one_at_a_time()
            if state == "active":
                self._open_programs()
                self._look_again()
