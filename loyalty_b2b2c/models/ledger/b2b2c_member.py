from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ...const import POINTS

_NEWEST = 100
_ACCOUNT = (
    "unit_id", "balance_available", "balance_pending", "balance_held", "balance_debt",
)  # fmt: skip
#: What a person's copy of the entries holds.
PERSONAL_ENTRY = (
    "id", "effective_at", "recorded_at", "entry_type", "points", "points_pending",
    "points_held", "points_debt", "points_lost", "unit_id", "program_id", "rule_id",
    "document_name", "reason", "explanation_text",
)  # fmt: skip


class B2b2cMember(models.Model):
    """What a participant has: accounts, balances, entries, and the documents behind."""

    _inherit = "b2b2c.member"

    account_ids = fields.One2many("b2b2c.account", "member_id")
    account_count = fields.Integer(compute="_compute_account_count")
    lot_ids = fields.Many2many("b2b2c.ledger.lot", compute="_compute_lot_ids")
    points_available = fields.Float(**POINTS, compute="_compute_points")
    points_pending = fields.Float(**POINTS, compute="_compute_points")
    entry_ids = fields.Many2many("b2b2c.ledger.entry", compute="_compute_entry_ids")
    pending_ids = fields.Many2many("b2b2c.ledger.entry", compute="_compute_pending_ids")
    document_count = fields.Integer(compute="_compute_document_count")

    # === COMPUTE METHODS === #

    def _compute_account_count(self):
        for member in self:
            member.account_count = len(member.account_ids)

    @api.depends("account_ids.lot_ids")
    def _compute_lot_ids(self):
        for member in self:
            member.lot_ids = member.account_ids.lot_ids

    @api.depends("account_ids")
    def _compute_points(self):
        for member in self:
            accounts = member.account_ids
            member.points_available = sum(accounts.mapped("balance_available"))
            member.points_pending = sum(accounts.mapped("balance_pending"))

    @api.depends("account_ids")
    def _compute_entry_ids(self):
        entries = self.env["b2b2c.ledger.entry"]
        for member in self:
            newest = entries.browse()
            for account in member.account_ids:
                newest |= entries.search(
                    [("account_id", "=", account.id)], limit=_NEWEST
                )
            member.entry_ids = newest.sorted("id", reverse=True)[:_NEWEST]

    @api.depends("account_ids")
    def _compute_pending_ids(self):
        for member in self:
            rows = self.env.execute_query(
                SQL(
                    """
                    SELECT coalesce(max(id) FILTER (WHERE entry_type = 'earn'), max(id))
                      FROM b2b2c_ledger_entry
                     WHERE account_id = ANY(%s)
                  GROUP BY coalesce(award_key, coalesce(related_id, id)::text)
                    HAVING sum(points_pending) > 0
                  ORDER BY max(id) DESC LIMIT %s
                    """,
                    member.account_ids.ids,
                    _NEWEST,
                )
            )
            member.pending_ids = [row[0] for row in rows]

    @api.depends("account_ids")
    def _compute_document_count(self):
        for member in self:
            member.document_count = sum(map(len, member._get_document_ids().values()))

    # === CRUD METHODS === #

    @api.ondelete(at_uninstall=False)
    def _unlink_except_with_account(self):
        if self.with_context(active_test=False).account_ids:
            raise UserError(
                self.env._(
                    "A participant with an account cannot be deleted; use “Leave”, or "
                    "“Erase Personal Data” to forget the person."
                )
            )

    def _has_account(self):
        return super()._has_account() or bool(self.account_ids)

    # === ACTION METHODS === #

    def action_open_accounts(self):
        """Open the accounts of this participant."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "loyalty_b2b2c.b2b2c_account_action"
        )
        accounts = self.account_ids
        if len(accounts) == 1:
            return dict(action, res_id=accounts.id, views=[(False, "form")])
        return dict(action, domain=[("member_id", "=", self.id)])

    def action_open_correction(self):
        """Open a new correction of this participant's balance (officers)."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "loyalty_b2b2c.b2b2c_adjustment_action_new"
        )
        return dict(action, context={"default_participant_id": self.id})

    def action_open_entries(self):
        """Open the statement of this participant."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "loyalty_b2b2c.b2b2c_ledger_entry_action"
        )
        return dict(action, domain=[("account_id.member_id", "=", self.id)], context={})

    def action_open_documents(self):
        """Open the documents that rewarded this participant."""
        self.ensure_one()
        documents = self._get_document_ids()
        if not documents:
            raise UserError(self.env._("No document has rewarded this person yet."))
        if len(documents) > 1:
            action = self.action_open_entries()
            return dict(
                action,
                domain=[*action["domain"], ("document_id", "!=", False)],
                context={"group_by": ["document_model"]},
            )
        [(model, ids)] = documents.items()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Documents of %s", self.name),
            "res_model": model,
            "domain": [("id", "in", ids)],
            "views": [(False, "list"), (False, "form")],
        }

    # === BUSINESS METHODS === #

    def _get_account(self, unit):
        """Return this member's account in ``unit``, created when needed.

        :param unit: ``b2b2c.unit`` record
        """
        self.ensure_one()
        return self.env["b2b2c.account"]._get_or_create(
            [(self._get_survivor().id, unit.id)]
        )[(self._get_survivor().id, unit.id)]

    def _get_balance_texts(self):
        """Return what a participant can spend, a text per unit."""
        self.ensure_one()
        accounts = self._get_survivor().account_ids.sorted("id")
        accounts.invalidate_recordset()
        return [a.unit_id._format(a.balance_available) for a in accounts]

    def _get_document_ids(self):
        """Return the documents that rewarded this person: model -> ids."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT document_model, array_agg(DISTINCT document_id)
                  FROM b2b2c_ledger_entry
                 WHERE account_id = ANY(%s) AND document_id IS NOT NULL
                   AND award_key IS NOT NULL
              GROUP BY document_model ORDER BY document_model
                """,
                self.account_ids.ids,
            )
        )
        return dict(rows)

    # === POINTS FOLLOW THE PERSON === #

    def _move(self, employer, *, transfer=True, **values):
        """Let the person change to another employer, and the points along.

        :param bool transfer: take the available points along
        """
        moved = super()._move(employer, **values)
        if transfer:
            self._take_points_to(moved)
        return moved

    def _take_points_to(self, other):
        """Transfer the available points of every unit to another membership."""
        for account in self.account_ids:
            account._fold()
            available = account._get_balances()[account.id]
            points = available["posted"] - available["held"] - available["debt"]
            if points > 0:
                account._transfer(
                    other._get_account(account.unit_id),
                    points,
                    source_key=f"move/{account.id}/{other.id}",
                    reason=self.env._("Moved to %s", other.employer_id.name),
                )

    def _merge_into(self, survivor):
        """Join this membership into ``survivor``: its points move by transfer.

        Its own history stays where it was booked; what its documents still change is
        booked on the survivor's account.
        """
        result = super()._merge_into(survivor)
        self.account_ids._fold()
        return result

    # === PERSONAL DATA === #

    def _get_personal_data(self):
        accounts = self.account_ids
        entries = self.env["b2b2c.ledger.entry"].search(
            [("account_id", "in", accounts.ids)], order="id"
        )
        lots = accounts.lot_ids
        return {
            **super()._get_personal_data(),
            "balances": self._to_rows(accounts, _ACCOUNT),
            "lots": self._to_rows(lots, ("points", "remaining", "expires_at")),
            "entries": self._to_rows(entries, PERSONAL_ENTRY),
        }

    def _get_personal_documents(self):
        documents = super()._get_personal_documents()
        for model, ids in self._get_document_ids().items():
            documents[model].update(ids)
        return documents

    def _get_personal_records(self):
        adjustments = self.env["b2b2c.adjustment"].search(
            [
                "|",
                ("account_id", "in", self.account_ids.ids),
                ("target_member_id", "in", self.ids),
            ]
        )
        return [*super()._get_personal_records(), adjustments]

    def _get_personal_texts(self, person):
        texts = super()._get_personal_texts(person)
        accounts = self.account_ids.ids
        texts.add(
            "b2b2c.adjustment",
            replaced=["reason"],
            impersonal=["request_key"],
            mine=person.is_mine("account_id", accounts),
        )
        texts.add("b2b2c.expected.day", impersonal=["award_key"])
        # append-only; reasons with personal data are refused when they are given
        texts.add(
            "b2b2c.ledger.entry",
            impersonal=[
                "award_key", "basis", "document_model", "explanation", "line_model",
                "reason", "source_key",
            ],
        )  # fmt: skip
        return texts
