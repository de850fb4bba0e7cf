from odoo import api, models


class B2b2cMember(models.Model):
    """A participant who recommends."""

    _inherit = "b2b2c.member"

    def _get_recommendations(self):
        """Return what these participants recommend with, or may recommend with.

        :return: list of (member, campaign, link); the link is empty where the person
            has not begun yet
        """
        campaigns = self.env["b2b2c.referral.campaign"]
        links = self.env["b2b2c.referral.link"].sudo()
        own = links.search(
            [("member_id", "in", self.ids), ("state", "!=", "revoked")], order="id"
        )
        rows = [(link.member_id, link.campaign_id, link) for link in own]
        known = {(link.member_id, link.campaign_id) for link in own}
        for member in self.filtered(lambda member: member.state == "enrolled"):
            for campaign in campaigns._get_for(member):
                if (member, campaign) not in known:
                    rows.append((member, campaign, links))
        return rows

    @api.model
    def _get_kept_back_words(self):
        """Return why a purchase gives its recommender nothing, by its state."""
        return {
            "open": self.env._("Not bought yet"),
            "active": self.env._("Counts"),
            "held": self.env._("Somebody looks at it"),
            "refused": self.env._("Does not count: not a new customer, or your own"),
            "ended": self.env._("Ended"),
        }
