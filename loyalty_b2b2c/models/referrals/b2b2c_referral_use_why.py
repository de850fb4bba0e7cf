from odoo import api, models


class B2b2cReferralUse(models.Model):
    """Why somebody is not credited as the recommender of a purchase."""

    _inherit = "b2b2c.referral.use"

    @api.model
    def _word_why_not(self, document, members):
        """Return what keeps a person from being credited for a purchase.

        :param document: the purchase, stored or imagined
        :param members: ``b2b2c.member`` of one person
        :return: sentences in the reader's language; none for somebody who did not
            recommend it, or is credited
        """
        uses, document = self.sudo(), document.sudo()
        source = self.env["b2b2c.source"].sudo()._for_model(document._name)
        origin = source._get_origin(document)
        if origin:
            return self._word_why_not(origin, members)
        referral, at = uses._get_referral(source, document)
        if referral.referrer_id._origin in members:
            return referral._word_why_not(at)
        own = uses._find_own(source, document, members)
        if not own:
            return []
        words = own._word_why_not(at) or [own._word_limit(document, at)]
        if referral:
            words.append(
                self.env._(
                    "The purchase came by a recommendation of %s.",
                    referral.referrer_id.name,
                )
            )
        return [sentence for sentence in words if sentence]

    def _find_own(self, source, document, members):
        """Return by which recommendation a person brought the buyer, one about this
        purchase first; empty when somebody else did.

        :return: ``b2b2c.referral``
        """
        customer = source._get_parties(document).buyer_company
        found = self.env["b2b2c.referral"].search(
            [("referrer_id", "in", members.ids), ("partner_id", "=", customer.id)],
            order="id desc",
        )
        about = found.filtered(lambda one: one._get_document() == document)
        return (about or found)[:1]
