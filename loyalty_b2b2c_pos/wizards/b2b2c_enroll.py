from odoo import api, fields, models


class B2b2cEnroll(models.TransientModel):
    """Enroll somebody who sells at tills already: recent sales are credited."""

    _inherit = "b2b2c.enroll"

    till_seller_id = fields.Many2one("b2b2c.till.seller", readonly=True)

    @api.model
    def _open_for_seller(self, seller):
        """Return the action that enrolls an employee or user."""
        shop = seller._get_shop()
        contact = seller._get_contact()
        wizard = self.create(
            {
                "till_seller_id": seller.id,
                "contact_id": False if contact.is_company else contact.id,
                "employer_id": shop.id,
                "role": self._get_role_codes("sells")[0],
                "name": seller.name,
                "phone": contact.phone,
                "email": contact.email,
                "company_id": seller.company_id.id,
            }
        )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Enroll a Participant"),
            "res_model": self._name,
            "res_id": wizard.id,
            "views": [(False, "form")],
            "target": "new",
        }

    def _prepare_member(self, person, contact):
        """Let the membership begin with the first sale that waits: what only managers
        may do."""
        values = super()._prepare_member(person, contact)
        is_manager = self.env.user.has_group("loyalty_b2b2c.group_manager")
        waiting = self.till_seller_id._get_recent() if is_manager else ()
        dates = [row.order_id.date_order for row in waiting if row.order_id.date_order]
        if dates:
            values["enrolled_at"] = min(dates)
        return values

    def action_enroll(self):
        """Credit what the person sold, too."""
        action = super().action_enroll()
        if self.till_seller_id:
            member = self.env["b2b2c.member"].browse(action["res_id"])
            self.till_seller_id._choose(member)
        return action
