from decimal import Decimal

from odoo import api, fields, models, tools
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain

from odoo.addons.base.models.res_partner import _tz_get

from ...const import POINTS
from ...engine import (
    to_decimal,
)
from ..people.authority import decides
from .dealer_lookup import STANDING_FIELDS, forget_companies, forget_dealers
from .volume_feed import VolumeFeed

ZERO = Decimal(0)
BATCH = 200


class _Undone(Exception):
    """Ends a savepoint whose changes are not wanted."""


class B2b2cLadderStanding(models.Model):
    """A dealer: its tier now, with the volume that proves it.

    Companies that belong together share a standing: theirs follow the one of
    ``head_id``, whose volume is the sum of all.
    """

    _name = "b2b2c.ladder.standing"
    _description = "Dealer"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "partner_id, id"
    _rec_name = "partner_id"
    _check_company_auto = True

    active = fields.Boolean(default=True, readonly=True)
    ladder_id = fields.Many2one(
        "b2b2c.ladder",
        required=True,
        index=True,
        ondelete="restrict",
        domain="[('state', '=', 'running')]",
        tracking=True,
    )
    company_id = fields.Many2one(related="ladder_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    basis = fields.Selection(related="ladder_id.basis")
    volume_label = fields.Char(related="ladder_id.volume_label")
    partner_id = fields.Many2one(
        "res.partner",
        required=True,
        index=True,
        string="Dealer",
        ondelete="restrict",
        domain="[('parent_id', '=', False)]",
    )
    user_id = fields.Many2one(related="partner_id.user_id", string="Salesperson")
    head_id = fields.Many2one(
        "b2b2c.ladder.standing",
        string="Counts With",
        index="btree_not_null",
        ondelete="restrict",
        domain="[('ladder_id', '=', ladder_id), ('head_id', '=', False),"
        " ('id', '!=', id)]",
        tracking=True,
        help="Companies that belong together: their volume is added up, and all have "
        "the tier of this one.",
    )
    group_ids = fields.One2many("b2b2c.ladder.standing", "head_id", readonly=True)
    timezone = fields.Selection(
        _tz_get, help="Where the dealer's day begins; empty: as the ladder says."
    )
    enrolled_at = fields.Datetime(
        required=True, readonly=True, copy=False, default=fields.Datetime.now
    )
    ended_at = fields.Datetime(readonly=True, copy=False)

    # In force
    tier_id = fields.Many2one(
        "b2b2c.ladder.tier",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
    )
    discount = fields.Float(related="tier_id.discount")
    since = fields.Datetime(readonly=True, copy=False, string="In Force Since")
    contract_ids = fields.One2many("b2b2c.ladder.contract", "standing_id")
    contract_id = fields.Many2one(
        "b2b2c.ladder.contract", readonly=True, copy=False, ondelete="restrict"
    )
    change_ids = fields.One2many("b2b2c.ladder.change", "standing_id", readonly=True)

    # By volume alone: the engine's state
    volume_tier_id = fields.Many2one(
        "b2b2c.ladder.tier",
        readonly=True,
        copy=False,
        ondelete="restrict",
        string="Tier by Volume",
    )
    state_day = fields.Date(readonly=True, copy=False, string="Looked At On")
    below_since = fields.Date(readonly=True, copy=False, string="Too Small Since")
    fell_on = fields.Date(readonly=True, copy=False, string="Last Fall")
    next_look_at = fields.Datetime(readonly=True, copy=False, index=True)
    version = fields.Integer(readonly=True, copy=False)

    # What is shown
    volume = fields.Float(**POINTS, readonly=True, copy=False)
    window_from = fields.Date(readonly=True, copy=False)
    window_to = fields.Date(readonly=True, copy=False)
    next_tier_id = fields.Many2one(
        "b2b2c.ladder.tier", readonly=True, copy=False, ondelete="restrict"
    )
    missing = fields.Float(
        **POINTS, readonly=True, copy=False, string="Missing to the Next Tier"
    )
    missing_until = fields.Date(readonly=True, copy=False)
    leaves_on = fields.Date(readonly=True, copy=False, string="Volume Leaves On")
    leaves = fields.Float(**POINTS, readonly=True, copy=False)
    fall_on = fields.Date(readonly=True, copy=False, string="Next Fall")
    fall_tier_id = fields.Many2one(
        "b2b2c.ladder.tier", readonly=True, copy=False, ondelete="restrict"
    )

    _partner_once = models.UniqueIndex(
        "(company_id, partner_id) WHERE active",
        "This company is a dealer of a ladder already; a dealer climbs one ladder.",
    )
    _due = models.Index("(next_look_at) WHERE active AND head_id IS NULL")

    # === CONSTRAINT METHODS === #

    @api.constrains("partner_id", "active")
    def _check_partner(self):
        for standing in self.filtered("active"):
            partner = standing.partner_id
            if partner.commercial_partner_id != partner:
                raise ValidationError(
                    self.env._(
                        "%(contact)s belongs to %(company)s: the company is the "
                        "dealer.",
                        contact=partner.name,
                        company=partner.commercial_partner_id.name,
                    )
                )

    @api.constrains("head_id", "ladder_id")
    def _check_head(self):
        for standing in self.filtered("head_id"):
            head = standing.head_id
            if head == standing or head.head_id or standing.group_ids:
                raise ValidationError(
                    self.env._(
                        "“%s”: let all companies that belong together count with the "
                        "same one of them.",
                        standing.partner_id.name,
                    )
                )
            if head.ladder_id != standing.ladder_id or not head.active:
                raise ValidationError(
                    self.env._("Companies that count together climb the same ladder.")
                )

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        standings = super().create(vals_list)
        for standing in standings:
            if standing.ladder_id.state != "running":
                raise UserError(
                    self.env._("Start “%s” first.", standing.ladder_id.name)
                )
        forget_companies(self.env)
        standings._check_authority()
        standings.sudo()._enroll("enrolled")
        return standings

    def write(self, vals):
        """Let people choose who counts with whom; figures come from documents."""
        self.check_access("write")
        if not self.env.su:
            fixed = {
                name
                for name in vals.keys() & self._fields.keys()
                if self._fields[name].readonly and self._fields[name].store
            } | (vals.keys() & {"ladder_id", "partner_id", "company_id"})
            if fixed - {"message_main_attachment_id"}:
                raise UserError(
                    self.env._("A standing follows from documents; nobody writes it.")
                )
        heads = self.head_id if "head_id" in vals else self.browse()
        if not self.env.su:
            self._check_authority()
        result = super().write(vals)
        if not self.env.su and "head_id" in vals:
            self._check_authority()
        if not STANDING_FIELDS.isdisjoint(vals):
            forget_dealers(self.env)
        if "timezone" in vals:
            self.sudo()._count_again()
        elif "head_id" in vals:
            (heads | self).sudo()._evaluate()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(
            self.env._("A dealer is let go, not deleted: the figures stay provable.")
        )

    @api.model
    def name_create(self, name):
        """Refuse to enroll a dealer by a name.

        The name is the company's: a company is chosen, never made by the way.

        :raises UserError: always
        """
        raise UserError(self.env._("Choose the company that becomes a dealer."))

    # === ACTIONS === #

    @decides("partner_id", "group_ids.partner_id")
    def action_end(self):
        """Let dealers go (officers): ordinary prices from now on."""
        self._check_officer()
        self.sudo()._end()
        return True

    def action_evaluate(self):
        """Look at dealers now (officers); by itself it happens when it matters."""
        self._check_officer()
        self.sudo()._evaluate()
        return True

    def action_volume(self):
        """Open what counts for this dealer and those who count with it."""
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "loyalty_b2b2c.b2b2c_volume_entry_action"
        )
        return dict(action, domain=[("standing_id", "in", self._get_group().ids)])

    def _check_officer(self):
        if not self.env.user.has_group("loyalty_b2b2c.group_officer"):
            raise UserError(self.env._("Only a loyalty officer decides on dealers."))
        self.check_access("read")

    def _check_authority(self):
        """Refuse who belongs to one of these dealers, or counts with it."""
        dealers = self.sudo()
        self.env["b2b2c.authority"]._check(
            self.env.user, partners=dealers.partner_id | dealers.head_id.partner_id
        )

    # === LIFE === #

    def _enroll(self, reason):
        """Count the documents of new dealers and give them what they deserve."""
        self._count_documents()
        self._evaluate(reason)

    def _end(self):
        """Let dealers go: they lose the tier's price."""
        now = fields.Datetime.now()
        group = self | self.group_ids
        for standing in group.filtered("active"):
            standing._log_change("ended", standing.tier_id.browse(), None)
        group.write(
            {"active": False, "ended_at": now, "tier_id": False, "head_id": False}
        )

    def _move_to(self, ladder):
        """Let dealers climb another ladder, which counts their documents anew."""
        dealers = self.filtered("active")
        for dealer in dealers:
            dealer.write({"ladder_id": ladder.id, "state_day": False})
        dealers._count_documents()
        dealers._evaluate("version")

    def _count_again(self):
        """Count all documents again: days have moved."""
        self._count_documents()
        self._evaluate()

    def _count_documents(self):
        """Bring the volumes of dealers in line with all their documents.

        :return: number of entries that were missing or wrong
        """
        number = 0
        for ladder, standings in self.grouped("ladder_id").items():
            companies, partners = ladder._get_counted_companies(), standings.partner_id
            for model in self.env["b2b2c.source"]._get_sources():
                source = self.env["b2b2c.source"]._for_model(model)
                if not source._is_purchase:
                    continue
                domain = source._get_dealer_domain(companies, partners)
                domain |= source._get_counted_domain(standings)
                ids = (
                    self.env[model]
                    .sudo()
                    .with_context(active_test=False)
                    ._search(domain, order="id")
                    .get_result_ids()
                )
                feed = VolumeFeed(self.env, model)
                for begin in range(0, len(ids), BATCH):
                    number += feed.feed(ids[begin : begin + BATCH], standings)
                    self.env.invalidate_all()
        return number

    # === WHO COUNTS TOGETHER === #

    def _get_heads(self):
        """Return who decides for these dealers."""
        return self.browse({standing.head_id.id or standing.id for standing in self})

    def _get_group(self):
        """Return the dealers whose volume counts for this one."""
        self.ensure_one()
        head = self.head_id or self
        return head | head.group_ids.filtered("active")

    def _get_timezone(self):
        """Return where the day of this dealer begins."""
        self.ensure_one()
        return self.timezone or self.ladder_id.timezone or "UTC"

    # === HOOKS === #

    def _after_change(self, before, reason):
        """Hook: do what follows from another tier, for instance prices and messages.

        :param before: tier until now
        :param str reason: see ``b2b2c.ladder.change``
        """

    def _after_volume(self, lowered):
        """Hook: do what follows from other volumes, once the tiers are looked at.

        :param lowered: those of these dealers for whom a document counts less
        """

    def _after_merge(self):
        """Put right what follows from the tier after contacts were merged by SQL."""
        forget_dealers(self.env)

    # === OF DOCUMENTS === #

    @api.model
    @tools.ormcache(cache="default")
    def _get_dealer_companies(self):
        """Return ``{company id: is a ladder running}`` of companies with dealers.

        Branches have the dealers of the companies above whose ladders count them.
        Cached, so that a company without dealers is known without a query.  Dealers
        that were let go count: their confirmed orders keep their prices.
        """
        dealers = self.sudo().with_context(active_test=False)
        ladders = self.env["b2b2c.ladder"].sudo().with_context(active_test=True)
        running = ladders.search([("state", "=", "running")])
        running_ids = set(running._get_counted_companies().ids)
        climbed = ladders.union(
            *(ladder for (ladder,) in dealers._read_group([], ["ladder_id"]))
        )
        return {
            company_id: company_id in running_ids
            for company_id in climbed._get_counted_companies().ids
        }

    @api.model
    def _get_counting_domain(self, company):
        """Return the domain of the dealers whose ladders count documents of a company:
        its own, and those of the companies above it."""
        own = Domain("company_id", "=", company.id)
        above = company.sudo().parent_ids - company.sudo()
        if not above:
            return own
        return own | (
            Domain("company_id", "in", above.ids)
            & Domain("ladder_id.counts_branches", "=", True)
        )

    def _by_company(self):
        """Return these dealers sorted by company: branches after those above them."""
        return self.sorted(lambda dealer: len(dealer.company_id.parent_path))

    @api.model
    def _of_partner(self, partner, company):
        """Return the dealer a partner stands for at a company, possibly empty."""
        dealers = self.sudo().search(
            Domain("partner_id", "=", partner.commercial_partner_id.id)
            & self._get_counting_domain(company)
        )
        return dealers._by_company()[-1:]

    @api.model
    def _get_bonus(self, partner, company, at):
        """Return the bonus (Decimal, percent) of a dealer's tier at an instant.

        :param partner: the company that bought
        :param at: naive UTC
        :return: ``None`` when the partner was no dealer, or its ladder gives no bonus
        """
        change = (
            self.env["b2b2c.ladder.change"]
            .sudo()
            .search(
                [
                    ("standing_id.partner_id", "=", partner.id),
                    ("standing_id.active", "in", (True, False)),
                    ("company_id", "=", company.id),
                    # what a sale itself lifts is for the next one
                    ("effective_at", "<", at),
                ],
                limit=1,
            )
        )
        if not change.tier_id or change.ladder_id.benefit == "price":
            return None
        return to_decimal(change.tier_id.bonus)

    @api.model
    def _of_partners(self, partners, company):
        """Return ``{commercial partner id: dealer}`` (with sudo) of those who are one.

        Without a query where the company has no dealers.
        """
        if not self._get_dealer_companies().get(company.id):
            return {}
        dealers = self.sudo().search(
            Domain("partner_id", "in", partners.commercial_partner_id.ids)
            & self._get_counting_domain(company)
        )
        return {dealer.partner_id.id: dealer for dealer in dealers._by_company()}
