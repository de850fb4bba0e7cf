"""Taking a person out of texts about something else.

Each table is read once: one regular expression finds every spelling of every text.
"""

import html
import json
import re

import phonenumbers

from odoo.tools import SQL

ERASED = "[erased]"

#: Odoo's texts where people write about people: table -> columns. Those of our own
#: models are told by their packages (``_get_personal_texts``).
ODOO_TEXTS = {
    "mail_message": (
        "body", "subject", "email_from", "reply_to", "incoming_email_to",
        "incoming_email_cc", "outgoing_email_to",
    ),
    "mail_tracking_value": (
        "old_value_char", "new_value_char", "old_value_text", "new_value_text",
    ),
    "mail_mail": ("body_html", "email_to", "email_cc", "headers", "failure_reason"),
    "mail_activity": ("summary", "note"),
    "mail_notification": ("failure_reason", "sms_number", "mail_email_address"),
    "sms_sms": ("body", "number"),
    "ir_logging": ("message",),
}  # fmt: skip
#: What people write between the digits of a phone number.
_BETWEEN = r"[[:space:]().\-]*"


class TextEraser:
    """Finds and replaces what names a person.

    :param person: the :class:`~..people.person.Person`
    """

    def __init__(self, person):
        self.env = person.env
        self.person = person
        self.reach = _pattern(person.reach, person.partners)
        self.all = _pattern([*person.reach, *person.names], person.partners)
        self.own = person.members._get_personal_texts(person).by_model
        self.texts = {
            **{table: set(columns) for table, columns in ODOO_TEXTS.items()},
            **{
                self.env[model]._table: texts.replaced
                for model, texts in self.own.items()
                if texts.replaced
            },
        }
        self.columns = self._get_columns()

    def scrub(self):
        """Take the person out of texts.

        Names only where it surely is this person's: beside the e-mail address or the
        phone number, and in what is the person's own.
        """
        self.env.flush_all()
        mine = self._get_mine()
        for table, wanted in self.texts.items():
            known = self.columns.get(table, {})
            columns = {name: known[name] for name in sorted(wanted & known.keys())}
            if columns:
                self._replace(table, columns, mine.get(table, SQL("FALSE")))

    def delete_short_lived(self):
        """Delete what dialogs and open pages still hold; it is swept anyway, later."""
        for table, columns in self.columns.items():
            if table not in self.texts and columns:
                self.env.cr.execute(
                    SQL(
                        "DELETE FROM %s AS t WHERE %s ~* %s",
                        SQL.identifier(table),
                        _joined(columns),
                        self.all,
                    )
                )

    def _replace(self, table, columns, mine):
        """Replace what names the person in columns (name -> type) of a table."""
        values = [
            SQL(
                "%(c)s = regexp_replace(t.%(c)s::text, %(p)s, %(e)s, 'gi')::%(t)s",
                c=SQL.identifier(name),
                p=self.all,
                e=ERASED,
                t=SQL.identifier(kind),
            )
            for name, kind in columns.items()
        ]
        text = _joined(columns)
        self.env.cr.execute(
            SQL(
                "UPDATE %(table)s AS t SET %(values)s"
                " WHERE %(text)s ~* %(reach)s OR %(text)s ~* %(all)s AND %(mine)s",
                table=SQL.identifier(table),
                values=SQL(", ").join(values),
                text=text,
                reach=self.reach,
                all=self.all,
                mine=mine,
            )
        )

    def _get_columns(self):
        """Return table -> column -> type, of the texts and of short-lived rows."""
        wanted = dict(self.texts)
        wanted["bus_bus"] = {"message"}
        for name in self.env:
            model = self.env[name]
            if model._transient and not model._abstract:
                wanted[model._table] = {
                    field.name
                    for field in model._fields.values()
                    if field.store and field.type in ("char", "text", "html")
                }
        found = {table: {} for table in wanted}
        rows = self.env.execute_query(
            SQL(
                """
                SELECT c.relname, a.attname, t.typname
                  FROM pg_class c
                  JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0
                   AND NOT a.attisdropped
                  JOIN pg_type t ON t.oid = a.atttypid
                 WHERE c.relname = ANY(%s) AND c.relkind = 'r'
                   AND c.relnamespace = current_schema()::regnamespace
                """,
                list(wanted),
            )
        )
        for table, column, kind in rows:
            if column in wanted[table]:
                found[table][column] = kind
        return found

    # === WHAT IS THE PERSON'S === #

    def _get_mine(self):
        """Return table -> condition that a row belongs to the person: only there is a
        name surely this person's."""
        about_message = self._is_about_message()
        of_message = SQL(
            "t.mail_message_id IN (SELECT t.id FROM mail_message t WHERE %s)",
            about_message,
        )
        is_name = SQL(
            "(t.old_value_char = ANY(%(n)s) OR t.new_value_char = ANY(%(n)s))",
            n=self.person.names,
        )
        return {
            "mail_message": about_message,
            "mail_activity": self.person.is_about("res_model", "res_id"),
            "mail_mail": of_message,
            "mail_tracking_value": SQL("(%s OR %s)", is_name, of_message),
            **{
                self.env[model]._table: texts.mine
                for model, texts in self.own.items()
                if texts.mine is not None
            },
        }

    def _is_about_message(self):
        """Return the condition that a message is about a document of the person, or
        written by the person."""
        return SQL(
            "(%s OR %s)",
            self.person.is_about("model", "res_id"),
            self.person.is_mine("author_id", self.person.partners.ids),
        )


# === SPELLINGS === #


def _joined(columns):
    """Return the SQL of the texts of a row, as one text."""
    parts = SQL(", ").join(SQL("t.%s::text", SQL.identifier(name)) for name in columns)
    return SQL("concat_ws(' ', %s)", parts)


def _pattern(texts, partners):
    """Return one regular expression (PostgreSQL's) for all spellings of texts."""
    spellings = set()
    for text in texts:
        for form in (text, html.escape(text), html.escape(text).replace("x27", "39")):
            spellings |= {form, json.dumps(form)[1:-1]}
    patterns = [_quote(form) for form in sorted(spellings, key=lambda t: (-len(t), t))]
    patterns += [_spaced(number) for number in _numbers(texts, partners)]
    return "|".join(patterns) or "(?!)"


def _quote(text):
    return "".join(c if c.isalnum() else f"\\{c}" for c in text)


def _spaced(digits):
    """Return the pattern of a phone number, however its digits are grouped."""
    return rf"\+?\m{_BETWEEN.join(digits)}\M"


def _numbers(texts, partners):
    """Return the digits of phone numbers among texts, with and without the country."""
    found = set()
    countries = partners.country_id.mapped("code") or [None]
    for text in texts:
        if not re.fullmatch(r"[+\d\s().\-/]+", text):
            continue
        for country in countries:
            try:
                number = phonenumbers.parse(text, country)
            except phonenumbers.NumberParseException:
                continue
            for form in ("E164", "NATIONAL"):
                style = getattr(phonenumbers.PhoneNumberFormat, form)
                found.add(re.sub(r"\D", "", phonenumbers.format_number(number, style)))
    return sorted((digits for digits in found if len(digits) > 6), reverse=True)
