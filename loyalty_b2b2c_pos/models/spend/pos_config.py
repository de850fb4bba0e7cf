from odoo import Command, models
from odoo.exceptions import AccessError, UserError

from .pos_payment_method import POINTS


class PosConfig(models.Model):
    """Tills that take points."""

    _inherit = "pos.config"

    def action_b2b2c_take_points(self):
        """Let this till take points: open the dialog that sets it up (managers)."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Points as Payment"),
            "res_model": "b2b2c.till.points",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_config_ids": [Command.set(self.ids)]},
        }

    def _b2b2c_take_points(self, unit, account):
        """Let tills of one company take the points of a unit.

        :param unit: ``b2b2c.unit`` with a value people read
        :param account: account of points owed
        :return: the method, made with a journal of its own when there is none yet
        :raise AccessError: the caller runs neither the program nor the tills
        :raise UserError: says what is missing
        """
        user, company = self.env.user, self.company_id
        if not user.has_group("loyalty_b2b2c.group_manager"):
            raise AccessError(
                self.env._("Only a loyalty manager says where points pay.")
            )
        self.check_access("write")
        if len(company) != 1:
            raise UserError(self.env._("Choose tills of one company."))
        if not unit._get_face_value(company)[0]:
            raise UserError(
                self.env._(
                    "Say first what one point of “%s” is worth to people: its form, "
                    "“Value People Read”.",
                    unit.name,
                )
            )
        method = self._b2b2c_find_method(unit, company)
        if not method:
            method = self._b2b2c_create_method(unit, company, account)
        self.sudo().write({"payment_method_ids": [Command.link(method.id)]})
        return method

    def _b2b2c_find_method(self, unit, company):
        return (
            self.env["pos.payment.method"]
            .sudo()
            .search(
                [
                    ("use_payment_terminal", "=", POINTS),
                    ("b2b2c_unit_id", "=", unit.id),
                    ("company_id", "=", company.id),
                ],
                limit=1,
            )
        )

    def _b2b2c_create_method(self, unit, company, account):
        journals = self.env["account.journal"].sudo().with_company(company)
        journal = journals.create(
            {
                "name": self.env._("Paid with %s", unit.name),
                "type": "bank",
                "company_id": company.id,
                "code": journals._get_next_journal_default_code("bank", company),
            }
        )
        return (
            self.env["pos.payment.method"]
            .sudo()
            .with_company(company)
            .create(
                {
                    "name": unit.name,
                    "journal_id": journal.id,
                    "outstanding_account_id": account.id,
                    "payment_method_type": "terminal",
                    "use_payment_terminal": POINTS,
                    "b2b2c_unit_id": unit.id,
                    "company_id": company.id,
                }
            )
        )
