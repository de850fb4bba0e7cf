from odoo import fields


class Pin:
    """The PIN with which a person confirms what is paid in points; one for all own
    memberships.

    :param members: the memberships of the person
    """

    def __init__(self, members):
        self.members, self.env = members, members.env

    def is_asked(self):
        """Tell whether a PIN is asked for anywhere, or was chosen."""
        companies = self.members.company_id
        return any(companies.mapped("b2b2c_spend_proof_above")) or self.has_pin()

    def has_pin(self):
        """Tell whether a PIN was chosen."""
        return any(proof.pin_set_at for proof in self._get_proofs())

    def values(self):
        """Return what the page shows.

        :return: dict with ``since``: the day the PIN was chosen, or nothing;
            ``is_over``: whether it was typed wrongly too often
        """
        proofs = self._get_proofs().filtered("pin_set_at")
        since = min(proofs.mapped("pin_set_at"), default=None)
        return {
            "since": since and fields.Datetime.context_timestamp(proofs, since).date(),
            "is_over": any(not proof._has_pin() for proof in proofs),
        }

    def save(self, pin, repeated):
        """Choose the PIN of all own memberships.

        :param str pin, repeated: what was typed, twice
        :raise UserError: in a sentence for the person
        """
        self.env["b2b2c.spend.proof"]._choose_pin(self.members, pin, repeated)

    def _get_proofs(self):
        proofs = self.env["b2b2c.spend.proof"].sudo()
        return proofs.search([("member_id", "in", self.members.ids)])
