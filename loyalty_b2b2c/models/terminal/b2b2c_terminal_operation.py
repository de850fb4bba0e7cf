from datetime import timedelta

from odoo import api, fields, models
from odoo.http import request

from ...const import POINTS
from ...exceptions import LoyaltyError
from .terminal_input import read_text


class B2b2cTerminalOperation(models.Model):
    """What an operator recorded at the counter: who, when, where, for whom, how much.

    Written by the terminal only; the document it names is what earns.
    """

    _name = "b2b2c.terminal.operation"
    _description = "Terminal Operation"
    _order = "id desc"
    _rec_name = "reference"
    _rec_names_search = ["reference", "member_id.name"]

    document_id = fields.Many2one(
        "b2b2c.external.document", required=True, readonly=True, ondelete="restrict"
    )
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True, ondelete="restrict"
    )
    operator_id = fields.Many2one(
        "res.users", required=True, readonly=True, ondelete="restrict"
    )
    reporter_id = fields.Many2one(
        "res.partner", string="Shop", readonly=True, ondelete="restrict"
    )
    member_id = fields.Many2one(
        "b2b2c.member",
        string="Participant",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    day_id = fields.Many2one(
        "b2b2c.terminal.day", required=True, readonly=True, ondelete="restrict"
    )
    recorded_at = fields.Datetime(required=True, readonly=True)
    request_key = fields.Char(required=True, readonly=True)

    # What
    reference = fields.Char(required=True, readonly=True)
    has_receipt = fields.Boolean(readonly=True, string="Receipt Number Given")
    currency_id = fields.Many2one(
        "res.currency", required=True, readonly=True, ondelete="restrict"
    )
    amount = fields.Monetary(readonly=True, aggregator="sum")
    product_id = fields.Many2one("product.product", readonly=True, ondelete="restrict")
    quantity = fields.Float(digits=False, readonly=True)
    points = fields.Float(
        **POINTS, readonly=True, help="What the person got or will get for it."
    )
    points_text = fields.Char(string="Points", readonly=True)

    # From where
    ip = fields.Char(string="IP Address", readonly=True)
    device = fields.Char(readonly=True)

    # Undone
    state = fields.Selection(
        [("recorded", "Recorded"), ("cancelled", "Cancelled")],
        required=True,
        readonly=True,
        default="recorded",
        string="Status",
    )
    cancelled_at = fields.Datetime(readonly=True)
    cancelled_by_id = fields.Many2one("res.users", readonly=True, ondelete="restrict")
    cancel_reason = fields.Char(readonly=True)

    _request_once = models.UniqueIndex("(operator_id, request_key)")
    _document_once = models.UniqueIndex("(document_id)")
    _latest = models.Index("(operator_id, company_id, id DESC)")
    _by_time = models.Index("(company_id, recorded_at)")

    # === BUSINESS METHODS === #

    @api.model
    def _get_origin(self):
        """Return where the current request comes from."""
        if not request:
            return {}
        agent = request.httprequest.user_agent
        return {
            "ip": request.httprequest.remote_addr,
            "device": " / ".join(filter(None, (agent.platform, agent.browser)))
            or read_text(agent.string),
        }

    def _get_cancel_until(self):
        """Return until when the operator may cancel this himself."""
        self.ensure_one()
        minutes = self.company_id.b2b2c_terminal_cancel_minutes
        return self.recorded_at + timedelta(minutes=minutes)

    def _can_cancel(self, user):
        """Tell whether a user may cancel this now."""
        self.ensure_one()
        if self.state != "recorded":
            return False
        if user.has_group("loyalty_b2b2c.group_officer"):
            return True
        return (
            self.operator_id == user
            and fields.Datetime.now() < self._get_cancel_until()
        )

    def _cancel(self, user, reason):
        """Cancel this operation and what it earned.  Repeating changes nothing.

        :param reason: shown to officers, a sentence
        :raise LoyaltyError: somebody else's, or too late
        """
        self.ensure_one()
        if self.state == "cancelled":
            return
        if not self._can_cancel(user):
            raise LoyaltyError(
                self.env._(
                    "You could cancel this until %s. Ask a loyalty officer.",
                    fields.Datetime.context_timestamp(
                        self, self._get_cancel_until()
                    ).strftime("%H:%M"),
                )
                if self.operator_id == user
                else self.env._("Only who recorded this, or an officer, cancels it.")
            )
        reason = read_text(reason)
        self.write(
            {
                "state": "cancelled",
                "cancelled_at": fields.Datetime.now(),
                "cancelled_by_id": user.id,
                "cancel_reason": reason or self.env._("No reason given"),
            }
        )
        self.flush_recordset()
        self.day_id._give_back(self)
        intake = self.env["b2b2c.intake"]
        intake._cancel(self.document_id, reason=self.cancel_reason, operator=user)
        intake._settle(self.document_id)

    # === ACTION METHODS === #

    def action_open_cancel(self):
        """Ask an officer why, then cancel."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Cancel the Operation"),
            "res_model": "b2b2c.terminal.cancel",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_operation_id": self.id},
        }

    def action_open_document(self):
        """Open the document this operation reported."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "b2b2c.external.document",
            "res_id": self.document_id.id,
            "views": [(False, "form")],
        }
