from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ...engine import to_decimal
from ...engine.part_payment import share
from ...values import shown
from ..base.rows import insert_rows
from ..ledger.document_points import DocumentPoints
from ..people.authority import decides

ZERO = Decimal(0)


class B2b2cSpend(models.Model):
    """The ledger follows a payment with points."""

    _inherit = "b2b2c.spend"

    points_held = fields.Float(compute="_compute_booked", digits=False)
    points_spent = fields.Float(compute="_compute_booked", digits=False)

    def _compute_booked(self):
        for spend in self:
            booked = DocumentPoints(spend).get_booked() if spend.id else (ZERO, ZERO)
            spend.points_held, spend.points_spent = map(shown, booked)

    # === STEPS === #

    def _reserve(self, request, points):
        """Reserve the points of a payment, in place of what it reserves now.

        :param request: :class:`.spend_request.SpendRequest`
        :param points: Decimal, what the amount costs
        :raise LoyaltyError: there are fewer
        """
        self.ensure_one()
        self._line_up()
        if self.state == "spent":  # by another request, while this one waited
            return
        booked = DocumentPoints(self)
        held, _spent = booked.get_booked()
        if self.state == "held" and held == points and self._pays(request.amount):
            return
        with self.env.cr.savepoint():  # what was reserved stays if there are fewer
            if held:
                booked.release(held)
            self.account_id._get_holder()._reserve(points, **self._get_identity())
            self._move(
                "held",
                amount=request.amount,
                points=points,
                held_at=fields.Datetime.now(),
                valid_until=self._get_valid_until(request),
                settled_at=None,
            )

    def _capture(self, amount=None):
        """Spend what was reserved: the sale is done, and nothing can be refused.

        Points that are not reserved any more are taken from what there is, and owed
        beyond that; a manager reads about it.  Doing it again does nothing.

        :param amount: money that was really paid with points, all of it by default
        """
        self.ensure_one()
        self._line_up()
        if self.state == "spent":
            return
        amount = to_decimal(self.amount) if amount is None else amount
        points = self._get_points_of(amount)
        booked = DocumentPoints(self)
        held, _spent = booked.get_booked()
        taken = booked.capture(min(points, held))
        if points > taken:
            entry = self.account_id._get_holder()._redeem_owing(
                points - taken, **self._get_identity()
            )
            self._report_late(entry)
        if held > taken:
            booked.release(held - taken)
        self._move("spent", amount=amount, points=points, **self._settled_now())

    def _release(self):
        """Free what was reserved: the sale is not done.  Nothing if it is."""
        for spend in self:
            spend._line_up()
            if spend.state != "held":
                continue
            booked = DocumentPoints(spend)
            booked.release(booked.get_booked()[0])
            spend._move("released", **spend._settled_now())

    def _give_back(self, amount, key):
        """Give points back for goods that came back.

        All of them for all of the money, rounded down before: so several steps give
        back what was paid, and never more.

        :param amount: money of this payment that comes back, > 0
        :param str key: identity of the return at the place: once each
        :return: money that came back, Decimal; less than asked for when less is left
        """
        self.ensure_one()
        self._line_up()
        known = self.back_ids.filtered(lambda back: back.key == key)
        if known:
            return to_decimal(known.amount)
        left = to_decimal(self.amount) - to_decimal(self.amount_back)
        amount = min(amount, left) if self.state == "spent" else ZERO
        if amount <= 0:
            return ZERO
        back = to_decimal(self.amount_back) + amount
        decimals = self.account_id.unit_id.decimals
        total = share(to_decimal(self.points), back, to_decimal(self.amount), decimals)
        points = total - to_decimal(self.points_back)
        if points:
            reason = self.env._("Given back: %s", self.name)
            DocumentPoints(self).give_back(points, reason)
        insert_rows(
            self.env["b2b2c.spend.back"].sudo(),
            [{"spend_id": self.id, "key": key, "amount": amount, "points": points}],
        )
        self._move("spent", amount_back=back, points_back=total)
        self.invalidate_recordset(["back_ids"])
        return amount

    # === BUILDING BLOCKS === #

    def _line_up(self):
        """Let steps of one payment come one after the other: Odoo repeats the later."""
        self.flush_recordset()
        self.env.execute_query(
            SQL(
                "UPDATE b2b2c_spend SET version = version + 1 WHERE id = %s "
                "RETURNING version",
                self.id,
            )
        )
        self.invalidate_recordset()

    def _move(self, state, **columns):
        """Write how far this payment has come; :meth:`_line_up` came first."""
        columns["state"] = state
        self.env.execute_query(
            SQL(
                "UPDATE b2b2c_spend SET %s WHERE id = %s RETURNING id",
                SQL(", ").join(
                    SQL("%s = %s", SQL.identifier(name), value)
                    for name, value in columns.items()
                ),
                self.id,
            )
        )
        self.invalidate_recordset()

    def _settled_now(self):
        """Return the columns of a payment that waits for nothing any more."""
        return {"settled_at": fields.Datetime.now(), "valid_until": None}

    def _pays(self, amount):
        """Tell whether this payment is for an amount."""
        return to_decimal(self.amount) == amount

    def _get_points_of(self, amount):
        """Return what an amount costs on the terms of this payment."""
        if self._pays(amount):
            return to_decimal(self.points)
        company, unit = self.company_id, self.account_id.unit_id
        return self._get_terms(unit, company, self.currency_id).cost(amount)

    def _get_identity(self):
        """Return what an entry of this payment is known by."""
        return {
            "source_key": f"spend:{self.id}:{self.version}",
            "document_model": self._name,
            "document_id": self.id,
        }

    def _report_late(self, entry):
        """Tell managers that points were spent that nobody had reserved."""
        unit = self.account_id.unit_id
        if entry.points_debt:
            sentence = self.env._(
                "%(name)s was done when %(points)s were gone already: they are owed.",
                name=self.name,
                points=unit._format(entry.points_debt),
            )
        else:
            sentence = self.env._(
                "%(name)s was done after its points were free again: they were taken.",
                name=self.name,
            )
        self.env["b2b2c.spend.incident"]._report(
            "late", sentence, company=self.company_id, spend=self
        )

    # === GIVING UP === #

    @api.model
    def _cron_release(self):
        """Free what waits for sales that nobody will finish any more."""
        overdue = self.sudo().search(
            [("state", "=", "held"), ("valid_until", "<", fields.Datetime.now())]
        )
        for spend in overdue:
            spend._release()
            if not self.env["ir.cron"]._commit_progress(1):
                break

    @decides("account_id.member_id")
    def action_release(self):
        """Free reserved points by hand (officers)."""
        self._check_officer()
        self.sudo()._release()
        return True

    def _check_officer(self):
        """Refuse who may not decide on payments.

        :raise UserError: says who may
        """
        if not self.env.user.has_group("loyalty_b2b2c.group_officer"):
            raise UserError(
                self.env._("Only a loyalty officer may free reserved points.")
            )
        self.check_access("read")
