from datetime import timedelta

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tools import SQL

from ...engine import day_start
from ...models.people.authority import decides
from ...values import naive


class B2b2cCauseBill(models.TransientModel):
    """Makes draft vendor bills over what was donated in a period, one per cause."""

    _name = "b2b2c.cause.bill"
    _description = "Pay Out Donations"
    _inherit = "b2b2c.dialog"

    cause_ids = fields.Many2many("b2b2c.cause", required=True)
    date_from = fields.Date(
        "From",
        required=True,
        default=lambda self: self._get_last_month()[0],
    )
    date_to = fields.Date(
        "Until",
        required=True,
        default=lambda self: self._get_last_month()[1],
        help="This day included.",
    )

    def _get_last_month(self):
        """Return the first and the last day of the month before this one."""
        end = fields.Date.context_today(self).replace(day=1) - timedelta(days=1)
        return end.replace(day=1), end

    @decides("cause_ids.partner_id")
    def action_bill(self):
        """Make the bills, and open them; what a bill has already is left out."""
        self.ensure_one()
        bills = self.env["account.move"]
        for cause in self.cause_ids.sorted("id"):
            donations = self._get_donations(cause)
            if donations:
                bills |= self._bill(cause, donations)
        if not bills:
            raise UserError(self.env._("Nothing was donated that is not paid out yet."))
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "account.action_move_in_invoice_type"
        )
        return dict(action, domain=[("id", "in", bills.ids)], context={})

    def _get_donations(self, cause):
        """Return what was donated for a cause in the period and is not paid out."""
        zone = cause.company_id.b2b2c_timezone or "UTC"
        after = self.date_to + timedelta(days=1)
        return (
            self.env["b2b2c.redemption"]
            .sudo()
            .search(
                [
                    ("cause_id", "=", cause.id),
                    ("state", "=", "fulfilled"),
                    ("decided_at", ">=", naive(day_start(self.date_from, zone))),
                    ("decided_at", "<", naive(day_start(after, zone))),
                ]
            )
            ._get_unbilled()
        )

    def _bill(self, cause, donations):
        """Return the draft bill over donations, made with the user's own rights."""
        label = self.env._(
            "%(cause)s: %(count)s donations from %(first)s to %(last)s",
            cause=cause.name,
            count=len(donations),
            first=fields.Date.to_string(self.date_from),
            last=fields.Date.to_string(self.date_to),
        )
        bill = (
            self.env["account.move"]
            .with_company(cause.company_id)
            .create(
                {
                    "move_type": "in_invoice",
                    "partner_id": cause.partner_id.id,
                    "company_id": cause.company_id.id,
                    "currency_id": cause.currency_id.id,
                    "invoice_line_ids": [
                        Command.create(
                            {
                                "name": label,
                                "quantity": 1,
                                "price_unit": sum(donations.mapped("worth")),
                                "tax_ids": [Command.clear()],
                            }
                        )
                    ],
                }
            )
        )
        self._take(donations, bill)
        return bill

    def _take(self, donations, bill):
        """Let the bill be the one that pays the donations out.

        The UPDATE is the guard: of two people who bill at once one is told.
        """
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                """
                UPDATE b2b2c_redemption r SET bill_id = %s
                 WHERE r.id = ANY(%s)
                   AND NOT EXISTS (SELECT FROM account_move m
                                    WHERE m.id = r.bill_id AND m.state <> 'cancel')
             RETURNING r.id
                """,
                bill.id,
                donations.ids,
            )
        )
        donations.invalidate_recordset(["bill_id"])
        if len(rows) != len(donations):
            raise UserError(self.env._("Somebody else has just paid these out."))
