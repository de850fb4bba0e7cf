from odoo import api, fields, models
from odoo.exceptions import UserError


class B2b2cAdjustment(models.Model):
    """A correction is of a participant: who has no account in a unit gets one."""

    _inherit = "b2b2c.adjustment"

    # asked instead of the account, which is not there before the first point
    participant_id = fields.Many2one(
        "b2b2c.member",
        store=False,
        help="Who gets the points, or from whom they are taken.",
    )
    unit_id = fields.Many2one(
        "b2b2c.unit",
        store=False,
        help="Of which of the participant's balances.",
    )

    @api.onchange("participant_id")
    def _onchange_participant(self):
        """Suggest the unit of the participant's points, else that of a program."""
        if not self.participant_id:
            return
        accounts = self.participant_id.account_ids
        programs = self.env["b2b2c.program"].search(
            [
                ("company_id", "=", self.participant_id.company_id.id),
                ("state", "=", "running"),
            ],
            limit=1,
        )
        self.unit_id = accounts[:1].unit_id or programs.unit_id or self.unit_id
        self._onchange_account()

    @api.onchange("unit_id")
    def _onchange_account(self):
        """Show what belongs to the account, if there is one."""
        self.account_id = self.participant_id.account_ids.filtered(
            lambda account: account.unit_id == self.unit_id
        )

    @api.model_create_multi
    def create(self, vals_list):
        self.check_access("create")
        return super().create([self._with_account(vals) for vals in vals_list])

    @api.model
    def _with_account(self, vals):
        """Return values that name an account in place of a participant and a unit.

        The account is opened when there is none: nothing is in it.

        :raise UserError: the unit is not of the participant's company
        """
        vals = dict(vals)
        member_id, unit_id = vals.pop("participant_id", None), vals.pop("unit_id", None)
        if vals.get("account_id") or not (member_id and unit_id):
            return vals
        member = self.env["b2b2c.member"].browse(member_id)
        unit = self.env["b2b2c.unit"].browse(unit_id)
        member.check_access("read")
        unit.check_access("read")
        if unit.company_id not in (unit.company_id.browse(), member.company_id):
            raise UserError(
                self.env._("“%s” is a unit of another company.", unit.display_name)
            )
        pair = (member.id, unit.id)
        account = self.env["b2b2c.account"].sudo()._get_or_create([pair])[pair]
        return {**vals, "account_id": account.id}
