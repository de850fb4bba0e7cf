from odoo import models
from odoo.exceptions import UserError


class ResPartner(models.Model):
    """Nobody gets a way to sign in as a participant by changing the e-mail address.

    Whoever may write contacts could enter a mailbox of his own for somebody, have a
    password set there, and spend the points.  Who proved a mailbox is let in by that
    one, or by another one that was proved as well, or that an officer saw.
    """

    _inherit = "res.partner"

    def signup_prepare(self, signup_type="signup"):
        """Let nobody choose a password in a mailbox that was not proved.

        :raise UserError: says who can help
        """
        unproved = self._find_loyalty_unproved()
        if unproved:
            raise UserError(unproved._word_loyalty_unproved())
        return super().signup_prepare(signup_type=signup_type)

    def signup_get_auth_param(self):
        """Let no document carry a way to sign up to a mailbox nobody proved.

        A login that stands in its address lets nobody in.
        """
        unproved = self._find_loyalty_unproved()
        unproved = unproved.filtered(lambda person: not person.sudo().user_ids)
        result = super(ResPartner, self - unproved).signup_get_auth_param()
        for person in unproved:
            result[person.id] = {}
        return result

    def _get_signup_url_for_action(self, **options):
        """Show the page to sign in, without a token, where a mailbox is not proved."""
        unproved = self._find_loyalty_unproved()
        proved = super(ResPartner, self - unproved)
        result = proved._get_signup_url_for_action(**options)
        for person in unproved:
            result[person.id] = f"{person.get_base_url()}/web/login"
        return result

    def _word_loyalty_unproved(self):
        """Return why these people get no link to a password, as a sentence."""
        if self.env.user._is_public():  # who asks may be anybody: it names nobody
            return self.env._(
                "The e-mail address of this account was changed and is not proved: no "
                "link to a password goes there. Please ask a loyalty officer."
            )
        return self.env._(
            "The e-mail address of %s was changed and is not proved. A loyalty officer "
            "says on the participant's page that it is right; until then nobody sets a "
            "password there.",
            ", ".join(self.mapped("name")),
        )

    def _find_loyalty_unproved(self):
        """Return those of these contacts who proved a mailbox, but not that of now."""
        proofs = self.env["b2b2c.address.proof"].sudo()._get_proved(self)
        mailboxes = {pair for pair in proofs if "@" in pair[1]}
        people = {person_id for person_id, _address in mailboxes}
        return self.filtered(
            lambda person: (
                person.id in people
                and person.sudo().email_normalized
                and (person.id, person.sudo().email_normalized) not in mailboxes
            )
        )
