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

    # === PERSONAL DATA === #

    def _get_push_devices(self):
        """Return the browsers that show messages to these people."""
        devices = self.env["b2b2c.push.device"].sudo()
        return devices.search([("partner_id", "in", self.partner_id.ids)])

    def _get_personal_data(self):
        data = super()._get_personal_data()
        names = ("create_date", "endpoint")
        return {**data, "phones": self._to_rows(self._get_push_devices(), names)}

    def _get_personal_texts(self, person):
        texts = super()._get_personal_texts(person)
        texts.add(
            "b2b2c.push.device",
            replaced=["endpoint"],
            impersonal=["p256dh", "auth"],
            mine=person.is_mine("id", self._get_push_devices().ids),
        )
        return texts

    def _erase_personal_data(self, person):
        self._get_push_devices().unlink()
        return super()._erase_personal_data(person)
