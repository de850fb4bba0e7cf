import contextlib
from datetime import timedelta
from decimal import Decimal

from odoo import api, fields, models, tools
from odoo.exceptions import UserError, ValidationError
from odoo.tools import SQL

from odoo.addons.base.models.res_partner import _tz_get

from ...const import POINTS
from ...engine import (
    LadderState,
    Volumes,
    advance,
    day_start,
    forecast,
    local_day,
    next_look,
    start,
    to_decimal,
)
from ...values import aware, naive, shown
from ..base.transactions import in_transaction
from .dealer_lookup import STANDING_FIELDS, forget_companies, forget_dealers
from .volume_feed import VolumeFeed

ZERO = Decimal(0)
BATCH = 200


class _Undone(Exception):
    """Ends a savepoint whose changes are not wanted."""


class B2b2cLadderStanding(models.Model):
    """A dealer: his tier now, with the volume that proves it.

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
        result = super().write(vals)
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
        """Let dealers go on on another ladder, counted as it counts."""
        heads = self.filtered(lambda one: one.active)
        followers = heads.filtered("head_id")
        for standing in heads:
            standing.write({"ladder_id": ladder.id, "state_day": False})
        (heads | followers)._count_documents()
        heads._evaluate("version")

    def _count_again(self):
        """Count all documents again: days have moved."""
        self._count_documents()
        self._evaluate()

    def _count_documents(self):
        """Bring the volumes of dealers in line with all their documents.

        :return: number of entries that were missing or wrong
        """
        number = 0
        for company, standings in self.grouped("company_id").items():
            partners = standings.partner_id
            for model in self.env["b2b2c.source"]._get_sources():
                source = self.env["b2b2c.source"]._for_model(model)
                if not source._is_purchase:
                    continue
                domain = source._get_dealer_domain(company, partners)
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

    # === EVALUATION === #

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

    def _lock(self):
        """Make this transaction the only one that changes these dealers.

        Two documents that each lift a volume by half could otherwise both see half of
        it: at REPEATABLE READ the second one fails here and is processed again.
        """
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                "UPDATE b2b2c_ladder_standing SET version = coalesce(version, 0) + 1"
                " WHERE id IN (SELECT id FROM b2b2c_ladder_standing WHERE id = ANY(%s)"
                "              ORDER BY id)",
                sorted(self._get_heads().ids),
            )
        )
        self.invalidate_recordset(["version"])

    def _evaluate(self, reason=None):
        """Look at dealers: what they deserve today, by volume and by contract.

        :param reason: why, when it is not the volume
        """
        heads = self._get_heads().filtered("active")
        if not heads:
            return
        heads._lock()
        volumes = heads._get_volumes()
        now = fields.Datetime.now()
        for head in heads:
            head._evaluate_one(volumes[head.id], aware(now), reason)

    def _get_volumes(self, first=None):
        """Return head id -> ``engine.Volumes``, groups added up.

        :param first: the first day wanted, by default all that can still matter
        """
        rows = self.env.execute_query(
            SQL(
                """
                SELECT coalesce(s.head_id, s.id), d.day, sum(d.value)::text
                  FROM b2b2c_volume_day d
                  JOIN b2b2c_ladder_standing s
                    ON s.id = d.standing_id AND s.ladder_id = d.ladder_id
                 WHERE s.active AND (s.id = ANY(%(ids)s) OR s.head_id = ANY(%(ids)s))
                   AND d.day >= %(first)s
              GROUP BY 1, 2
                """,
                ids=self.ids,
                first=first or self._get_first_day(),
            )
        )
        buckets = {standing.id: {} for standing in self}
        for head_id, day, value in rows:
            buckets[head_id][day] = Decimal(value)
        return {key: Volumes(days) for key, days in buckets.items()}

    def _get_first_day(self):
        """Return the first day that can still matter to any of these dealers."""
        today = fields.Date.today()
        return min(
            standing.ladder_id._to_engine().window.days(
                min(standing.state_day or today, today) - timedelta(days=1)
            )[0]
            for standing in self
        )

    def _get_state(self):
        """Return the engine's state of this dealer, ``None`` for a new one."""
        self.ensure_one()
        if not self.state_day or not self.volume_tier_id:
            return None
        return LadderState(
            tier_id=self.volume_tier_id.id,
            day=self.state_day,
            below_since=self.below_since or None,
            fell_on=self.fell_on or None,
        )

    def _evaluate_one(self, volumes, now, reason):
        """Bring one head, and who counts with it, to what it deserves now."""
        self.ensure_one()
        ladder = self.ladder_id._to_engine()
        zone = self._get_timezone()
        day = local_day(now, zone)
        state = self._get_state()
        if state is None:
            state = start(ladder, volumes, day)
        else:
            # a time zone further west has not reached the day we stopped at
            day = max(day, state.day)
            state = advance(ladder, state, volumes, day)
        contract = self._get_contract(day)
        tiers = self.env["b2b2c.ladder.tier"]
        tier = tiers.browse(state.tier_id)
        if contract and ladder.rank(contract.tier_id.id) > ladder.rank(tier.id):
            tier = contract.tier_id
        else:
            contract = contract.browse()
        self._store(ladder, state, volumes, contract, zone)
        for standing in self | self.group_ids.filtered("active"):
            if standing.tier_id != tier or reason:
                standing._set_tier(tier, contract, reason)

    def _get_contract(self, day):
        """Return the contract with the highest tier in force on ``day``."""
        contracts = self.contract_ids._get_in_force(day)
        return contracts.sorted(lambda one: one.tier_id.volume_from)[-1:]

    def _store(self, ladder, state, volumes, contract, zone):
        """Keep the engine's state and what is shown of it."""
        ahead = forecast(ladder, state, volumes)
        first, last = ladder.window.days(state.day)
        values = {
            "volume_tier_id": state.tier_id,
            "state_day": state.day,
            "below_since": state.below_since,
            "fell_on": state.fell_on,
            "contract_id": contract.id,
            "volume": shown(ahead.volume),
            "window_from": first,
            "window_to": last,
            "next_tier_id": ahead.next_tier_id,
            "missing": shown(ahead.missing),
            "missing_until": ahead.missing_until,
            "leaves_on": ahead.leaves_on,
            "leaves": shown(ahead.leaves),
            "fall_on": ahead.fall and ahead.fall.day,
            "fall_tier_id": ahead.fall and ahead.fall.tier_id,
            "next_look_at": self._get_next_look(ladder, state, volumes, zone),
        }
        changed = {
            name: value or False
            for name, value in values.items()
            if self._fields[name].convert_to_write(self[name], self) != (value or False)
        }
        if changed:
            self.write(changed)

    def _get_next_look(self, ladder, state, volumes, zone):
        """Return when this dealer must be looked at again (naive UTC)."""
        days = [next_look(ladder, state, volumes)]
        for contract in self.contract_ids.filtered(lambda c: c.state == "approved"):
            days += [contract.date_from, contract.date_to + timedelta(days=1)]
        day = min((one for one in days if one and one > state.day), default=None)
        return naive(day_start(day, zone)) if day else False

    def _set_tier(self, tier, contract, reason):
        """Put a tier in force: history, pricelist, open quotations, messages."""
        self.ensure_one()
        before = self.tier_id
        if not reason:
            reason = (
                "contract"
                if contract or self.contract_id or self._ended_contract(before)
                else "growth"
                if tier.volume_from > before.volume_from
                else "fall"
            )
        if before != tier:
            self.write({"tier_id": tier.id, "since": fields.Datetime.now()})
        self._log_change(reason, tier, contract, before)
        if before != tier:
            self._after_change(before, reason)

    def _ended_contract(self, before):
        """Tell whether the tier before was one of a contract, not of the volume."""
        last = self.change_ids[:1]
        return bool(last.contract_id and last.tier_id == before)

    def _log_change(self, reason, tier, contract, before=None):
        """Append the history: with it any day can be proved."""
        head = self.head_id or self
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO b2b2c_ladder_change
                    (standing_id, ladder_id, company_id, reason, from_tier_id, tier_id,
                     volume_tier_id, contract_id, volume, window_from, window_to,
                     effective_at)
                VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)
                """,
                self.id,
                self.ladder_id.id,
                self.company_id.id,
                reason,
                (before if before is not None else self.tier_id).id or None,
                tier.id or None,
                head.volume_tier_id.id or None,
                contract.id if contract else None,
                to_decimal(head.volume),
                head.window_from or None,
                head.window_to or None,
                fields.Datetime.now(),
            )
        )
        self.invalidate_recordset(["change_ids"])

    def _after_change(self, before, reason):
        """Hook: do what follows from another tier, for instance prices and messages.

        :param before: tier until now
        :param str reason: see ``b2b2c.ladder.change``
        """

    def _after_merge(self):
        """Put right what follows from the tier after contacts were merged by SQL."""
        forget_dealers(self.env)

    # === OF DOCUMENTS === #

    @api.model
    @tools.ormcache(cache="default")
    def _get_dealer_companies(self):
        """Return ``{company id: is a ladder running}`` of companies with dealers.

        Cached, so that a company without dealers is known without a query.  Dealers
        who were let go count: their confirmed orders keep their prices.
        """
        dealers = self.sudo().with_context(active_test=False)
        ladders = self.env["b2b2c.ladder"].sudo().with_context(active_test=True)
        running = ladders._read_group([("state", "=", "running")], ["company_id"])
        running_ids = {company.id for (company,) in running}
        return {
            company.id: company.id in running_ids
            for (company,) in dealers._read_group([], ["company_id"])
        }

    @api.model
    def _of_partner(self, partner, company):
        """Return the dealer a partner stands for at a company, possibly empty."""
        return self.sudo().search(
            [
                ("partner_id", "=", partner.commercial_partner_id.id),
                ("company_id", "=", company.id),
            ],
            limit=1,
        )

    @api.model
    def _get_bonus(self, partner, company, at):
        """Return the bonus (Decimal, percent) of a dealer's tier at an instant.

        :param at: naive UTC
        :return: ``None`` when the partner was no dealer, or his ladder gives no bonus
        """
        change = (
            self.env["b2b2c.ladder.change"]
            .sudo()
            .search(
                [
                    ("standing_id.partner_id", "=", partner.commercial_partner_id.id),
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
        """Return commercial partner id -> dealer (with sudo), those who are one."""
        if not self._get_dealer_companies().get(company.id):
            return {}
        found = self.sudo().search(
            [
                ("partner_id", "in", partners.commercial_partner_id.ids),
                ("company_id", "=", company.id),
            ]
        )
        return {standing.partner_id.id: standing for standing in found}

    def _refresh(self):
        """Look at dealers whose volume changed by passing time since the last look.

        The cron comes soon after midnight; an order must not wait for it.
        """
        now = fields.Datetime.now()
        heads = self.sudo()._get_heads()
        due = heads.filtered(lambda one: one.next_look_at and one.next_look_at <= now)
        due._evaluate()

    # === PROOF === #

    def _replay(self, at):
        """Return the standing as it was, and was known, at an instant.

        :param at: naive UTC
        :return: dict ``tier`` (in force then), ``change`` (that put it in force),
            ``day``, ``window`` (first, last), ``volume`` (Decimal, as known then) and
            ``deserved`` (tier by that volume); empty when it was no dealer then
        """
        self.ensure_one()
        change = self.change_ids.filtered(lambda one: one.effective_at <= at)[:1]
        if not change or change.reason == "ended":
            return {}
        day = local_day(aware(at), self._get_timezone())
        ladder = change.ladder_id._to_engine()
        first, last = ladder.window.days(day)
        [(volume,)] = self.env.execute_query(
            SQL(
                "SELECT coalesce(sum(value), 0)::text FROM b2b2c_volume_entry"
                " WHERE standing_id = ANY(%s) AND ladder_id = %s"
                "   AND day BETWEEN %s AND %s AND recorded_at <= %s",
                self._get_group().ids,
                change.ladder_id.id,
                first,
                last,
                at,
            )
        )
        volume = Decimal(volume)
        return {
            "tier": change.tier_id,
            "change": change,
            "day": day,
            "window": (first, last),
            "volume": volume,
            "deserved": change.tier_id.browse(ladder.deserved(volume).id),
        }

    def _verify(self):
        """Prove volumes and tiers of dealers against entries.

        :return: list of texts, one for each difference; empty when all is right
        """
        rows = self.env.execute_query(
            SQL(
                """
                SELECT coalesce(d.standing_id, e.standing_id), coalesce(d.day, e.day),
                       coalesce(d.value, 0)::text, coalesce(e.value, 0)::text
                  FROM (SELECT * FROM b2b2c_volume_day
                         WHERE standing_id = ANY(%(ids)s)) d
             FULL JOIN (SELECT standing_id, ladder_id, day, sum(value) AS value
                          FROM b2b2c_volume_entry WHERE standing_id = ANY(%(ids)s)
                      GROUP BY 1, 2, 3) e USING (standing_id, ladder_id, day)
                 WHERE coalesce(d.value, 0) <> coalesce(e.value, 0)
                """,
                ids=self.ids,
            )
        )
        found = [
            self.env._(
                "%(dealer)s, %(day)s: %(stored)s stored, %(entries)s in entries",
                dealer=self.browse(standing_id).partner_id.name,
                day=day,
                stored=stored,
                entries=entries,
            )
            for standing_id, day, stored, entries in rows
        ]
        heads = self._get_heads().filtered(lambda one: one.active and one.state_day)
        volumes = heads._get_volumes() if heads else {}
        for head in heads:
            ladder = head.ladder_id._to_engine()
            volume = volumes[head.id].within(ladder.window, head.state_day)
            if volume != to_decimal(head.volume):
                found.append(
                    self.env._(
                        "%(dealer)s: volume %(stored)s stored, %(entries)s in days",
                        dealer=head.partner_id.name,
                        stored=f"{head.volume:g}",
                        entries=volume,
                    )
                )
        return found

    def _prove(self):
        """Prove dealers against their documents, changing nothing.

        :return: list of texts, one for each difference; empty when all is right
        """
        found = self._verify()
        with contextlib.suppress(_Undone), self.env.cr.savepoint():
            number = self._count_documents()
            raise _Undone
        self.env.invalidate_all()
        if number:
            found.append(
                self.env._("%s entries are missing or wrong by the documents.", number)
            )
        return found

    # === CRON === #

    @api.model
    def _cron_look(self):
        """Look at the dealers for whom a day has begun that changes something."""
        cron = self.env["ir.cron"]
        while done := in_transaction(self.env.registry, _look_at_batch):
            if not cron._commit_progress(done):
                break


def _look_at_batch(env):
    """Evaluate the dealers that are due, in one transaction; return how many."""
    standings = env["b2b2c.ladder.standing"]
    due = standings.search(
        [("next_look_at", "<=", fields.Datetime.now()), ("head_id", "=", False)],
        limit=BATCH,
        order="next_look_at, id",
    )
    due._evaluate()
    return len(due)
