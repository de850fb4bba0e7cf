import logging
from datetime import timedelta
from decimal import Decimal

from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

from ..base.days import get_today
from .settlement_facts import COLUMNS, get_facts, get_missing

_logger = logging.getLogger(__name__)


class B2b2cSettlement(models.Model):
    """Settlements are drafted from what is open, and looked at before."""

    _inherit = "b2b2c.settlement"

    # === LOOKING === #

    @api.model
    def _preview(self, agreements, until):
        """Return what would be settled, creating nothing.

        :param agreements: ``b2b2c.partner.agreement`` (sudo)
        :param date until: the last day that counts; it need not be over
        :return: dict ``(agreement id, side)`` -> ``(number of facts, amount, number of
            lines that correct earlier ones)``
        """
        self._flush_facts()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT agreement_id, side, count(*), sum(amount)::text,
                       count(corrects_id)
                  FROM (%(facts)s) f GROUP BY agreement_id, side
                 UNION ALL
                SELECT agreement_id, side, count(*), sum(amount)::text, count(*)
                  FROM b2b2c_settlement_line
                 WHERE agreement_id = ANY(%(agreements)s) AND counted_in_id IS NULL
                   AND is_disputed IS NOT TRUE
              GROUP BY agreement_id, side
                """,
                facts=get_facts(agreements, until),
                agreements=agreements.ids,
            )
        )
        found = {}
        for agreement_id, side, count, amount, corrections in rows:
            known = found.get((agreement_id, side), (0, 0, 0))
            figures = (count, Decimal(amount), corrections)
            found[agreement_id, side] = tuple(
                a + b for a, b in zip(known, figures, strict=True)
            )
        return found

    @api.model
    def _get_obstacles(self, agreements, until):
        """Return sentences on facts that cannot be settled: nobody knows their rate.

        They stay open; the rest is settled.
        """
        self._flush_facts()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT agreement_id, side, unit_id, paid_in, is_agreed, min(sold_on),
                       count(*)
                  FROM (%s) m GROUP BY agreement_id, side, unit_id, paid_in, is_agreed
              ORDER BY 1, 2, 3, 4
                """,
                get_missing(agreements, until),
            )
        )
        sentences = []
        for agreement_id, side, unit_id, paid_in, is_agreed, day, count in rows:
            if side == "shipped" or is_agreed:
                sentences.append(
                    self.env._(
                        "%(partner)s: there is no exchange rate for %(currency)s on "
                        "%(day)s. %(count)s facts stay open until you enter one.",
                        partner=agreements.browse(agreement_id).display_name,
                        currency=self.env["res.currency"].browse(paid_in).name,
                        day=day,
                        count=count,
                    )
                )
            else:
                sentences.append(
                    self.env._(
                        "%(partner)s: no rate for %(unit)s is agreed on %(day)s. "
                        "%(count)s facts stay open until you enter one.",
                        partner=agreements.browse(agreement_id).display_name,
                        unit=self.env["b2b2c.unit"].browse(unit_id).sudo().name,
                        day=day,
                        count=count,
                    )
                )
        return sentences

    # === DRAFTING === #

    @api.model
    def _draft(self, agreement, date_from, date_to):
        """Settle what is open until the end of a period.

        Also facts of earlier days that came too late for their own period.

        :param agreement: ``b2b2c.partner.agreement`` (sudo)
        :return: the draft (sudo), empty when nothing is open
        :raise UserError: the period is not over, or was settled before
        """
        agreement.ensure_one()
        self._check_period(agreement, date_from, date_to)
        with self.env.cr.savepoint():
            settlement = self.sudo().create(
                {
                    "name": self.env["ir.sequence"]
                    .sudo()
                    .with_company(agreement.company_id)
                    .next_by_code("b2b2c.settlement"),
                    "agreement_id": agreement.id,
                    "company_id": agreement.company_id.id,
                    "currency_id": agreement.currency_id.id,
                    "date_from": date_from,
                    "date_to": date_to,
                    "made_by_id": self.env.uid,
                }
            )
            settlement._flush_facts()
            settlement._carry_over()
            settlement._insert_lines()
            settlement._recount()
        if not settlement.line_count:
            settlement.unlink()
            return settlement.browse()
        return settlement

    @api.model
    def _check_period(self, agreement, date_from, date_to):
        """Refuse a period that is not over, or that is settled."""
        if date_to >= get_today(agreement.company_id):
            raise UserError(
                self.env._(
                    "%(day)s is not over yet: look at it with a preview.", day=date_to
                )
            )
        overlapping = self.sudo().search(
            [
                ("agreement_id", "=", agreement.id),
                ("date_to", ">=", date_from),
            ],
            limit=1,
        )
        if overlapping:
            raise UserError(
                self.env._(
                    "%(name)s settled the days until %(day)s already. What came later "
                    "is in the next settlement.",
                    name=overlapping.display_name,
                    day=overlapping.date_to,
                )
            )

    def _carry_over(self):
        """Take the lines that were disputed, and answered after their own settlement
        was agreed."""
        self.env.execute_query(
            SQL(
                """
                UPDATE b2b2c_settlement_line SET counted_in_id = %s
                 WHERE agreement_id = %s AND counted_in_id IS NULL
                   AND is_disputed IS NOT TRUE
             RETURNING id
                """,
                self.id,
                self.agreement_id.id,
            )
        )

    def _insert_lines(self):
        """Insert a line for every open fact, in one statement.

        The unique keys are the guard: of two at the same time Odoo repeats the later,
        which then finds nothing.
        """
        columns = SQL(", ").join(map(SQL.identifier, COLUMNS))
        self.env.execute_query(
            SQL(
                """
                INSERT INTO b2b2c_settlement_line (settlement_id, counted_in_id,
                       is_disputed, create_uid, write_uid, create_date, write_date,
                       %(columns)s)
                SELECT %(id)s, %(id)s, FALSE, %(uid)s, %(uid)s,
                       now() AT TIME ZONE 'UTC', now() AT TIME ZONE 'UTC', %(columns)s
                  FROM (%(facts)s) f
              ORDER BY day, sold_on, entry_id, back_id, compensation_id
                    ON CONFLICT DO NOTHING
             RETURNING id
                """,
                columns=columns,
                id=self.id,
                uid=self.env.uid,
                facts=get_facts(self.agreement_id.sudo(), self.date_to),
            )
        )
        self.env.execute_query(
            SQL(
                """
                UPDATE b2b2c_compensation c SET settlement_id = l.settlement_id
                  FROM b2b2c_settlement_line l
                 WHERE l.compensation_id = c.id AND l.settlement_id = %s
             RETURNING c.id
                """,
                self.id,
            )
        )
        self.env["b2b2c.compensation"].invalidate_model(["settlement_id", "state"])

    @api.model
    def _flush_facts(self):
        """Write what the statements read."""
        for name in (
            "b2b2c.partner.agreement",
            "b2b2c.partner.rate",
            "b2b2c.supply.order",
            "b2b2c.distributor",
            "b2b2c.settlement",
            "res.company",
        ):
            self.env[name].flush_model()

    # === MONTHLY === #

    @api.model
    def _get_last_month(self, company):
        """Return the first and the last day of the last month that is over."""
        end = get_today(company).replace(day=1) - timedelta(days=1)
        return end.replace(day=1), end

    @api.model
    def _get_agreements(self, company, date_from, date_to):
        """Return the agreements of a company that a period is settled with (sudo):
        also those that have ended, of which something may still come."""
        domain = Domain("company_id", "=", company.id)
        domain &= Domain("state", "!=", "draft")
        domain &= Domain("starts_on", "<=", date_to)
        agreements = self.env["b2b2c.partner.agreement"].sudo().search(domain)
        known = self.sudo().search(
            [("agreement_id", "in", agreements.ids), ("date_to", ">=", date_from)]
        )
        return agreements - known.agreement_id

    @api.model
    def _cron_draft(self):
        """Draft the last month for the companies that want it."""
        companies = self.env["res.company"].sudo()
        for company in companies.search([("b2b2c_settlement_monthly", "=", True)]):
            date_from, date_to = self._get_last_month(company)
            for agreement in self._get_agreements(company, date_from, date_to):
                try:
                    with self.env.cr.savepoint():
                        self._draft(agreement, date_from, date_to)
                except UserError as error:
                    _logger.warning("%s: %s", agreement.display_name, error)
                if not self.env["ir.cron"]._commit_progress(1):
                    return
