"""What is stored about scanned codes, read by as few statements as possible.

Odoo would read a code, its batch, product, template, category and claim one after the
other, a hundred columns each, and a phone waits for that. Here one statement reads what
is asked of them, and puts it into Odoo's cache. Nothing is decided here.
"""

from collections import Counter
from datetime import timedelta

from odoo import fields
from odoo.tools import SQL

from ...engine.product_code import keep
from ...engine.typed_text import get_network
from ..base.rows import remember
from .b2b2c_code import OPEN, is_usable

_ADJACENT_SPAN = 50  # numbers on each side
#: What is asked of the claim that has a code already, read along with the code.
_FIRST = ("submitter_id", "partner_id", "request_key", "address")


def get_scopes(member_id, address):
    """Return whose wrong codes are counted: the person's, the network's."""
    return f"failed/m{member_id}", f"failed/a{get_network(address) or '-'}"


class ScanLookup:
    """What was stored about the codes of a request when it came; it learns what the
    request itself changes.

    :param members: memberships (sudo) of the person
    :param codes: set of codes in standard form
    :param str address: IP address of the phone
    """

    def __init__(self, members, codes, address):
        self.env, self.members = members.env, members
        #: Code -> dict; codes that nobody knows are missing.
        self.rows = {}
        #: ``"company id/scope"`` -> wrong codes within the hour.
        self.failures = Counter()
        self._read(codes, address)

    def _read(self, codes, address):
        """Read it by one statement, whether there are such codes or not."""
        cr, now = self.env.cr, fields.Datetime.now()
        batches = self.env["b2b2c.code.batch"]
        batches.flush_model()
        pepper = batches._get_pepper()
        kept = {keep(pepper, code): code for code in codes}
        cr.execute(
            SQL(
                """
                SELECT q.*, counted.by_scope
                  FROM (SELECT jsonb_object_agg(company_id || '/' || scope, number)
                          FROM b2b2c_hour_count
                         WHERE scope = ANY(%(scopes)s) AND company_id = ANY(%(own)s)
                           AND since > %(now)s - interval '1 hour'
                       ) AS counted (by_scope)
             LEFT JOIN (
                SELECT c.code, c.id, c.batch_id, c.level, c.serial, c.state, c.pin_hash,
                       c.package_id, c.lot_id, c.picking_id, c.shop_id, c.claim_id,
                       b.company_id, b.product_id, b.content, b.state AS batch_state,
                       b.valid_until, %(usable)s AS usable,
                       EXISTS (SELECT FROM b2b2c_code d WHERE d.parent_id = c.id)
                       AS is_parent,
                       m.submitter_id, m.partner_id, m.request_key, m.address,
                       p.default_code, p.product_tmpl_id, t.name AS product_name,
                       t.uom_id, t.categ_id, t.list_price, g.parent_path,
                       ARRAY(SELECT product_template_attribute_value_id
                               FROM product_variant_combination
                              WHERE product_product_id = p.id) AS values
                  FROM b2b2c_code c
                  JOIN b2b2c_code_batch b ON b.id = c.batch_id
                  JOIN product_product p ON p.id = b.product_id
                  JOIN product_template t ON t.id = p.product_tmpl_id
             LEFT JOIN product_category g ON g.id = t.categ_id
             LEFT JOIN b2b2c_claim m ON m.id = c.claim_id
                 WHERE c.code = ANY(%(codes)s)
                       ) q ON TRUE
                """,
                scopes=[
                    scope
                    for member in self.members
                    for scope in get_scopes(member.id, address)
                ],
                own=self.members.company_id.ids,
                now=now,
                usable=is_usable(now),
                codes=[*codes, *kept],
            )
        )
        rows = cr.dictfetchall()
        self.failures.update(rows[0]["by_scope"])
        self.rows = {
            kept.get(row["code"], row["code"]): row for row in rows if row["id"]
        }
        claims = self.env["b2b2c.claim"]
        for row in rows:
            if row["claim_id"]:
                # reading it later would take longer than saying there is no such code
                remember(
                    claims.browse(row["claim_id"]), {name: row[name] for name in _FIRST}
                )

    def take(self, code_ids, claim):
        """Learn which codes a claim took: the next scans of the request see it."""
        for row in self.rows.values():
            if row["id"] in code_ids:
                row.update(state="claimed", claim_id=claim.id)

    def count_with(self, row):
        """Return how many neighbours of a code came with it and are still free."""
        return sum(
            other is not row
            and other["state"] in OPEN
            and (other["batch_id"], other["level"]) == (row["batch_id"], row["level"])
            and abs(other["serial"] - row["serial"]) <= _ADJACENT_SPAN
            for other in self.rows.values()
        )


def count_around(scan):
    """Return how many neighbours of a code the person scanned within minutes, and how
    many claims the shop's people made within the hour.

    :param scan: ``Scan`` of a code that is known
    """
    row, settings, now = scan.row, scan.settings, fields.Datetime.now()
    return scan.member.env.execute_query(
        SQL(
            """
            SELECT (SELECT count(*) FROM (
                        SELECT c.claim_id FROM b2b2c_code c
                         WHERE c.batch_id = %(batch)s AND c.level = %(level)s
                           AND c.serial BETWEEN %(first)s AND %(last)s
                           AND c.claim_id IS NOT NULL AND %(adjacent)s != 0
                        OFFSET 0) t
                      JOIN b2b2c_claim m ON m.id = t.claim_id
                     WHERE m.submitter_id = %(submitter)s
                       AND m.arrived_at > %(since)s),
                   (SELECT count(*) FROM (
                        SELECT FROM b2b2c_claim
                         WHERE partner_id = %(shop)s AND create_date > %(hour)s
                           AND kind = 'scan' AND state IN ('accepted', 'review')
                         LIMIT %(limit)s) t)
            """,
            batch=row["batch_id"],
            level=row["level"],
            first=row["serial"] - _ADJACENT_SPAN,
            last=row["serial"] + _ADJACENT_SPAN,
            adjacent=settings["adjacent"],
            submitter=scan.member.id,
            since=now - timedelta(minutes=settings["adjacent_minutes"]),
            shop=scan.shop.id,
            hour=now - timedelta(hours=1),
            limit=settings["shop_hour"],
        )
    )[0]


def remember_product(env, row):
    """Return the product of a code, with what was read along with the code.

    :param dict row: of :attr:`ScanLookup.rows`
    """
    product = env["product.product"].browse(row["product_id"])
    template = env["product.template"].browse(row["product_tmpl_id"])
    values = env["product.template.attribute.value"].browse(row["values"])
    names = row["product_name"]
    remember(
        product,
        {"default_code": row["default_code"], "product_tmpl_id": template.id},
        product_template_attribute_value_ids=values,
    )
    remember(
        template,
        {
            "name": names.get(env.lang or "en_US") or names["en_US"],
            "uom_id": row["uom_id"],
            "categ_id": row["categ_id"],
            "list_price": row["list_price"] or 0,
        },
    )
    if row["categ_id"]:
        remember(template.categ_id, {"parent_path": row["parent_path"]})
    return product


def get_packed_quantity(env, row):
    """Return how much of its product is in the package of a code, may be ``None``.

    :param dict row: of :attr:`ScanLookup.rows`
    """
    return env.execute_query(
        SQL(
            """SELECT sum(quantity) FROM stock_quant
                WHERE package_id = %s AND product_id = %s""",
            row["package_id"],
            row["product_id"],
        )
    )[0][0]


def get_open_codes(env, code_id):
    """Return the unclaimed codes in a code, itself included.

    :return: ``(ids, how many of the codes inside hold no others)``
    """
    rows = env.execute_query(
        SQL(
            """
            SELECT c.id, NOT EXISTS (
                       SELECT FROM b2b2c_code d WHERE d.parent_id = c.id)
                   AND c.id != %(root)s
              FROM b2b2c_code c
             WHERE c.id IN (%(tree)s) AND c.state IN %(open)s
          ORDER BY c.id
            """,
            root=code_id,
            tree=env["b2b2c.code"]._select_tree(SQL("SELECT %s", code_id)),
            open=OPEN,
        )
    )
    return [row[0] for row in rows], sum(row[1] for row in rows)
