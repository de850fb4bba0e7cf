"""Forgetting a person: personal data go, the books stay.

What is booked names accounts and amounts, never a person, so the ledger needs no
change.  Everything else that is the person's goes: the private contact with its
addresses, bank accounts and pictures, the portal user, messages and their tracking,
e-mails and SMS, files, photos of receipts, how the person joined.  Texts about the
person elsewhere lose the e-mail address and the phone number, and in documents of the
person also the name (``erasure_texts.py``).

Not touched, because the law keeps them: documents of the ledger and of accounting.
"""

import psycopg2

from odoo.fields import Domain
from odoo.tools import SQL, mute_logger

from ..base.rows import delete_rows
from .erasure_texts import TextEraser

#: Rows of these models are about one record, named by two columns.
_ABOUT = (
    ("mail.activity", "res_model"),
    ("mail.followers", "res_model"),
    ("mail.message", "model"),
    ("ir.attachment", "res_model"),
)
_KEPT_FIELDS = {"name", "type", "lang", "tz", "active", "company_id", "color"}
_TEXT_TYPES = ("char", "text", "html", "binary", "image", "json", "date")


class Erasure:
    """Forgets one person.

    :param person: the :class:`~..people.person.Person`
    """

    def __init__(self, person):
        self.env = person.env
        self.person = person
        self.partners, self.members = person.partners, person.members
        self.users = person.users

    def run(self):
        """Erase everything but what is booked.

        Each package forgets its own rows first; then go what Odoo keeps.
        """
        about = (
            self.partners.bank_ids,
            *self.members._get_personal_records(),
            self.partners,
            self.users,
        )
        self.members._erase_personal_data(self.person)
        self._delete_banks()
        self._close_users()
        self._clear_partners()
        # last: clearing leaves traces itself, as messages and tracked values
        self.env.flush_all()
        self._delete_mails()
        for records in about:
            self._delete_rows_about(records)
        texts = TextEraser(self.person)
        texts.scrub()
        texts.delete_short_lived()
        self.env.flush_all()
        self.env.invalidate_all()

    # === PARTS === #

    def _delete_banks(self):
        """Delete bank accounts; one that was paid to is evidence, without the name.

        Odoo archives what it is told to delete, so the row goes by a statement.
        """
        banks = self.partners.with_context(active_test=False).bank_ids
        self._delete_rows_about(banks)
        banks.write({"acc_holder_name": False, "active": False})
        self.env.flush_all()
        for bank in banks:
            try:
                with self.env.cr.savepoint(), mute_logger("odoo.sql_db"):
                    delete_rows(bank, "id", bank)
            except psycopg2.IntegrityError:
                continue  # a payment or a bill names it
        self.env.invalidate_all()

    def _delete_mails(self):
        """Delete e-mails and SMS to the person."""
        reach = self.person.reach
        mails = self.env["mail.mail"].search(
            Domain("recipient_ids", "in", self._ids())
            | Domain.OR(Domain("email_to", "ilike", text) for text in reach)
        )
        messages = mails.mail_message_id
        mails.unlink()
        self.env["sms.sms"].search([("partner_id", "in", self._ids())]).unlink()
        messages.exists().unlink()
        for name, column in (
            ("mail.blacklist", "email"),
            ("phone.blacklist", "number"),
        ):
            refusals = self.env[name].with_context(active_test=False)
            refusals.search([(column, "in", reach)]).unlink()

    def _delete_rows_about(self, records):
        """Delete messages, activities, followers and files of records."""
        for name, column in _ABOUT:
            self.env[name].sudo().search(
                [
                    (column, "=", records._name),
                    ("res_id", "in", records.ids),
                    *(
                        # fields' own files go with the fields
                        [("res_field", "=", False)] if name == "ir.attachment" else []
                    ),
                ]
            ).unlink()
        if records._name == "res.partner":
            self.env["mail.followers"].search(
                [("partner_id", "in", self._ids())]
            ).unlink()

    def _close_users(self):
        """Archive the portal user; nobody logs in with the address again."""
        for user in self.users:
            user.write({"active": False, "signature": False})
            self.env.flush_all()
            # by SQL: Odoo would write an e-mail about a changed login
            self.env.cr.execute(
                "UPDATE res_users SET password = NULL, login = 'erased-' || id "
                "WHERE id = %s",
                [user.id],
            )
            user.invalidate_recordset()
            self.env["res.users.apikeys"].search([("user_id", "=", user.id)]).unlink()
        for name in ("res.users.log", "res.device.log"):
            # who a log line is about is one column or the other
            model = self.env[name]
            column = "user_id" if "user_id" in model._fields else "create_uid"
            self.env.cr.execute(
                SQL(
                    "DELETE FROM %s WHERE %s = ANY(%s)",
                    SQL.identifier(model._table),
                    SQL.identifier(column),
                    self.users.ids,
                )
            )

    def _clear_partners(self):
        """Make the contacts nameless."""
        names = {
            name: False
            for name, field in self.partners._fields.items()
            if field.store
            and field.type in _TEXT_TYPES
            and name not in _KEPT_FIELDS
            and not field.required
            and not (field.compute and field.readonly)
            and not field.related
        }
        for partner in self.partners:
            partner.write(
                {
                    **names,
                    "name": self.env._("Erased person %s", partner.id),
                    "category_id": [(5,)],
                }
            )
        # not with the context of our search: Odoo would take closed users for active
        people = self.partners.with_env(self.env)
        people.filtered("active").active = False
        self.env.flush_all()
        self.members.invalidate_recordset()

    def _ids(self):
        return self.partners.ids
