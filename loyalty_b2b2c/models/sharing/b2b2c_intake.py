from odoo import api, models

from ...exceptions import IntakeError
from ..reported.intake_values import BadValue


class B2b2cIntake(models.AbstractModel):
    """Who reports a sale says whose recommendation it is: by the code the customer
    named, or by who recommended.

    Code of :class:`~..exceptions.IntakeError`: ``invalid_referral``.
    """

    _inherit = "b2b2c.intake"

    @api.model
    def _get_further_keys(self):
        return {
            **super()._get_further_keys(),
            "referral_code": "text",
            "referrer": "person",
        }

    def _look_up_further(self, further, lookup, reporter):
        columns = super()._look_up_further(further, lookup, reporter)
        link = self._find_recommendation(further, lookup, reporter)
        return {**columns, "referral_link_id": link.id} if link else columns

    def _find_recommendation(self, further, lookup, reporter):
        """Return the ``b2b2c.referral.link`` that was stated, possibly empty.

        :raise BadValue: nobody recommends by the name that was stated
        :raise IntakeError: the code cannot be used
        """
        links = self.env["b2b2c.referral.link"].sudo()
        if code := further.get("referral_code"):
            asker = f"reporter:{reporter.id}" if reporter else ""
            found = links._find(code, lookup.company, asker)
            if not found.link:
                raise IntakeError("invalid_referral", found.message, "referral_code")
            return found.link
        names = further.get("referrer")
        if not names:
            return links
        return self._find_recommender(names, lookup)

    def _find_recommender(self, names, lookup):
        """Return the link of who recommended, by phone, e-mail, code or number.

        :raise BadValue: nobody recommends by this name
        """
        links = self.env["b2b2c.referral.link"].sudo()
        campaigns = self.env["b2b2c.referral.campaign"]._get_counting(lookup.company)
        try:
            member = lookup.find_seller(names)
        except BadValue as bad:
            raise BadValue(bad.code, "referrer") from None
        own = links.search(
            [
                ("member_id.partner_id", "=", member.partner_id.id),
                ("campaign_id", "in", campaigns.ids),
                ("state", "=", "active"),
            ],
            order="id",
        )
        usable = own.filtered(lambda link: not link._get_state_problem())
        if not usable:
            raise BadValue("unknown_member", "referrer")
        return usable[0]

    @api.model
    def _preview(self, vals, **kwargs):
        """Tell also what who is recommended pays less."""
        answer = super()._preview(vals, **kwargs)
        code = vals.get("referral_code") if isinstance(vals, dict) else None
        if not code:
            return answer
        company = kwargs["company"]
        found = self.env["b2b2c.referral.link"].sudo()._find(code, company)
        return {**answer, "discount": found.link.campaign_id._get_discount()}

    def _insert(self, head, lines):
        """Name the recommendation with the document, before it is measured."""
        document = super()._insert(head, lines)
        if document and document.referral_link_id:
            channel = "terminal" if document.channel == "terminal" else "api"
            uses = self.env["b2b2c.referral.use"]
            buyer = document.member_id.partner_id or document.partner_id
            uses._note(document, document.referral_link_id, channel, buyer)
        return document
