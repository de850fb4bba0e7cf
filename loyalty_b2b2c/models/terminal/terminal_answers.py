"""What the screen of the counter shows: texts, nothing that must be worded there."""

from odoo import fields
from odoo.tools import format_time, formatLang

from ...engine import local_day
from ...values import aware, naive
from ..base.days import word_day
from .terminal_input import mask_email, mask_phone


class TerminalAnswers:
    """People, awards and operations in the operator's language and time zone.

    :param counter: :class:`counter.Counter`
    """

    def __init__(self, counter):
        self.counter, self.env = counter, counter.env

    # === PEOPLE === #

    def describe_found(self, member, person, several=False):
        """Return as much of a found participant as it takes to choose.

        Phone and e-mail are masked: the operator recognizes what was searched by.

        :param bool several: other people were found by the same; the address they do
            not have in common is shown
        """
        contact = self._mask_other(member, person) if several else False
        return {
            "ticket": self.counter.write_ticket(member),
            "name": (member.name or "").split(" ")[0],
            "contact": contact or self._mask(member, person),
            "role": member._get_role_label(),
            "shop": member.employer_id.name,
        }

    def describe_member(self, member):
        """Return a chosen participant with the balances."""
        return {
            "name": member.name,
            "contact": self._mask(member, {}),
            "role": member._get_role_label(),
            "shop": member.employer_id.name,
            "balances": self.get_balances(member),
        }

    def get_balances(self, member):
        """Return what a participant has, a dict of texts per unit."""
        accounts = member._get_survivor().account_ids.sorted("id")
        accounts.invalidate_recordset()
        return [
            {
                "available": account.unit_id._format(account.balance_available),
                "pending": (
                    account.unit_id._format(account.balance_pending)
                    if account.balance_pending > 0
                    else False
                ),
            }
            for account in accounts
        ]

    # === AWARDS === #

    def describe_award(self, row):
        """Return an award of a preview in words."""
        expected = row["expected_at"]
        return {
            "points": self.word_points([row]),
            "rule": row["rule"],
            "program": row["program"],
            "pending": bool(row["points_pending"]),
            "expected": (
                word_day(self.env, self._to_local(expected).date())
                if expected
                else False
            ),
            "reasons": row["reasons"],
        }

    def word_points(self, rows):
        """Return the points of awards or results in words, empty for none."""
        totals = {}
        for row in rows:
            points = row["points"] + row["points_pending"]
            totals[row["unit_id"]] = totals.get(row["unit_id"], 0) + points
        units = self.env["b2b2c.unit"]
        return " + ".join(
            units.browse(unit_id)._format(points)
            for unit_id, points in sorted(totals.items())
            if points
        )

    # === OPERATIONS === #

    def get_result(self, operation, repeated=False):
        """Return what the last screen shows."""
        member = operation.member_id
        waiting = self.env["b2b2c.event"].search_count(
            [
                ("source_model", "=", operation.document_id._name),
                ("source_id", "=", operation.document_id.id),
                ("state", "in", ("new", "failed")),
            ],
            limit=1,
        )
        return {
            "operation": self.describe_operation(operation),
            "name": member.name,
            "points": operation.points_text or False,
            "waiting": bool(waiting),
            "balances": self.get_balances(member),
            "message": self._word_message(operation),
            "repeated": repeated,
        }

    def describe_operation(self, operation):
        """Return an operation as a line of the operator's list."""
        can_cancel = operation._can_cancel(self.counter.operator)
        officer = self.counter.operator.has_group("loyalty_b2b2c.group_officer")
        until = self.word_time(operation._get_cancel_until())
        return {
            "id": operation.id,
            "time": self.word_time(operation.recorded_at),
            "name": (operation.member_id.name or "").split(" ")[0],
            "amount": self.word_amount(operation),
            "points": operation.points_text or False,
            "receipt": operation.reference if operation.has_receipt else False,
            "product": operation.product_id.display_name or False,
            "cancelled": operation.state == "cancelled",
            "can_cancel": can_cancel,
            "cancel_until": until if can_cancel and not officer else False,
        }

    def _word_message(self, operation):
        """Return which message the participant gets, a sentence or nothing."""
        message = self.env["b2b2c.notification"].search(
            [
                ("member_id", "=", operation.member_id._get_survivor().id),
                ("document_name", "=", operation.document_id.display_name),
            ],
            limit=1,
        )
        phrases = message._get_phrases() if message else []
        if not phrases:
            return False
        return self.env._(
            "%(name)s gets a message %(channels)s.",
            name=operation.member_id.name.split(" ")[0],
            channels=self.env._(" and ").join(phrases),
        )

    def word_amount(self, operation):
        """Return the amount of an operation with its currency."""
        return formatLang(
            self.env, operation.amount, currency_obj=operation.currency_id
        )

    def word_time(self, instant, day=False):
        """Return an instant as the operator's clock shows it.

        :param bool day: name the day, too
        """
        local = self._to_local(instant)
        clock = format_time(self.env, local.time(), time_format="short")
        return f"{word_day(self.env, local.date())} {clock}" if day else clock

    def get_day(self, instant):
        """Return the day of an instant at the company."""
        zone = self.counter.company.b2b2c_timezone or "UTC"
        return local_day(aware(instant), zone)

    def _to_local(self, instant):
        """Return a naive UTC instant in the operator's time zone."""
        return fields.Datetime.context_timestamp(self.counter.operator, naive(instant))

    def _mask(self, member, person):
        """Return a participant's phone or e-mail so that only the person knows it."""
        if "email" in person or not member.phone:
            return mask_email(member.email)
        return mask_phone(member.partner_id._get_loyalty_phone() or member.phone)

    def _mask_other(self, member, person):
        """Return the address a participant was not searched by, if there is one."""
        if "email" in person:
            return member.phone and self._mask(member, {})
        return member.email and mask_email(member.email)
