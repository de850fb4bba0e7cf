from dataclasses import replace
from datetime import UTC
from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..const import POINTS
from ..engine import due, to_decimal
from ..exceptions import InsufficientPoints, LedgerIsAppendOnly
from . import ledger_audit
from .ledger_door import ZERO, LedgerDoor, Posting

_BALANCES = ("posted", "pending", "held", "debt", "lost")


class B2b2cAccount(models.Model):
    """Who holds how much of a unit.

    The balances are derived: ``folded_*`` columns plus the deltas not yet folded in.
    Only :class:`~.ledger_door.LedgerDoor` changes them, only through the methods of
    the section "posting".
    """

    _name = "b2b2c.account"
    _description = "Reward Account"
    _order = "id"
    _rec_names_search = ["member_id.name", "member_id.employer_id.name"]

    member_id = fields.Many2one(
        "b2b2c.member", required=True, index=True, readonly=True, ondelete="restrict"
    )
    unit_id = fields.Many2one(
        "b2b2c.unit", required=True, readonly=True, ondelete="restrict"
    )
    company_id = fields.Many2one(
        "res.company", required=True, index=True, readonly=True, ondelete="restrict"
    )
    partner_id = fields.Many2one(related="member_id.partner_id")
    employer_id = fields.Many2one(related="member_id.employer_id")
    role = fields.Selection(related="member_id.role")
    symbol = fields.Char(related="unit_id.symbol")

    # What people see: exact at any moment
    balance_available = fields.Float(
        **POINTS, compute="_compute_balances", search="_search_available"
    )
    balance_posted = fields.Float(**POINTS, compute="_compute_balances")
    balance_pending = fields.Float(**POINTS, compute="_compute_balances")
    balance_held = fields.Float(
        **POINTS, compute="_compute_balances", string="Reserved"
    )
    balance_debt = fields.Float(**POINTS, compute="_compute_balances", string="Debt")

    # What the door folds; never read these for a balance, the deltas are missing
    folded_posted = fields.Float(**POINTS, readonly=True, default=0)
    folded_pending = fields.Float(**POINTS, readonly=True, default=0)
    folded_held = fields.Float(**POINTS, readonly=True, default=0)
    folded_debt = fields.Float(**POINTS, readonly=True, default=0)
    folded_lost = fields.Float(**POINTS, readonly=True, default=0)
    version = fields.Integer(readonly=True, default=0)

    entry_ids = fields.One2many("b2b2c.ledger.entry", "account_id")
    lot_ids = fields.One2many(
        "b2b2c.ledger.lot", "account_id", domain=[("remaining", ">", 0)]
    )

    _once = models.UniqueIndex(
        "(member_id, unit_id)", "A participant has one account per unit."
    )
    _never_negative = models.Constraint(
        "CHECK (folded_posted >= 0 AND folded_held >= 0 AND folded_debt >= 0 "
        "AND folded_held <= folded_posted)",
        "A balance can never become negative.",
    )

    # === COMPUTE METHODS === #

    @api.depends("member_id.display_name", "unit_id.name")
    def _compute_display_name(self):
        for account in self:
            account.display_name = (
                f"{account.member_id.display_name} – {account.unit_id.name}"
            )

    def _compute_balances(self):
        balances = self._get_balances()
        for account in self:
            values = balances.get(account._origin.id, dict.fromkeys(_BALANCES, ZERO))
            available = values["posted"] - values["held"] - values["debt"]
            account.balance_available = float(max(available, ZERO))
            account.balance_posted = float(values["posted"])
            account.balance_pending = float(values["pending"])
            account.balance_held = float(values["held"])
            account.balance_debt = float(values["debt"])

    def _search_available(self, operator, value):
        if operator not in ("=", "!=", ">", ">=", "<", "<="):
            return NotImplemented
        rows = self.env.execute_query(
            SQL(
                """
                SELECT a.id
                  FROM b2b2c_account a
             LEFT JOIN (SELECT account_id,
                               sum(points - points_held - points_debt) AS change
                          FROM b2b2c_account_delta GROUP BY account_id) d
                    ON d.account_id = a.id
                 WHERE greatest(a.folded_posted - a.folded_held - a.folded_debt
                                + coalesce(d.change, 0), 0) %s %s
                """,
                SQL(operator),
                value,
            )
        )
        return [("id", "in", [row[0] for row in rows])]

    def _get_balances(self):
        """Return the exact balances of these accounts.

        :return: dict account id -> dict of Decimal with the keys ``posted``,
            ``pending``, ``held``, ``debt``, ``lost``
        """
        ids = tuple(self._origin.ids)
        if not ids:
            return {}
        rows = self.env.execute_query(
            SQL(
                """
                SELECT a.id,
                       (a.folded_posted + coalesce(d.points, 0))::text,
                       (a.folded_pending + coalesce(d.points_pending, 0))::text,
                       (a.folded_held + coalesce(d.points_held, 0))::text,
                       (a.folded_debt + coalesce(d.points_debt, 0))::text,
                       (a.folded_lost + coalesce(d.points_lost, 0))::text
                  FROM b2b2c_account a
             LEFT JOIN LATERAL (
                        SELECT sum(points) AS points,
                               sum(points_pending) AS points_pending,
                               sum(points_held) AS points_held,
                               sum(points_debt) AS points_debt,
                               sum(points_lost) AS points_lost
                          FROM b2b2c_account_delta WHERE account_id = a.id) d ON TRUE
                 WHERE a.id IN %s
                """,
                ids,
            )
        )
        return {
            row[0]: dict(zip(_BALANCES, map(Decimal, row[1:]), strict=True))
            for row in rows
        }

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        raise LedgerIsAppendOnly(
            self.env._("Accounts open by themselves when points are booked.")
        )

    def write(self, vals):
        raise LedgerIsAppendOnly(
            self.env._("Balances follow from the ledger and cannot be edited.")
        )

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise LedgerIsAppendOnly(self.env._("An account cannot be deleted."))

    # === ACTION METHODS === #

    def action_open_entries(self):
        """Open the statement of this account."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "loyalty_b2b2c.b2b2c_ledger_entry_action"
        )
        return dict(action, domain=[("account_id", "=", self.id)], context={})

    def action_verify(self):
        """Check these accounts against their entries and say what was found."""
        self.check_access("read")
        problems = self.sudo()._verify()
        return self._notify_result(problems)

    @api.model
    def action_verify_all(self):
        """Check every account of the database (managers)."""
        self._check_manager()
        return self._notify_result(self.sudo()._verify_all())

    @api.model
    def action_rebuild_all(self):
        """Recompute every balance and lot from the entries (managers)."""
        self._check_manager()
        changed = self.sudo()._rebuild()
        return self._notify_result(
            self.sudo()._verify_all(),
            self.env._("%s accounts or lots were put right.", changed),
        )

    def _check_manager(self):
        """Refuse everybody but loyalty managers."""
        if not self.env.user.has_group("loyalty_b2b2c.group_manager"):
            raise UserError(self.env._("Only a loyalty manager may do this."))

    def _notify_result(self, problems, prefix=""):
        """Return a notification that words the result of a verification."""
        text = (
            self.env._("%s differences found:", len(problems))
            + " "
            + "; ".join(str(problem) for problem in problems[:5])
            if problems
            else self.env._("All balances equal their entries.")
        )
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "danger" if problems else "success",
                "sticky": bool(problems),
                "message": f"{prefix} {text}".strip(),
            },
        }

    # === POSTING: the only way points move === #

    @api.model
    def _get_or_create(self, pairs):
        """Return accounts by ``(member id, unit id)``, opening missing ones.

        :param pairs: iterable of ``(member id, unit id)``
        :return: dict pair -> ``b2b2c.account`` record
        """
        pairs = sorted(set(pairs))
        if not pairs:
            return {}
        values = SQL(", ").join(SQL("(%s, %s)", *pair) for pair in pairs)
        query = SQL(
            """
            SELECT a.member_id, a.unit_id, a.id FROM b2b2c_account a
              JOIN (VALUES %s) AS v (member_id, unit_id)
             USING (member_id, unit_id)
            """,
            values,
        )
        self.env["b2b2c.member"].flush_model()
        found = {row[:2]: row[2] for row in self.env.execute_query(query)}
        missing = [pair for pair in pairs if pair not in found]
        if missing:
            rows = self.env.execute_query(
                SQL(
                    """
                    INSERT INTO b2b2c_account (member_id, unit_id, company_id, version,
                           folded_posted, folded_pending, folded_held, folded_debt,
                           folded_lost, create_uid, write_uid, create_date, write_date)
                    SELECT m.id, v.unit_id, m.company_id, 0, 0, 0, 0, 0, 0, %(uid)s,
                           %(uid)s, now() AT TIME ZONE 'UTC', now() AT TIME ZONE 'UTC'
                      FROM (VALUES %(values)s) AS v (member_id, unit_id)
                      JOIN b2b2c_member m ON m.id = v.member_id
                    ON CONFLICT (member_id, unit_id) DO NOTHING
                 RETURNING member_id, unit_id, id
                    """,
                    uid=self.env.uid,
                    values=SQL(", ").join(SQL("(%s, %s)", *pair) for pair in missing),
                )
            )
            found.update({row[:2]: row[2] for row in rows})
            self.env["b2b2c.member"].invalidate_model(["account_ids"])
        return {pair: self.browse(account_id) for pair, account_id in found.items()}

    def _earn(self, points, *, source_key, pending=False, **details):
        """Credit points, at once or pending.

        :param points: > 0, in the account's unit
        :param str source_key: identity of the fact; a repeat books nothing
        :param bool pending: visible, but not spendable until :meth:`_confirm`
        :param details: other :class:`Posting` fields (reason, expires_at, …)
        :return: the entry, also when it existed already
        """
        points = self._check_points(points)
        effect = {"points_pending": points} if pending else {"points": points}
        return self._credit("earn", source_key, **effect, **details)

    def _confirm(self, entry, points=None, **details):
        """Make (a part of) a pending earning spendable.

        :param entry: the pending ``earn`` entry
        :param points: how much; all that is still pending by default
        """
        points, number = entry._get_pending_left(points)
        return self._credit(
            "confirm",
            f"confirm/{entry.id}/{number}",
            points=points,
            points_pending=-points,
            related_id=entry.id,
            **entry._get_lineage(),
            **details,
        )

    def _void(self, entry, points=None, **details):
        """Cancel (a part of) a pending earning before it became spendable."""
        points, number = entry._get_pending_left(points)
        return self._credit(
            "void",
            f"confirm/{entry.id}/{number}",
            points_pending=-points,
            related_id=entry.id,
            reversal_of_id=entry.id,
            **entry._get_lineage(),
            **details,
        )

    def _hold(self, points, *, source_key, **details):
        """Reserve points for a redemption.

        :return: the ``hold`` entry; pass it to :meth:`_capture` or :meth:`_release`
        :raise InsufficientPoints: less is available
        """
        points = self._check_points(points)
        return self._debit(
            "hold", source_key, points, {"points_held": points}, **details
        )

    def _redeem(self, points, *, source_key, **details):
        """Spend points at once (reserve and capture in one entry).

        :raise InsufficientPoints: less is available
        """
        points = self._check_points(points)
        return self._debit("redeem", source_key, points, {"points": -points}, **details)

    def _capture(self, hold, points=None, **details):
        """Spend (a part of) a reservation."""
        self.ensure_one()
        door = self._get_door()
        door.open(self.id)
        points, number = hold._get_held_left(points)
        entry_id = door.apply(
            Posting(
                self.id,
                "redeem",
                f"hold/{hold.id}/{number}",
                points=-points,
                points_held=-points,
                related_id=hold.id,
                **hold._get_lineage(),
                **details,
            )
        )
        return self._booked(entry_id)

    def _release(self, hold, points=None, **details):
        """Give (a part of) a reservation back to the lots it came from."""
        self.ensure_one()
        door = self._get_door()
        door.open(self.id)
        points, number = hold._get_held_left(points)
        entry_id = door.apply(
            Posting(
                self.id,
                "release",
                f"hold/{hold.id}/{number}",
                points_held=-points,
                related_id=hold.id,
                **hold._get_lineage(),
                **details,
            )
        )
        door.give_back(entry_id, hold.id, points)
        self._repay(door)
        self._follow_merge()
        return self._booked(entry_id)

    def _adjust(self, points, *, source_key, reason, **details):
        """Correct a balance by hand.

        :param points: signed, not zero
        :param str reason: mandatory, shown on the statement
        :raise InsufficientPoints: a negative correction exceeds what is available
        """
        points = self.unit_id._to_points(points)
        if not (reason or "").strip():
            raise UserError(self.env._("Say why the balance is corrected."))
        if points > 0:
            return self._credit(
                "adjust", source_key, points=points, reason=reason, **details
            )
        return self._debit(
            "adjust",
            source_key,
            self._check_points(-points),
            {"points": points},
            reason=reason,
            **details,
        )

    def _transfer(self, target, points, *, source_key, reason=None):
        """Move available points to another account of the same unit and company.

        The points keep their expiry dates.

        :return: the two entries, out and in
        """
        self.ensure_one()
        if target == self or (target.unit_id, target.company_id) != (
            self.unit_id,
            self.company_id,
        ):
            raise UserError(
                self.env._("Points move only between accounts of one unit and company.")
            )
        points = self._check_points(points)
        existing = self._find_booked(f"{source_key}/out")
        if existing:
            return existing + self._find_booked(f"{source_key}/in")
        door = self._get_door()
        for account_id in sorted((self.id, target.id)):  # one order: no deadlock
            door.open(account_id)
        self._repay(door)
        out_id = door.apply(
            Posting(
                self.id, "transfer", f"{source_key}/out", points=-points, reason=reason
            )
        )
        lots = {lot.id: lot.expires_at for lot in door.get_open_lots(self.id)}
        takes = door.take(self.id, out_id, points)
        in_id = door.apply(
            Posting(
                target.id,
                "transfer",
                f"{source_key}/in",
                points=points,
                reason=reason,
                related_id=out_id,
                lots=tuple((taken, _naive(lots[lot])) for lot, taken in takes),
            )
        )
        target._repay(door)
        return self._booked(out_id) + self._booked(in_id)

    def _expire(self, now=None):
        """Let the lots of these accounts lapse that are due.

        :param now: naive UTC, the current moment by default
        :return: the ``expire`` entries
        """
        now = fields.Datetime.to_datetime(now or fields.Datetime.now())
        now = now.replace(tzinfo=UTC)
        entries = self.env["b2b2c.ledger.entry"]
        for account in self.sorted("id"):
            door = account._get_door()
            door.open(account.id)
            entries += account._expire_open(door, now)
        return entries

    def _expire_open(self, door, now):
        """Book the expiry of the due lots of an open account, an entry per lot."""
        self.ensure_one()
        entries = self.env["b2b2c.ledger.entry"]
        for lot in due(door.get_open_lots(self.id), now):
            number = self.env["b2b2c.ledger.allocation"]._count_for_lot(lot.id)
            entry_id = door.apply(
                Posting(
                    self.id,
                    "expire",
                    f"expire/{lot.id}/{number}",
                    points=-lot.remaining,
                    related_id=lot.entry_id,
                    effective_at=_naive(lot.expires_at),
                )
            )
            door.take_from(entry_id, [(lot.id, lot.remaining)])
            entries += self._booked(entry_id)
        return entries

    def _reverse(self, entry, points=None, *, reason, **details):
        """Undo (a part of) an entry by a new one that names it.

        :param entry: any entry of this account but a reservation, a repayment or a
            transfer (those are released, or transferred back)
        :param points: > 0, all that was not yet reversed by default
        :param str reason: mandatory
        :return: the ``reverse`` entry
        """
        self.ensure_one()
        if not (reason or "").strip():
            raise UserError(self.env._("Say why the entry is reversed."))
        door = self._get_door()
        holder = self._get_holder()  # somebody else's account after a merge
        for account_id in sorted({self.id, holder.id}):
            balances = door.open(account_id)
        points, number = entry._get_reversible(points)
        posting = Posting(
            holder.id,
            "reverse",
            entry._get_reversal_key(number),
            reversal_of_id=entry.id,
            reason=reason,
            **entry._get_lineage(),
            **details,
        )
        if entry.points_pending > 0 and not entry.points:
            # related: what was taken back can neither be confirmed nor voided again
            posting = replace(posting, points_pending=-points, related_id=entry.id)
            return self._booked(door.apply(posting))
        if entry._get_net() > 0:
            return holder._take_back(
                door, posting, points, prefer=entry, policy=entry._get_debt_policy()
            )
        if holder != self:  # what was spent returns to its own lots first
            posting, balances = replace(posting, account_id=self.id), door.open(self.id)
        restored = self._restore(door, posting, entry, points, balances)
        self._follow_merge()
        return restored

    # === POSTING: building blocks === #

    def _get_door(self):
        """Return the ledger door of this environment."""
        return LedgerDoor(self.env)

    def _check_points(self, points):
        """Return ``points`` as Decimal.

        :raise UserError: not a positive number
        """
        points = self.unit_id._to_points(points)
        if points <= 0:
            raise UserError(self.env._("The number of points must be positive."))
        return points

    def _booked(self, entry_id):
        """Return the entry just booked, with fresh balances behind it."""
        self.invalidate_recordset()
        self.env["b2b2c.ledger.entry"].invalidate_model()
        self.env["b2b2c.ledger.lot"].invalidate_model()
        return self.env["b2b2c.ledger.entry"].browse(entry_id)

    def _find_booked(self, source_key):
        """Return the entry of a fact, empty when it was not booked."""
        return (
            self.env["b2b2c.ledger.entry"]
            .sudo()
            .search([("source_key", "=", source_key)], limit=1)
            .with_env(self.env)
        )

    def _credit(self, entry_type, source_key, **fields_):
        """Book a credit; a repeat returns the first entry."""
        self.ensure_one()
        posting = Posting(self.id, entry_type, source_key, **fields_)
        booked = self._get_door().credit([posting])
        if source_key in booked:
            return self._booked(booked[source_key])
        return self._find_booked(source_key)

    def _debit(self, entry_type, source_key, points, effect, **fields_):
        """Book a debit of ``points`` available points out of the lots."""
        self.ensure_one()
        self._check_can_spend()
        existing = self._find_booked(source_key)
        if existing:
            return existing
        door = self._get_door()
        balances = door.open(self.id)
        # lapsed points cannot be spent, even before the scheduled action comes by
        if self._expire_open(door, fields.Datetime.now().replace(tzinfo=UTC)):
            balances = door.open(self.id)
        balances = self._repay(door, balances)
        if balances.available < points:
            raise InsufficientPoints(
                self.env._(
                    "Not enough points: %(available)s available, %(points)s needed.",
                    available=self.unit_id._format(balances.available),
                    points=self.unit_id._format(points),
                )
            )
        entry_id = door.apply(
            Posting(self.id, entry_type, source_key, **effect, **fields_)
        )
        door.take(self.id, entry_id, points)
        return self._booked(entry_id)

    def _check_can_spend(self):
        """Refuse debits of suspended participants."""
        if self.member_id.state == "suspended":
            raise UserError(
                self.env._("%s is suspended and cannot spend.", self.member_id.name)
            )

    def _repay(self, door, balances=None):
        """Pay an open debt from free points.  The account must be open.

        :return: the balances after it
        """
        self.ensure_one()
        balances = balances or door.open(self.id)
        points = min(balances.debt, balances.free)
        if points <= 0:
            return balances
        entry_id = door.apply(
            Posting(
                self.id,
                "repay",
                f"repay/{self.id}/{self._get_version()}",
                points=-points,
                points_debt=-points,
            )
        )
        door.take(self.id, entry_id, points)
        return door.open(self.id)

    def _take_back(self, door, posting, points, *, prefer, policy):
        """Book a reversal of earned points: own lots first, then what lapsed of them,
        then other lots, and what was spent already by ``policy``.

        :param prefer: entries whose lots the points came from
        :param str policy: ``"debt"`` or ``"write_off"``
        """
        self._unexpire(door, posting, prefer, points)
        balances = door.open(self.id)
        recovered = min(points, balances.free)
        short = points - recovered
        posting = replace(
            posting,
            points=-recovered,
            points_debt=short if policy == "debt" else ZERO,
            points_lost=short if policy != "debt" else ZERO,
        )
        entry_id = door.apply(posting)
        door.take(self.id, entry_id, recovered, prefer=prefer.ids)
        return self._booked(entry_id)

    def _unexpire(self, door, posting, earned, points):
        """Undo the expiry of ``earned`` lots, as far as taking back needs it.

        Points that lapsed were never spent: taking them back must not end in a debt.
        """
        rows = self.env.execute_query(
            SQL(
                """
                SELECT a.origin_id, l.account_id, sum(a.points)::text
                  FROM b2b2c_ledger_allocation a
                  JOIN b2b2c_ledger_lot l ON l.id = a.lot_id
                  JOIN b2b2c_ledger_entry o ON o.id = a.origin_id
                 WHERE l.entry_id = ANY(%s) AND o.entry_type = 'expire'
              GROUP BY a.origin_id, l.account_id
                HAVING sum(a.points) > 0
              ORDER BY a.origin_id
                """,
                earned.ids,
            )
        )
        own = sum(
            lot.remaining
            for lot in door.get_open_lots(self.id)
            if lot.entry_id in earned.ids
        )
        wanted = points - own
        for origin_id, account_id, lapsed in rows:
            back = min(wanted, Decimal(lapsed))
            if back <= 0:
                break
            wanted -= back
            door.open(account_id)
            entry_id = door.apply(
                Posting(
                    account_id,
                    "reverse",
                    f"{posting.source_key}/expiry/{origin_id}",
                    points=back,
                    reversal_of_id=origin_id,
                    lots=(),  # the points return to the lots they lapsed in
                )
            )
            door.give_back(entry_id, origin_id, back)
            self.browse(account_id)._follow_merge()

    def _restore(self, door, posting, entry, points, balances):
        """Book the reversal of an entry that took points: they return to their lots.

        What the entry had written off or put on debt is undone first.
        """
        lost = min(points, to_decimal(entry.points_lost))
        debt = min(points - lost, to_decimal(entry.points_debt), balances.debt)
        back = points - lost - debt
        origin = entry.related_id if entry.points_held < 0 else entry
        taken = min(back, origin._get_taken())
        posting = replace(
            posting,
            points=back,
            points_lost=-lost,
            points_debt=-debt,
            # what the lots cannot take back (a debt repaid since) is a new lot
            lots=((back - taken, None),) if back > taken else (),
        )
        entry_id = door.apply(posting)
        if taken:
            door.give_back(entry_id, origin.id, taken)
        return self._booked(entry_id)

    def _get_version(self):
        """Return how often this account was opened: new in every opening."""
        self.ensure_one()
        return self.env.execute_query(
            SQL("SELECT version FROM b2b2c_account WHERE id = %s", self.id)
        )[0][0]

    # === POSTING: merged participants === #

    def _get_holder(self):
        """Return the account that holds the points now: the survivor's after a merge."""
        self.ensure_one()
        if not self.member_id.merged_into_id:
            return self
        return self.member_id._get_account(self.unit_id)

    def _follow_merge(self):
        """Move pending points, debt and free points to the survivor of a merge.

        Reservations stay until they are captured or released.
        """
        self.ensure_one()
        holder = self._get_holder()
        if holder == self:
            return
        door = self._get_door()
        for account_id in sorted((self.id, holder.id)):  # one order: no deadlock
            door.open(account_id)
        self._move_pending(door, holder)
        balances = self._repay(door)
        key = f"merge/{self.id}/{self._get_version()}"
        reason = self.env._("Contacts merged")
        if balances.debt:
            for account, sign, end in ((self, -1, "out"), (holder, 1, "in")):
                debt = sign * balances.debt
                door.apply(
                    Posting(
                        account.id,
                        "transfer",
                        f"{key}/debt/{end}",
                        points_debt=debt,
                        reason=reason,
                    )
                )
            holder._repay(door)
        if balances.available:
            self._transfer(
                holder, balances.available, source_key=key, reason=reason
            )
        (self | holder).invalidate_recordset()

    def _move_pending(self, door, holder):
        """Move the pending points of each award; its document confirms them there.

        Both entries belong to the award, so what is booked for it stays the same.
        """
        rows = self.env.execute_query(
            SQL(
                """
                SELECT award_key, sum(points_pending)::text, min(id)
                  FROM b2b2c_ledger_entry
                 WHERE account_id = %s AND award_key IS NOT NULL
              GROUP BY award_key HAVING sum(points_pending) <> 0
              ORDER BY award_key
                """,
                self.id,
            )
        )
        for award_key, pending, entry_id in rows:
            entry = self.env["b2b2c.ledger.entry"].browse(entry_id)
            for account, sign in ((self, -1), (holder, 1)):
                door.apply(
                    Posting(
                        account.id,
                        "transfer",
                        self.env["b2b2c.event"]._get_award_step(award_key),
                        points_pending=sign * Decimal(pending),
                        release_at=entry.release_at or None,
                        reason=self.env._("Contacts merged"),
                        **entry._get_lineage(),
                    )
                )

    # === VERIFICATION === #

    def _verify(self):
        """Check these accounts against their entries.

        :return: list of differences, empty when the books are right
        """
        return ledger_audit.verify(self.env, self.ids)

    @api.model
    def _verify_all(self, rebuild=False):
        """Check every account, lot and allocation of the database.

        :param bool rebuild: recompute balances and lots from the entries first
        :return: list of :class:`~.ledger_audit.Difference`, empty when all is right
        """
        if rebuild:
            self._rebuild()
        return ledger_audit.verify(self.env)

    @api.model
    def _rebuild(self):
        """Recompute balances and lots from the entries.

        :return: number of rows that were wrong
        """
        changed = ledger_audit.rebuild(self.env)
        self.env.invalidate_all()
        return changed

    @api.model
    def _ledger_digest(self):
        """Return a fingerprint of all entries and allocations: equal before and after
        an upgrade, a backup or a rebuild."""
        return ledger_audit.digest(self.env)

    # === CRON === #

    @api.model
    def _cron_expire(self, batch=100):
        """Let due lots lapse, a few accounts per transaction."""
        cron = self.env["ir.cron"]
        while accounts := self._get_due_accounts(batch):
            accounts._expire()
            if not cron._commit_progress(len(accounts)):
                break

    @api.model
    def _get_due_accounts(self, limit):
        """Return accounts with lots that should have lapsed by now."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT DISTINCT account_id FROM b2b2c_ledger_lot
                 WHERE remaining > 0 AND expires_at <= %s LIMIT %s
                """,
                fields.Datetime.now(),
                limit,
            )
        )
        return self.browse(row[0] for row in rows)

    @api.model
    def _cron_fold(self, batch=200):
        """Fold deltas into balances and let new points repay open debts."""
        cron = self.env["ir.cron"]
        rows = self.env.execute_query(
            SQL(
                "SELECT account_id FROM b2b2c_account_delta GROUP BY account_id "
                "ORDER BY account_id"
            )
        )
        accounts = self.browse(row[0] for row in rows)
        for start in range(0, len(accounts), batch):
            part = accounts[start : start + batch]
            part._fold()
            if not cron._commit_progress(len(part)):
                break

    def _fold(self):
        """Fold the deltas of these accounts and repay their debts.

        What reached a merged participant in the meantime moves on.
        """
        door = self._get_door()
        for account in self.sorted("id"):
            account._repay(door, door.open(account.id))
        self.invalidate_recordset()
        for account in self.sorted("id"):
            account._follow_merge()


class B2b2cAccountDelta(models.Model):
    """Credits that are not folded into their account yet (insert-only)."""

    _name = "b2b2c.account.delta"
    _description = "Account Delta"
    _log_access = False

    account_id = fields.Many2one(
        "b2b2c.account", required=True, index=True, ondelete="restrict"
    )
    entry_id = fields.Many2one("b2b2c.ledger.entry", required=True, ondelete="restrict")
    points = fields.Float(**POINTS)
    points_pending = fields.Float(**POINTS)
    points_held = fields.Float(**POINTS)
    points_debt = fields.Float(**POINTS)
    points_lost = fields.Float(**POINTS)

    @api.model_create_multi
    def create(self, vals_list):
        raise LedgerIsAppendOnly(self.env._("Only the ledger writes here."))

    def write(self, vals):
        raise LedgerIsAppendOnly(self.env._("Only the ledger writes here."))

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise LedgerIsAppendOnly(self.env._("Only the ledger writes here."))


def _naive(value):
    """Return an aware UTC datetime as Odoo's naive one (``None`` stays)."""
    return value.replace(tzinfo=None) if value else None
