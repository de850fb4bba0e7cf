import base64
from typing import NamedTuple

from odoo import fields, models
from odoo.exceptions import UserError

from ...engine.typed_text import get_mailbox
from ...models.joining.join_input import read_input
from ...tabular import TableError, read_table

_MAX_PEOPLE = 2000
#: Column -> the headings people give it, in lower case.
_HEADINGS = {
    "name": ("name", "full name", "ім'я", "піб", "ім’я"),
    "email": ("email", "e-mail", "mail", "пошта"),
    "phone": ("phone", "mobile", "телефон"),
}


class _Person(NamedTuple):
    """One row of the file: who it is, or what is wrong with it."""

    row: int
    known: object


class B2b2cReferralInvite(models.TransientModel):
    """Invites many people of one company or school to recommend, from a file.

    Who takes part already gets a code at once.  Anybody else gets an e-mail with the
    link of an invitation; a loyalty officer agrees before each of them takes part.
    """

    _name = "b2b2c.referral.invite"
    _description = "Invite Recommenders"
    _inherit = ["b2b2c.dialog", "b2b2c.role"]

    campaign_id = fields.Many2one("b2b2c.referral.campaign", required=True)
    company_id = fields.Many2one(related="campaign_id.company_id")
    employer_id = fields.Many2one(
        "res.partner",
        string="Company, Shop or School",
        required=True,
        domain="[('is_company', '=', True)]",
    )
    role = fields.Selection(default="recommender")
    file = fields.Binary(attachment=False)
    filename = fields.Char()
    state = fields.Selection(
        [("file", "File"), ("checked", "Checked"), ("done", "Invited")],
        default="file",
        required=True,
        readonly=True,
    )
    result = fields.Text(readonly=True)

    # === ACTION METHODS === #

    def action_check(self):
        """Read the file and say who would be invited; nothing is sent."""
        people = self._read_people()
        members = [self._find_member(person.known) for person in people]
        return self._show("checked", people, sum(map(bool, members)))

    def action_invite(self):
        """Give codes to those who take part, and invite the others."""
        people, codes = self._read_people(), 0
        links = self.env["b2b2c.referral.link"]
        invitation = self._get_invitation()
        messages = []
        for person in people:
            if person.known.problem:
                continue
            member = self._find_member(person.known)
            if member:
                codes += bool(links._ensure(member, self.campaign_id))
            elif person.known.email:
                messages.append(self._prepare_message(invitation, person.known.email))
        self.env["b2b2c.notification"].sudo()._tell(messages)
        return self._show("done", people, codes)

    # === BUSINESS METHODS === #

    def _read_people(self):
        """Return the people of the file, each once.

        :raise UserError: it is no such file, or whom it is about is the user's company
        """
        self.ensure_one()
        self.check_access("write")
        self.env["b2b2c.authority"]._check(self.env.user, partners=self.employer_id)
        try:
            rows = read_table(base64.b64decode(self.file or b""), _MAX_PEOPLE)
        except TableError:
            raise UserError(
                self.env._(
                    "This is no CSV or XLSX file with at most %s people.", _MAX_PEOPLE
                )
            ) from None
        columns = self._find_columns(rows[0])
        people, seen = [], set()
        for number, row in enumerate(rows[1:], start=2):
            cells = {
                name: str(row[at] or "") if at < len(row) else ""
                for name, at in columns.items()
            }
            known = read_input(self.env, cells, self.campaign_id.company_id.country_id)
            key = get_mailbox(known.email) if known.email else known.phone
            if not key or key not in seen:
                people.append(_Person(number, known))
            seen.add(key)
        return people

    def _find_columns(self, headings):
        """Return name -> index of the columns.

        :raise UserError: one is missing
        """
        texts = [str(heading or "").strip().lower() for heading in headings]
        columns = {
            name: next((at for at, text in enumerate(texts) if text in known), None)
            for name, known in _HEADINGS.items()
        }
        found = {name: at for name, at in columns.items() if at is not None}
        if "name" not in found or "email" not in found:
            raise UserError(
                self.env._("The first row needs the headings Name and E-mail.")
            )
        return found

    def _find_member(self, known):
        """Return the membership at the employer of who is named in the file."""
        if known.problem:
            return self.env["b2b2c.member"]
        domain = [
            ("employer_id", "=", self.employer_id.id),
            ("company_id", "=", self.campaign_id.company_id.id),
            ("state", "=", "enrolled"),
        ]
        if known.email:
            domain.append(("partner_id.email_normalized", "=", known.email))
        else:
            domain.append(("partner_id.phone_sanitized", "=", known.phone))
        found = self.env["b2b2c.member"].search(domain)
        return found.filtered(self.campaign_id._may_recommend)[:1]

    def _get_invitation(self):
        """Return the invitation of the employer with which people join here."""
        return self.env["b2b2c.invitation"].create(
            {
                "employer_id": self.employer_id.id,
                "company_id": self.campaign_id.company_id.id,
                "role": self.role,
                "approval": "manager",
            }
        )

    def _prepare_message(self, invitation, email):
        """Return the message that invites an address, once in a campaign."""
        return {
            "kind": "referral_invited",
            "key": f"referral_invited/{self.campaign_id.id}/{get_mailbox(email)}",
            "address": email,
            "channel": "email",
            "lang": self.env.lang,
            "company_id": invitation.company_id.id,
            "res_model": invitation._name,
            "res_id": invitation.id,
        }

    def _show(self, state, people, codes):
        """Say what happened, or would, and show the dialog again."""
        wrong = [person for person in people if person.known.problem]
        lines = [
            self.env._("Take part already and get a code: %s", codes),
            self.env._("Invited by e-mail: %s", len(people) - len(wrong) - codes),
            *(
                self.env._(
                    "Row %(row)s: %(problem)s",
                    row=person.row,
                    problem=person.known.problem,
                )
                for person in wrong
            ),
        ]
        self.write({"state": state, "result": "\n".join(lines)})
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Invite Recommenders"),
            "res_model": self._name,
            "res_id": self.id,
            "views": [(False, "form")],
            "target": "new",
        }
