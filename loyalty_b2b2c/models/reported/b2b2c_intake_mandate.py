from decimal import Decimal

from odoo import api, fields, models
from odoo.tools import SQL

from ...engine import six_decimals, to_decimal, to_fraction
from ...exceptions import IntakeError
from ..base import rates
from .intake_words import word

#: States of a membership that is in force.
_IN_FORCE = ("enrolled", "suspended")


class B2b2cIntakeMandate(models.AbstractModel):
    """Who may tell what: nobody is the only witness in his own case.

    A reporter tells of sales of its own, and of shipments to others.  What is larger
    than its mandate is stored and waits for a person.  What it may read is about people
    it knows anyway (:meth:`_known_to`): every operation asks the same.
    """

    _inherit = "b2b2c.intake"

    # === ABOUT WHOM === #

    def _check_mandate(self, mandate, head):
        """Refuse a document that its reporter may not tell.

        :param mandate: :class:`~.mandate.Mandate`, ``None`` for people of the office
        :param dict head: columns of the document
        :raise IntakeError: says what this system may report
        """
        if not mandate:
            return
        self._check_type(mandate, head["document_type"])
        reporter = self._get_head_reporter(head)
        if not reporter:
            return
        family = self._get_family(reporter)
        if head["document_type"] == "shipment":
            self._check_to_others(head, family)
        elif head["document_type"] == "sale" and not mandate.of_others:
            self._check_own_sale(head, family)

    def _check_type(self, mandate, document_type):
        """Refuse a type of documents that a key may neither report nor cancel.

        :param mandate: :class:`~.mandate.Mandate`
        :raise IntakeError: it may not
        """
        if document_type not in mandate.types:
            raise IntakeError(
                "type_not_allowed",
                self.env._("This key may not report documents of this type."),
                "type",
            )

    def _check_own_sale(self, head, family):
        """Refuse a sale that another shop made.

        A salesperson of another shop is answered as somebody unknown.
        """
        Member = self.env["b2b2c.member"]
        for name in ("member", "seller"):
            person = Member.browse(head[f"{name}_id"] or ())
            role = person and person._get_role()
            if person and (role.sells or role.owns) and not self._is_of(person, family):
                raise IntakeError(
                    "unknown_member", word(self.env, "unknown_member", name, {}), name
                )
        shop = self._get_receiver(head)
        if shop not in family and self._has_people(shop, "sells", "owns"):
            raise IntakeError(
                "foreign_document",
                self.env._("This key reports the sales of its own shop only."),
                "partner",
            )

    def _check_to_others(self, head, family):
        """Refuse a shipment of a reporter to itself or its own people."""
        if self._is_own_case(head, family):
            raise IntakeError(
                "own_shipment",
                self.env._(
                    "Nobody reports shipments to himself: whoever sent the goods does."
                ),
                "partner",
            )

    def _is_own_case(self, head, family):
        """Tell whether a document is about a reporter's own shops or people."""
        member = self.env["b2b2c.member"].browse(head["member_id"] or ())
        if self._get_receiver(head) in family or self._is_of(member, family):
            return True
        return bool(
            member
            and self.env["b2b2c.member"].search_count(
                [
                    ("partner_id", "=", member.partner_id.id),
                    ("employer_id.commercial_partner_id", "in", family.ids),
                    ("state", "in", _IN_FORCE),
                ],
                limit=1,
            )
        )

    def _is_of(self, member, family):
        """Tell whether a member takes part at one of these companies."""
        return member.employer_id.commercial_partner_id in family

    def _get_head_reporter(self, head):
        return self.env["res.partner"].browse(head["reporter_id"] or ())

    def _get_receiver(self, head):
        """Return the company or shop of a document."""
        partner = self.env["res.partner"].browse(head["partner_id"] or ())
        return partner.commercial_partner_id

    def _get_family(self, reporter):
        """Return the companies that are one with a reporter.

        Its group of companies, and what the owners of these own besides.
        """
        top = reporter.commercial_partner_id
        while top.parent_id:
            top = top.parent_id
        Partner = self.env["res.partner"].with_context(active_test=False)
        family = Partner.search([("id", "child_of", top.id)]).commercial_partner_id
        Member = self.env["b2b2c.member"]
        owners = [
            ("role", "in", Member._get_role_codes("owns")),
            ("state", "in", _IN_FORCE),
        ]
        people = Member.search(
            [("employer_id.commercial_partner_id", "in", family.ids), *owners]
        ).partner_id
        if people:
            owned = Member.search([("partner_id", "in", people.ids), *owners])
            family |= owned.employer_id.commercial_partner_id
        return family

    def _has_people(self, shop, *capabilities):
        """Tell whether people take part at a shop who can do one of these."""
        Member = self.env["b2b2c.member"]
        roles = {role for name in capabilities for role in Member._get_role_codes(name)}
        return bool(
            shop
            and Member.search_count(
                [
                    ("employer_id.commercial_partner_id", "=", shop.id),
                    ("role", "in", list(roles)),
                    ("state", "in", _IN_FORCE),
                ],
                limit=1,
            )
        )

    # === HOW MUCH === #

    def _insert_within(self, mandate, head, lines):
        """Insert a document; what its mandate does not cover waits for a person.

        :return: the document, empty when its number is taken
        """
        if not mandate:
            return self._insert({**head, "state": "recorded"}, lines)
        quantity, amount = self._get_size(head, lines)
        days = self.env["b2b2c.reported.day"]
        reason = self._get_review_reason(mandate, head, quantity, amount)
        taken = False
        if not reason and mandate.has_days:
            taken = days._take(mandate, quantity, amount)
            reason = None if taken else "day"
        state = "review" if reason else "recorded"
        document = self._insert(
            {**head, "state": state, "review_reason": reason or None}, lines
        )
        if taken and not document:
            days._give_back(mandate, quantity, amount)
        return document

    def _get_review_reason(self, mandate, head, quantity, amount):
        """Return why a person looks at a document first, ``None`` when nobody has to.

        :return: one of :data:`~.mandate.REVIEW_REASONS`
        """
        if mandate.is_too_large(quantity, amount):
            return "document"
        reporter = self._get_head_reporter(head)
        if reporter and head["document_type"] == "event":
            if self._is_own_case(head, self._get_family(reporter)):
                return "own"
        return None

    def _get_size(self, head, lines):
        """Return how much a document has: in the products' units, in company currency.

        :return: ``(quantity, amount)``, Decimal
        """
        Uom, Product = self.env["uom.uom"], self.env["product.product"]
        quantity = amount = Decimal(0)
        for line in lines:
            uom = Uom.browse(line["product_uom_id"] or ())
            own = Product.browse(line["product_id"] or ()).uom_id
            pieces = line["quantity"]
            if uom and own:
                pieces = uom._compute_quantity(
                    pieces, own, round=False, raise_if_failure=False
                )
            quantity += to_decimal(pieces)
            amount += to_decimal(max(line["amount_untaxed"], line["amount_total"]))
        company = self.env["res.company"].browse(head["company_id"])
        currency = self.env["res.currency"].browse(head["currency_id"])
        if currency != company.currency_id:
            day = fields.Date.to_date(head["occurred_at"])
            rate = rates.get_document_rate(currency, company, day, 0)
            amount = six_decimals(to_fraction(amount) * rate)
        return quantity, amount

    # === WHOM A REPORTER KNOWS === #

    @api.model
    def _known_to(self, members, reporter):
        """Return the members that a reporter knows anyway.

        They work for the reporter, or a document in force that it reported names them.
        One that is worth nothing shows nothing: anybody could report it of anybody.

        The same statement is run for nobody: time tells nothing.
        """
        Documents = self.env["b2b2c.external.document"].sudo()
        Documents.flush_model()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT m.id FROM b2b2c_member m
                 WHERE m.id = ANY(%(members)s)
                   AND (m.employer_id = %(employer)s
                        OR EXISTS (
                           SELECT FROM b2b2c_external_document d
                            WHERE d.reporter_id = %(reporter)s
                              AND m.id IN (d.member_id, d.seller_id)
                              AND d.state = 'recorded' AND d.amount_total > 0))
                """,
                members=members.ids,
                employer=reporter.commercial_partner_id.id,
                reporter=reporter.id,
            )
        )
        known = {row[0] for row in rows}
        return members.filtered(lambda member: member.id in known)

    def _tell_points(self, answer, head, reporter):
        """Return what :meth:`_explain` says, as a reporter may read it.

        Points only: no reasons, which tell how far somebody's limits are used up, and
        no name or number of a person whom the reporter does not know.
        """
        named = self.env["b2b2c.member"].browse(
            filter(None, (head["member_id"], head["seller_id"]))
        )
        awards = [{**row, "reasons": []} for row in answer["awards"]]
        return {
            "awards": self._hide_people(awards, named, reporter),
            "refusals": [row for row in answer["refusals"] if not row["member_id"]],
        }

    @api.model
    def _hide_strangers(self, rows, document, reporter):
        """Return what is booked for a document of a reporter, as it may read it.

        :param list rows: see :meth:`_results`
        """
        return self._hide_people(
            rows, document.member_id | document.seller_id, reporter
        )

    def _hide_people(self, rows, named, reporter):
        """Return rows without the ids of people a reporter neither named nor knows.

        :param named: members that the document of these rows names
        """
        members = self.env["b2b2c.member"].browse({row["member_id"] for row in rows})
        known = self._known_to(members, reporter) | named
        return [
            row if row["member_id"] in known.ids else {**row, "member_id": None}
            for row in rows
        ]

    # === WHAT WAITS FOR A PERSON === #

    @api.model
    def _accept(self, document, officer):
        """Let a document earn that waited for a person."""
        document.sudo().write(
            {
                "state": "recorded",
                "accepted_at": fields.Datetime.now(),
                "accepted_by_id": officer.id,
            }
        )
        self.env["b2b2c.event"].sudo()._record(document)
