from odoo import models

_GRANT = ("create_date", "reward_id", "reason", "state")


class B2b2cMember(models.Model):
    """What was granted to a participant."""

    _inherit = "b2b2c.member"

    # === PERSONAL DATA === #

    def _get_personal_data(self):
        grants = self.env["b2b2c.grant"].search(
            [("account_id", "in", self.account_ids.ids)], order="id"
        )
        return {
            **super()._get_personal_data(),
            "granted_rewards": self._to_rows(grants, _GRANT),
        }

    def _get_personal_texts(self, person):
        texts = super()._get_personal_texts(person)
        texts.add("b2b2c.grant", impersonal=["problem"])
        return texts
