"""Taking a person out of texts about something else.

Each table is read once: one regular expression finds every spelling of every text.
"""

import html
import json
import re

import phonenumbers

from odoo.tools import SQL

ERASED = "[erased]"

#: Texts where people write about people: table -> columns.
TEXTS = {
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
    "b2b2c_event": ("reason",),
    "b2b2c_notification": ("document_name", "reason", "details"),
    "b2b2c_redemption": ("note",),
    "b2b2c_adjustment": ("reason",),
    "b2b2c_external_document": ("note", "cancel_reason"),
    "b2b2c_external_line": ("name",),
    "b2b2c_claim": ("note",),
    "b2b2c_claim_line": ("name",),
    "b2b2c_receipt_line": ("name",),
    "b2b2c_api_answer": ("body",),
    "b2b2c_terminal_operation": ("cancel_reason",),
    "b2b2c_price_exception": ("reason",),
    "b2b2c_price_deviation": ("reason",),
    "b2b2c_ladder_contract": ("reason",),
}  # fmt: skip
#: Rows of these tables are about one record, named by two columns.
_ABOUT = {
    "mail_message": ("model", "res_id"),
    "mail_activity": ("res_model", "res_id"),
    "b2b2c_event": ("source_model", "source_id"),
}
#: What people write between the digits of a phone number.
_BETWEEN = r"[[:space:]().\-]*"


class TextEraser:
    """Finds and replaces what names a person.

    :param partners: contacts of the person, superuser environment
    :param members: memberships of the person
    :param markers: addresses and numbers, and names: two lists of texts
    """

    def __init__(self, env, partners, members, markers):
        self.env = env
        self.partners = partners
        self.members = members
        reach, self.names = markers
        self.reach = _pattern(reach, partners)
        self.all = _pattern([*reach, *self.names], partners)
        self.columns = self._get_columns()

    def scrub(self, documents):
        """Take the person out of texts.

        Names only where it surely is this person's: beside the e-mail address or the
        phone number, and in what is the person's own.

        :param documents: documents of the person: model -> ids
        """
        self.env.flush_all()
        for table in TEXTS:
            known = self.columns.get(table, {})
            columns = {name: known[name] for name in TEXTS[table] if name in known}
            if columns:
                self._replace(table, columns, self._mine(table, documents))

    def delete_short_lived(self):
        """Delete what dialogs and open pages still hold; it is swept anyway, later."""
        for table, columns in self.columns.items():
            if table not in TEXTS and columns:
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
        wanted = {table: set(columns) for table, columns in TEXTS.items()}
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

    def _mine(self, table, documents):
        """Return the condition that a row belongs to the person: only there is a name
        surely this person's."""
        if table in _ABOUT:
            return self._is_about(table, documents)
        claims = list(documents["b2b2c.claim"])
        reported = list(documents["b2b2c.external.document"])
        members, accounts = self.members.ids, self.members.account_ids.ids
        simple = {
            "b2b2c_adjustment": ("account_id", accounts),
            "b2b2c_notification": ("account_id", accounts),
            "b2b2c_redemption": ("account_id", accounts),
            "b2b2c_external_document": ("id", reported),
            "b2b2c_external_line": ("document_id", reported),
            "b2b2c_claim": ("submitter_id", members),
            "b2b2c_claim_line": ("claim_id", claims),
            "b2b2c_terminal_operation": ("member_id", members),
        }  # fmt: skip
        if table in simple:
            column, ids = simple[table]
            return SQL("t.%s = ANY(%s)", SQL.identifier(column), ids)
        if table == "b2b2c_receipt_line":
            return SQL(
                "t.receipt_id IN (SELECT id FROM b2b2c_receipt"
                " WHERE claim_id = ANY(%s))",
                claims,
            )
        if table in ("mail_mail", "mail_tracking_value"):
            return SQL(
                "(%s OR t.mail_message_id IN"
                " (SELECT t.id FROM mail_message t WHERE %s))",
                self._is_name(table),
                self._is_about("mail_message", documents),
            )
        return SQL("FALSE")

    def _is_about(self, table, documents):
        """Return the condition that a row is about a document of the person."""
        model_column, id_column = map(SQL.identifier, _ABOUT[table])
        places = [
            SQL("(t.%s = %s AND t.%s = ANY(%s))", model_column, name, id_column, [*ids])
            for name, ids in documents.items()
        ]
        if table == "mail_message":
            places.append(SQL("t.author_id = ANY(%s)", self.partners.ids))
        return SQL("(%s)", SQL(" OR ").join(places) if places else SQL("FALSE"))

    def _is_name(self, table):
        """Return the condition that a tracked value is the name and nothing else."""
        if table != "mail_tracking_value":
            return SQL("FALSE")
        return SQL(
            "t.old_value_char = ANY(%(n)s) OR t.new_value_char = ANY(%(n)s)",
            n=self.names,
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
