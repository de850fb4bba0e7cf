"""What the bench of settlements does in Odoo: a month of a busy partner.

Facts are inserted by statements: how they come about is measured elsewhere.
"""

import time
from datetime import date

from odoo import SUPERUSER_ID, api

_MONTH = (date(2025, 10, 1), date(2025, 10, 31))


def prepare(registry, facts):
    """Create a partner and ``facts`` sales: nine in ten give 7 points, one is taken
    back in part."""
    with registry.cursor() as cr:
        env = api.Environment(cr, SUPERUSER_ID, {})
        unit = env.ref("loyalty_b2b2c.unit_points")
        partner, person = env["res.partner"].create(
            [
                {"name": "Busy Partner", "is_company": True},
                {"name": "Buyer", "email": "buyer@example.com"},
            ]
        )
        member = env["b2b2c.member"].create(
            {
                "partner_id": person.id,
                "role": "employee",
                "employer_id": partner.id,
                "company_id": env.company.id,
            }
        )
        account = member._get_account(unit)
        agreement = env["b2b2c.partner.agreement"].create(
            {
                "partner_id": partner.id,
                "starts_on": "2020-01-01",
                "rate_ids": [
                    (
                        0,
                        0,
                        {
                            "unit_id": unit.id,
                            "valid_from": "2020-01-01",
                            "point_value": 0.05,
                            "earned_percent": 50,
                        },
                    )
                ],
            }
        )
        agreement.action_activate()
        env.flush_all()
        cr.execute(
            """
            INSERT INTO b2b2c_partner_visit (agreement_id, company_id, shop_id,
                   document_model, document_id, ticket, sold_on)
            SELECT %(agreement)s, %(company)s, %(partner)s, 'bench', n, 'R-' || n,
                   date '2025-10-01' + n %% 30
              FROM generate_series(1, %(sales)s) n;
            INSERT INTO b2b2c_ledger_entry (account_id, unit_id, company_id, entry_type,
                   points, points_pending, points_held, points_debt, points_lost,
                   document_model, document_id, source_key, effective_at, recorded_at)
            SELECT %(account)s, %(unit)s, %(company)s, 'earn', 7, 0, 0, 0, 0, 'bench',
                   n, 'bench/' || n, timestamp '2025-10-01 12:00'
                   + n %% 30 * interval '1 day', timestamp '2025-10-31 12:00'
              FROM generate_series(1, %(sales)s) n;
            INSERT INTO b2b2c_ledger_entry (account_id, unit_id, company_id, entry_type,
                   points, points_pending, points_held, points_debt, points_lost,
                   document_model, document_id, source_key, reversal_of_id,
                   effective_at, recorded_at)
            SELECT account_id, unit_id, company_id, 'reverse', -3, 0, 0, 0, 0, 'bench',
                   document_id, 'bench/back/' || document_id, id,
                   timestamp '2025-10-31 12:00', timestamp '2025-10-31 12:00'
              FROM b2b2c_ledger_entry WHERE source_key LIKE 'bench/%%'
          ORDER BY document_id LIMIT %(facts)s - %(sales)s;
            ANALYZE
            """,
            {
                "agreement": agreement.id,
                "company": env.company.id,
                "partner": partner.id,
                "account": account.id,
                "unit": unit.id,
                "sales": facts * 9 // 10,
                "facts": facts,
            },
        )


def preview(registry):
    """Look at the month; return how long that took."""
    with registry.cursor() as cr:
        env = api.Environment(cr, SUPERUSER_ID, {})
        begin = time.monotonic()
        env["b2b2c.settlement"]._preview(_get_agreement(env), _MONTH[1])
        return {"seconds": round(time.monotonic() - begin, 2)}


def settle(registry):
    """Settle the month; return how long that took, and what it came to."""
    with registry.cursor() as cr:
        env = api.Environment(cr, SUPERUSER_ID, {})
        begin = time.monotonic()
        settlement = env["b2b2c.settlement"]._draft(_get_agreement(env), *_MONTH)
        cr.commit()
        seconds = time.monotonic() - begin
        # 0.175 is 0.18; with 3 points of 7 taken back 0.10 is left
        cr.execute(
            """
            SELECT sum(round(points * 0.025, 2)) FROM (
                SELECT sum(points) AS points FROM b2b2c_ledger_entry
                 WHERE document_model = 'bench' GROUP BY document_id) s
            """
        )
        [(expected,)] = cr.fetchall()
        return {
            "seconds": round(seconds, 2),
            "lines": settlement.line_count,
            "amount": round(settlement.earned_amount, 2),
            "expected": float(expected),
        }


def read_page(registry):
    """Read the last page of the partner's receipts."""
    with registry.cursor() as cr:
        env = api.Environment(cr, SUPERUSER_ID, {})
        settlement = env["b2b2c.settlement"].search([], limit=1)
        begin = time.monotonic()
        settlement._read_rows(100, settlement.line_count - 100)
        return {"seconds": round(time.monotonic() - begin, 2)}


def _get_agreement(env):
    return env["b2b2c.partner.agreement"].search([], limit=1)
