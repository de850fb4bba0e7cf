import logging

from odoo import models

_logger = logging.getLogger(__name__)


class B2b2cClaim(models.Model):
    """What people are told whose proof of sale waited for a person and was refused.

    Who is credited hears it from the books; a refusal books nothing.
    """

    # another concern: pylint: disable-next=consider-merging-classes-inherited
    _inherit = "b2b2c.claim"

    def _tell_refused(self):
        """Put a message to each of these people into Odoo's queues.

        A message that cannot be worded stops no decision.
        """
        for claim in self.sudo():
            member = claim.submitter_id
            for wanted, send in (
                (member.notify_email and member.email, claim._send_refused_email),
                (member.notify_sms and member.phone, claim._send_refused_sms),
            ):
                if not wanted:
                    continue
                try:
                    with self.env.cr.savepoint():
                        send()
                except Exception:
                    _logger.exception("Could not tell participant %s", member.id)

    def _send_refused_email(self):
        template = self.env.ref("loyalty_b2b2c.mail_template_claim_refused")
        # to the person only, whatever the template says: the record names the shop, too
        person = self.submitter_id.partner_id
        template.send_mail(
            self.id, email_values={"recipient_ids": person.ids, "email_to": False}
        )

    def _send_refused_sms(self):
        partner = self.submitter_id.partner_id
        claim = self.with_context(lang=partner.lang)
        text = claim.env._(
            "%(company)s: %(what)s was not accepted. %(reason)s",
            company=claim.company_id.name,
            what=claim.display_name,
            reason=" ".join(claim._get_refused_texts()),
        )
        self.env["sms.sms"].create(
            {
                "body": text,
                "number": partner._get_loyalty_phone() or partner.phone,
                "partner_id": partner.id,
            }
        )

    def _get_refused_texts(self):
        """Return why this was refused, for the person: the reason, and a note."""
        self.ensure_one()
        note = self.note if self.note != self.reason_text else ""
        return [text for text in (self.reason_text, note) if text]
