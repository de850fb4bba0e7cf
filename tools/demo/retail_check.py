"""What the retail load was worth, told again by plain SQL over the documents.

The statements know the rules of measuring and nothing else of ours: no function, no
view, no stored figure.  A sale is worth what is invoiced less what notes take back,
and what is still to come; it is paid to the share of its invoices that is.
"""

from collections import defaultdict
from datetime import timedelta
from decimal import Decimal

from tools.demo import retail_load

# === CORRECTIONS === #

READ = (
    "sale_order",
    "sale_order_line",
    "sale_order_line_invoice_rel",
    "account_move",
    "account_move_line",
    "account_partial_reconcile",
    "account_payment",
    "b2b2c_ledger_entry",
    "b2b2c_volume_day",
)
CORRECTIONS = """
    SELECT (SELECT count(*) FROM sale_order WHERE client_order_ref LIKE 'CJ/%') orders,
           count(DISTINCT o.id) FILTER (
               WHERE m.move_type = 'out_refund' AND a.price_unit = l.price_unit
           ) returns,
           count(DISTINCT o.id) FILTER (
               WHERE m.move_type = 'out_refund' AND a.price_unit <> l.price_unit
           ) notes,
           count(DISTINCT o.id) FILTER (
               WHERE a.extra_tax_data->>'computation_key' LIKE 'global_discount,%'
           ) discounts,
           count(DISTINCT o.id) FILTER (WHERE a.is_downpayment) advances
      FROM sale_order o
      JOIN sale_order_line l ON l.order_id = o.id
      JOIN sale_order_line_invoice_rel r ON r.order_line_id = l.id
      JOIN account_move_line a ON a.id = r.invoice_line_id
      JOIN account_move m ON m.id = a.move_id AND m.state = 'posted'
     WHERE o.client_order_ref LIKE 'CJ/%'
"""


def count_corrections(env):
    """Count the orders that were loaded, and those that something lowers.

    Lets the planner look at the tables first: it knows nothing of what was just loaded.

    :return: dict ``orders``, ``returns`` (goods credited), ``notes`` (prices lowered),
        ``discounts``, ``advances``
    """
    env.flush_all()
    env.cr.execute(f"ANALYZE {', '.join(READ)}")
    env.cr.execute(CORRECTIONS)
    return env.cr.dictfetchone()


# === POINTS PER ORDER === #

#: Of each order: what it is worth, and what of it is paid (none: no invoice).  A pool
#: is an invoice and its notes: what is due for them together is paid to one share.
WORTH_AND_PAID = """
    WITH sold AS (  -- a down payment is no sale; a discount is a line below zero
        SELECT l.id, l.order_id, l.price_subtotal, l.product_uom_qty
          FROM sale_order_line l
          JOIN sale_order o ON o.id = l.order_id AND o.state = 'sale'
         WHERE o.client_order_ref LIKE 'CJ/%%' AND l.display_type IS NULL
           AND l.is_downpayment IS NOT TRUE
    ), posted AS (
        SELECT m.id, coalesce(m.reversed_entry_id, m.id) AS pool,
               CASE m.move_type WHEN 'out_refund' THEN -1 ELSE 1 END AS sign
          FROM account_move m
         WHERE m.state = 'posted' AND m.move_type IN ('out_invoice', 'out_refund')
    ), item AS (
        SELECT r.order_line_id, m.id AS move, m.pool, m.sign,
               m.sign * a.price_subtotal AS money, m.sign * a.price_total AS total,
               a.quantity
          FROM sale_order_line_invoice_rel r
          JOIN account_move_line a ON a.id = r.invoice_line_id
          JOIN posted m ON m.id = a.move_id
    ), invoiced AS (
        SELECT order_line_id, sum(money) AS money,
               sum(quantity) FILTER (WHERE sign > 0) AS quantity
          FROM item GROUP BY order_line_id
    ), worth AS (  -- what is invoiced, and the ordered price of what is still to come
        SELECT s.order_id,
               sum(coalesce(i.money, 0)
                   + CASE WHEN s.product_uom_qty = 0 THEN 0
                          ELSE s.price_subtotal / s.product_uom_qty
                               * greatest(0, s.product_uom_qty
                                             - coalesce(i.quantity, 0)) END) AS money
          FROM sold s LEFT JOIN invoiced i ON i.order_line_id = s.id
      GROUP BY s.order_id
    ), due AS (
        SELECT m.pool, m.id AS move, sum(a.balance) AS money,
               sum((SELECT coalesce(sum(p.amount), 0)
                      FROM account_partial_reconcile p
                      JOIN account_move_line c ON c.id = p.credit_move_id
                      JOIN account_move e ON e.id = c.move_id AND e.state = 'posted'
                      JOIN account_payment y ON y.id = e.origin_payment_id
                       AND y.state NOT IN ('draft', 'canceled', 'rejected')
                     WHERE p.debit_move_id = a.id)) AS received
          FROM posted m
          JOIN account_move_line a ON a.move_id = m.id
          JOIN account_account n ON n.id = a.account_id
           AND n.account_type = 'asset_receivable'
      GROUP BY m.pool, m.id
    ), deducted AS (  -- a final invoice is paid by the down payment, as far as that is
        SELECT f.pool, -f.total AS money,
               -f.total * least(1, d.received / nullif(d.money, 0)) AS received
          FROM item f
          JOIN sale_order_line l ON l.id = f.order_line_id AND l.is_downpayment
          JOIN item g ON g.order_line_id = l.id AND g.quantity > 0 AND g.sign > 0
          JOIN due d ON d.move = g.move
         WHERE f.quantity < 0 AND f.sign > 0
    ), pool AS (
        SELECT pool, sum(money) AS money, sum(received) AS received
          FROM (SELECT pool, money, received FROM due
                 UNION ALL SELECT pool, money, received FROM deducted) AS each
      GROUP BY pool
    ), sale AS (
        SELECT s.order_id, i.pool, sum(i.money) AS money
          FROM sold s JOIN item i ON i.order_line_id = s.id
      GROUP BY s.order_id, i.pool
    ), paid AS (
        SELECT sale.order_id,
               sum(CASE WHEN pool.money <= 0 THEN 0
                        ELSE sale.money * least(pool.received, pool.money)
                             / pool.money END) AS money
          FROM sale JOIN pool ON pool.pool = sale.pool
      GROUP BY sale.order_id
    )
    SELECT o.id, o.client_order_ref AS name, greatest(0, w.money) AS worth,
           greatest(0, least(w.money, coalesce(p.money, 0))) AS paid
      FROM sale_order o
      JOIN worth w ON w.order_id = o.id
 LEFT JOIN paid p ON p.order_id = o.id
"""

#: Per order and rule of the owners' program: what is booked, and what it should be.
POINTS = f"""
    WITH told AS ({WORTH_AND_PAID}), right_now AS (
        SELECT id, name, floor(worth * %(percent)s) / 100 AS earned,
               floor(paid * %(percent)s) / 100 AS usable
          FROM told
    ), booked AS (
        SELECT document_id, rule_id, sum(points) AS points,
               sum(points_pending) AS pending
          FROM b2b2c_ledger_entry
         WHERE program_id = %(program)s AND document_model = 'sale.order'
      GROUP BY document_id, rule_id
    )
    SELECT name, trigger, points, pending, own_points, own_pending,
           (points, pending) = (own_points, own_pending) AS is_equal
      FROM (SELECT n.name, r.trigger, n.usable AS points,
                   CASE r.trigger WHEN 'confirmed' THEN n.earned - n.usable ELSE 0 END
                       AS pending,
                   coalesce(b.points, 0) AS own_points,
                   coalesce(b.pending, 0) AS own_pending
              FROM right_now n
              JOIN b2b2c_earning_rule r ON r.program_id = %(program)s
         LEFT JOIN booked b ON b.document_id = n.id AND b.rule_id = r.id) AS each
  ORDER BY name, trigger
"""


def compare_points(env):
    """Compare what each order gave its shop's owner with :data:`POINTS`.

    :return: dict ``compared`` (orders), ``points`` (usable ones, of both rules),
        ``differences`` (texts)
    """
    env.flush_all()
    program = retail_load.get_loaded(env, "b2b2c.program")[retail_load.CREDIT_PROGRAM]
    percent = Decimal(retail_load.CREDIT_PERCENT)
    env.cr.execute(POINTS, {"program": program, "percent": percent})
    rows = env.cr.dictfetchall()
    return {
        "compared": len({row["name"] for row in rows}),
        "points": round(sum(row["points"] for row in rows), 2),
        "differences": [
            f"{row['name']} {row['trigger']}: {row['own_points']:.2f} and"
            f" {row['own_pending']:.2f} pending,"
            f" not {row['points']:.2f} and {row['pending']:.2f}"
            for row in rows
            if not row["is_equal"]
        ],
    }


# === VOLUMES OF DEALERS === #

#: What the ladder says again, in one statement that knows nothing of it: the net value
#: of each order's invoices less the notes of them, three months up to a day.  Down
#: payments are no sales, and no order is worth less than nothing.
INDEPENDENT = """
    WITH sale AS (
        SELECT p.commercial_partner_id AS shop, l.order_id,
               greatest(0, sum(CASE m.move_type WHEN 'out_refund' THEN -1 ELSE 1 END
                               * a.price_subtotal)) AS money
          FROM account_move m
     LEFT JOIN account_move o ON o.id = m.reversed_entry_id
          JOIN res_partner p ON p.id = m.partner_id
          JOIN account_move_line a ON a.move_id = m.id AND a.display_type = 'product'
           AND a.is_downpayment IS NOT TRUE
          JOIN sale_order_line_invoice_rel r ON r.invoice_line_id = a.id
          JOIN sale_order_line l ON l.id = r.order_line_id
         WHERE m.state = 'posted' AND m.move_type IN ('out_invoice', 'out_refund')
           AND coalesce(o.invoice_date, m.invoice_date) <= %(day)s
           AND coalesce(o.invoice_date, m.invoice_date)
               >= %(day)s::date + 1 - interval '3 months'
      GROUP BY p.commercial_partner_id, l.order_id
    )
    SELECT s.id, coalesce(sum(sale.money), 0)::text
      FROM b2b2c_ladder_standing s
 LEFT JOIN sale ON sale.shop = s.partner_id
     WHERE s.ladder_id = %(ladder)s
  GROUP BY s.id
"""


def compare_standings(env):
    """Compare every dealer's standing at month ends with :data:`INDEPENDENT`.

    :return: dict ``compared`` (standings), ``differences`` (texts), ``tiers`` (tier
        name -> how many standings)
    """
    from odoo.addons.loyalty_b2b2c.engine import Volumes

    ladder = _get_ladder(env)
    rules = ladder._to_engine()
    names = {tier.id: tier.name for tier in ladder.tier_ids}
    buckets = defaultdict(dict)
    env.cr.execute(
        "SELECT standing_id, day, value::text FROM b2b2c_volume_day"
        " WHERE ladder_id = %s",
        [ladder.id],
    )
    for standing, day, value in env.cr.fetchall():
        buckets[standing][day] = Decimal(value)
    volumes = {key: Volumes(days) for key, days in buckets.items()}
    days = sorted({day.replace(day=1) for own in buckets.values() for day in own})
    result = {"compared": 0, "differences": [], "tiers": defaultdict(int)}
    for day in (first - timedelta(days=1) for first in days[1:]):
        env.cr.execute(INDEPENDENT, {"day": day, "ladder": ladder.id})
        for standing, text in env.cr.fetchall():
            expected = Decimal(text)
            own = volumes.get(standing, Volumes({})).within(rules.window, day)
            tier = rules.deserved(own)
            again = max(
                volume for volume, _d in retail_load.TIERS if volume <= max(expected, 0)
            )
            if own != expected or tier.volume_from != again:
                result["differences"].append(f"{standing} on {day}: {own}, {expected}")
            result["compared"] += 1
            result["tiers"][names[tier.id]] += 1
    result["tiers"] = dict(result["tiers"])
    return result


def _get_ladder(env):
    return env["b2b2c.ladder"].search([("name", "=", retail_load.LADDER)], limit=1)


# === FAULTS === #


#: What is booked cannot be changed while the triggers stand.
CHANGED_ENTRY = """
    ALTER TABLE b2b2c_ledger_entry DISABLE TRIGGER USER;
    UPDATE b2b2c_ledger_entry SET points = points + 0.01
     WHERE id = (SELECT id FROM b2b2c_ledger_entry
                  WHERE program_id = %s AND points > 0 ORDER BY id LIMIT 1)
"""
CHANGED_VOLUME = """
    UPDATE b2b2c_volume_day SET value = value + 0.01
     WHERE id = (SELECT id FROM b2b2c_volume_day
                  WHERE ladder_id = %s AND value > 0 ORDER BY day LIMIT 1)
"""


def find_planted(env):
    """Change one entry and one day of a dealer's volume, look, and change them back.

    :return: dict ``points``, ``standings``: whether the comparison noticed
    :raise LookupError: when there is nothing to change
    """
    program = retail_load.get_loaded(env, "b2b2c.program")[retail_load.CREDIT_PROGRAM]
    return {
        "points": _notices(env, compare_points, CHANGED_ENTRY, program),
        "standings": _notices(
            env, compare_standings, CHANGED_VOLUME, _get_ladder(env).id
        ),
    }


def _notices(env, compare, change, owner):
    with env.cr.savepoint() as savepoint:
        env.cr.execute(change, [owner])
        if not env.cr.rowcount:
            raise LookupError(f"nothing to change for {compare.__name__}")
        noticed = bool(compare(env)["differences"])
        savepoint.rollback()
    return noticed
