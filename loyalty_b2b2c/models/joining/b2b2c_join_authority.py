from odoo import models
from odoo.exceptions import UserError


class B2b2cJoin(models.Model):
    """Who decides about somebody who joins: nobody, the shop's owner, an officer."""

    _inherit = "b2b2c.join"

    def _get_approval(self, person):
        """Return whose agreement somebody needs, by the company's rule of this moment.

        People who handle points are for an officer, and so are owners: nobody agrees to
        himself.

        :param person: ``res.partner`` who joins, empty for somebody new
        :return: ``"none"``, ``"owner"`` or ``"manager"``
        """
        self.ensure_one()
        authority, texts = self.env["b2b2c.authority"], self._get_proved()
        approval = self.invitation_id._get_approval()
        if authority._find_staff(person, texts):
            return "manager"
        owners = self._get_owners()
        if approval == "owner" and authority._are_same(
            owners.partner_id, person, texts
        ):
            return "manager"
        return approval

    def _get_owners(self):
        """Return the owners of the shop who take part."""
        return self.env["b2b2c.member"].search(
            [
                ("employer_id", "=", self.employer_id.id),
                ("company_id", "=", self.company_id.id),
                ("role", "in", self._get_role_codes("owns")),
                ("state", "=", "enrolled"),
            ]
        )

    def _is_for_owner(self):
        """Tell whether the shop's owner decides."""
        self.ensure_one()
        return (
            self.state == "waiting"
            and self._is_staff()
            and self._get_approval(self.partner_id) == "owner"
        )

    def _check_decider(self, user, as_owner):
        """Refuse who decides about himself, or about people of the own shop as officer.

        :param bool as_owner: see :meth:`_approve`
        :raise UserError: somebody else has to decide
        """
        authority, texts = self.env["b2b2c.authority"], self._get_proved()
        if not as_owner:
            people = self.partner_id | self.employer_id
            authority._check(user, partners=people, texts=texts)
            return
        if not self._is_for_owner():
            raise UserError(self.env._("A loyalty officer decides about this request."))
        if authority._is_self(user, partners=self.partner_id, texts=texts):
            raise UserError(
                self.env._("Nobody agrees to himself. A loyalty officer decides.")
            )
