from collections import defaultdict

from odoo import api, fields, models, tools
from odoo.tools import SQL


class B2b2cMilestoneSale(models.Model):
    """A document that counts as a sale of a participant for a rule with a milestone.

    How many awards a milestone deserves follows from how many sales there are, so each
    change of their number is made one after the other: it moves a counter of
    ``b2b2c.cap.scope``, as limits do, and of two documents that counted what the other
    one changes, one is processed again.
    """

    _name = "b2b2c.milestone.sale"
    _description = "Sale That Counts for a Milestone"
    _inherit = "b2b2c.closed"
    _log_access = False
    _rec_name = "document_model"

    document_model = fields.Char(required=True, readonly=True)
    document_id = fields.Many2oneReference(
        model_field="document_model", required=True, readonly=True
    )
    rule_id = fields.Many2one(
        "b2b2c.earning.rule", required=True, readonly=True, ondelete="cascade"
    )
    series_id = fields.Many2one(
        "b2b2c.earning.rule",
        required=True,
        readonly=True,
        ondelete="cascade",
        help="The first version of the rule: sales of all versions count together.",
    )
    member_id = fields.Many2one(
        "b2b2c.member", required=True, readonly=True, index=True, ondelete="cascade"
    )
    is_awarded = fields.Boolean(readonly=True)
    lines = fields.Json(readonly=True, help="Keys of the lines the rule is for.")

    _once = models.UniqueIndex("(document_model, document_id, rule_id, member_id)")
    _of_member = models.Index("(series_id, member_id)")

    # === WHAT THE JUDGE ASKS === #

    @api.model
    @tools.ormcache(cache="default")
    def _is_needed(self):
        """Tell whether any rule has a milestone.

        Cached: every change of a rule clears the registry cache.
        """
        rules = self.env["b2b2c.earning.rule"].sudo().with_context(active_test=False)
        return bool(rules.search_count([("milestone", "!=", "none")], limit=1))

    @api.model
    def _count(self, series_id, member_id, document=None):
        """Count the sales of a participant, those of merged memberships included.

        :param int series_id: the first version of the rule
        :param str document: ``"model,id"`` of a document that is left out
        :return: ``(sales, those with an award)``
        """
        model, _comma, document_id = (document or ",0").partition(",")
        if not document_id.isdecimal():
            document_id = 0  # only imagined
        rows = self.env.execute_query(
            SQL(
                """
                SELECT count(*), count(*) FILTER (WHERE is_awarded)
                  FROM b2b2c_milestone_sale
                 WHERE series_id = %s AND member_id = ANY(%s)
                   AND (document_model, document_id) <> (%s, %s)
                """,
                series_id,
                self._get_family(member_id),
                model,
                int(document_id),
            )
        )
        return rows[0]

    @api.model
    def _add_prior(self, documents, prior):
        """Add what counted before: it still does when master data has changed.

        :param documents: records of one model
        :param prior: dict document id -> ``{source key: {(rule id, member id)}}``; what
            is added goes there
        """
        ids = [document.id or document._origin.id for document in documents]
        if not self._is_needed() or not any(ids):
            return
        counted = defaultdict(list)
        for document_id, *row in self.env.execute_query(
            SQL(
                """
                SELECT document_id, rule_id, member_id, lines
                  FROM b2b2c_milestone_sale
                 WHERE document_model = %s AND document_id = ANY(%s)
                """,
                documents._name,
                list(filter(None, ids)),
            )
        ):
            counted[document_id].append(row)
        for document, stored_id in zip(documents, ids, strict=True):
            for rule_id, member_id, lines in counted[stored_id]:
                for key in (f"{documents._name},{stored_id}", *(lines or ())):
                    prior[document.id][key].add((rule_id, member_id))

    # === WHAT THE BOOKER WRITES === #

    @api.model
    def _set_document_sales(self, document_model, document_id, sales):
        """Make ``sales`` what a document counts for.

        :param sales: ``engine.Sale`` of each participant and rule
        :return: dict model -> ids of other documents whose award does not fit the
            number of sales any more
        """
        if not sales and not self._is_needed():
            return {}
        before = {
            (rule_id, member_id): (is_awarded, tuple(lines or ()))
            for rule_id, member_id, is_awarded, lines in self.env.execute_query(
                SQL(
                    """
                    SELECT rule_id, member_id, is_awarded, lines
                      FROM b2b2c_milestone_sale
                     WHERE document_model = %s AND document_id = %s
                    """,
                    document_model,
                    document_id,
                )
            )
        }
        after = {
            (sale.rule_id, sale.member_id): (sale.is_awarded, tuple(sale.lines))
            for sale in sales
        }
        changed = [
            key
            for key in sorted(before.keys() | after.keys())  # one order: no deadlock
            if before.get(key) != after.get(key)
        ]
        unfit = defaultdict(set)
        for key in changed:
            self._write_sale(document_model, document_id, key, before, after)
        for rule_id, member_id in changed:
            rule = self.env["b2b2c.earning.rule"].sudo().browse(rule_id)
            for model, other_id in self._get_unfit(rule, member_id):
                if (model, other_id) != (document_model, document_id):
                    unfit[model].add(other_id)
        return unfit

    def _write_sale(self, document_model, document_id, key, before, after):
        """Add, change or delete one row, and move the counter that guards them all."""
        rule_id, member_id = key
        rule = self.env["b2b2c.earning.rule"].sudo().browse(rule_id)
        series_id = rule._get_series_id()
        survivor = self.env["b2b2c.member"].browse(member_id)._get_survivor()
        self.env["b2b2c.cap.scope"]._add_used(
            f"s{series_id}|m{survivor.id}", (key in after) - (key in before)
        )
        if key not in after:
            self.env.execute_query(
                SQL(
                    """
                    DELETE FROM b2b2c_milestone_sale
                     WHERE document_model = %s AND document_id = %s
                       AND rule_id = %s AND member_id = %s
                 RETURNING id
                    """,
                    document_model,
                    document_id,
                    rule_id,
                    member_id,
                )
            )
            return
        is_awarded, lines = after[key]
        self.env.execute_query(
            SQL(
                """
                INSERT INTO b2b2c_milestone_sale
                       (document_model, document_id, rule_id, series_id, member_id,
                        is_awarded, lines)
                VALUES (%s, %s, %s, %s, %s, %s, to_jsonb(%s::text[]))
                ON CONFLICT (document_model, document_id, rule_id, member_id)
                DO UPDATE SET is_awarded = EXCLUDED.is_awarded, lines = EXCLUDED.lines
             RETURNING id
                """,
                document_model,
                document_id,
                rule_id,
                series_id,
                member_id,
                is_awarded,
                list(lines),
            )
        )

    def _get_unfit(self, rule, member_id):
        """Return the latest sales that lack an award, or have one too much.

        :return: list of ``(document model, document id)``
        """
        series_id = rule._get_series_id()
        missing = rule._get_milestone().missing(*self._count(series_id, member_id))
        if not missing:
            return []
        return self.env.execute_query(
            SQL(
                """
                SELECT document_model, document_id FROM b2b2c_milestone_sale
                 WHERE series_id = %s AND member_id = ANY(%s) AND is_awarded = %s
              ORDER BY id DESC LIMIT %s
                """,
                series_id,
                self._get_family(member_id),
                missing < 0,
                abs(missing),
            )
        )

    @api.model
    def _get_family(self, member_id):
        """Return the ids of a participant's memberships that contact merges joined."""
        members = self.env["b2b2c.member"].sudo().with_context(active_test=False)
        family = merged = members.browse(member_id)._get_survivor()
        while merged := members.search([("merged_into_id", "in", merged.ids)]):
            family |= merged
        return family.ids
