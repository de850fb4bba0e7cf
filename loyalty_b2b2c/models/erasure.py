"""Forgetting a person: personal data go, the books stay.

What is booked names accounts and amounts, never a person, so the ledger needs no
change.  Everything else that is the person's goes: the private contact with its
addresses, bank accounts and pictures, the portal user, messages and their tracking,
e-mails and SMS, files.  Texts about the person elsewhere lose the e-mail address and
the phone number, and in documents of the person also the name.

Not touched, because the law keeps them: documents of the ledger and of accounting.
"""

import psycopg2

from odoo import fields
from odoo.exceptions import UserError
from odoo.tools import SQL, mute_logger

from .member_code import new_code

ERASED = "[erased]"

#: Texts where people write about people: table -> columns.
_TEXTS = {
    "mail_message": (
        "body", "subject", "record_name", "email_from", "reply_to", "incoming_email_to",
        "incoming_email_cc", "outgoing_email_to",
    ),
    "mail_tracking_value": (
        "old_value_char", "new_value_char", "old_value_text", "new_value_text",
    ),
    "mail_mail": ("body_html", "email_to", "email_cc", "headers", "failure_reason"),
    "mail_activity": ("summary", "note"),
    "mail_notification": ("failure_reason", "sms_number", "mail_email_address"),
    "sms_sms": ("body", "number"),
    "bus_bus": ("message",),
    "ir_logging": ("message",),
    "b2b2c_event": ("reason",),
    "b2b2c_notification": ("document_name", "reason", "details"),
    "b2b2c_redemption": ("note",),
    "b2b2c_adjustment": ("reason",),
    "b2b2c_external_document": ("note", "cancel_reason"),
    "b2b2c_claim": ("note",),
    "b2b2c_claim_line": ("name",),
    "b2b2c_api_answer": ("body",),
    "b2b2c_terminal_operation": ("cancel_reason",),
}  # fmt: skip
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

    :param partner: the private contact, superuser environment
    :param contacts: contacts of companies that are the same person
    """

    def __init__(self, partner, contacts=None):
        self.env = partner.env(context=dict(partner.env.context, tracking_disable=True))
        self.partner = partner.with_env(self.env)
        contacts = contacts if contacts is not None else partner.browse()
        people = self.env["res.partner"].with_context(active_test=False)
        # private addresses of the person are the person's data too
        self.partners = people.search(
            [("id", "child_of", (self.partner | contacts).ids)]
        )
        self.members = (
            self.env["b2b2c.member"]
            .with_context(active_test=False)
            .search([("partner_id", "=", partner.id)])
        )
        self.users = (
            self.env["res.users"]
            .with_context(active_test=False)
            .search([("partner_id", "in", self.partners.ids)])
        )
        self.markers = self._get_markers()

    def _get_markers(self):
        """Return the texts to look for: addresses and numbers, names."""
        reach, names = set(), set()
        for partner in self.partners:
            reach |= {
                partner.email, partner.email_normalized, partner.phone,
                partner.phone_sanitized,
            }  # fmt: skip
            names.add(partner.name)
        reach |= {user.login for user in self.users if "@" in (user.login or "")}
        return (
            sorted({text for text in reach if text and len(text) > 5}, key=len)[::-1],
            sorted({text for text in names if text and len(text) > 3}, key=len)[::-1],
        )

    def run(self):
        """Erase everything but what is booked."""
        documents = self.members._get_document_ids()
        about = (
            self.partners.bank_ids,
            self.members,
            self.members._get_adjustments(),
            self.members.redemption_ids,
            self.partners,
            self.users,
        )
        self._delete_banks()
        self._close_users()
        self._clear_members()
        self._delete_joins()
        self._clear_partners()
        # last: clearing leaves traces itself, as messages and tracked values
        self.env.flush_all()
        self._delete_mails()
        for records in about:
            self._delete_rows_about(records)
        self._scrub_texts(documents)
        self._delete_transients()
        self.env.flush_all()
        self.env.invalidate_all()

    # === PARTS === #

    def _delete_banks(self):
        """Delete bank accounts; one that was paid to is evidence, without the name."""
        for bank in self.partners.bank_ids:
            self._delete_rows_about(bank)
            try:
                with self.env.cr.savepoint(), mute_logger("odoo.sql_db"):
                    bank.unlink()
            except (UserError, psycopg2.IntegrityError):
                bank.write({"acc_holder_name": False, "active": False})

    def _delete_mails(self):
        """Delete e-mails and SMS to the person."""
        reach, _names = self.markers
        mails = self.env["mail.mail"].search([("recipient_ids", "in", self._ids())])
        for text in reach:
            mails |= self.env["mail.mail"].search([("email_to", "ilike", text)])
        messages = mails.mail_message_id
        mails.unlink()
        self.env["sms.sms"].search([("partner_id", "in", self._ids())]).unlink()
        notices = self.env["b2b2c.notification"].search(
            [("account_id", "in", self.members.account_ids.ids)]
        )
        messages |= self.env["mail.message"].search(
            [("model", "=", notices._name), ("res_id", "in", notices.ids)]
        )
        messages.exists().unlink()

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

    def _scrub_texts(self, documents):
        """Take the person out of texts about something else."""
        self.env.flush_all()
        reach, names = self.markers
        for table, columns in _TEXTS.items():
            existing = self._get_existing(table, columns)
            # names first: the address beside a name tells whose name it is
            mine = SQL(
                "(%s OR t::text ILIKE ANY(%s))",
                self._mine(table, documents),
                [f"%{_like(text)}%" for text in reach],
            )
            for texts, condition in ((names, mine), (reach, SQL("TRUE"))):
                # the condition reads the row as it was: one statement per text
                for text in texts:
                    self._replace(table, existing, text, condition)

    def _get_existing(self, table, columns):
        """Return which of the columns a table has."""
        known = self._get_types(table)
        return [column for column in columns if column in known]

    def _replace(self, table, columns, text, condition):
        """Replace a text in columns of a table, whatever its case."""
        if not columns:
            return
        pattern = "".join(c if c.isalnum() else f"\\{c}" for c in text)
        types = self._get_types(table)
        values = [
            SQL(
                "%(c)s = regexp_replace(t.%(c)s::text, %(p)s, %(e)s, 'gi')::%(t)s",
                c=SQL.identifier(column),
                p=pattern,
                e=ERASED,
                t=SQL.identifier(types[column]),
            )
            for column in columns
        ]
        found = [
            SQL("t.%s::text ILIKE %s", SQL.identifier(column), f"%{_like(text)}%")
            for column in columns
        ]
        self.env.cr.execute(
            SQL(
                "UPDATE %s AS t SET %s WHERE (%s) AND %s",
                SQL.identifier(table),
                SQL(", ").join(values),
                SQL(" OR ").join(found),
                condition,
            )
        )

    def _get_types(self, table):
        """Return column -> type of a table."""
        self.env.cr.execute(
            "SELECT column_name, udt_name FROM information_schema.columns "
            "WHERE table_name = %s AND table_schema = current_schema()",
            [table],
        )
        return dict(self.env.cr.fetchall())

    def _mine(self, table, documents):
        """Return the condition that a row belongs to the person: only there is a name
        surely this person's."""
        message = {
            "mail_message": SQL("t.id"),
            "mail_tracking_value": SQL("t.mail_message_id"),
            "mail_mail": SQL("t.mail_message_id"),
        }.get(table)
        if message:
            places = [
                SQL("(m.model = %s AND m.res_id = ANY(%s))", model, list(ids))
                for model, ids in documents.items()
            ]
            places.append(SQL("m.author_id = ANY(%s)", self._ids()))
            own = SQL("FALSE")
            if table == "mail_tracking_value":  # a name alone is a value, not a text
                names = self.markers[1]
                own = SQL(
                    "t.old_value_char = ANY(%(n)s) OR t.new_value_char = ANY(%(n)s)",
                    n=names,
                )
            return SQL(
                "(%s OR %s IN (SELECT m.id FROM mail_message m WHERE %s))",
                own,
                message,
                SQL(" OR ").join(places),
            )
        if table in ("b2b2c_adjustment", "b2b2c_notification", "b2b2c_redemption"):
            return SQL("t.account_id = ANY(%s)", self.members.account_ids.ids)
        if table == "b2b2c_external_document":
            return SQL("t.member_id = ANY(%(m)s) OR t.seller_id = ANY(%(m)s)",
                       m=self.members.ids)  # fmt: skip
        if table == "b2b2c_claim":
            return SQL("t.submitter_id = ANY(%s)", self.members.ids)
        return SQL("FALSE")

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
        for table in ("res_users_log", "res_device_log"):
            column = self._get_existing(table, ("create_uid", "user_id"))[-1:]
            if column:
                self.env.cr.execute(
                    SQL(
                        "DELETE FROM %s WHERE %s = ANY(%s)",
                        SQL.identifier(table),
                        SQL.identifier(column[0]),
                        self.users.ids,
                    )
                )

    def _clear_members(self):
        """End the memberships, keep nothing of the person on them."""
        now = fields.Datetime.now()
        for member in self.members:
            values = {
                "contact_id": False,
                "code": new_code(),
                "notify_email": False,
                "notify_sms": False,
                "erased_at": now,
            }
            if member.state in ("enrolled", "suspended"):
                values |= {
                    "state": "left",
                    "left_at": max(now, member.enrolled_at),
                    "suspended_at": False,
                }
            member.write(values)

    def _delete_joins(self):
        """Delete how the person joined; the agreement was to data that are gone."""
        self.env["b2b2c.join"].search(
            [
                "|",
                ("partner_id", "in", self._ids()),
                ("member_id", "in", self.members.ids),
            ]
        ).unlink()

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

    def _delete_transients(self):
        """Delete what dialogs still hold; they are swept anyway, but later."""
        reach, names = self.markers
        for model_name in self.env:
            model = self.env[model_name]
            if not model._transient or model._abstract:
                continue
            columns = [
                name
                for name, field in model._fields.items()
                if field.store and field.column_type and field.type in ("char", "text")
            ]
            for name in self._get_existing(model._table, columns):
                for text in (*reach, *names):
                    self.env.cr.execute(
                        SQL(
                            "DELETE FROM %s WHERE %s ILIKE %s",
                            SQL.identifier(model._table),
                            SQL.identifier(name),
                            "%" + _like(text) + "%",
                        )
                    )

    def _ids(self):
        return self.partners.ids


def _like(text):
    """Return a text without the wildcards of LIKE."""
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
