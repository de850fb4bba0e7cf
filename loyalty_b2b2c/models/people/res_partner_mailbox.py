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
        for person in self._find_loyalty_unproved():
            raise UserError(
                self.env._(
                    "The e-mail address of %s was changed and is not proved. A loyalty "
                    "officer says on the participant's page that it is right; until "
                    "then nobody sets a password there.",
                    person.name,
                )
            )
        return super().signup_prepare(signup_type=signup_type)

    def signup_get_auth_param(self):
        """Let no document carry a way to sign up to a mailbox nobody proved."""
        unproved = self._find_loyalty_unproved()
        result = super(ResPartner, self - unproved).signup_get_auth_param()
        for person in unproved:
            result[person.id] = {}
        return result

    def _find_loyalty_unproved(self):
        """Return those of these contacts who proved a mailbox, but not that of now."""
        proofs = self.env["b2b2c.address.proof"].sudo()._get_proved(self)
        mailboxes = {pair for pair in proofs if "@" in pair[1]}
        people = {person_id for person_id, _address in mailboxes}
        return self.filtered(
            lambda person: (
                person.id in people
                and (person.id, person.sudo().email_normalized) not in mailboxes
            )
        )
