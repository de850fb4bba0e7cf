from odoo import models
from odoo.fields import Domain


class B2b2cChallenge(models.Model):
    """Who may take part in a challenge."""

    _inherit = "b2b2c.challenge"

    def _compute_audience_count(self):
        for challenge in self:
            challenge.audience_count = challenge._count_audience()

    def _count_audience(self):
        """Return how many people this challenge is for now."""
        members = self.env["b2b2c.member"].sudo()
        return members.search_count(self._get_audience_domain())

    def _count_heads(self):
        """Return shop id -> how many people this challenge is for there."""
        members = self.env["b2b2c.member"].sudo()
        audience = self._get_audience_domain()
        groups = members._read_group(audience, ["employer_id"], ["__count"])
        return {shop.id: count for shop, count in groups}

    def _get_audience_domain(self):
        """Return the domain of the participants this challenge is for.

        Who is suspended belongs to them: the score goes on, the prize is held.
        """
        self.ensure_one()
        taking_part = Domain("state", "in", ("enrolled", "suspended"))
        in_program = Domain("program_ids", "=", False) | Domain(
            "program_ids", "in", self.sudo().program_id.ids
        )
        return taking_part & in_program & self._get_people_domain()

    def _get_people_domain(self):
        """Return the domain of the participants this challenge is for, or was for when
        they took part: who left since then sold before.

        The programs somebody takes part in are not asked here.
        """
        self.ensure_one()
        challenge = self.sudo()
        domain = Domain("company_id", "=", challenge.company_id.id)
        if challenge.role_ids:
            domain &= Domain("role", "in", challenge.role_ids.mapped("role"))
        if challenge.shop_ids:
            domain &= Domain("employer_id", "in", challenge.shop_ids.ids)
        if challenge.region_ids:
            domain &= Domain("employer_id.state_id", "in", challenge.region_ids.ids)
        if challenge.partner_tag_ids:
            tags = challenge.partner_tag_ids.ids
            domain &= Domain("employer_id.category_id", "in", tags) | Domain(
                "partner_id.category_id", "in", tags
            )
        return domain

    def _is_for(self, member):
        """Tell whether somebody may take part.

        :param member: one ``b2b2c.member``
        """
        return bool(member.sudo().filtered_domain(self._get_audience_domain()))
