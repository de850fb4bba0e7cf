from odoo.exceptions import UserError

from odoo.addons.loyalty_b2b2c.drawing.poster import PAPERS

from ..addresses import path
from . import words

_PURCHASES = 20


class Recommend:
    """The page with which a participant recommends: share, see what came of it, and
    how it is paid.

    :param members: the memberships of a person
    """

    def __init__(self, members):
        self.members, self.env = members, members.env

    def has_anything(self):
        """Tell whether there is something to recommend with."""
        return bool(self.members._get_recommendations())

    def offers(self):
        """Return what the person may recommend, with the own link where there is one.

        :return: list of dict with the keys ``member``, ``campaign``, ``name``,
            ``title``, ``gives`` (whether that is a gift), ``terms``, ``paid``
            (sentences), ``agreement`` (terms to agree to, possibly none) and ``kit``:
            see :meth:`_get_kit`, ``None`` where the person has not begun
        """
        return [
            {
                "member": member.id,
                "campaign": campaign.id,
                "name": campaign.name,
                "title": campaign._word_title(),
                "gives": bool(campaign._word_discount()),
                "terms": campaign._word_terms(),
                "paid": campaign._word_payment(),
                "agreement": self._get_agreement(campaign, link),
                "kit": self._get_kit(link) if link else None,
            }
            for member, campaign, link in self.members._get_recommendations()
        ]

    def find(self, link_id):
        """Return the own link of an id, empty for anybody else's and without one."""
        links = self.env["b2b2c.referral.link"].sudo()
        return links.search(
            [
                ("id", "=", link_id),
                ("member_id", "in", self.members.ids),
                ("state", "!=", "revoked"),
            ]
        )

    def begin(self, member, campaign, agreed):
        """Return the own link of an offer, a new one where the person begins.

        :param member, campaign: ids as texts, of one of :meth:`offers`
        :param agreed: id as text of the terms that the person agreed to
        :raise UserError: there are terms that the person did not agree to
        """
        for own, offered, link in self.members._get_recommendations():
            if (str(own.id), str(offered.id)) == (member, campaign):
                self._check_agreed(offered, link, agreed)
                link = link or link._ensure(own, offered)
                link._agree(self._get_terms(offered))
                return link
        return self.env["b2b2c.referral.link"].sudo()

    def _check_agreed(self, campaign, link, agreed):
        """Refuse who has not agreed to the terms of today."""
        terms = self._get_agreement(campaign, link)
        if terms and str(terms.id) != agreed:
            raise UserError(
                self.env._(
                    "Read the terms, and tick the box: nobody recommends without."
                )
            )

    def _get_agreement(self, campaign, link):
        """Return the terms the person has to agree to, possibly none (sudo)."""
        return link._get_terms() if link else self._get_terms(campaign)

    def _get_terms(self, campaign):
        return self.env["b2b2c.referral.terms"]._get_newest(campaign.company_id.id)

    def _get_kit(self, link):
        """Return with what a link is shared, and what came of it."""
        states = self.members._get_kept_back_words()
        unit = link.campaign_id.program_id.unit_id
        purchases = link._get_purchases(_PURCHASES)
        return {
            "id": link.id,
            "code": link.code,
            "url": link.url,
            "shown_name": link.shown_name or "",
            "is_paused": link.state == "paused",
            "message": link._word_message(),
            "subject": link.company_id.name,
            "qr": link._get_qr_picture(),
            "ways": link._get_share_links(),
            "papers": self._get_papers(link),
            "figures": link._get_figures(),
            "levels": link._get_tree(),
            "purchases": [
                {
                    "who": purchase.initials,
                    "day": words.day(self.env, purchase.at),
                    "state": purchase.state,
                    "status": states[purchase.state],
                    "points": unit._format(purchase.points) if purchase.points else "",
                    "pending": (
                        unit._format(purchase.pending) if purchase.pending else ""
                    ),
                }
                for purchase in purchases
            ],
        }

    def _get_papers(self, link):
        """Return what can be printed: list of (label, path)."""
        labels = {
            "a4": self.env._("Poster, A4"),
            "a5": self.env._("Poster, A5"),
            "table": self.env._("Card for the table"),
            "cards": self.env._("Business cards"),
        }
        return [
            (labels[paper], path("recommend_paper", link=link.id, paper=paper))
            for paper in PAPERS
        ]
