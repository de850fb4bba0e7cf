from odoo import fields, models, tools


class ResUsers(models.Model):
    _inherit = "res.users"

    b2b2c_terminal_partner_id = fields.Many2one(
        "res.partner",
        string="Shop of this terminal user",
        domain="[('is_company', '=', True)]",
        index="btree_not_null",
        ondelete="restrict",
        help="What this user records in the terminal is reported by this partner shop. "
        "Empty: by your own company.",
        groups="base.group_erp_manager",
    )

    def _is_terminal_only(self):
        """Tell whether the terminal is all this user does with rewards."""
        self.ensure_one()
        return self.has_group("loyalty_b2b2c.group_terminal") and not self.has_group(
            "loyalty_b2b2c.group_user"
        )

    def _serves_counter_only(self):
        """Tell whether the terminal is all this user may do in the whole system."""
        self.ensure_one()
        return bool(self.id) and self._b2b2c_serves_counter_only(self.id)

    @tools.ormcache("user_id")
    def _b2b2c_serves_counter_only(self, user_id):
        """Tell it of a user's id; forgotten whenever rights change.

        What every operator has, the employee's groups and what the settings add to
        them, is not more; nor is a switch, as the right to export.  A group is more
        when it opens some model that is none of Odoo's own machinery.
        """
        user = self.sudo().browse(user_id)
        name = "loyalty_b2b2c.group_terminal"
        terminal = self.env.ref(name, raise_if_not_found=False)  # not yet, at first
        if not terminal or terminal not in user.all_group_ids:
            return False
        more = user.all_group_ids - terminal.sudo().all_implied_ids
        return not more.model_access.filtered(
            lambda right: right.active and not right.model_id.model.startswith("ir.")
        )
