from odoo import models
from odoo.exceptions import UserError
from odoo.fields import Domain

_ADDRESSES = {"email", "phone"}
_COMPANY = {"parent_id", "is_company"}


class ResPartner(models.Model):
    """Nobody becomes a participant by writing to contacts, nor stops to be one.

    Who has a participant's mailbox can sign in as that person; who leaves a company
    still is of it for some time.
    """

    _inherit = "res.partner"

    def write(self, vals):
        """Refuse to take over a participant or to bring the own membership back; keep
        the companies that people leave."""
        if "active" in vals and not self.env.su:
            self._check_loyalty_decision()
        others = self._find_loyalty_others(vals)
        left = self._get_loyalty_companies() if not _COMPANY.isdisjoint(vals) else {}
        result = super().write(vals)
        others._check_loyalty_not_mine()
        for person, company in left.items():
            person._keep_loyalty_company(company)
        return result

    # === TAKING OVER === #

    def _check_loyalty_decision(self):
        """Refuse that the user decides about memberships of these persons.

        :raise UserError: the user gains by it
        """
        members = self._search_loyalty_members(Domain("partner_id", "in", self.ids))
        if members:
            self.env["b2b2c.authority"]._check(self.env.user, members=members)

    def _find_loyalty_others(self, vals):
        """Return the participants among these contacts who get an address and are not
        the user.

        :param vals: to be written
        """
        if self.env.su or not any(vals.get(name) for name in _ADDRESSES):
            return self.browse()
        members = self._search_loyalty_members(
            Domain("partner_id", "in", self.ids) | Domain("contact_id", "in", self.ids)
        )
        people = self & (members.partner_id | members.contact_id).with_env(self.env)
        return people.filtered(lambda person: not person._is_loyalty_user())

    def _check_loyalty_not_mine(self):
        """Refuse that one of these persons is the user now.

        :raise UserError: the user has written an own address
        """
        for person in self:
            if person._is_loyalty_user():
                raise UserError(
                    self.env._(
                        "%s takes part in a loyalty program: nobody enters an own "
                        "address there.",
                        person.name,
                    )
                )

    def _is_loyalty_user(self):
        self.ensure_one()
        return self.env["b2b2c.authority"]._is_self(self.env.user, partners=self)

    # === COMPANIES THAT ARE LEFT === #

    def _get_loyalty_companies(self):
        """Return person -> company, of people with an identity who belong to one."""
        people = self.sudo().with_context(active_test=False)
        people = people.search([("id", "child_of", self.ids)])
        return {
            person: person.commercial_partner_id
            for person in people
            if person.commercial_partner_id != person and person._has_loyalty_identity()
        }

    def _keep_loyalty_company(self, company):
        """Remember a company that this person belonged to until now."""
        if self.commercial_partner_id != company:
            former = self.env["b2b2c.former.address"]
            former._keep(self, [former._name_company(company)])

    def _search_loyalty_members(self, domain):
        members = self.env["b2b2c.member"].sudo().with_context(active_test=False)
        return members.search(domain & Domain("erased_at", "=", False))
