from odoo import models

#: So many SMS a recommender may ask us for within an hour.
SENDS = 10


class B2b2cReferralLink(models.Model):
    """Sending a recommendation by SMS ourselves: only to who agreed to that.

    To everybody else the recommender's own phone sends it; a message that nobody asked
    for is not ours to send.
    """

    _inherit = "b2b2c.referral.link"

    def _send_sms(self, number):
        """Send this recommendation to a phone number, if its holder wants such SMS.

        The answer does not tell whether that is so: it would tell who takes part.

        :param str number: as typed
        :return: ``(sentence, whether it was accepted)``
        """
        self.ensure_one()
        scope = f"recommend-sms/{self.id}"
        counts = self.env["b2b2c.hour.count"].sudo()
        if not counts._count_apart(self.company_id, {scope: SENDS}):
            return self.env._(
                "You sent many SMS just now. Try again in an hour."
            ), False
        readers = self._get_sms_readers(number)
        if readers is None:
            return self.env._("“%s” is not a phone number.", (number or "")[:20]), False
        self.env["b2b2c.notification"]._tell(
            [
                {
                    "kind": "recommended",
                    # nobody hears of one recommendation twice
                    "key": f"recommended/{self.id}/{member.partner_id.id}",
                    "contact_id": member.partner_id.id,
                    "address": member.partner_id._get_loyalty_phone(),
                    "channel": "sms",
                    "lang": member.lang,
                    "company_id": self.company_id.id,
                    "res_model": self._name,
                    "res_id": self.id,
                }
                for member in readers[:1]
            ]
        )
        return (
            self.env._(
                "If the owner of this number agreed to SMS about recommendations, one "
                "is on its way. To everybody else send it from your own phone: we may "
                "not."
            ),
            True,
        )

    def _get_sms_readers(self, number):
        """Return the participants with a proved number who want such SMS, ``None`` if
        it is no number."""
        company = self.company_id
        dialled = company.partner_id._phone_format(
            number=(number or "")[:40],
            country=company.country_id,
            force_format="E164",
        )
        if not dialled:
            return None
        members = self.env["b2b2c.member"]._search_in_force(company, phone=dialled)
        sms = self.env["b2b2c.channel"]._get_sending().get("sms")
        if sms is None:
            return members.browse()
        return members.filtered(
            lambda member: (
                member.partner_id != self.member_id.partner_id
                and not member._get_refusal("recommended", sms)
            )
        )
