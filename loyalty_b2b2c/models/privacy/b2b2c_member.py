import base64
import io
import json
import zipfile

from odoo import fields, models
from odoo.exceptions import AccessError, UserError

from ...tabular import write_csv
from ..ledger.b2b2c_member import PERSONAL_ENTRY
from ..people.person import Person
from .erasure import Erasure


class B2b2cMember(models.Model):
    """The rights of a person over their data: a copy, and to be forgotten."""

    _inherit = "b2b2c.member"

    # === ACTION METHODS === #

    def action_erase(self):
        """Open the dialog that erases this person (managers)."""
        self.ensure_one()
        self._check_privacy_manager()
        return self.env["b2b2c.erase"]._open(self)

    def action_export_personal_data(self):
        """Download everything stored about this person (managers)."""
        self.ensure_one()
        self._check_privacy_manager()
        attachment = self.env["ir.attachment"].create(
            {
                "name": f"personal_data_{self.id}_{fields.Date.today()}.zip",
                "mimetype": "application/zip",
                "datas": base64.b64encode(self._export_personal_data()),
                "res_model": self._name,
                "res_id": self.id,
            }
        )
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{attachment.id}?download=true",
            "target": "self",
        }

    # === BUSINESS METHODS === #

    def _check_privacy_manager(self):
        """Refuse everybody but a manager of all companies the person belongs to."""
        if not self.env.user.has_group("loyalty_b2b2c.group_manager"):
            raise AccessError(
                self.env._("Only a loyalty manager handles personal data on request.")
            )
        self.check_access("write")
        foreign = self._get_memberships().company_id - self.env.companies
        if not foreign or self.env.su:
            return
        if foreign - self.env.user.company_ids:
            # which one is nobody's business who may not go there
            raise UserError(
                self.env._(
                    "This person also takes part at a company that is closed to you. "
                    "Ask who may see all companies: a person is exported or erased as "
                    "a whole."
                )
            )
        raise UserError(
            self.env._(
                "This person also takes part at %s. Choose that company as well "
                "(top right): a person is exported or erased as a whole.",
                ", ".join(foreign.mapped("name")),
            )
        )

    def _get_memberships(self):
        """Return all memberships of this person, in every company (superuser)."""
        return (
            self.sudo()
            .with_context(active_test=False)
            .search([("partner_id", "in", self.sudo().partner_id.ids)])
        )

    def _check_reason(self, reason, contacts=None):
        """Refuse a reason that holds an address, a number or a name of the person."""
        result = super()._check_reason(reason, contacts)
        for member in self.sudo():
            person = Person(
                member.partner_id, member.contact_id if contacts is None else contacts
            )
            for text in (*person.reach, *person.names):
                if text.lower() in (reason or "").lower():
                    raise UserError(
                        self.env._("Leave personal data out of the reason: “%s”.", text)
                    )
        return result

    def _erase(self, reason, *, forfeit=True, contacts=None):
        """Forget the person behind this membership; the books stay as they are.

        :param str reason: why, without personal data
        :param bool forfeit: let the remaining points lapse; else they stay on the
            books until somebody spends them for the person
        :param contacts: contacts of companies that are the same person
        """
        self.ensure_one()
        if not (reason or "").strip():
            raise UserError(self.env._("Say why the personal data are erased."))
        person = self.sudo().partner_id
        if person.user_ids.filtered(lambda user: not user.share):
            raise UserError(
                self.env._(
                    "%s is an internal user. Archive the user in the settings first.",
                    person.name,
                )
            )
        members = self._get_memberships()
        self._check_reason(reason, contacts)
        Erasure(Person(person, contacts)).run()
        if forfeit:
            members.write({"forfeits_points": True})
            members.flush_recordset()
            members.account_ids._forfeit_erased()
        for member in members:
            member.message_post(
                body=self.env._("Personal data erased: %s", reason),
                author_id=self.env.user.partner_id.id,
            )

    # === EXPORT === #

    def _export_personal_data(self):
        """Return a ZIP file with ``person.json`` and ``entries.csv``."""
        data = {
            "exported_at": fields.Datetime.to_string(fields.Datetime.now()),
            **self._get_memberships()._get_personal_data(),
        }
        content = json.dumps(data, indent=2, ensure_ascii=False)
        table = [
            list(PERSONAL_ENTRY),
            *([row[name] for name in PERSONAL_ENTRY] for row in data["entries"]),
        ]
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("person.json", content)
            archive.writestr("entries.csv", write_csv(table))
        return buffer.getvalue()
