from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

_NEWEST = 100


class B2b2cMember(models.Model):
    """Everything about a participant in one place: what the form shows."""

    # a file of its own: only the screen needs this
    # pylint: disable=consider-merging-classes-inherited
    _inherit = "b2b2c.member"

    entry_ids = fields.Many2many("b2b2c.ledger.entry", compute="_compute_entry_ids")
    pending_ids = fields.Many2many("b2b2c.ledger.entry", compute="_compute_pending_ids")
    document_count = fields.Integer(compute="_compute_document_count")
    notification_ids = fields.Many2many(
        "b2b2c.notification", compute="_compute_notification_ids"
    )
    notification_count = fields.Integer(compute="_compute_notification_ids")
    other_membership_ids = fields.Many2many(
        "b2b2c.member", compute="_compute_other_memberships"
    )
    other_membership_count = fields.Integer(compute="_compute_other_memberships")
    portal_login_text = fields.Char(compute="_compute_portal_login_text")

    # === COMPUTE METHODS === #

    @api.depends("account_ids")
    def _compute_entry_ids(self):
        entries = self.env["b2b2c.ledger.entry"]
        for member in self:
            found = entries.browse()
            for account in member.account_ids:
                found |= entries.search(
                    [("account_id", "=", account.id)], limit=_NEWEST
                )
            member.entry_ids = found.sorted("id", reverse=True)[:_NEWEST]

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

    @api.depends("account_ids")
    def _compute_notification_ids(self):
        messages = self.env["b2b2c.notification"]
        for member in self:
            domain = [("account_id", "in", member.account_ids.ids)]
            member.notification_ids = messages.search(domain, limit=_NEWEST)
            member.notification_count = messages.search_count(domain)

    @api.depends("partner_id")
    def _compute_other_memberships(self):
        for member in self:
            others = self.with_context(active_test=False).search(
                [
                    ("partner_id", "=", member.partner_id.id),
                    ("id", "!=", member._origin.id),
                    ("state", "!=", "merged"),
                ]
            )
            member.other_membership_ids = others
            member.other_membership_count = len(others)

    @api.depends("partner_id.user_ids.login_date")
    @api.depends_context("lang")
    def _compute_portal_login_text(self):
        for member in self:
            seen = max(
                filter(None, member.partner_id.sudo().user_ids.mapped("login_date")),
                default=None,
            )
            member.portal_login_text = (
                self.env._("last seen %s", fields.Date.to_string(seen))
                if seen
                else self.env._("never seen")
            )

    # === ACTION METHODS === #

    def action_why(self):
        """Ask why this person did, or did not, get points for a document."""
        self.ensure_one()
        return self.env["b2b2c.why"]._open(member=self)

    def action_open_documents(self):
        """Open the documents that rewarded this participant."""
        self.ensure_one()
        found = self._get_document_ids()
        if not found:
            raise UserError(self.env._("No document has rewarded this person yet."))
        if len(found) > 1:
            action = self.action_open_entries()
            return dict(
                action,
                domain=[*action["domain"], ("document_id", "!=", False)],
                context={"group_by": ["document_model"]},
            )
        [(model, ids)] = found.items()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Documents of %s", self.name),
            "res_model": model,
            "domain": [("id", "in", ids)],
            "views": [(False, "list"), (False, "form")],
        }

    def action_open_notifications(self):
        """Open the messages to this participant."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "loyalty_b2b2c.b2b2c_notification_action"
        )
        return dict(action, domain=[("account_id.member_id", "=", self.id)], context={})

    def action_open_memberships(self):
        """Open the other memberships of the same person."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "loyalty_b2b2c.b2b2c_member_action"
        )
        return dict(
            action,
            domain=[("partner_id", "=", self.partner_id.id)],
            context={"active_test": False},
        )

    def _get_document_ids(self):
        """Return the documents that rewarded this person: model -> ids."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT document_model, array_agg(DISTINCT document_id)
                  FROM b2b2c_ledger_entry
                 WHERE account_id = ANY(%s) AND document_id IS NOT NULL
                   AND document_model <> 'b2b2c.redemption'
              GROUP BY document_model ORDER BY document_model
                """,
                self.account_ids.ids,
            )
        )
        return dict(rows)
