from datetime import timedelta

from odoo import api, fields, models

from ...models.base.days import get_today


class B2b2cLiabilityNew(models.TransientModel):
    """Asks for which day what is owed is looked at."""

    _name = "b2b2c.liability.new"
    _description = "Look at What Is Owed"
    _inherit = "b2b2c.dialog"

    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    cut_day = fields.Date(
        string="End Of",
        required=True,
        default=lambda self: self._get_next_day(),
        help="The last day that counts: usually the last of a month.",
    )

    def action_look(self):
        """Compute a preview and open it.

        :raise UserError: the user is no manager, or the day cannot be chosen
        """
        self.ensure_one()
        self.env["b2b2c.account"]._check_manager()
        run = self.env["b2b2c.liability.run"]._prepare(self.company_id, self.cut_day)
        return {
            "type": "ir.actions.act_window",
            "res_model": run._name,
            "res_id": run.id,
            "views": [(False, "form")],
        }

    @api.model
    def _get_next_day(self):
        """Return the end of the last month, today when that is posted already."""
        company = self.env.company
        today = get_today(company)
        end = today.replace(day=1) - timedelta(days=1)
        last = self.env["b2b2c.liability.run"]._get_last(company)
        return today if last and last.cut_day >= end else end
