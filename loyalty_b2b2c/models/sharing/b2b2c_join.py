from odoo import fields, models

from .referral_visit import read_visit


class B2b2cJoin(models.Model):
    """Who joins with a recommendation belongs to who recommended it."""

    _inherit = "b2b2c.join"

    referral_link_id = fields.Many2one(
        "b2b2c.referral.link",
        string="Recommended By",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
    )

    def _take_visit(self, text):
        """Remember the recommendation that was opened on the phone of who joins.

        :param text: what the phone keeps, see :mod:`.referral_visit`: anything
        """
        self.ensure_one()
        found = read_visit(self.env, text, self.company_id)
        if found.link:
            self.referral_link_id = found.link

    def _join(self):
        """Bind the person who has become a participant."""
        result = super()._join()
        for joining in self.filtered("referral_link_id"):
            link = joining.referral_link_id
            if not link._get_problem(joining.member_id.partner_id):
                referrals = self.env["b2b2c.referral"]
                referrals._bind(link, joining.member_id.partner_id, "join")
        return result
