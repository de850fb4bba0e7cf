from odoo import api, fields, models

from ...const import POINTS
from ...engine import to_decimal
from ...values import shown
from .posted_parts import ZERO, Part

_OWN = {"currency_field": "currency_id", "readonly": True}


class B2b2cLiabilityLine(models.Model):
    """What a run found for a program on an account of what is owed."""

    _name = "b2b2c.liability.line"
    _description = "Points Owed"
    _order = "cut_day desc, unit_id, program_id, id"

    run_id = fields.Many2one(
        "b2b2c.liability.run", required=True, readonly=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="run_id.company_id", store=True)
    cut_day = fields.Date(related="run_id.cut_day", store=True)
    state = fields.Selection(related="run_id.state", store=True, string="Status")
    currency_id = fields.Many2one(related="company_id.currency_id")
    unit_id = fields.Many2one(
        "b2b2c.unit", required=True, readonly=True, ondelete="restrict"
    )
    symbol = fields.Char(related="unit_id.symbol")
    program_id = fields.Many2one(
        "b2b2c.program",
        readonly=True,
        ondelete="restrict",
        help="Empty: points that belong to no program, as those given by hand or by "
        "another participant.",
    )
    liability_account_id = fields.Many2one(
        "account.account", readonly=True, ondelete="restrict", string="Account"
    )
    cost_account_id = fields.Many2one(
        "account.account", readonly=True, ondelete="restrict"
    )
    unit_currency_id = fields.Many2one(
        "res.currency", readonly=True, string="Currency of the Unit"
    )

    points = fields.Float(**POINTS, readonly=True, string="Points Owed")
    points_reserved = fields.Float(**POINTS, readonly=True, string="Reserved of Them")
    point_value = fields.Float(
        digits=False, readonly=True, string="Value of One Point", aggregator=None
    )
    expected_expiry = fields.Float(
        digits=False, readonly=True, string="Expected to Lapse (%)", aggregator=None
    )
    gross = fields.Monetary(**_OWN, string="Worth")
    target = fields.Monetary(
        **_OWN, string="Owed", help="Points × value, less what is expected to lapse."
    )
    by_runs = fields.Monetary(**_OWN, string="Posted by Runs")
    by_documents = fields.Monetary(
        **_OWN,
        string="Posted by Documents",
        help="What documents that spend points moved on the account by themselves.",
    )
    amount = fields.Monetary(
        **_OWN,
        string="To Post",
        help="Owed, less what runs and documents posted so far.",
    )
    amount_currency = fields.Monetary(
        currency_field="unit_currency_id",
        readonly=True,
        string="To Post in the Unit's Currency",
    )
    revaluation = fields.Monetary(
        **_OWN,
        string="Revaluation of It",
        help="The part of it that is there because the value of a point, the share "
        "that is expected to lapse or a rate of exchange changed.",
    )

    _once = models.UniqueIndex(
        "(run_id, unit_id, coalesce(program_id, 0), coalesce(liability_account_id, 0))",
        "A run has one line for a program and an account.",
    )

    @api.depends("unit_id", "program_id")
    def _compute_display_name(self):
        for line in self:
            line.display_name = (
                f"{line.program_id.name or self.env._('No program')}, "
                f"{line.unit_id.name}"
            )

    # === BUSINESS METHODS === #

    def _get_parts(self):
        """Return what this line posts in one pair of rows each: what moved, and what
        was revalued.

        :return: list of :class:`~.posted_parts.Part`, none for nothing
        """
        self.ensure_one()
        key = self.unit_id.id, self.program_id.id or None, self.liability_account_id.id
        amount, revalued, amount_currency = (
            to_decimal(value)
            for value in (self.amount, self.revaluation, self.amount_currency)
        )
        moved, own = amount - revalued, self.unit_currency_id == self.currency_id
        parts = [
            Part(key, moved, moved if own else amount_currency),
            Part(key, revalued, revalued if own else ZERO, is_revaluation=True),
        ]
        return [part for part in parts if part.amount or part.amount_currency]

    def _get_rows(self):
        """Return the rows of the entry.

        :return: list of values of ``account.move.line``, none for nothing
        """
        self.ensure_one()
        names = {
            False: self.env._(
                "%(what)s: %(points)s owed",
                what=self.display_name,
                points=self.unit_id._format(self.points),
            ),
            True: self.env._("%(what)s: revaluation", what=self.display_name),
        }
        accounts = (self.cost_account_id, 1), (self.liability_account_id, -1)
        return [
            {
                "name": names[part.is_revaluation],
                "account_id": account.id,
                "currency_id": self.unit_currency_id.id,
                "balance": shown(sign * part.amount),
                "amount_currency": shown(sign * part.amount_currency),
            }
            for part in self._get_parts()
            for account, sign in accounts
        ]
