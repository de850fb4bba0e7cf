from odoo import models


class ResPartner(models.Model):
    """Adapter: what addresses people had who take part, or who sign in."""

    _inherit = "res.partner"

    def write(self, vals):
        """Keep the addresses that change."""
        if not {"email", "phone"}.isdisjoint(vals):
            for partner in self.filtered("id"):
                partner.sudo()._keep_loyalty_addresses(vals)
        return super().write(vals)

    def _keep_loyalty_addresses(self, vals):
        """Keep the addresses of a person that ``vals`` replace."""
        former = [
            self[normal]
            for name, normal in (
                ("email", "email_normalized"),
                ("phone", "phone_sanitized"),
            )
            if name in vals and self[normal] and vals[name] != self[name]
        ]
        if former and self._has_loyalty_identity():
            self.env["b2b2c.former.address"]._keep(self, former)

    def _has_loyalty_identity(self):
        """Tell whether somebody signs in or takes part with this contact."""
        if self.with_context(active_test=True).user_ids:
            return True
        members = self.env["b2b2c.member"].with_context(active_test=False)
        domain = [
            ("erased_at", "=", False),
            "|",
            ("partner_id", "=", self.id),
            ("contact_id", "=", self.id),
        ]
        return bool(members.search_count(domain, limit=1))
