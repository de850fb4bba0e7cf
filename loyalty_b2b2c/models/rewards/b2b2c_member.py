from odoo import api, fields, models

from ..base.rows import delete_rows
from .circumstances import Circumstances

_REQUEST = (
    "name", "requested_at", "reward_id", "quantity", "points", "state", "note",
    "handover_wish",
)  # fmt: skip


class B2b2cMember(models.Model):
    """What a participant requested."""

    _inherit = "b2b2c.member"

    redemption_ids = fields.One2many("b2b2c.redemption", "member_id")
    redemption_count = fields.Integer(compute="_compute_redemption_count")

    @api.depends("redemption_ids")
    def _compute_redemption_count(self):
        for member in self:
            member.redemption_count = len(member.redemption_ids)

    def action_open_redemptions(self):
        """Open the rewards this participant requested."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "loyalty_b2b2c.b2b2c_redemption_action"
        )
        return dict(
            action,
            name=self.env._("Rewards of %s", self.name),
            domain=[("member_id", "=", self.id)],
            context={},
        )

    def _get_spendable(self, unit):
        """Return what a participant can spend, less what is owed; exact.

        The account is not opened for looking.

        :param unit: ``b2b2c.unit`` record
        """
        self.ensure_one()
        return Circumstances(self).get_balance(self, unit)

    def _get_of_person(self):
        """Return all memberships of the person in this company, merged ones too."""
        self.ensure_one()
        member = self._get_survivor()
        others = member.with_context(active_test=False).search(
            [
                ("partner_id", "=", member.partner_id.id),
                ("company_id", "=", member.company_id.id),
            ]
        )
        return others | member._get_with_merged()

    def _get_with_merged(self):
        """Return these memberships and all that were merged into them."""
        merged = self.merged_from_ids
        return self | merged._get_with_merged() if merged else self

    def _cancel_redemptions(self):
        """Cancel what these participants still wait for: their points are freed."""
        waiting = self.redemption_ids.filtered(
            lambda request: request.state == "requested"
        )
        for request in waiting.sorted("account_id"):
            request._call_off(self.env.user)

    # === PERSONAL DATA === #

    def _get_personal_data(self):
        return {
            **super()._get_personal_data(),
            "reward_requests": self._to_rows(self.redemption_ids, _REQUEST),
            "favourite_rewards": self._get_favourites().mapped("reward_id.name"),
        }

    def _get_favourites(self):
        """Return what the persons put among their favourites."""
        return self.env["b2b2c.reward.favourite"].search(
            [("partner_id", "in", self.partner_id.ids)]
        )

    def _get_personal_records(self):
        return [*super()._get_personal_records(), self.redemption_ids]

    def _get_personal_texts(self, person):
        texts = super()._get_personal_texts(person)
        texts.add(
            "b2b2c.reward",
            impersonal=["description", "image_1920", "name", "pickup_place"],
        )
        texts.add("b2b2c.reward.category", impersonal=["image_1920", "name"])
        texts.add("b2b2c.spending.way", impersonal=["code"])
        texts.add(
            "b2b2c.redemption",
            replaced=["note"],
            cleared=["handover_wish"],
            impersonal=["handover_code", "name", "request_key"],
            mine=person.is_mine("account_id", self.account_ids.ids),
        )
        return texts

    def _erase_personal_data(self, person):
        """Free the points of what the person still waits for."""
        self._cancel_redemptions()
        self.redemption_ids.write({"handover_wish": False})
        delete_rows(self.env["b2b2c.reward.favourite"], "partner_id", person.partners)
        return super()._erase_personal_data(person)
