from collections import defaultdict

from odoo import api, fields, models

from ..base.rows import delete_rows
from .member_code import new_code
from .personal_texts import PersonalTexts

_PERSON = (
    "name", "email", "phone", "street", "street2", "city", "zip", "country_id",
    "lang", "tz", "vat", "website", "function", "ref", "comment", "create_date",
)  # fmt: skip
_MEMBERSHIP = (
    "display_name", "code", "role", "employer_id", "contact_id", "company_id", "state",
    "enrolled_at", "suspended_at", "left_at", "consent_at", "employer_consent", "lang",
)  # fmt: skip


class B2b2cMember(models.Model):
    """What is stored about a person, and how it is forgotten: the registry.

    Each package extends these methods with its own rows and calls ``super()``. They are
    called with superuser rights on all memberships of one person.
    """

    _inherit = "b2b2c.member"

    # === A COPY === #

    def _get_personal_data(self):
        """Return everything about a person as JSON values.

        :return: dict name of a kind of data -> list of dict, or of texts
        """
        person = self.partner_id
        about = [("model", "=", self._name), ("res_id", "in", self.ids)]
        messages = self.env["mail.message"].search(
            ["|", ("author_id", "in", person.ids), *["&", *about]], order="id"
        )
        files = self.env["ir.attachment"].search(
            [("res_model", "=", self._name), ("res_id", "in", self.ids)]
        )
        return {
            "person": self._to_rows(person, _PERSON),
            "portal_logins": person.user_ids.mapped("login"),
            "proved_addresses": self._to_rows(
                self.env["b2b2c.address.proof"].search(
                    [("partner_id", "in", person.ids)]
                ),
                ("address", "way", "proved_at"),
            ),
            "memberships": self._to_rows(self, _MEMBERSHIP),
            "messages": self._to_rows(messages, ("date", "subject", "body")),
            "files": files.mapped("name"),
        }

    @api.model
    def _to_rows(self, records, names):
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

    # === TO BE FORGOTTEN === #

    def _get_personal_documents(self):
        """Return the documents that are the person's own: names in them are this
        person's.

        :return: defaultdict model -> set of ids
        """
        return defaultdict(set)

    def _get_personal_records(self):
        """Return records whose messages, activities and files are about the person and
        are deleted.

        :return: list of recordsets
        """
        return [self]

    def _get_personal_texts(self, person):
        """Return what becomes of every text that our models store.

        :param person: the :class:`~.person.Person` to be forgotten
        :return: :class:`~.personal_texts.PersonalTexts`
        """
        texts = PersonalTexts()
        texts.add("b2b2c.member", cleared=["code"], impersonal=["program_scope"])
        texts.add("b2b2c.former.address", is_deleted=True)
        texts.add("b2b2c.address.proof", is_deleted=True)
        # of the floors below, which know no persons
        texts.add("b2b2c.hour.count", impersonal=["scope"])
        texts.add("b2b2c.unit", impersonal=["name", "symbol"])
        texts.add("b2b2c.program", impersonal=["description", "name"])
        texts.add(
            "b2b2c.earning.rule",
            impersonal=["event_codes", "name", "partner_domain", "product_domain"],
        )
        texts.add("b2b2c.document.kind", impersonal=["code", "name"])
        texts.add("b2b2c.cap.scope", impersonal=["scope"])
        texts.add("b2b2c.cap.use", impersonal=["document", "scope"])
        return texts

    def _erase_personal_data(self, person):
        """End the memberships, and keep nothing of the person in our own rows.

        The contacts, users and messages of Odoo follow afterwards.

        :param person: the :class:`~.person.Person` to be forgotten
        """
        now = fields.Datetime.now()
        for member in self:
            values = {"contact_id": False, "code": new_code(), "erased_at": now}
            if member.state in ("enrolled", "suspended"):
                values |= {
                    "state": "left",
                    "left_at": max(now, member.enrolled_at),
                    "suspended_at": False,
                }
            member.write(values)
        for name in ("b2b2c.former.address", "b2b2c.address.proof"):
            delete_rows(self.env[name], "partner_id", person.partners)
