from odoo import models
from odoo.exceptions import UserError

from ...models.base.rows import join_rows

#: What is known of a contact's addresses -> the field that tells them apart.
_ADDRESSES = {"b2b2c.address.proof": "address", "b2b2c.former.address": "digest"}


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    """Participants become one with their contacts."""

    _inherit = "base.partner.merge.automatic.wizard"

    def _update_foreign_keys(self, src_partners, dst_partner):
        """Merge memberships before Odoo rewrites the contacts by SQL.

        Odoo would delete or refuse the row of a person enrolled twice in one role; the
        points move to the surviving membership by transfer entries instead.
        """
        self._merge_loyalty_members(src_partners, dst_partner)
        for name, key in _ADDRESSES.items():
            rows = self.env[name].sudo()
            join_rows(rows, "partner_id", key, src_partners, dst_partner)
        return super()._update_foreign_keys(src_partners, dst_partner)

    def _merge_loyalty_members(self, src_partners, dst_partner):
        """Join memberships that would become the same person, role and employer."""
        partners = src_partners | dst_partner
        self._check_loyalty_persons(partners)
        self._check_loyalty_authority(partners)
        members = (
            self.env["b2b2c.member"]
            .sudo()
            .search(
                [
                    ("state", "in", ("enrolled", "suspended")),
                    "|",
                    ("partner_id", "in", partners.ids),
                    ("employer_id", "in", partners.ids),
                ],
                order="enrolled_at, id",
            )
        )
        survivors = {}
        for member in members:
            key = tuple(
                dst_partner.id if partner in src_partners else partner.id
                for partner in (member.partner_id, member.employer_id)
            ) + (member.role, member.company_id.id)
            survivor = survivors.setdefault(key, member)
            if survivor != member:
                member._merge_into(survivor)

    def _check_loyalty_authority(self, partners):
        """Refuse to become somebody who takes part, or to merge the own company.

        Points of one go to the other: that two are one is for an officer to say.

        :raise UserError: the user is one of the contacts, or is no officer
        """
        members = self.env["b2b2c.member"].sudo().with_context(active_test=False)
        members = members.search(
            [
                "|",
                "|",
                ("partner_id", "in", partners.ids),
                ("contact_id", "in", partners.ids),
                ("employer_id", "in", partners.ids),
            ]
        )
        if members:
            self.env["b2b2c.authority"]._check(self.env.user, partners=partners)
        takers = members.partner_id & partners
        if len(takers) > 1 and not self.env.user.has_group(
            "loyalty_b2b2c.group_officer"
        ):
            raise UserError(
                self.env._(
                    "%s take part in a loyalty program. A loyalty officer merges them.",
                    ", ".join(takers.mapped("name")),
                )
            )

    def _check_loyalty_persons(self, partners):
        """Refuse to turn a participant into a company's contact.

        On the portal it would see all orders and invoices of the company.
        """
        persons = self.env["b2b2c.member"].sudo().with_context(active_test=False)
        if partners.parent_id and persons.search_count(
            [("partner_id", "in", partners.ids)], limit=1
        ):
            raise UserError(
                self.env._(
                    "A participant is a private contact and cannot be merged with a "
                    "contact of a company."
                )
            )
