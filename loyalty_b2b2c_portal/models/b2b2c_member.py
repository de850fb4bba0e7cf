from odoo import api, models

from odoo.addons.loyalty_b2b2c.models.people.b2b2c_member_fact import FACT_FIELDS


class B2b2cMember(models.Model):
    _inherit = "b2b2c.member"

    @api.model
    def _get_portal_members(self, partner):
        """Return the memberships of a person, with superuser rights.

        Merged memberships are among them: their earlier statement stays the person's.
        Archived, suspended and ended ones too: what was earned stays visible.

        :param partner: ``res.partner`` record of the logged-in user
        """
        return (
            self.sudo()
            .with_context(active_test=False)
            .search_fetch(
                [("partner_id", "=", partner.id)], FACT_FIELDS, order="enrolled_at, id"
            )
        )
