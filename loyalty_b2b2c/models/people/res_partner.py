from odoo import api, fields, models
from odoo.exceptions import UserError

from .addresses import Reach


class ResPartner(models.Model):
    """Adapter: contacts of participants stay private, and are not deleted."""

    _inherit = "res.partner"

    b2b2c_member_count = fields.Integer(
        compute="_compute_b2b2c_member_count", groups="loyalty_b2b2c.group_user"
    )

    @api.constrains("parent_id", "is_company")
    def _check_b2b2c_private(self):
        """Keep participants private: on the portal a company's contact sees its
        orders."""
        partners = self.filtered(lambda p: p.parent_id or p.is_company)
        self.env["b2b2c.member"].sudo()._check_private(partners)

    @api.constrains("company_id")
    def _check_b2b2c_company(self):
        """Keep contacts visible to the companies they take part at."""
        for partner in self.filtered("company_id"):
            self.env["b2b2c.member"].sudo().with_context(active_test=False).search(
                partner._get_loyalty_member_domain()
            )._check_partner_company()

    def write(self, vals):
        """Archive the memberships with the person, and bring them back too."""
        result = super().write(vals)
        if "active" in vals:
            members = (
                self.env["b2b2c.member"]
                .sudo()
                .with_context(active_test=False)
                .search([("partner_id", "in", self.ids), ("erased_at", "=", False)])
            )
            members.write({"active": vals["active"]})
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_b2b2c_member(self):
        """Say what to do instead, before PostgreSQL only says no."""
        self.env["b2b2c.member"].sudo()._check_nobody_takes_part(self)

    def _compute_b2b2c_member_count(self):
        Member = self.env["b2b2c.member"].sudo()
        for partner in self:
            partner.b2b2c_member_count = Member.search_count(
                partner._get_loyalty_member_domain()
            )

    def _get_loyalty_member_domain(self):
        """Return the domain of the memberships shown on this contact."""
        self.ensure_one()
        names = ("partner_id", "contact_id", "employer_id")
        return ["|", "|", *((name, "=", self.id) for name in names)]

    def _get_loyalty_phone(self):
        """Return the phone number in international form, ``False`` if it is wrong."""
        self.ensure_one()
        try:
            return self._phone_format(
                fname="phone", force_format="E164", raise_exception=True
            )
        except UserError:
            return False

    def _get_loyalty_reach(self):
        """Return name and addresses of this contact, to compare people by."""
        self.ensure_one()
        return Reach(
            self.name or "",
            self._get_loyalty_phone() or "",
            self.email_normalized or "",
        )

    def action_b2b2c_members(self):
        """Open the participants of this contact or company."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "loyalty_b2b2c.b2b2c_member_action"
        )
        return dict(
            action,
            domain=self._get_loyalty_member_domain(),
            context={"default_employer_id": self.commercial_partner_id.id},
        )

    def action_b2b2c_enroll(self):
        """Open the enrolment of this contact."""
        self.ensure_one()
        return self.env["b2b2c.enroll"]._open(self)
