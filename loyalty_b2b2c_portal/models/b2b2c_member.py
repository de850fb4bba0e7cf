import base64

from odoo import api, fields, models
from odoo.tools import format_date

from odoo.addons.loyalty_b2b2c.models.people.b2b2c_member_fact import FACT_FIELDS
from odoo.addons.loyalty_b2b2c.models.people.member_code import PREFIX, shown_code

_CODE_SIZE = 480  # pixels of the picture, sharp on a phone


class B2b2cMember(models.Model):
    _inherit = "b2b2c.member"

    @api.model
    def _get_portal_members(self, partner):
        """Return the memberships of a person, with superuser rights.

        Merged memberships are among them: their earlier statement stays the person's.
        Archived, suspended and ended ones too: what was earned stays visible.

        :param partner: ``res.partner`` record of the logged-in user
        """
        return (
            self.sudo()
            .with_context(active_test=False)
            .search_fetch(
                [("partner_id", "=", partner.id)], FACT_FIELDS, order="enrolled_at, id"
            )
        )

    def _get_portal_accounts(self):
        """Return the accounts of these memberships, oldest membership first."""
        return self.account_ids.sorted("id")

    def _get_portal_memberships(self):
        """Return what the overview shows of these memberships.

        :return: list of dict with the keys ``title``, ``state``, ``note``, ``cards``
        """
        cards = {
            card["account"].id: card
            for card in self._get_portal_accounts()._get_portal_cards(movements=5)
        }
        return [
            {
                "title": member._get_portal_title(),
                "state": member.state,
                "note": member._get_portal_note(),
                "cards": [cards[account.id] for account in member.account_ids],
            }
            for member in self
            if member.state != "merged" or member.account_ids
        ]

    def _get_portal_title(self):
        """Return role and company in words: "Shop owner, Corner Shop"."""
        self.ensure_one()
        return self.env._(
            "%(role)s, %(employer)s",
            role=self._get_role_label(),
            employer=self.employer_id.name,
        )

    def _get_portal_note(self):
        """Return what a person should know about the state of the membership."""
        self.ensure_one()
        if self.state == "suspended":
            return self.env._(
                "Your participation is paused: for now you do not earn or spend. "
                "Your points stay yours."
            )
        if self.state == "left":
            return self.env._(
                "Your participation ended on %s. You keep the points shown here.",
                format_date(
                    self.env,
                    fields.Datetime.context_timestamp(self, self.left_at).date(),
                    date_format="medium",
                ),
            )
        if self.state == "merged":
            return self.env._(
                "Earlier statement: your points were moved to your other membership."
            )
        return ""

    # === THE CODE FOR THE COUNTER === #

    def _get_portal_codes(self):
        """Return the code a person shows at a counter, one per company.

        The picture is part of the page: it is there without a connection too.

        :return: list of dict with the keys ``company``, ``text``, ``picture``
        """
        enrolled = self.filtered(lambda member: member.state == "enrolled")
        return [
            {
                "company": members.company_id.name,
                "text": shown_code(members[0].code),
                "picture": members[0]._get_code_picture(),
            }
            for members in enrolled.grouped("company_id").values()
        ]

    def _get_code_picture(self):
        """Return the QR code of this participant as the address of a picture."""
        self.ensure_one()
        png = self.env["ir.actions.report"].barcode(
            "QR",
            f"{PREFIX}{self.code}",
            width=_CODE_SIZE,
            height=_CODE_SIZE,
            barLevel="M",
        )
        return f"data:image/png;base64,{base64.b64encode(png).decode()}"
