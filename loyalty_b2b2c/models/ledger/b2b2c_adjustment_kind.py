from odoo import api, fields, models

from ..people.authority import decides


class B2b2cAdjustment(models.Model):
    """What else is moved by hand: points to somebody else, and entries undone.

    Dialogs make these requests; the limit and the second person are the same.
    """

    _inherit = "b2b2c.adjustment"

    kind = fields.Selection(
        [
            ("adjust", "Correction"),
            ("transfer", "Transfer"),
            ("reverse", "Reversal"),
        ],
        required=True,
        readonly=True,
        default="adjust",
    )
    target_member_id = fields.Many2one(
        "b2b2c.member",
        string="To",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
    )
    reversed_id = fields.Many2one(
        "b2b2c.ledger.entry",
        string="Reverses",
        readonly=True,
        copy=False,
        ondelete="restrict",
    )
    request_key = fields.Char(readonly=True, copy=False)

    _request_once = models.UniqueIndex(
        "(request_key) WHERE request_key IS NOT NULL", "This was sent already."
    )

    @api.model
    def _get_closed(self):
        return super()._get_closed() | {
            "kind",
            "target_member_id",
            "reversed_id",
            "request_key",
        }

    @api.constrains("reason", "target_member_id")
    def _check_target(self):
        """Check that the reason does not name who gets the points either."""
        for adjustment in self.filtered("target_member_id"):
            adjustment.target_member_id._check_reason(adjustment.reason)

    @api.model
    def _ask(self, request_key, **values):
        """Make and submit the request of a dialog, once for each opened window.

        :param str request_key: of the window; sent again, it is the same request
        :param values: of the request; callers check rights
        :return: what the dialog does next
        """
        requests = self.sudo()
        request = requests.search([("request_key", "=", request_key)])
        if not request:
            request = requests.create({**values, "request_key": request_key})
            request._submit()
        if request.state == "posted":
            return {"type": "ir.actions.act_window_close"}
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": request.id,
            "views": [(False, "form")],
        }

    @decides("target_member_id")
    def action_submit(self):
        return super().action_submit()

    @decides("target_member_id", asked_by="requested_by_id")
    def action_approve(self):
        return super().action_approve()

    @decides("target_member_id", asked_by="requested_by_id")
    def action_reject(self):
        return super().action_reject()

    def _book(self, **details):
        if self.kind == "transfer":
            target = self.target_member_id._get_account(self.account_id.unit_id)
            key = f"{self._name},{self.id}"
            moved = self.account_id._transfer(
                target, self.points, source_key=key, **details
            )
            return moved[0]
        if self.kind == "reverse":
            self.reversed_id._check_by_hand()
            return self.account_id._reverse(self.reversed_id, self.points, **details)
        return super()._book(**details)
