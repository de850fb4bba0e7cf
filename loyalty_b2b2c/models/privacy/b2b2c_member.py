import base64
import io
import json
import zipfile

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ...tabular import write_csv
from .erasure import Erasure

_PERSON = (
    "name", "email", "phone", "street", "street2", "city", "zip", "country_id",
    "lang", "tz", "vat", "website", "function", "ref", "comment", "create_date",
)  # fmt: skip
_MEMBERSHIP = (
    "display_name", "code", "role", "employer_id", "contact_id", "company_id", "state",
    "enrolled_at", "suspended_at", "left_at", "consent_at", "employer_consent",
    "notify_email", "notify_sms", "lang",
)  # fmt: skip
_ENTRY = (
    "id", "effective_at", "recorded_at", "entry_type", "points", "points_pending",
    "points_held", "points_debt", "points_lost", "unit_id", "program_id", "rule_id",
    "document_name", "reason", "explanation_text",
)  # fmt: skip


class B2b2cMember(models.Model):
    """The rights of a person over their data: a copy, and to be forgotten."""

    # a file of its own: privacy is another concern than membership
    # pylint: disable=consider-merging-classes-inherited
    _inherit = "b2b2c.member"

    erased_at = fields.Datetime(
        string="Personal Data Erased", readonly=True, copy=False
    )
    forfeits_points = fields.Boolean(
        readonly=True,
        copy=False,
        help="Points that still come in lapse at once: the person was erased.",
    )

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
        if foreign and not self.env.su:
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

    def _get_adjustments(self):
        """Return the corrections by hand of these participants."""
        return self.env["b2b2c.adjustment"].search(
            [("account_id", "in", self.account_ids.ids)]
        )

    def _check_reason(self, reason, contacts=None):
        """Check that a reason does not name these persons: it stays in the books.

        :param contacts: contacts of companies that are the same person
        :raise UserError: it does
        """
        for member in self.sudo():
            person = Erasure(
                member.partner_id, member.contact_id if contacts is None else contacts
            )
            for text in (part for group in person.markers for part in group):
                if text.lower() in (reason or "").lower():
                    raise UserError(
                        self.env._("Leave personal data out of the reason: “%s”.", text)
                    )

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
        members._cancel_redemptions()
        Erasure(person, contacts).run()
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
        members = self._get_memberships()
        entries = self.env["b2b2c.ledger.entry"].sudo()
        entries = entries.search(
            [("account_id", "in", members.account_ids.ids)], order="id"
        )
        rows = self._get_rows(entries, _ENTRY)
        content = json.dumps(
            self._get_personal_data(members, rows), indent=2, ensure_ascii=False
        )
        table = [list(_ENTRY), *([row[name] for name in _ENTRY] for row in rows)]
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("person.json", content)
            archive.writestr("entries.csv", write_csv(table))
        return buffer.getvalue()

    def _get_personal_data(self, members, entries):
        """Return everything about a person as JSON values."""
        person = members.partner_id
        accounts = members.account_ids
        env = members.env
        about = [("model", "=", self._name), ("res_id", "in", members.ids)]
        messages = env["mail.message"].search(
            ["|", ("author_id", "in", person.ids), *["&", *about]], order="id"
        )
        files = env["ir.attachment"].search(
            [("res_model", "=", self._name), ("res_id", "in", members.ids)]
        )
        return {
            "exported_at": fields.Datetime.to_string(fields.Datetime.now()),
            "person": self._get_rows(person, _PERSON),
            "portal_logins": person.user_ids.mapped("login"),
            "memberships": self._get_rows(members, _MEMBERSHIP),
            "balances": self._get_rows(
                accounts,
                (
                    "unit_id",
                    "balance_available",
                    "balance_pending",
                    "balance_held",
                    "balance_debt",
                ),
            ),  # fmt: skip
            "lots": self._get_rows(
                accounts.lot_ids, ("points", "remaining", "expires_at")
            ),
            "entries": entries,
            "documents": self._get_personal_documents(members),
            "reported_documents": self._get_rows(
                env["b2b2c.external.document"].search(
                    [
                        "|",
                        ("member_id", "in", members.ids),
                        ("seller_id", "in", members.ids),
                    ]
                ),
                ("document_type", "reference", "occurred_at", "amount_total", "note"),
            ),
            "claims": self._get_rows(
                env["b2b2c.claim"].search([("submitter_id", "in", members.ids)]),
                (
                    "kind",
                    "reference",
                    "occurred_at",
                    "state",
                    "reason_code",
                    "note",
                    "address",
                ),
            ),
            "joined": self._get_rows(
                env["b2b2c.join"].search([("member_id", "in", members.ids)]),
                (
                    "name",
                    "email",
                    "phone",
                    "address",
                    "create_date",
                    "consent_at",
                    "consent_text_id",
                    "state",
                ),
            ),
            "receipts": self._get_rows(
                env["b2b2c.receipt"].search(
                    [("claim_id.submitter_id", "in", members.ids)]
                ),
                ("kind", "number", "issued_on", "amount_total", "state"),
            ),
            "reward_requests": self._get_rows(
                members.redemption_ids,
                (
                    "name",
                    "requested_at",
                    "reward_id",
                    "quantity",
                    "points",
                    "state",
                    "note",
                ),
            ),  # fmt: skip
            "notifications": self._get_rows(
                env["b2b2c.notification"].search(
                    [("account_id", "in", accounts.ids)], order="id"
                ),
                ("create_date", "kind", "points", "document_name", "state"),
            ),
            "messages": self._get_rows(messages, ("date", "subject", "body")),
            "sms": self._get_rows(
                env["sms.sms"].search([("partner_id", "in", person.ids)]),
                ("create_date", "number", "body"),
            ),
            "files": files.mapped("name"),
        }

    @api.model
    def _get_personal_documents(self, members):
        """Return the names of all documents that name these members themselves."""
        sources = members.env["b2b2c.source"]
        return [
            document.display_name
            for model in sources._get_sources()
            for document in members.env[model].search(
                sources._for_model(model)._get_personal_domain(members), order="id"
            )
        ]

    @api.model
    def _get_rows(self, records, names):
        """Return records as dicts of JSON values; unknown fields are left out."""
        return [
            {
                name: self._to_json(record, name)
                for name in names
                if name in record._fields
            }
            for record in records
        ]

    @api.model
    def _to_json(self, record, name):
        """Return the value of a field as JSON."""
        value = record[name]
        if isinstance(value, models.BaseModel):
            return value.display_name or None
        if value is False and record._fields[name].type != "boolean":
            return None
        if isinstance(value, (str, int, float, bool)):
            return value
        return str(value)
