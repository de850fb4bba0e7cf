from odoo import api, fields, models
from odoo.exceptions import UserError

from ...models.people.authority import decides


class B2b2cErase(models.TransientModel):
    """Forget a person on request: says what goes and what the law keeps."""

    _name = "b2b2c.erase"
    _description = "Erase Personal Data"

    member_id = fields.Many2one(
        "b2b2c.member", required=True, readonly=True, ondelete="cascade"
    )
    membership_count = fields.Integer(compute="_compute_what")
    points_text = fields.Char(compute="_compute_what", string="Points Left")
    contact_ids = fields.Many2many(
        "res.partner", compute="_compute_what", string="Contacts of Companies"
    )
    kept_text = fields.Text(compute="_compute_what", string="What Stays")
    erase_contacts = fields.Boolean(
        string="Erase These Contacts Too",
        default=True,
        help="They are the same person, as a contact of the company.",
    )
    points_policy = fields.Selection(
        [
            ("forfeit", "Let them lapse"),
            ("keep", "Keep them on the books until they are spent"),
        ],
        string="Remaining Points",
        required=True,
        default="forfeit",
    )
    reason = fields.Char(
        required=True, help="Without personal data: it stays on the membership."
    )
    confirmed = fields.Boolean(string="I understand that this cannot be undone")

    @api.model
    def _open(self, member):
        """Return the action that opens the dialog for a participant."""
        wizard = self.create({"member_id": member.id, "reason": ""})
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Erase Personal Data"),
            "res_model": self._name,
            "res_id": wizard.id,
            "views": [(False, "form")],
            "target": "new",
        }

    @api.depends("member_id")
    def _compute_what(self):
        for wizard in self:
            members = wizard.member_id._get_memberships()
            wizard.membership_count = len(members)
            wizard.points_text = ", ".join(
                account.unit_id._format(account.balance_available)
                for account in members.account_ids
                if account.balance_available
            )
            erasable, held = wizard._get_contacts(members)
            wizard.contact_ids = erasable
            wizard.kept_text = wizard._describe_kept(members, held)

    def _get_contacts(self, members):
        """Return the companies' contacts of the person: erasable ones, and those on
        posted invoices, which the law keeps."""
        contacts = members.contact_id - members.partner_id
        held = contacts.filtered(_has_invoices)
        return contacts - held, held

    def _describe_kept(self, members, held):
        """Return what is not erased, a line each."""
        lines = [
            self.env._("Ledger entries: amounts, dates and documents, without a name."),
            self.env._("Orders, deliveries and invoices of the employer."),
            self.env._("Numbers of receipts and codes: none of them is paid twice."),
        ]
        if _has_invoices(members.partner_id):
            lines.append(
                self.env._("The name printed on the person's own posted invoices.")
            )
        lines += [
            self.env._(
                "Contact “%s”: it is on posted invoices of the company.",
                contact.display_name,
            )
            for contact in held
        ]
        return "\n".join(lines)

    @decides("member_id")
    def action_erase(self):
        """Erase the person, and open the nameless membership."""
        self.ensure_one()
        member = self.member_id
        member._check_privacy_manager()
        if not self.confirmed:
            raise UserError(self.env._("Confirm that you understand: tick the box."))
        contacts = self.sudo().contact_ids if self.erase_contacts else None
        reason, forfeit = self.reason, self.points_policy == "forfeit"
        self.unlink()  # the dialog itself must not remember the person
        member._erase(reason, forfeit=forfeit, contacts=contacts)
        return {
            "type": "ir.actions.act_window",
            "res_model": "b2b2c.member",
            "res_id": member.id,
            "views": [(False, "form")],
        }


def _has_invoices(partner):
    """Tell whether posted accounting documents name these contacts."""
    return bool(
        partner.env["account.move"].search_count(
            [
                ("state", "=", "posted"),
                "|",
                ("partner_id", "in", partner.ids),
                ("partner_shipping_id", "in", partner.ids),
            ],
            limit=1,
        )
    )
