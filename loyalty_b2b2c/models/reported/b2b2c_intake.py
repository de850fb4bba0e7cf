import hashlib
import json
from collections import defaultdict
from contextlib import contextmanager

import pytz

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL, email_normalize

from ...engine import as_text
from ...exceptions import IntakeError
from ...values import shown
from ..base.rates import has_rate
from ..ledger.booked import get_booked
from ..people.member_code import read_code
from ..processing import judge_words
from ..processing.judge import Judge
from . import intake_values
from .intake_values import MAX_TEXT, BadValue


class B2b2cIntake(models.AbstractModel):
    """The one way in for what happened outside: terminal, API and files call it.

    It checks, looks names up and stores a ``b2b2c.external.document``; what that is
    worth is for the judge.  Callers check rights; all of this runs as superuser.

    Codes of :class:`~..exceptions.IntakeError`: ``missing_value``, ``invalid_value``,
    ``unknown_type``, ``unknown_product``, ``unknown_uom``, ``uom_mismatch``,
    ``unknown_partner``, ``unknown_member``, ``unknown_currency``,
    ``no_exchange_rate``, ``future_date``, ``amount_out_of_range``,
    ``quantity_out_of_range``, ``too_many_lines``, ``reference_conflict``.
    """

    _name = "b2b2c.intake"
    _description = "Intake of Reported Documents"

    # === WHAT CALLERS USE === #

    @api.model
    def _record(self, vals, *, company, channel, operator=None, reporter=None):
        """Store a report, once.

        :param dict vals: plain JSON values, see :func:`.intake_values.read`
        :param company: ``res.company`` whose programs reward it
        :param str channel: ``"terminal"``, ``"api"`` or ``"import"``
        :param operator: ``res.users`` who did it
        :param reporter: ``res.partner`` of the outside system that tells us
        :return: ``(document, was it new?)``
        :raise IntakeError: it cannot be recorded; nothing was written
        """
        self = self._as_company(company)
        head, lines = self._read(vals, company, channel, operator, reporter)
        document = self._find_same(head)
        if not document:
            document = self._insert(head, lines)
            if document:
                self.env["b2b2c.event"]._record(document)
                return document, True
            document = self._find_same(head)
        if further := self._get_further(document, head):
            # reached now: the report's own date is that of the sale
            document.write(further)
            self.env["b2b2c.event"]._record(document)
        return document, False

    @api.model
    def _preview(self, vals, *, company, channel, operator=None, reporter=None):
        """Tell what a report would earn.  Nothing is written: it is only imagined.

        :return: ``{"awards": [...], "refusals": [...]}``, see :meth:`_explain`
        :raise IntakeError: it could not be recorded
        """
        self = self._as_company(company)
        head, lines = self._read(vals, company, channel, operator, reporter)
        return self._explain(self._imagine(head, lines))

    @api.model
    def _explain(self, document):
        """Tell what the programs of all companies say now about a document, booked,
        stored or only imagined.

        :return: see :func:`~..processing.judge_words.describe`
        :raise FactError: the document cannot be measured
        """
        document = document.with_env(self._as_company(document.company_id).env)
        verdicts = Judge(document.env).ask(document)[document.id]
        return judge_words.describe(document.env, verdicts)

    @api.model
    def _cancel(self, document, *, reason, operator=None):
        """Take a report back; its awards follow.

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
        """Book what documents earn inside this transaction.

        What fails here is left to the ordinary way: right after the commit.
        """
        self.env["b2b2c.event"].sudo()._settle(documents.sudo())

    @api.model
    def _find_document(self, company, document_type, reference, reporter=None):
        """Return the document of a reference, cancelled ones too."""
        return (
            self.env["b2b2c.external.document"]
            .sudo()
            .search(
                [
                    ("company_id", "=", company.id),
                    ("document_type", "=", document_type),
                    ("reporter_id", "=", reporter.id if reporter else False),
                    ("reference", "=ilike", _escape(" ".join(reference.split()))),
                ],
                limit=1,
            )
        )

    @api.model
    def _find_member(self, company, *, phone=None, email=None, code=None):
        """Return a person's memberships in force in a company.

        One value is enough; with several all must fit the same person.

        :return: ``b2b2c.member`` records, empty when unknown or not enrolled
        """
        members = self.env["b2b2c.member"].sudo()
        domain = [
            ("company_id", "=", company.id),
            ("state", "in", ("enrolled", "suspended")),
        ]
        if code:
            domain.append(("code", "=", read_code(code) or "-"))
        if email:
            domain.append(
                ("partner_id.email_normalized", "=", email_normalize(email) or "-")
            )
        if phone:
            number = self._to_phone(phone, company)
            domain.append(("partner_id.phone_sanitized", "=", number or "-"))
        if not (code or email or phone):
            return members
        return members.search(domain, order="enrolled_at, id")

    @api.model
    def _known_to(self, members, reporter):
        """Return those of these members an outside reporter has to do with.

        They work for it, or it reported something of theirs.
        """
        documents = self.env["b2b2c.external.document"].sudo()
        return members.filtered(
            lambda member: (
                member.employer_id == reporter.commercial_partner_id
                or documents.search_count(
                    Domain("reporter_id", "=", reporter.id)
                    & (
                        Domain("member_id", "=", member.id)
                        | Domain("seller_id", "=", member.id)
                    ),
                    limit=1,
                )
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
        """Return this model as superuser of one company."""
        return self.with_context(allowed_company_ids=company.ids).sudo()

    def _read(self, vals, company, channel, operator, reporter):
        """Return the columns of the document and of its lines.

        :raise IntakeError: it cannot be recorded
        """
        with self._worded():
            zone = pytz.timezone(company.b2b2c_timezone or "UTC")
            values = intake_values.read(vals, fields.Datetime.now(), zone)
            head, lines = self._look_up(values, company, reporter)
        return {
            **head,
            "channel": channel,
            "operator_id": operator.id if operator else None,
            "reporter_id": reporter.id if reporter else None,
        }, lines

    def _look_up(self, values, company, reporter):
        """Return the columns of what was reported, and of its lines.

        :raise BadValue: a name is unknown
        """
        member = self._get_member(values.member, company, "member")
        seller = self._get_member(values.seller, company, "seller")
        partner = self._get_partner(values.partner, company)
        partner = partner or self._get_place(member, seller, reporter)
        if not (partner or member):
            raise BadValue("missing_value", "partner")
        currency = self._get_currency(values.currency, company)
        now = fields.Datetime.now()
        occurred_at = values.occurred_at or now
        if not has_rate(currency, company):
            # Odoo would silently convert at 1
            raise BadValue("no_exchange_rate", "currency", currency=currency.name)
        lines = self._get_lines(values.lines, company)
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
        }
        head["content_hash"] = _content_hash(
            dict(
                head,
                occurred_at=values.stated_at,
                reference=values.reference.lower(),
            ),
            lines,
        )
        return head, lines

    def _get_place(self, member, seller, reporter):
        """Return the company or shop of a report that does not name it.

        An end customer buys anywhere, so the place is where the seller works or whose
        till it is; for everybody else it is the own employer.
        """
        place = seller.employer_id
        if not place and reporter:
            place = reporter.commercial_partner_id
        if member.role == "customer" and place:
            return place
        return member.employer_id or place

    def _find_same(self, head):
        """Return the document that was recorded under this number, if there is one.

        :raise IntakeError: the number was used for something else
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
        """Return what changes when a report that was recorded before is sent again.

        It may only have come further.
        """
        order = intake_values.STATUSES
        further = order.index(head["status"]) > order.index(document.status)
        if not further or document.state != "recorded":
            return {}
        return {"status": head["status"], "status_at": fields.Datetime.now()}

    def _imagine(self, head, lines):
        """Return the document a report would be, with no row behind it.

        :raise IntakeError: the number was used for something else
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
        return Document.new(
            {
                **head,
                "state": "recorded",
                "line_ids": [fields.Command.create(line) for line in lines],
            }
        )

    def _insert(self, head, lines):
        """Insert a document unless its number is taken.

        The unique index decides, not a look before: two tills may send at once.

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
                       (%(names)s, state, create_uid, write_uid, create_date,
                        write_date)
                VALUES (%(values)s, 'recorded', %(uid)s, %(uid)s,
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

        By SQL, too: the ORM would compute the totals of the document again from
        lines it reads back.
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

    # === LOOKING UP === #

    def _get_lines(self, lines, company):
        """Return the columns of each line; names are looked up for all lines at once.

        :raise BadValue: a product or a unit is unknown
        """
        products = self._get_products(lines, company)
        uoms = {}  # a long delivery names the same few units again and again
        rows = []
        for line, product in zip(lines, products, strict=True):
            uom = self._get_uom(line.uom, product, line.path, uoms)
            rows.append(
                {
                    "product_id": product.id,
                    "product_uom_id": (uom or product.uom_id).id,
                    "name": line.name or product.display_name or False,
                    "quantity": shown(line.quantity),
                    "amount_untaxed": shown(line.amount_untaxed),
                    "amount_total": shown(line.amount_total),
                }
            )
        return rows

    def _get_products(self, lines, company):
        """Return the product of each line, an empty one where none is named.

        :raise BadValue: a product is unknown
        """
        Product = self.env["product.product"].with_context(active_test=False)
        named = [_product_names(line.product) for line in lines]
        ids = [value for names in named for key, value in names if key == "id"]
        texts = [value for names in named for key, value in names if key != "id"]
        by_name = defaultdict(list)
        if ids or texts:
            for product in Product.search_fetch(
                Domain("company_id", "in", (False, company.id))
                & (
                    Domain("default_code", "in", texts)
                    | Domain("barcode", "in", texts)
                    | Domain("id", "in", ids)
                ),
                ("default_code", "barcode", "uom_id"),
                order="active desc, id",
            ):
                by_name["id", product.id].append(product)
                by_name["sku", product.default_code].append(product)
                by_name["barcode", product.barcode].append(product)
        return [
            self._choose_product(line, names, by_name) or Product
            for line, names in zip(lines, named, strict=True)
        ]

    def _choose_product(self, line, names, by_name):
        """Return the product a line names: by its code first, if it is a text."""
        if not names:
            return None
        if isinstance(line.product, dict):
            first, *others = (by_name[name] for name in names)
            found = [one for one in first if all(one in other for other in others)]
        else:
            found = [one for name in names for one in by_name[name]]
        if not found:
            known = line.product
            said = known.values() if isinstance(known, dict) else [known]
            raise BadValue(
                "unknown_product", f"{line.path}.product", name=" ".join(map(str, said))
            )
        return found[0]

    def _get_uom(self, uom, product, path, known):
        """Return the unit a line names.

        :param dict known: units looked up before, by what they were called
        """
        Uom = self.env["uom.uom"]
        if uom is None or uom == "":
            return Uom
        if isinstance(uom, bool) or not isinstance(uom, int | str):
            raise BadValue("invalid_value", f"{path}.uom")
        if uom not in known:
            is_name = isinstance(uom, str)
            domain = ("name", "=ilike", _escape(uom.strip())) if is_name else None
            known[uom] = Uom.search([domain or ("id", "=", uom)], limit=1)
        found = known[uom]
        if not found:
            raise BadValue("unknown_uom", f"{path}.uom", name=str(uom)[:MAX_TEXT])
        if product and not found._has_common_reference(product.uom_id):
            raise BadValue(
                "uom_mismatch", f"{path}.uom", uom=found.name, own=product.uom_id.name
            )
        return found

    def _get_partner(self, names, company):
        Partner = self.env["res.partner"]
        if not names:
            return Partner
        domain = [("company_id", "in", (False, company.id))]
        for name, value in names.items():
            if name == "email":
                value = email_normalize(value) or "-"
                domain.append(("email_normalized", "=", value))
            else:
                domain.append((name, "=", value))
        found = Partner.search(domain, limit=2)
        if len(found.commercial_partner_id) != 1:
            raise BadValue("unknown_partner", "partner")
        return found[0].commercial_partner_id

    def _get_member(self, names, company, path):
        Member = self.env["b2b2c.member"]
        if not names:
            return Member
        if "id" in names:
            found = Member.search(
                [
                    ("id", "=", names["id"]),
                    ("company_id", "=", company.id),
                    ("state", "in", ("enrolled", "suspended")),
                ]
            )
        else:
            found = self._find_member(company, **names)
        # who sells here may buy there: each place means the membership that fits
        sells = path == "seller"
        found = found.filtered(lambda m: (m.role == "salesperson") == sells) or found
        if not found:
            raise BadValue("unknown_member", path)
        return found[0]

    def _get_currency(self, name, company):
        if not name:
            return company.currency_id
        found = self.env["res.currency"].search([("name", "=", name)], limit=1)
        if not found:
            raise BadValue("unknown_currency", "currency")
        return found

    def _to_phone(self, phone, company):
        """Return a phone number in international form, ``False`` if it is wrong."""
        return company.partner_id._phone_format(
            number=phone, country=company.country_id, force_format="E164"
        )

    # === WORDING === #

    @contextmanager
    def _worded(self):
        """Turn a bad value into a refusal a person understands."""
        try:
            yield
        except BadValue as bad:
            message = self._word(bad.code, bad.field, bad.params)
            raise IntakeError(bad.code, message, bad.field or None) from None

    def _word(self, code, path, params):
        """Return the sentence of a refusal code."""
        words = {
            "missing_value": self.env._("“%s” is missing.", path),
            "invalid_value": self.env._("“%s” has a value that cannot be used.", path),
            "unknown_type": self.env._(
                "The type must be one of: %s.", params.get("options")
            ),
            "unknown_product": self.env._(
                "There is no product “%s”.", params.get("name")
            ),
            "unknown_uom": self.env._(
                "There is no unit of measure “%s”.", params.get("name")
            ),
            "uom_mismatch": self.env._(
                "“%(uom)s” cannot be converted into %(own)s, the unit of this product.",
                uom=params.get("uom"),
                own=params.get("own"),
            ),
            "unknown_partner": self.env._("There is no such company or shop."),
            "unknown_member": self.env._("This person does not take part."),
            "unknown_currency": self.env._("There is no such currency."),
            "no_exchange_rate": self.env._(
                "There is no exchange rate for %(currency)s; enter one and retry.",
                currency=params.get("currency"),
            ),
            "future_date": self.env._("The date lies in the future."),
            "amount_out_of_range": self.env._(
                "“%s” must be between 0 and 10,000,000,000.", path
            ),
            "quantity_out_of_range": self.env._(
                "“%s” must be above 0 and below 1,000,000,000.", path
            ),
            "too_many_lines": self.env._(
                "A document can have %s lines at most.", params.get("limit")
            ),
        }
        return words[code]


def _content_hash(head, lines):
    """Return what tells two reports of one number apart; how far it came does not."""
    content = {
        name: str(value)
        for name, value in head.items()
        if name not in ("status", "status_at", "content_hash") and value
    }
    content["lines"] = [
        {
            name: as_text(round(intake_values.to_decimal(value), 6))
            if isinstance(value, float)
            else str(value)
            for name, value in line.items()
        }
        for line in lines
    ]
    text = json.dumps(content, sort_keys=True, ensure_ascii=True)
    return hashlib.sha256(text.encode()).hexdigest()


def _product_names(product):
    """Return ``(kind, value)`` pairs under which a line's product may be known."""
    if not product:
        return []
    if isinstance(product, dict):
        return list(product.items())
    return [("sku", product.strip()), ("barcode", product.strip())]


def _escape(text):
    """Return text for an ``=ilike`` that means itself."""
    return text.replace("\\", "\\\\").replace("%", r"\%").replace("_", r"\_")
