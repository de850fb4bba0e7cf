"""What is to be settled with partners: one query, for previews and for settlements.

A fact is a row that is booked once and never changes: a ledger entry of a sale at a
partner, a payment with points there, money of one that came back, goods shipped for
rewards.  A fact without a line of a settlement is open.

Amounts are rounded so that those of one sale add up to its rounded total, in whatever
order they are settled: a fact gets the rounded sum with it less what was settled of the
sale before.  What is taken back in full leaves nothing.
"""

from decimal import Decimal

from odoo.tools import SQL

from ...exceptions import FactError
from ..base.rates import get_document_rate

#: Sides of a settlement.  The partner owes us for points given there; we owe it for
#: what people paid there with points, and for goods it shipped.
SIDES = ("earned", "spent", "shipped")
#: Columns of a fact that its line keeps.
COLUMNS = (
    "agreement_id", "company_id", "currency_id", "side", "entry_id", "back_id",
    "compensation_id", "visit_id", "spend_id", "corrects_id", "day", "sold_on",
    "shop_id", "ticket", "unit_id", "points", "paid", "rate_id", "price", "percent",
    "exact", "amount",
)  # fmt: skip


def get_facts(agreements, until, exchange=None):
    """Return a query of the open facts of agreements.

    :param agreements: ``b2b2c.partner.agreement`` (sudo)
    :param date until: the last day that counts
    :param exchange: see :func:`read_exchange`; read when it is not given
    :return: SQL of rows with :data:`COLUMNS`; facts nobody can value yet are no rows
    """
    return SQL(
        """
        WITH fact AS MATERIALIZED (%(facts)s
        ), settled AS (
            SELECT side, visit_id, spend_id, unit_id, sum(exact) AS exact,
                   sum(amount) AS amount
              FROM b2b2c_settlement_line
             WHERE agreement_id = ANY(%(agreements)s) AND dispute_id IS NULL
               AND compensation_id IS NULL
          GROUP BY side, visit_id, spend_id, unit_id
        ), growing AS (
            SELECT f.*, coalesce(s.amount, 0) AS settled_amount,
                   coalesce(s.exact, 0) + sum(f.exact) OVER (
                       PARTITION BY f.side, f.visit_id, f.spend_id, f.unit_id,
                                    f.compensation_id
                       ORDER BY f.step) AS total,
                   row_number() OVER (
                       PARTITION BY f.side, f.visit_id, f.spend_id, f.unit_id,
                                    f.compensation_id
                       ORDER BY f.step) AS place
              FROM fact f
         LEFT JOIN settled s
                ON s.side = f.side AND s.unit_id = f.unit_id
               AND coalesce(s.visit_id, 0) = coalesce(f.visit_id, 0)
               AND coalesce(s.spend_id, 0) = coalesce(f.spend_id, 0)
             WHERE f.exact IS NOT NULL
        )
        SELECT g.agreement_id, g.company_id, g.currency_id, g.side, g.entry_id,
               g.back_id, g.compensation_id, g.visit_id, g.spend_id, g.corrects_id,
               g.day, g.sold_on, g.shop_id, g.ticket, g.unit_id, g.points, g.paid,
               g.rate_id, g.price, g.percent, g.exact,
               round(g.total / c.rounding) * c.rounding
               - CASE WHEN g.place = 1 THEN g.settled_amount
                      ELSE round((g.total - g.exact) / c.rounding) * c.rounding
                  END AS amount
          FROM growing g
          JOIN res_currency c ON c.id = g.currency_id
        """,
        facts=_get_all(agreements, until, exchange),
        agreements=agreements.ids,
    )


def get_missing(agreements, until):
    """Return a query of the open facts that nobody can value: ``agreement_id``,
    ``side``, ``sold_on``, ``unit_id``, ``paid_in`` (a currency), ``is_agreed``."""
    return SQL(
        """
        SELECT agreement_id, side, sold_on, unit_id, paid_in,
               rate_id IS NOT NULL AS is_agreed
          FROM (%s) f WHERE f.exact IS NULL
        """,
        _get_all(agreements, until, None),
    )


def read_exchange(agreements, until):
    """Return how much a currency was worth on the days on which people paid in it.

    :return: list of ``(agreement id, currency id, day, factor)``; a rate that does not
        exist is left out
    """
    env = agreements.env
    rows = env.execute_query(
        SQL(
            """
            SELECT DISTINCT f.agreement_id, f.paid_in, f.sold_on FROM (
                %s UNION ALL %s) f
             WHERE f.paid_in <> f.currency_id
            """,
            _get_spent(agreements, until),
            _get_shipped(agreements, until),
        )
    )
    found = []
    for agreement_id, currency_id, day in rows:
        agreement = agreements.browse(agreement_id)
        company = agreement.company_id
        currency = env["res.currency"].browse(currency_id)
        try:
            factor = get_document_rate(currency, company, day)
            factor /= get_document_rate(agreement.currency_id, company, day)
        except FactError:
            continue
        number = Decimal(factor.numerator) / factor.denominator
        found.append((agreement_id, currency_id, day, number))
    return found


def _get_all(agreements, until, exchange):
    """Return a query of all open facts, ``exact`` is empty for what nobody can value.

    ``exact`` is the amount before it is rounded, ``price`` what a point is worth.
    """
    if exchange is None:
        exchange = read_exchange(agreements, until)
    worth = SQL(", ").join(
        SQL("(%s::int4, %s::int4, %s::date, %s::numeric)", *row)
        for row in exchange or [(None, None, None, None)]
    )
    return SQL(
        """
        SELECT f.agreement_id, f.company_id, f.currency_id, f.side, f.entry_id,
               f.back_id, f.compensation_id, f.visit_id, f.spend_id, f.corrects_id,
               f.day, f.sold_on, f.shop_id, f.ticket, f.unit_id, f.points, f.step,
               f.paid_in, round(f.paid * x.factor, 6) AS paid, r.id AS rate_id,
               CASE f.side WHEN 'earned' THEN r.point_value END AS price,
               CASE f.side WHEN 'earned' THEN r.earned_percent
                           WHEN 'spent' THEN r.spent_percent
                           ELSE 100 END AS percent,
               CASE f.side
                   WHEN 'earned' THEN f.points * r.point_value * r.earned_percent / 100
                   WHEN 'spent' THEN f.paid * x.factor * r.spent_percent / 100
                   ELSE f.paid * x.factor END AS exact
          FROM (%(earned)s UNION ALL %(spent)s UNION ALL %(shipped)s) f
     LEFT JOIN LATERAL (
               SELECT r.id, r.point_value, r.earned_percent, r.spent_percent
                 FROM b2b2c_partner_rate r
                WHERE r.agreement_id = f.agreement_id AND r.unit_id = f.unit_id
                  AND r.valid_from <= f.sold_on
             ORDER BY r.valid_from DESC LIMIT 1) r ON f.side <> 'shipped'
     LEFT JOIN LATERAL (
               SELECT 1::numeric AS factor WHERE f.paid_in = f.currency_id
                UNION ALL
               SELECT v.factor
                 FROM (VALUES %(worth)s) v (agreement_id, currency_id, day, factor)
                WHERE v.agreement_id = f.agreement_id AND v.currency_id = f.paid_in
                  AND v.day = f.sold_on) x ON TRUE
        """,
        earned=_get_earned(agreements, until),
        spent=_get_spent(agreements, until),
        shipped=_get_shipped(agreements, until),
        worth=worth,
    )


def _get_earned(agreements, until):
    """Points that became usable for sales at a partner, and those taken back.

    Pending points wait until they are usable.  What nobody but us gave, as an
    adjustment, and what people do with their points is no matter of the partner's.
    """
    return SQL(
        """
        SELECT v.agreement_id, v.company_id, a.currency_id, 'earned' AS side,
               e.id AS entry_id, NULL::int4 AS back_id, NULL::int4 AS compensation_id,
               v.id AS visit_id, NULL::int4 AS spend_id,
               CASE WHEN o.id IS NOT NULL THEN (
                   SELECT min(l.id) FROM b2b2c_settlement_line l
                    WHERE l.visit_id = v.id AND l.unit_id = e.unit_id
                      AND (l.entry_id = o.id OR l.entry_id IN (
                           SELECT id FROM b2b2c_ledger_entry WHERE related_id = o.id)))
               END AS corrects_id,
               %(day)s AS day, v.sold_on, v.shop_id, v.ticket, e.unit_id,
               e.points - e.points_debt - e.points_lost AS points,
               NULL::numeric AS paid, a.currency_id AS paid_in, e.id AS step
          FROM b2b2c_partner_visit v
          JOIN b2b2c_partner_agreement a ON a.id = v.agreement_id
          JOIN res_company c ON c.id = v.company_id
          JOIN b2b2c_ledger_entry e
            ON e.document_model = v.document_model AND e.document_id = v.document_id
           AND e.company_id = v.company_id
     LEFT JOIN b2b2c_ledger_entry o ON o.id = e.reversal_of_id
         WHERE v.agreement_id = ANY(%(agreements)s)
           AND (e.entry_type IN ('earn', 'confirm')
                OR e.entry_type = 'reverse' AND o.entry_type IN ('earn', 'confirm'))
           AND e.points - e.points_debt - e.points_lost <> 0
           AND %(day)s <= %(until)s
           AND NOT EXISTS (SELECT FROM b2b2c_settlement_line l
                            WHERE l.entry_id = e.id AND l.side = 'earned')
        """,
        day=_local_day("e.effective_at"),
        agreements=agreements.ids,
        until=until,
    )


def _get_spent(agreements, until):
    """Payments with points at a partner, and what came back of them.

    A payment is its first entry of the ledger, so it counts once, however many
    reservations it was made of.
    """
    return SQL(
        """
        SELECT s.agreement_id, s.company_id, a.currency_id, 'spent' AS side,
               e.id AS entry_id, NULL::int4 AS back_id, NULL::int4 AS compensation_id,
               NULL::int4 AS visit_id, s.id AS spend_id, NULL::int4 AS corrects_id,
               %(day)s AS day, %(day)s AS sold_on, s.place_id AS shop_id,
               s.name AS ticket, k.unit_id, -s.points AS points, s.amount AS paid,
               s.currency_id AS paid_in, 0 AS step
          FROM b2b2c_spend s
          JOIN b2b2c_partner_agreement a ON a.id = s.agreement_id
          JOIN b2b2c_account k ON k.id = s.account_id
          JOIN res_company c ON c.id = s.company_id
          JOIN LATERAL (
               SELECT min(l.id) AS id, min(l.effective_at) AS effective_at
                 FROM b2b2c_ledger_entry l
                WHERE l.document_model = 'b2b2c.spend' AND l.document_id = s.id
                  AND l.entry_type = 'redeem') e ON e.id IS NOT NULL
         WHERE s.agreement_id = ANY(%(agreements)s) AND s.state = 'spent'
           AND %(day)s <= %(until)s
           AND NOT EXISTS (SELECT FROM b2b2c_settlement_line l
                            WHERE l.entry_id = e.id AND l.side = 'spent')
         UNION ALL
        SELECT s.agreement_id, s.company_id, a.currency_id, 'spent',
               NULL, b.id, NULL, NULL, s.id,
               (SELECT min(l.id) FROM b2b2c_settlement_line l
                 WHERE l.spend_id = s.id AND l.entry_id IS NOT NULL),
               %(back_day)s, %(day)s, s.place_id, s.name, k.unit_id,
               b.points, -b.amount, s.currency_id, b.id
          FROM b2b2c_spend_back b
          JOIN b2b2c_spend s ON s.id = b.spend_id
          JOIN b2b2c_partner_agreement a ON a.id = s.agreement_id
          JOIN b2b2c_account k ON k.id = s.account_id
          JOIN res_company c ON c.id = s.company_id
          JOIN LATERAL (
               SELECT min(l.effective_at) AS effective_at
                 FROM b2b2c_ledger_entry l
                WHERE l.document_model = 'b2b2c.spend' AND l.document_id = s.id
                  AND l.entry_type = 'redeem') e ON e.effective_at IS NOT NULL
         WHERE s.agreement_id = ANY(%(agreements)s) AND %(back_day)s <= %(until)s
           AND NOT EXISTS (SELECT FROM b2b2c_settlement_line l WHERE l.back_id = b.id)
        """,
        day=_local_day("e.effective_at"),
        back_day=_local_day("b.create_date"),
        agreements=agreements.ids,
        until=until,
    )


def _get_shipped(agreements, until):
    """Goods that a partner shipped as a distributor, unless a bill of their own has
    them."""
    return SQL(
        """
        SELECT a.id AS agreement_id, p.company_id, a.currency_id, 'shipped' AS side,
               NULL::int4 AS entry_id, NULL::int4 AS back_id, p.id AS compensation_id,
               NULL::int4 AS visit_id, NULL::int4 AS spend_id,
               NULL::int4 AS corrects_id, p.owed_on AS day, p.owed_on AS sold_on,
               p.shop_id, o.name AS ticket, NULL::int4 AS unit_id,
               NULL::numeric AS points, p.amount AS paid, c.currency_id AS paid_in,
               p.id AS step
          FROM b2b2c_compensation p
          JOIN b2b2c_distributor d ON d.id = p.distributor_id
          JOIN b2b2c_supply_order o ON o.id = p.order_id
          JOIN res_company c ON c.id = p.company_id
          JOIN b2b2c_partner_agreement a
            ON a.partner_id = d.partner_id AND a.company_id = p.company_id
           AND a.starts_on <= p.owed_on AND coalesce(a.ends_on, p.owed_on) >= p.owed_on
         WHERE a.id = ANY(%(agreements)s) AND a.state <> 'draft'
           AND p.owed_on <= %(until)s AND %(is_open)s
        """,
        agreements=agreements.ids,
        until=until,
        is_open=agreements.env["b2b2c.compensation"]._get_open_condition("p"),
    )


def _local_day(column):
    """Return the day of a moment in the company's time zone; ``c`` is the company."""
    return SQL(
        "(%s AT TIME ZONE 'UTC' AT TIME ZONE coalesce(c.b2b2c_timezone, 'UTC'))::date",
        SQL(column),
    )
