import json
from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

from ...values import to_json
from ..base.rows import insert_rows

_KEEP_DAYS = 90


class B2b2cWebhookFact(models.Model):
    """Something that other systems are told, in the order in which it became final.

    Written where it happens, in that transaction, with what was true then.
    """

    _name = "b2b2c.webhook.fact"
    _description = "Told by Webhooks"
    _inherit = "b2b2c.closed"
    _order = "id desc"
    _rec_name = "kind"

    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, ondelete="cascade"
    )
    kind = fields.Char(required=True, readonly=True)
    partner_id = fields.Many2one(
        "res.partner",
        readonly=True,
        ondelete="cascade",
        help="The company whose business it is: its keys hear of it, besides our own.",
    )
    payload = fields.Json(required=True, readonly=True)
    happened_at = fields.Datetime(required=True, readonly=True)

    def init(self):
        result = super().init()
        self.env["b2b2c.ledger.entry"]._add_feed_position(self._table)
        return result

    @api.model
    def _publish(self, kind, company, partner, payload):
        """Tell something, if somebody listens.

        :param str kind: of ``b2b2c.webhook.stream``, ``_get_kinds``
        :param company: ``res.company`` whose points they are
        :param partner: ``res.partner``: the company whose business it is, empty when it
            is ours alone
        :param dict payload: JSON value without names of people
        """
        if not self.env["b2b2c.webhook.stream"]._is_wanted(company.id, kind):
            return
        insert_rows(
            self.sudo(),
            [
                {
                    "company_id": company.id,
                    "kind": kind,
                    "partner_id": partner.commercial_partner_id.id or None,
                    "payload": to_json(payload),
                    "happened_at": fields.Datetime.now(),
                }
            ],
        )

    @api.model
    def _get_feed(self, key, kind, after, limit):
        """Return facts after a cursor that a key may read.

        :return: ``(events, cursor, whether there is more)``
        """
        start = tuple(map(int, (after or "0-0").split("-")))
        horizon = self.env["b2b2c.ledger.entry"]._get_horizon()
        partner = key.reporter_id.commercial_partner_id
        rows = self.env.execute_query_dict(
            SQL(
                """
                SELECT id, feed_position, payload::text AS payload,
                       to_char(happened_at, %(iso)s) AS happened_at
                  FROM b2b2c_webhook_fact
                 WHERE company_id = %(company)s AND kind = %(kind)s
                   AND (feed_position, id) > (%(position)s, %(row)s)
                   AND feed_position < %(horizon)s
                   AND (%(partner)s::int IS NULL OR partner_id = %(partner)s)
              ORDER BY feed_position, id LIMIT %(limit)s
                """,
                iso='YYYY-MM-DD"T"HH24:MI:SS"Z"',
                company=key.company_id.id,
                kind=kind,
                position=start[0],
                row=start[1],
                horizon=horizon,
                partner=partner.id or None,
                limit=limit + 1,
            )
        )
        page, has_more = rows[:limit], len(rows) > limit
        events = [
            {"id": row["id"], "happened_at": row["happened_at"],
             **json.loads(row["payload"])}
            for row in page
        ]  # fmt: skip
        end = max(start, (horizon, 0))
        if has_more:
            end = page[-1]["feed_position"], page[-1]["id"]
        return events, f"{end[0]}-{end[1]}", has_more

    @api.autovacuum
    def _gc_facts(self):
        """Forget what nobody replays any more."""
        self.env.execute_query(
            SQL(
                "DELETE FROM b2b2c_webhook_fact WHERE happened_at < %s RETURNING id",
                fields.Datetime.now() - timedelta(days=_KEEP_DAYS),
            )
        )
