from dataclasses import replace
from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ...const import CHANGING
from ...engine import to_decimal
from ...exceptions import InsufficientPoints
from ...values import UTC, naive
from .ledger_door import ZERO, LedgerDoor, Posting


class B2b2cAccount(models.Model):
    """The posting methods: the only way points move."""

    _inherit = "b2b2c.account"

    # === POSTING === #

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

    def _reserve(self, points, *, source_key, **details):
        """Reserve points before they are spent.

        :return: the reservation, an entry of type ``hold``; pass it to
            :meth:`_capture` or :meth:`_release`
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

    def _capture(self, reservation, points=None, **details):
        """Spend (a part of) a reservation."""
        entry_id, _points = self._settle_reservation(
            self._get_door(), "redeem", reservation, points, **details
        )
        return self._booked(entry_id)

    def _release(self, reservation, points=None, **details):
        """Give (a part of) a reservation back to the lots it came from."""
        door = self._get_door()
        entry_id, points = self._settle_reservation(
            door, "release", reservation, points, **details
        )
        door.give_back(entry_id, reservation.id, points)
        self._repay(door)
        self._follow_merge()
        self._forfeit_erased()
        return self._booked(entry_id)

    def _adjust(self, points, *, source_key, reason, **details):
        """Correct a balance by hand.

        :param points: signed, not zero
        :param str reason: mandatory, shown on the statement
        :raise InsufficientPoints: a negative correction exceeds what is available
        """
        points = self.env["b2b2c.unit"]._to_points(points)
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

    def _transfer(self, target, points, *, source_key, reason=None, **details):
        """Move available points to another account of the same unit and company.

        The points keep their expiry dates.

        :param details: other :class:`Posting` fields of both entries
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
                self.id,
                "transfer",
                f"{source_key}/out",
                points=-points,
                reason=reason,
                **details,
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
                lots=tuple((taken, naive(lots[lot])) for lot, taken in takes),
                **details,
            )
        )
        target._repay(door)
        return self._booked(out_id) + self._booked(in_id)

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
        reversed_by = self._book_reversal(entry, points, reason, details)
        self._after_reversal(entry)
        return reversed_by

    def _after_reversal(self, entry):
        """Do what follows when (a part of) an entry was reversed; packages extend it.

        :param entry: the entry that was reversed
        """

    def _book_reversal(self, entry, points, reason, details):
        """Book the reversal of (a part of) an entry; see :meth:`_reverse`."""
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
        self._forfeit_erased()
        return restored

    # === POSTING: building blocks === #

    def _settle_reservation(self, door, entry_type, reservation, points, **details):
        """Book that (a part of) a reservation ends, spent or released.

        :return: ``(entry id, points)``
        """
        self.ensure_one()
        door.open(self.id)
        points, number = reservation._get_reserved_left(points)
        posting = Posting(
            self.id,
            entry_type,
            f"hold/{reservation.id}/{number}",
            points=-points if entry_type == "redeem" else ZERO,
            points_held=-points,
            related_id=reservation.id,
            **reservation._get_lineage(),
            **details,
        )
        return door.apply(posting), points

    def _get_door(self):
        """Return the ledger door of this environment."""
        return LedgerDoor(self.env)

    @api.model
    def _after_booking(self, booked):
        """Do what follows when something was booked; packages extend it.

        It runs within each booking: it must not cost anything, nor raise.

        :param booked: list of (:class:`Posting`, entry id)
        """

    def _check_points(self, points):
        """Return ``points`` as Decimal.

        :raise UserError: not a positive number
        """
        points = self.env["b2b2c.unit"]._to_points(points)
        if points <= 0:
            raise UserError(self.env._("The number of points must be positive."))
        return points

    def _booked(self, entry_id):
        """Return the entry just booked, with fresh balances behind it."""
        entries = self.env["b2b2c.ledger.entry"]
        # all else never changes, and the ORM has nothing to flush here
        self.invalidate_recordset(CHANGING, flush=False)
        entries.invalidate_model(("reversal_ids", "allocation_ids"), flush=False)
        self.env["b2b2c.ledger.lot"].invalidate_model(("remaining",), flush=False)
        return entries.browse(entry_id)

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
        self._before_taking_back(prefer, points)
        own = self._get_carried_lots(prefer)
        self._unexpire(door, posting, own, points)
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
        door.take(self.id, entry_id, recovered, prefer=set(own.values()))
        return self._booked(entry_id)

    def _before_taking_back(self, entries, points):
        """Do what has to come before earned points are taken back; packages extend it.

        What the points were exchanged for, and can be had back, is: then there are
        points to take, and no debt.

        :param entries: those that brought the points
        :param points: how many of them are taken back
        """

    def _unexpire(self, door, posting, lots, points):
        """Undo the expiry of ``lots``, as far as taking back needs it.

        Points that lapsed were never spent: taking them back must not end in a debt.
        """
        rows = self.env.execute_query(
            SQL(
                """
                SELECT a.origin_id, l.account_id, sum(a.points)::text
                  FROM b2b2c_ledger_allocation a
                  JOIN b2b2c_ledger_lot l ON l.id = a.lot_id
                  JOIN b2b2c_ledger_entry o ON o.id = a.origin_id
                 WHERE a.lot_id = ANY(%s) AND o.entry_type = 'expire'
              GROUP BY a.origin_id, l.account_id
                HAVING sum(a.points) > 0
              ORDER BY a.origin_id
                """,
                list(lots),
            )
        )
        own = sum(
            lot.remaining for lot in door.get_open_lots(self.id) if lot.id in lots
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
