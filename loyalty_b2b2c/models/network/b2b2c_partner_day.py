from odoo import api, fields, models
from odoo.tools import SQL


class B2b2cPartnerDay(models.Model):
    """What was spent at a partner on a day: the counters behind the limits.

    A row counts a whole agreement, or one buyer there. The limit is part of the
    statement that counts: reading first and counting then would let two tills pass at
    once.
    """

    _name = "b2b2c.partner.day"
    _description = "Spent at a Partner on a Day"
    _inherit = "b2b2c.closed"
    _log_access = False
    _order = "day desc, id desc"
    _rec_name = "day"

    agreement_id = fields.Many2one(
        "b2b2c.partner.agreement", required=True, readonly=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="agreement_id.company_id")
    account_id = fields.Many2one(
        "b2b2c.account",
        string="Buyer",
        readonly=True,
        ondelete="cascade",
        help="Empty: everybody together.",
    )
    day = fields.Date(required=True, readonly=True)
    currency_id = fields.Many2one(related="agreement_id.currency_id")
    amount = fields.Float(digits=False, readonly=True)

    _once = models.UniqueIndex("(agreement_id, day, coalesce(account_id, 0))")

    @api.model
    def _count(self, agreement, account, day, amount, limit):
        """Count what is spent more, or less, on a day.

        :param account: ``b2b2c.account`` of the buyer, empty for everybody together
        :param amount: Decimal in the currency of the agreement, negative when it is
            given back
        :param limit: Decimal that must not be exceeded, 0 for none; what is given back
            is never refused
        :return: whether it was counted
        """
        rows = self.env.execute_query(
            SQL(
                """
                INSERT INTO b2b2c_partner_day AS d
                       (agreement_id, account_id, day, amount)
                SELECT %(agreement)s, %(account)s, %(day)s, %(amount)s
                 WHERE %(limit)s = 0 OR %(amount)s <= %(limit)s
                ON CONFLICT (agreement_id, day, coalesce(account_id, 0)) DO UPDATE
                   SET amount = d.amount + EXCLUDED.amount
                 WHERE %(limit)s = 0 OR EXCLUDED.amount <= 0
                    OR d.amount + EXCLUDED.amount <= %(limit)s
             RETURNING id
                """,
                agreement=agreement.id,
                account=account.id or None,
                day=day,
                amount=amount,
                limit=limit,
            )
        )
        self.invalidate_model(flush=False)
        return bool(rows)

    @api.model
    def _get_counted(self, agreement, account, day):
        """Return what is counted on a day, a float in the agreement's currency."""
        return (
            self.sudo()
            .search(
                [
                    ("agreement_id", "=", agreement.id),
                    ("account_id", "=", account.id),
                    ("day", "=", day),
                ]
            )
            .amount
        )
