from odoo import fields

from ..addresses import path
from . import words


class RecommendedPage:
    """The page a recommendation opens: what is offered, by whom, and how to use it.

    :param link: ``b2b2c.referral.link`` that can be used, with superuser rights
    :param bool is_kept: whether this phone remembers it already
    """

    def __init__(self, link, is_kept=False):
        self.link, self.env, self.is_kept = link, link.env, is_kept

    def values(self):
        """Return what the page shows, as a dict."""
        link, campaign = self.link, self.link.campaign_id
        company = link.company_id
        return {
            "title": campaign._word_title(),
            "offer": link._word_offer(),
            "by": link._word_recommender(),
            "terms": campaign._word_terms(),
            "consent": self._word_consent(),
            "until": self._word_until(),
            "company": company.name,
            "logo": ""
            if company.uses_default_logo
            else f"/logo.png?company={company.id}",
            "code": link.code,
            "action": path("recommended", code=link.code),
            "join": self._get_join_path(),
            "qr": link._get_qr_picture() if self.is_kept else "",
            "is_kept": self.is_kept,
            **self._get_preview(),
        }

    def _word_consent(self):
        """Return what the person agrees to with the button."""
        return self.env._(
            "This phone then remembers the code for %(days)s days. We learn who "
            "recommended us to you, and %(name)s may get a reward when you buy. Your "
            "name and your purchases are shown to nobody.",
            days=self.link.campaign_id.touch_days,
            name=self.link.shown_name or self.env._("that person"),
        )

    def _word_until(self):
        """Return until when this phone keeps the recommendation."""
        days = self.link.campaign_id.touch_days
        last = fields.Date.add(fields.Date.today(), days=days)
        return self.env._("Kept on this phone until %s.", words.day(self.env, last))

    def _get_preview(self):
        """Return what messengers show of the link: addresses are whole."""
        company = self.link.company_id
        return {
            "url": self.link.url,
            "picture": company._get_rewards_url(
                "recommended_picture", code=self.link.code
            ),
        }

    def _get_join_path(self):
        """Return where people join, empty when nobody can."""
        invitation = self.link.campaign_id.invitation_id
        if not invitation or invitation._get_state() != "active":
            return ""
        return path("join", token=invitation.token)
