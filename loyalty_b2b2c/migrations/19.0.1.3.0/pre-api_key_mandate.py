"""Keys say what they report: each goes on with what it did so far."""

_COLUMNS = """
    ALTER TABLE b2b2c_api_key
        ADD COLUMN IF NOT EXISTS reports_sale boolean,
        ADD COLUMN IF NOT EXISTS reports_shipment boolean,
        ADD COLUMN IF NOT EXISTS reports_event boolean,
        ADD COLUMN IF NOT EXISTS reports_others boolean,
        ADD COLUMN IF NOT EXISTS document_quantity numeric,
        ADD COLUMN IF NOT EXISTS document_amount numeric,
        ADD COLUMN IF NOT EXISTS day_quantity numeric,
        ADD COLUMN IF NOT EXISTS day_amount numeric
"""

# Our own systems go on with everything; those of others with the types they reported,
# and with the limits of a new key, or as much as they ever had in a document or a day.
# Shipments to themselves are refused from now on, whatever they did.
_FILL = """
    WITH reported AS (
        SELECT d.id, d.company_id, d.reporter_id, d.document_type,
               d.create_date::date AS day,
               greatest(d.amount_total, d.amount_untaxed) AS amount,
               (SELECT sum(l.quantity * coalesce(u.factor / nullif(own.factor, 0), 1))
                  FROM b2b2c_external_line l
             LEFT JOIN uom_uom u ON u.id = l.product_uom_id
             LEFT JOIN product_product p ON p.id = l.product_id
             LEFT JOIN product_template t ON t.id = p.product_tmpl_id
             LEFT JOIN uom_uom own ON own.id = t.uom_id
                 WHERE l.document_id = d.id) AS quantity,
               d.document_type = 'sale' AND (
                   seller.employer_id <> d.reporter_id
                   OR d.partner_id <> d.reporter_id AND EXISTS (
                      SELECT FROM b2b2c_member m
                       WHERE m.employer_id = d.partner_id
                         AND m.role IN ('salesperson', 'owner'))) AS of_others
          FROM b2b2c_external_document d
     LEFT JOIN b2b2c_member seller ON seller.id = d.seller_id
         WHERE d.channel = 'api' AND d.reporter_id IS NOT NULL
    ), by_day AS (
        SELECT company_id, reporter_id, max(day_quantity) AS quantity,
               max(day_amount) AS amount
          FROM (SELECT company_id, reporter_id, day, sum(quantity) AS day_quantity,
                       sum(amount) AS day_amount
                  FROM reported GROUP BY company_id, reporter_id, day) AS days
      GROUP BY company_id, reporter_id
    ), did AS (
        SELECT r.company_id, r.reporter_id, array_agg(DISTINCT document_type) AS types,
               bool_or(of_others) AS of_others, max(r.quantity) AS quantity,
               max(r.amount) AS amount, max(b.quantity) AS day_quantity,
               max(b.amount) AS day_amount
          FROM reported r
          JOIN by_day b ON b.company_id = r.company_id
           AND b.reporter_id = r.reporter_id
      GROUP BY r.company_id, r.reporter_id
    )
    UPDATE b2b2c_api_key k
       SET reports_sale = coalesce('sale' = ANY(did.types), TRUE),
           reports_shipment = coalesce('shipment' = ANY(did.types), FALSE),
           reports_event = coalesce('event' = ANY(did.types), FALSE),
           reports_others = coalesce(did.of_others, FALSE),
           document_quantity = greatest(1000, did.quantity),
           document_amount = greatest(100000, did.amount),
           day_quantity = greatest(10000, did.day_quantity),
           day_amount = greatest(1000000, did.day_amount)
      FROM b2b2c_api_key other
 LEFT JOIN did ON did.company_id = other.company_id
       AND did.reporter_id = other.reporter_id
     WHERE other.id = k.id AND k.reporter_id IS NOT NULL
"""


def migrate(cr, version):
    """Add the columns here: Odoo would fill them as those of new keys."""
    cr.execute(_COLUMNS)
    cr.execute(
        """
        UPDATE b2b2c_api_key
           SET reports_sale = TRUE, reports_shipment = TRUE, reports_event = TRUE,
               reports_others = TRUE, document_quantity = 0, document_amount = 0,
               day_quantity = 0, day_amount = 0
         WHERE reporter_id IS NULL
        """
    )
    cr.execute(_FILL)
