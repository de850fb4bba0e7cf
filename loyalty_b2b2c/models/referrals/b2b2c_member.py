from odoo import models
from odoo.fields import Domain
from odoo.tools import SQL

from ...engine import referral_code

_LINK = ("code", "campaign_id", "state", "shown_name", "agreed_at", "create_date")
_REFERRAL = ("partner_id", "campaign_id", "channel", "bound_at", "state")


class B2b2cMember(models.Model):
    """What of recommendations is about a person, and what is forgotten with it.

    Whom somebody brought stays, as points follow from it; who it was does not.
    """

    _inherit = "b2b2c.member"

    def _get_links(self):
        """Return the codes with which these participants recommend."""
        return self.env["b2b2c.referral.link"].search([("member_id", "in", self.ids)])

    def _get_personal_data(self):
        referrals = self.env["b2b2c.referral"]
        brought = referrals.search([("referrer_id", "in", self.ids)])
        by = referrals.search([("partner_id", "in", self.partner_id.ids)])
        return {
            **super()._get_personal_data(),
            "recommends_with": self._to_rows(self._get_links(), _LINK),
            # who the customers are is theirs to know
            "recommended": self._to_rows(brought, _REFERRAL[1:]),
            "was_recommended": self._to_rows(by, _REFERRAL[1:]),
        }

    def _get_personal_records(self):
        about = Domain("referrer_id", "in", self.ids)
        about |= Domain("partner_id", "in", self.partner_id.ids)
        return [
            *super()._get_personal_records(),
            self._get_links(),
            self.env["b2b2c.referral"].search(about),
        ]

    def _get_personal_texts(self, person):
        texts = super()._get_personal_texts(person)
        texts.add("b2b2c.referral.campaign", impersonal=["name", "offer"])
        texts.add("b2b2c.referral.terms", impersonal=["body"])
        texts.add("b2b2c.referral.link", cleared=["code", "key", "shown_name"])
        texts.add("b2b2c.referral", impersonal=["document_model", "signs"])
        texts.add("b2b2c.referral.use", impersonal=["document_model"])
        texts.add("b2b2c.referral.touch", cleared=["visitor_hash", "network_hash"])
        return texts

    def _erase_personal_data(self, person):
        for link in self._get_links():
            link.write(
                {
                    "code": referral_code.new_code(),
                    "shown_name": False,
                    "state": "revoked",
                }
            )
        self.env.execute_query(
            SQL(
                """UPDATE b2b2c_referral_touch
                      SET partner_id = NULL, visitor_hash = NULL, network_hash = NULL
                    WHERE partner_id = ANY(%s) RETURNING id""",
                person.partners.ids,
            )
        )
        return super()._erase_personal_data(person)
