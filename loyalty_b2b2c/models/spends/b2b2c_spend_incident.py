from odoo import api, fields, models
from odoo.exceptions import UserError

from ..base.rows import update_in_state


class B2b2cSpendIncident(models.Model):
    """Something at a counter that could not be refused, and that a person looks at.

    A sale that is done is never stopped: what is wrong with the points in it stands
    here, once, in a sentence.
    """

    _name = "b2b2c.spend.incident"
    _description = "Incident at a Counter"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "id desc"
    _rec_name = "sentence"

    kind = fields.Selection(
        [("late", "Paid with points that were not reserved any more")],
        required=True,
        readonly=True,
    )
    sentence = fields.Char("What Happened", required=True, readonly=True)
    key = fields.Char(required=True, readonly=True)
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True, ondelete="restrict"
    )
    spend_id = fields.Many2one(
        "b2b2c.spend",
        string="Payment",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
    )
    state = fields.Selection(
        [("open", "Open"), ("settled", "Settled")],
        required=True,
        readonly=True,
        default="open",
        string="Status",
    )
    settled_by_id = fields.Many2one("res.users", readonly=True, ondelete="restrict")
    settled_at = fields.Datetime(readonly=True)
    note = fields.Text(help="What was done about it.")

    _once = models.UniqueIndex("(key)", "This is reported already.")

    def write(self, vals):
        """Clients write a note only; a button settles."""
        allowed = ("note", "activity_", "my_activity_", "message_")
        if not self.env.su and any(not name.startswith(allowed) for name in vals):
            raise UserError(self.env._("Use the button to settle an incident."))
        return super().write(vals)

    @api.model
    def _report(self, kind, sentence, *, company, spend=None, key=None):
        """Put something on the list, once.

        :param str kind: of :attr:`kind`
        :param str sentence: what happened, for a manager
        :param company: ``res.company`` whose points they are
        :param spend: ``b2b2c.spend``, if there is one
        :param str key: identity of what happened; the payment by default
        :return: the incident (sudo), also when it was reported before
        """
        key = f"{kind}/{key or spend.key}"
        incidents = self.sudo()
        known = incidents.search([("key", "=", key)], limit=1)
        return known or incidents.create(
            {
                "kind": kind,
                "sentence": sentence,
                "key": key,
                "company_id": company.id,
                "spend_id": spend.id if spend else False,
            }
        )

    def action_settle(self):
        """Note that somebody looked at it (officers)."""
        if not self.env.user.has_group("loyalty_b2b2c.group_officer"):
            raise UserError(self.env._("Only a loyalty officer settles incidents."))
        self.check_access("read")
        for incident in self.sudo():
            update_in_state(
                incident,
                ("open",),
                state="settled",
                settled_by_id=self.env.uid,
                settled_at=fields.Datetime.now(),
            )
        return True
