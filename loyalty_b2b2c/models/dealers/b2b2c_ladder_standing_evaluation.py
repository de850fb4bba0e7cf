from datetime import timedelta
from decimal import Decimal

from odoo import api, fields, models
from odoo.tools import SQL

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

#: So many dealers are looked at in one transaction.
BATCH = 200


class B2b2cLadderStanding(models.Model):
    """Bringing dealers to the tier they deserve, by volume and by contract."""

    _inherit = "b2b2c.ladder.standing"

    # === LOOKING === #

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
            head._evaluate_head(volumes[head.id], aware(now), reason)

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

    def _evaluate_head(self, volumes, now, reason):
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
        return contracts.sorted(lambda contract: contract.tier_id.volume_from)[-1:]

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
        ahead = [day for day in days if day and day > state.day]
        return naive(day_start(min(ahead), zone)) if ahead else False

    def _set_tier(self, tier, contract, reason):
        """Put a tier in force: history, pricelist, open quotations, messages."""
        self.ensure_one()
        before = self.tier_id
        reason = reason or self._get_change_reason(tier, contract)
        if before != tier:
            self.write({"tier_id": tier.id, "since": fields.Datetime.now()})
        self._log_change(reason, tier, contract, before)
        if before != tier:
            self._after_change(before, reason)

    def _get_change_reason(self, tier, contract):
        """Return why the tier becomes another one; see ``b2b2c.ladder.change``."""
        last = self.change_ids[:1]
        by_contract = last.contract_id and last.tier_id == self.tier_id
        if contract or self.contract_id or by_contract:
            return "contract"
        return "growth" if tier.volume_from > self.tier_id.volume_from else "fall"

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

    def _refresh(self):
        """Look at dealers whose volume changed by passing time since the last look.

        The cron comes soon after midnight; an order must not wait for it.
        """
        now = fields.Datetime.now()
        heads = self.sudo()._get_heads()
        heads.filtered(
            lambda dealer: dealer.next_look_at and dealer.next_look_at <= now
        )._evaluate()

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
