from odoo import api, fields, models
from odoo.exceptions import UserError

from .authority import decides

#: Context of who joins by himself: what he proved is kept by that, and nothing else.
UNSEEN = "b2b2c_addresses_unseen"


class B2b2cMember(models.Model):
    """Which addresses of a participant are proved, and who says so."""

    _inherit = "b2b2c.member"

    unproved = fields.Char(
        compute="_compute_unproved",
        compute_sudo=True,
        string="Not Proved",
        help="Nobody is found by these addresses until the person proves them by a "
        "code, or somebody of the office saw that they are right.",
    )
    proofs = fields.Text(
        compute="_compute_proofs", compute_sudo=True, string="Proved Addresses"
    )

    @api.depends("partner_id")
    def _compute_proofs(self):
        found = self.env["b2b2c.address.proof"].search(
            [("partner_id", "in", self.partner_id.ids)]
        )
        for member in self:
            own = found.filtered(lambda p, m=member: p.partner_id == m.partner_id)
            member.proofs = "\n".join(proof._word() for proof in own)

    @api.depends("partner_id.email_normalized", "partner_id.phone_sanitized")
    def _compute_unproved(self):
        proved = self.env["b2b2c.address.proof"]._get_proved(self.partner_id)
        for member in self:
            reach = member.partner_id._get_loyalty_reach()
            member.unproved = ", ".join(
                address
                for address in (reach.phone, reach.email)
                if address and (member.partner_id.id, address) not in proved
            )

    @api.model_create_multi
    def create(self, vals_list):
        """Keep who enrolled a new person: the addresses are what that person saw."""
        members = super().create(vals_list)
        if not self.env.context.get(UNSEEN):
            for person in members.partner_id:
                if not members._has_earlier(person):
                    members._see_addresses(person)
        return members

    def _has_earlier(self, person):
        """Tell whether a person takes part, or did, by other memberships than these."""
        members = self.sudo().with_context(active_test=False)
        domain = [("partner_id", "=", person.id), ("id", "not in", self.ids)]
        return bool(members.search_count(domain, limit=1))

    def write(self, vals):
        """Keep which officer corrected an address on the participant's own page."""
        result = super().write(vals)
        is_seen = not self.env.su and self._is_officer()
        if is_seen and not {"phone", "email"}.isdisjoint(vals):
            for person in self.partner_id:
                if not self._is_own_address(person):
                    self._see_addresses(person, vals)
        return result

    def _see_addresses(self, person, names=("phone", "email")):
        """Keep that the user saw addresses of a person.

        What somebody else proved is for an officer to see.

        :param person: the private contact
        :param names: which of ``phone`` and ``email``
        """
        proofs = self.env["b2b2c.address.proof"].sudo()
        reach = person.sudo()._get_loyalty_reach()
        seen = {getattr(reach, name) for name in ("phone", "email") if name in names}
        if not self._is_officer():
            seen = {
                address
                for address in seen
                if set(proofs._get_holders(address)) <= {person.id}
            }
        proofs._keep(person, sorted(seen), "office", self.env.user)

    def _is_officer(self):
        return self.env.user.has_group("loyalty_b2b2c.group_officer")

    def _is_own_address(self, person):
        return self.env["b2b2c.authority"]._is_self(self.env.user, partners=person)

    @decides("")
    def action_prove_addresses(self):
        """Say that the addresses of these participants are theirs (officers).

        :raise UserError: the user is no officer, or decides about himself
        """
        if not self._is_officer():
            raise UserError(
                self.env._("Only a loyalty officer may say whose an address is.")
            )
        for member in self:
            text = member.unproved
            member._see_addresses(member.partner_id)
            if text:
                member.message_post(
                    body=self.env._("Proved: %s belongs to this person.", text)
                )
        self.invalidate_recordset(["unproved"])
        return True
