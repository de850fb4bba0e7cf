from datetime import timedelta
from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from odoo.addons.loyalty_b2b2c.engine import to_decimal
from odoo.addons.loyalty_b2b2c.models.ledger.document_points import DocumentPoints
from odoo.addons.loyalty_b2b2c.models.people.authority import decides

from . import point_lines

ZERO = Decimal(0)
#: So long points wait for somebody who went to a payment page and is not back.
PAGE_HOURS = 24
#: Payments whose money came, or may still come.
_COMING = ("pending", "authorized", "done")


class B2b2cPartPayment(models.Model):
    """The ledger follows the order: what should be booked, less what is booked.

    Points are reserved while somebody pays, spent when the order is confirmed, and come
    back when it is cancelled or its goods are credited.  Nothing that core writes on a
    card is translated: each step looks at the order, so doing it again does nothing.
    """

    _inherit = "b2b2c.part.payment"

    # === WHAT IS BOOKED === #

    def _get_booked(self):
        """Return the points this order has reserved and spent, ``(held, spent)``."""
        self.ensure_one()
        if not self.id:  # only offered yet
            return ZERO, ZERO
        return DocumentPoints(self).get_booked()

    # === WHAT SHOULD BE BOOKED === #

    def _get_targets(self):
        """Return what this order should have reserved and spent, ``(held, spent)``.

        What was invoiced counts net of what was credited; of a confirmed order, also
        what is still to be invoiced.
        """
        self.ensure_one()
        line = point_lines.of_points(self.order_id.order_line)[:1]
        points = to_decimal(line.product_uom_qty)
        billed, credited = point_lines.get_posted_points(line)
        kept = billed - credited
        if self.order_id.state == "sale":
            return ZERO, kept + max(points - billed, ZERO)
        is_open = self.order_id.state in ("draft", "sent")
        return points if is_open and self._is_being_paid() else ZERO, kept

    def _get_payments(self):
        """Return the payments of this order that bring money (sudo)."""
        return self.sudo().order_id.transaction_ids.filtered(
            lambda payment: payment.operation not in ("validation", "refund")
        )

    def _has_payment(self):
        """Tell whether money for this order came, or may still come."""
        return any(payment.state in _COMING for payment in self._get_payments())

    def _is_being_paid(self):
        """Tell whether somebody pays this order now, or has paid it."""
        since = fields.Datetime.now() - timedelta(hours=PAGE_HOURS)
        return self._has_payment() or any(
            payment.state == "draft" and payment.create_date >= since
            for payment in self._get_payments()
        )

    def _is_paid_elsewhere(self):
        """Tell whether the rest was taken where nothing can be refused any more."""
        lines = self.order_id.order_line
        return "pos_order_line_ids" in lines._fields and bool(
            lines.sudo().pos_order_line_ids
        )

    # === BOOKING === #

    def _settle(self, is_paid=None):
        """Bring the ledger in line with these orders.

        :param bool is_paid: whether it is too late to refuse: points that are gone are
            then owed; found out by default
        :raise InsufficientPoints: there are fewer points, and nobody has paid yet
        """
        for part in self.sudo().sorted("id"):
            targets = part._get_targets()
            if part._get_booked() == targets:
                continue
            part._line_up()
            _held, spent = part._get_booked()
            late = part._has_payment() or part._is_paid_elsewhere()
            part._book(*targets, is_paid=late if is_paid is None else is_paid)
            part._tell_spent(spent)
            part.account_id._get_holder()._show_on_cards()
            part.invalidate_recordset(["points_held", "points_spent"])

    def _tell_spent(self, before):
        """Tell the participant how many points the order took, or gave back.

        :param before: Decimal, what was spent on it until now
        """
        _held, spent = self._get_booked()
        if spent == before:
            return
        kind = "order_points" if spent > before else "order_points_back"
        identity = self._get_identity()["source_key"]  # another one for each step
        self.env["b2b2c.notification"].sudo()._queue_reward(
            self.account_id._get_holder(),
            kind,
            reward=self.order_id.name,
            reference=identity,
            points=abs(spent - before),
        )

    def _line_up(self):
        """Let steps of one order come one after the other: Odoo repeats the later."""
        self.flush_recordset()
        self.env.execute_query(
            SQL(
                "UPDATE b2b2c_part_payment SET version = version + 1 WHERE id = %s "
                "RETURNING version",
                self.id,
            )
        )
        self.invalidate_recordset(["version"])

    def _book(self, held_target, spent_target, is_paid):
        """Book the difference to what is booked."""
        booked = DocumentPoints(self)
        held, spent = booked.get_booked()
        if spent < spent_target:
            captured = booked.capture(min(spent_target - spent, held))
            held -= captured
            self._spend(spent_target - spent - captured, is_paid)
        elif spent > spent_target:
            reason = self.env._("Given back: %s", self.order_id.name)
            booked.give_back(spent - spent_target, reason)
        if held > held_target:
            booked.release(held - held_target)
        elif held < held_target:
            self._reserve(held_target - held, is_paid)

    def _reserve(self, points, is_paid):
        """Reserve points; as many as there are when it is too late to refuse."""
        if is_paid:
            points = min(points, self._get_spendable() - sum(self._get_booked(), ZERO))
            if points <= 0:
                return
        self.account_id._reserve(points, **self._get_identity())

    def _spend(self, points, is_paid):
        """Spend points that were not reserved."""
        if points <= 0:
            return
        if not is_paid:
            self.account_id._redeem(points, **self._get_identity())
            return
        holder = self.account_id._get_holder()
        entry = holder._redeem_owing(points, **self._get_identity())
        if entry.points_debt:
            self._tell_manager(entry)

    def _get_identity(self):
        """Return what an entry of this order is known by."""
        [(version,)] = self.env.execute_query(
            SQL("SELECT version FROM b2b2c_part_payment WHERE id = %s", self.id)
        )
        return {
            "source_key": f"wallet:{self.order_id.id}:{version}",
            "document_model": self._name,
            "document_id": self.id,
        }

    def _tell_manager(self, entry):
        """Say that a paid order was confirmed with points that were gone."""
        unit = self.account_id.unit_id
        self.order_id.activity_schedule(
            "mail.mail_activity_data_todo",
            user_id=self.company_id._get_loyalty_manager().id or self.env.uid,
            summary=self.env._("Points were missing"),
            note=self.env._(
                "%(order)s was paid when %(points)s of %(name)s were gone already. "
                "They are owed now, and repaid from what is earned next.",
                order=self.order_id.name,
                points=unit._format(entry.points_debt),
                name=self.member_id.name,
            ),
        )

    # === GIVING UP === #

    @api.model
    def _cron_release(self):
        """Free what waits for payments that nobody will make any more."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT document_id FROM b2b2c_ledger_entry
                 WHERE document_model = %s AND points_held <> 0
              GROUP BY document_id HAVING sum(points_held) > 0 ORDER BY document_id
                """,
                self._name,
            )
        )
        for (part_id,) in rows:
            self.sudo().browse(part_id).exists()._settle()
            if not self.env["ir.cron"]._commit_progress(1):
                break

    def _give_up(self):
        """Free all that these orders reserved, whoever pays them."""
        for part in self:
            held, spent = part._get_booked()
            if held:
                part._line_up()
                part._book(ZERO, spent, is_paid=True)

    @decides("account_id.member_id")
    def action_release(self):
        """Free what waits for a payment (officers): the order stays as it is, and
        reserves points again when somebody pays it.

        :raise UserError: money for it came, or may still come
        """
        if not self.env.user.has_group("loyalty_b2b2c.group_officer"):
            raise UserError(
                self.env._("Only a loyalty officer may free reserved points.")
            )
        self.check_access("read")
        for part in self.sudo():
            if part._has_payment():
                raise UserError(
                    self.env._("%s is being paid: its points stay.", part.display_name)
                )
            part._give_up()
            part.account_id._show_on_cards()
        return True
