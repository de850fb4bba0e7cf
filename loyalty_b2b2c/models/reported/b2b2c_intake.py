import hashlib
import json
from contextlib import contextmanager

import pytz

from odoo import api, fields, models
from odoo.tools import SQL

from ...engine import TRIGGERS, as_text, to_decimal
from ...engine.typed_text import get_number_key
from ...exceptions import IntakeError
from ..base.rates import has_rate
from ..ledger.booked import get_booked
from ..processing import judge_words
from ..processing.judge import Judge
from . import intake_values
from .intake_lookup import Lookup
from .intake_values import BadValue
from .intake_words import word


class B2b2cIntake(models.AbstractModel):
    """The only way in for documents from outside: terminal, API and files use it.

    It checks a document, looks its names up and stores a ``b2b2c.external.document``;
    the judge says what it is worth.  Callers check rights; everything here runs
    as superuser.

    Codes of :class:`~..exceptions.IntakeError`: ``missing_value``, ``invalid_value``,
    ``unknown_type``, ``unknown_product``, ``unknown_uom``, ``uom_mismatch``,
    ``unknown_partner``, ``unknown_member``, ``unknown_currency``,
    ``no_exchange_rate``, ``future_date``, ``amount_out_of_range``,
    ``quantity_out_of_range``, ``too_many_lines``, ``reference_conflict``.  What has two
    meanings is refused, too: ``ambiguous_number``, ``ambiguous_date``,
    ``ambiguous_member``, ``ambiguous_partner``, ``ambiguous_product``,
    ``ambiguous_uom``.  What a system may not report: ``type_not_allowed``,
    ``foreign_document``, ``own_shipment``.
    """

    _name = "b2b2c.intake"
    _description = "Intake of Reported Documents"

    # === WHAT CALLERS USE === #

    @api.model
    def _record(
        self, vals, *, company, channel, operator=None, reporter=None, mandate=None
    ):
        """Store a reported document, once.

        :param dict vals: plain JSON values, see :func:`.intake_values.read`
        :param company: ``res.company`` whose programs it may earn from
        :param str channel: ``"terminal"``, ``"api"`` or ``"import"``
        :param operator: ``res.users`` who recorded it
        :param reporter: ``res.partner`` whose system reports it, none for our own
        :param mandate: :class:`~.mandate.Mandate` of a system, none for people of the
            office; what is larger waits for a person
        :return: ``(document, whether it is new)``
        :raise IntakeError: it cannot be recorded; nothing was written
        """
        self = self._as_company(company)
        head, lines = self._read(vals, company, channel, operator, reporter)
        self._check_mandate(mandate, head)
        document = self._find_same(head)
        if not document:
            document = self._insert_within(mandate, head, lines)
            if document:
                self.env["b2b2c.event"]._record(document)
                return document, True
            document = self._find_same(head)
        if further := self._get_further(document, head):
            document.write(further)
            self.env["b2b2c.event"]._record(document)
        return document, False

    @api.model
    def _preview(
        self, vals, *, company, channel, operator=None, reporter=None, mandate=None
    ):
        """Tell what a document would earn.  Nothing is written, it is only imagined.

        A person whom the reporter names by phone or e-mail and does not know is left
        out, as one whom nobody knows: a preview is no way to learn who takes part.

        :return: ``{"awards": [...], "refusals": [...]}``, see :meth:`_explain`; for a
            reporter see :meth:`_tell_points`
        :raise IntakeError: it could not be recorded
        """
        self = self._as_company(company)
        head, lines = self._read(
            vals, company, channel, operator, reporter, is_question=True
        )
        self._check_mandate(mandate, head)
        answer = self._explain(self._imagine(head, lines))
        return self._tell_points(answer, head, reporter) if reporter else answer

    @api.model
    def _explain(self, document):
        """Tell what the programs of all companies say now about a document.

        It may be booked, stored or only imagined.

        :return: see :func:`~..processing.judge_words.describe`
        :raise FactError: the document cannot be measured
        """
        document = document.with_env(self._as_company(document.company_id).env)
        verdicts = Judge(document.env).ask(document)[document.id]
        return judge_words.describe(document.env, verdicts)

    @api.model
    def _cancel(self, document, *, reason, operator=None):
        """Cancel a document; its awards are reversed when it is processed.

        :return: whether it was in force before
        """
        document = document.sudo()
        if document.state == "cancelled":
            return False
        document.write(
            {
                "state": "cancelled",
                "cancelled_at": fields.Datetime.now(),
                "cancelled_by_id": operator.id if operator else False,
                "cancel_reason": reason,
            }
        )
        self.env["b2b2c.event"].sudo()._record(document)
        return True

    @api.model
    def _settle(self, documents):
        """Book what documents earn, in this transaction.

        Documents that fail here are processed right after the commit, as others are.
        """
        self.env["b2b2c.event"].sudo()._settle(documents.sudo())

    @api.model
    def _find_document(self, company, document_type, reference, reporter=None):
        """Return the document with a reference, also when it was cancelled.

        :param reporter: ``res.partner`` whose number it is, none for our own
        :return: empty when there is none
        """
        return (
            self.env["b2b2c.external.document"]
            .sudo()
            .search(
                [
                    ("company_id", "=", company.id),
                    ("document_type", "=", document_type),
                    ("reporter_id", "=", reporter.id if reporter else False),
                    ("reference_key", "=", get_number_key(reference)),
                ],
                limit=1,
            )
        )

    @api.model
    def _results(self, documents):
        """Return what is booked for documents now.

        :return: dict document id -> list of ``{"member_id", "member_name", "unit",
            "unit_id", "points", "points_pending"}``; points are Decimal
        """
        results = {document.id: [] for document in documents}
        accounts = self.env["b2b2c.account"].sudo()
        for document_id, awards in get_booked(
            self.env, documents._name, documents.ids
        ).items():
            totals = {}
            for award in awards.values():
                total = totals.setdefault(award.account_id, [0, 0])
                total[0] += award.posted
                total[1] += award.pending
            for account_id, (posted, pending) in sorted(totals.items()):
                account = accounts.browse(account_id)
                results[document_id].append(
                    {
                        "member_id": account.member_id.id,
                        "member_name": account.member_id.name,
                        "unit": account.unit_id.name,
                        "unit_id": account.unit_id.id,
                        "points": posted,
                        "points_pending": pending,
                    }
                )
        return results

    # === RECORDING === #

    def _as_company(self, company):
        """Return this model for the superuser, with one company allowed."""
        return self.with_context(allowed_company_ids=company.ids).sudo()

    def _read(self, vals, company, channel, operator, reporter, *, is_question=False):
        """Return the columns of the document and of its lines.

        :param bool is_question: nothing is recorded: who is named and not known to the
            reporter is left out
        :raise IntakeError: it cannot be recorded
        """
        with self._refuse_in_words():
            zone = pytz.timezone(company.b2b2c_timezone or "UTC")
            keys = self._get_further_keys()
            values = intake_values.read(vals, fields.Datetime.now(), zone, keys)
            asker = reporter if is_question else None
            head, lines = self._look_up(values, company, reporter, asker)
        head = {
            **head,
            "channel": channel,
            "operator_id": operator.id if operator else None,
            "reporter_id": reporter.id if reporter else None,
        }
        return head, lines

    def _look_up(self, values, company, reporter, asker):
        """Return the columns of what was reported, and of its lines.

        :param asker: ``res.partner`` who is told only of people it knows
        :raise BadValue: a name is unknown
        """
        lookup = Lookup(self.env, company, asker)
        member = lookup.find_buyer(values.member)
        seller = lookup.find_seller(values.seller)
        partner = lookup.find_partner(values.partner)
        partner = partner or self._get_default_partner(member, seller, reporter)
        if not (partner or member):
            raise BadValue("missing_value", "partner")
        currency = lookup.find_currency(values.currency)
        now = fields.Datetime.now()
        occurred_at = values.occurred_at or now
        if not has_rate(currency, company):
            # Odoo would silently convert at 1
            raise BadValue("no_exchange_rate", "currency", currency=currency.name)
        lines = lookup.find_lines(values.lines)
        further = self._look_up_further(values.further, lookup, reporter)
        head = {
            "company_id": company.id,
            "document_type": values.document_type,
            "reference": values.reference,
            "status": values.status,
            "event_code": values.event_code or None,
            "note": values.note or None,
            "partner_id": partner.id or None,
            "member_id": member.id or None,
            "seller_id": seller.id or None,
            "currency_id": currency.id,
            "occurred_at": occurred_at,
            "status_at": occurred_at,
            **further,
        }
        head["content_hash"] = _content_hash(
            dict(
                head,
                occurred_at=values.stated_at,
                reference=values.reference.lower(),
            ),
            lines,
        )
        head["reference_key"] = get_number_key(values.reference)
        return head, lines

    @api.model
    def _get_further_keys(self):
        """Return what else may be stated of a document.

        A package extends it with ``super()``, and :meth:`_look_up_further`, which says
        what it means.

        :return: dict key -> ``"text"`` or ``"person"``
        """
        return {}

    def _look_up_further(self, further, lookup, reporter):
        """Return columns of the document that follow from what packages read.

        :param dict further: what was stated, by the keys of :meth:`_get_further_keys`
        :param lookup: :class:`~.intake_lookup.Lookup`
        :param reporter: ``res.partner`` whose system reports it, none for our own
        :raise BadValue: a name is unknown
        :raise IntakeError: it cannot be recorded, in the package's own words
        """
        return {}

    def _get_default_partner(self, member, seller, reporter):
        """Return the company or shop of a document that names none.

        An end customer buys anywhere, so it is the shop where the seller works or whose
        till reports; for everybody else it is the employer.
        """
        shop = seller.employer_id
        if not shop and reporter:
            shop = reporter.commercial_partner_id
        if shop and member and member._buys_anywhere():
            return shop
        return member.employer_id or shop

    def _find_same(self, head):
        """Return the document that was recorded with this number, if there is one.

        :raise IntakeError: the number was used for other content
        """
        document = self._find_document(
            self.env["res.company"].browse(head["company_id"]),
            head["document_type"],
            head["reference"],
            self.env["res.partner"].browse(head["reporter_id"]),
        )
        if document and document.content_hash != head["content_hash"]:
            raise IntakeError(
                "reference_conflict",
                self.env._(
                    "%(reference)s was already recorded on %(day)s with other content.",
                    reference=document.reference,
                    day=fields.Date.to_string(document.create_date),
                ),
                "reference",
            )
        return document

    def _get_further(self, document, head):
        """Return what is new of a document that was recorded before: its status.

        The status is reached now: the date that is reported is that of the sale.

        :return: values to write, none when it has not come further
        """
        further = TRIGGERS.index(head["status"]) > TRIGGERS.index(document.status)
        if not further or document.state == "cancelled":
            return {}
        return {"status": head["status"], "status_at": fields.Datetime.now()}

    def _imagine(self, head, lines):
        """Return the document that would be recorded, without a row in the database.

        :raise IntakeError: the number was used for other content
        """
        Document = self.env["b2b2c.external.document"]
        document = self._find_same(head)
        if document:
            further = self._get_further(document, head)
            if not further:
                return document
            # lines that know the imagined document as theirs, not the stored one
            lines = [fields.Command.set(document.line_ids.ids)]
            return Document.new({**further, "line_ids": lines}, origin=document)
        lines = [fields.Command.create(line) for line in lines]
        return Document.new({**head, "state": "recorded", "line_ids": lines})

    def _insert(self, head, lines):
        """Insert a document unless its number is taken.

        The unique index decides that, not a search before: two tills may send the same
        number at once.

        :return: the document, empty when its number is taken
        """
        Document = self.env["b2b2c.external.document"]
        Document.flush_model()
        currency = self.env["res.currency"].browse(head["currency_id"])
        head = dict(head)
        for name in ("amount_untaxed", "amount_total"):
            head[name] = currency.round(sum(line[name] for line in lines))
        names = [*head]
        rows = self.env.execute_query(
            SQL(
                """
                INSERT INTO b2b2c_external_document
                       (%(names)s, create_uid, write_uid, create_date, write_date)
                VALUES (%(values)s, %(uid)s, %(uid)s,
                        now() AT TIME ZONE 'UTC', now() AT TIME ZONE 'UTC')
                ON CONFLICT DO NOTHING RETURNING id
                """,
                names=SQL(", ").join(map(SQL.identifier, names)),
                values=SQL(", ").join(SQL("%s", head[name]) for name in names),
                uid=self.env.uid,
            )
        )
        document = Document.browse(row[0] for row in rows)
        if document:
            self._insert_lines(document, lines)
        return document

    def _insert_lines(self, document, lines):
        """Insert the lines of a document.

        They are inserted by SQL: the ORM would read them back to compute the totals of
        the document once more.
        """
        names = [*lines[0]]
        rows = [
            SQL(
                "(%s, %s)",
                document.id,
                SQL(", ").join(
                    SQL("%s", None if line[name] is False else line[name])
                    for name in names
                ),
            )
            for line in lines
        ]
        self.env.cr.execute(
            SQL(
                "INSERT INTO b2b2c_external_line (document_id, %s) VALUES %s",
                SQL(", ").join(map(SQL.identifier, names)),
                SQL(", ").join(rows),
            )
        )
        self.env["b2b2c.external.line"].invalidate_model()

    # === WORDING === #

    @contextmanager
    def _refuse_in_words(self):
        """Turn a :class:`BadValue` into a refusal with a sentence for people."""
        try:
            yield
        except BadValue as bad:
            message = word(self.env, bad.code, bad.field, bad.params)
            raise IntakeError(bad.code, message, bad.field or None) from None


def _content_hash(head, lines):
    """Return a hash of the content of a document, its status left out.

    It tells a repeated document from another one with the same number.
    """
    content = {
        name: str(value)
        for name, value in head.items()
        if name not in ("status", "status_at", "content_hash") and value
    }
    content["lines"] = [
        {
            name: as_text(round(to_decimal(value), 6))
            if isinstance(value, float)
            else str(value)
            for name, value in line.items()
        }
        for line in lines
    ]
    text = json.dumps(content, sort_keys=True, ensure_ascii=True)
    return hashlib.sha256(text.encode()).hexdigest()
