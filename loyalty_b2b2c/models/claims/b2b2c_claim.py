from collections import defaultdict
from dataclasses import dataclass

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ...exceptions import LoyaltyError
from ...values import shown
from ..base.rows import insert_query, insert_rows, remember
from . import claim_words

#: A line of which nothing is known.
_LINE = {
    "name": None,
    "product_id": None,
    "product_uom_id": None,
    "quantity": 1,
    "amount_untaxed": 0,
    "amount_total": 0,
}


@dataclass(frozen=True, slots=True)
class InsertPart:
    """What the statement that inserts a claim changes beside the claim.

    :param str name: of the clause, unique within the statement
    :param query: ``SQL`` that changes rows and returns each of them; it may select
        ``id`` from the clause ``claim``
    :param int expected: how many rows it has to change
    :param str problem: what the person is told when it changes another number; the
        claim is refused then, and nothing is stored
    """

    name: str
    query: SQL
    expected: int
    problem: str


class B2b2cClaim(models.Model):
    """A proof of sale that a participant handed in, for example a code or a receipt.

    Who submits need not be who benefits: rules name a role of the submitter's shop (its
    owner, its salespeople); the submitter is the person named on the document.  What
    an accepted claim is worth is for the judge, like any document; a claim in any
    other state is worth nothing.

    Written by the methods below only.  Two unique keys decide what is paid once: the
    request (:attr:`request_key` of a submitter) and the proof (:attr:`proof_key`).

    Packages above add what a claim is proved with: the kind by ``selection_add``, its
    reasons by :meth:`_get_words`, what a claim uses up by :meth:`_get_insert_parts`
    and :meth:`_retire_proofs`.
    """

    _name = "b2b2c.claim"
    _description = "Proof of Sale"
    _inherit = ["b2b2c.document", "mail.thread", "mail.activity.mixin"]
    _order = "id desc"
    _rec_name = "reference"
    _rec_names_search = ["reference", "submitter_id.name", "partner_id.name"]

    # What
    kind = fields.Selection(
        [],  # the packages of the proofs add theirs, as kinds of documents, too
        required=True,
        readonly=True,
    )
    reference = fields.Char(
        required=True,
        readonly=True,
        help="The code, or the number of the receipt.",
    )
    state = fields.Selection(
        [
            ("draft", "Being read"),
            ("review", "To review"),
            ("accepted", "Accepted"),
            ("refused", "Refused"),
            ("cancelled", "Cancelled"),
        ],
        required=True,
        readonly=True,
        default="draft",
        tracking=True,
        string="Status",
    )
    reason_code = fields.Char(
        readonly=True, help="Why it was refused or waits for a person."
    )
    reason_text = fields.Char(compute="_compute_reason_text", string="Reason")
    note = fields.Char(readonly=True, help="What the person who decided wrote.")

    # Who
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, ondelete="restrict"
    )
    submitter_id = fields.Many2one(
        "b2b2c.member",
        string="Submitted By",
        required=True,
        readonly=True,
        ondelete="restrict",
    )
    partner_id = fields.Many2one(
        "res.partner",
        string="Shop",
        required=True,
        readonly=True,
        ondelete="restrict",
        help="Where the submitter works: whose people may benefit.",
    )
    beneficiary_ids = fields.Many2many(
        "b2b2c.member",
        string="Credited To",
        compute="_compute_beneficiary_ids",
    )

    address = fields.Char(
        readonly=True, string="IP Address", groups="loyalty_b2b2c.group_officer"
    )

    # How much
    currency_id = fields.Many2one(
        "res.currency", required=True, readonly=True, ondelete="restrict"
    )
    line_ids = fields.One2many("b2b2c.claim.line", "claim_id", readonly=True)
    amount_untaxed = fields.Monetary(readonly=True)
    amount_total = fields.Monetary(readonly=True)

    # When
    occurred_at = fields.Datetime(
        required=True,
        readonly=True,
        string="Date",
        help="When the person scanned or bought; a phone without network sends later.",
    )
    arrived_at = fields.Datetime(
        required=True, readonly=True, help="When it reached us, by the server's clock."
    )
    accepted_at = fields.Datetime(readonly=True)
    decided_by_id = fields.Many2one("res.users", readonly=True, ondelete="set null")

    # Once
    request_key = fields.Char(
        required=True,
        readonly=True,
        help="Chosen by the phone: sending again is the same claim.",
    )
    proof_key = fields.Char(
        readonly=True, help="What may be paid once, whoever hands it in."
    )

    # Suspicion
    score = fields.Integer(readonly=True, help="0: nothing unusual.")
    findings = fields.Json(readonly=True)
    findings_text = fields.Text(compute="_compute_findings_text", string="Unusual")

    _request_once = models.UniqueIndex("(submitter_id, request_key)")
    _proof_once = models.UniqueIndex(
        "(company_id, kind, proof_key) "
        "WHERE proof_key IS NOT NULL AND state IN ('review', 'accepted')"
    )
    # every index is written with every scan: companies and states are too few for one
    _open = models.Index("(company_id, id) WHERE state IN ('draft', 'review')")
    _of_submitter = models.Index("(submitter_id, id DESC)")
    _of_shop = models.Index("(partner_id, create_date)")

    # === COMPUTE METHODS === #

    @api.depends("kind", "reference")
    def _compute_display_name(self):
        labels = dict(self._fields["kind"]._description_selection(self.env))
        for claim in self:
            claim.display_name = f"{labels.get(claim.kind)} {claim.reference}"

    @api.depends_context("lang")
    @api.depends("reason_code", "note")
    def _compute_reason_text(self):
        for claim in self:
            claim.reason_text = (
                claim_words.word(self.env, claim.reason_code) or claim.note
            )

    @api.depends_context("lang")
    @api.depends("findings")
    def _compute_findings_text(self):
        for claim in self:
            claim.findings_text = "\n".join(
                claim_words.render(self.env, claim.findings or [])
            )

    def _compute_beneficiary_ids(self):
        entries = self.env["b2b2c.ledger.entry"].sudo()
        for claim in self:
            booked = entries.search(
                [("document_model", "=", self._name), ("document_id", "=", claim.id)]
            )
            claim.beneficiary_ids = booked.account_id.member_id.ids

    # === CRUD METHODS === #

    def write(self, vals):
        """Let clients handle the activities only; states change by the buttons."""
        allowed = ("activity_", "my_activity_", "message_")
        if not self.env.su and any(not name.startswith(allowed) for name in vals):
            raise UserError(self.env._("Use the buttons to decide on a claim."))
        return super().write(vals)

    def _counts_on_arrival(self):
        """Tell whether limits count this proof on the day it arrived.

        A document has its own date; of a scan only the phone says when it happened.
        """
        self.ensure_one()
        return False

    # === SUBMITTING === #

    @api.model
    def _submit(self, member, values, lines=(), **proofs):
        """Store a claim, once per request of a submitter; book it if it is accepted.

        :return: ``(claim, was it new?)``; see :meth:`_store`
        """
        claim, is_new = self._store(member, values, lines, **proofs)
        if is_new:
            claim._book()
        return claim, is_new

    @api.model
    def _store(self, member, values, lines=(), **proofs):
        """Store a claim, once per request of a submitter.

        Nothing is booked: :meth:`_book` does that, for many claims at once.

        :param member: ``b2b2c.member`` who submits; the shop is the employer
        :param dict values: columns, at least ``kind``, ``reference`` and
            ``request_key``; ``state`` is ``draft`` unless given
        :param lines: list of dict of columns of ``b2b2c.claim.line``
        :param proofs: what the claim uses up, see :meth:`_get_insert_parts`
        :return: ``(claim, was it new?)``; a repeated request returns the first claim
        :raise LoyaltyError: one of the proofs is not free any more
        """
        member = member.sudo()
        company = member.company_id
        claims = self.sudo().with_context(allowed_company_ids=company.ids)
        now = fields.Datetime.now()
        row = {
            "state": "draft",
            "company_id": company.id,
            "submitter_id": member.id,
            "partner_id": member.employer_id.commercial_partner_id.id,
            "currency_id": company.currency_id.id,
            "occurred_at": now,
            "arrived_at": now,
            "accepted_at": None,
            "score": 0,
            "amount_untaxed": sum(line.get("amount_untaxed", 0) for line in lines),
            "amount_total": sum(line.get("amount_total", 0) for line in lines),
            **values,
        }
        if row["state"] == "accepted":
            row["accepted_at"] = row["accepted_at"] or now
        claim = claims._insert(row, [_whole_line(line) for line in lines], proofs)
        if not claim:
            return claims._find(member, row["request_key"]), False
        return claim, True

    def _book(self):
        """Book those of these new claims that are accepted; what fails waits for the
        commit."""
        accepted = self.filtered(lambda claim: claim.state == "accepted")
        for company in accepted.company_id:
            claims = accepted.filtered(lambda claim, c=company: claim.company_id == c)
            claims = claims.with_context(allowed_company_ids=company.ids)
            claims.env["b2b2c.event"]._settle_new(claims)

    def _insert(self, row, lines, proofs):
        """Insert a claim with its lines and take what proves it, in one statement.

        Of two claims of one proof at once the second waits, fails with a serialization
        error and is repeated; then it finds that the proof is used.

        :param dict row: column -> value of the claim
        :param lines: list of dict column -> value, all with the same columns
        :param dict proofs: see :meth:`_get_insert_parts`
        :return: the claim, empty when the request was stored before
        :raise LoyaltyError: one of the proofs is not free any more
        """
        parts = self._get_insert_parts(**proofs)
        rows = self.env.execute_query(
            SQL(
                """
                WITH claim AS (%s), line AS (%s)%s
                SELECT claim.id, (SELECT array_agg(id ORDER BY id) FROM line)%s
                  FROM claim
                """,
                insert_query(self, [row]),
                insert_query(
                    self.env["b2b2c.claim.line"], lines, parent=("claim_id", "claim")
                ),
                _each(parts, ", %(name)s AS (%(query)s)"),
                _each(parts, ", (SELECT count(*) FROM %(name)s)"),
            )
        )
        if not rows:
            return self.browse()
        claim_id, line_ids, *counts = rows[0]
        for part, count in zip(parts, counts, strict=True):
            if count != part.expected:
                raise LoyaltyError(part.problem)
        claim = self.browse(claim_id)
        line_records = self.env["b2b2c.claim.line"].browse(line_ids or ())
        # what was written need not be read again
        remember(claim, row, line_ids=line_records)
        for record, line in zip(line_records, lines, strict=True):
            remember(record, line, claim_id=claim)
        return claim

    @api.model
    def _get_insert_parts(self):
        """Return what inserting a claim changes beside it, in the same statement.

        A package whose proofs can be used once extends this with a keyword of its own,
        removes it from what it hands to ``super()``, and adds its part.

        :return: list of :class:`InsertPart`
        """
        return []

    @api.model
    def _find(self, member, request_key):
        """Return what a member submitted under a request key, empty if nothing."""
        return self.sudo().search(
            [("submitter_id", "=", member.id), ("request_key", "=", request_key)]
        )

    def _set_lines(self, lines):
        """Replace the lines of a claim.

        :param lines: list of dict of columns of ``b2b2c.claim.line``
        """
        self.ensure_one()
        self.line_ids.unlink()
        if lines:
            insert_rows(
                self.env["b2b2c.claim.line"],
                [{"claim_id": self.id, **_whole_line(line)} for line in lines],
            )
        self.invalidate_recordset(["line_ids"])

    # === READING === #

    @api.model
    def _get_words(self):
        """Return the sentences of all reasons for which claims are refused or unusual.

        A package with reasons of its own extends this.

        :return: dict reason code -> function of (environment, dict of parameters)
        """
        return dict(claim_words.WORDS)

    def _get_points(self):
        """Return what claims brought their submitters, and what these can spend now.

        :return: claim id -> dict with ``posted`` and ``pending`` (whether there is
            any), ``text`` ("3 pts + 1 star") and ``balances``, a text per account
        """
        if not self:
            return {}
        rows_by_claim = defaultdict(list)
        rows = self.env.execute_query(
            SQL(
                """
                SELECT c.id, a.unit_id, coalesce(e.posted, 0), coalesce(e.pending, 0),
                       greatest(0, a.folded_posted - a.folded_held - a.folded_debt
                                   + coalesce(d.available, 0))
                  FROM unnest(%(ids)s, %(members)s) AS c (id, member_id)
                  JOIN b2b2c_account a ON a.member_id = c.member_id
     LEFT JOIN LATERAL (SELECT sum(points) AS posted, sum(points_pending) AS pending
                          FROM b2b2c_ledger_entry
                         WHERE document_model = %(model)s AND document_id = c.id
                           AND account_id = a.id AND award_key IS NOT NULL) e ON TRUE
     LEFT JOIN LATERAL (SELECT sum(points - points_held - points_debt) AS available
                          FROM b2b2c_account_delta WHERE account_id = a.id) d ON TRUE
              ORDER BY a.id
                """,
                model=self._name,
                ids=self.ids,
                members=[claim.submitter_id._get_survivor().id for claim in self],
            )
        )
        for claim_id, *row in rows:
            rows_by_claim[claim_id].append(row)
        return {claim.id: self._tell_points(rows_by_claim[claim.id]) for claim in self}

    def _tell_points(self, rows):
        units = self.env["b2b2c.unit"].sudo()
        return {
            "posted": any(row[1] for row in rows),
            "pending": any(row[2] for row in rows),
            "text": " + ".join(
                units.browse(unit_id)._format(shown(posted + pending))
                for unit_id, posted, pending, _available in sorted(rows)
                if posted + pending
            ),
            "balances": [
                units.browse(unit_id)._format(available)
                for unit_id, _posted, _pending, available in rows
            ],
        }


def _whole_line(line):
    """Return the columns of a line; lines of one statement have the same columns."""
    return {**_LINE, **{name: v for name, v in line.items() if v is not None}}


def _each(parts, text):
    """Return SQL: a text for each part, with its ``name`` and ``query``."""
    return SQL("").join(
        SQL(text, name=SQL.identifier(part.name), query=part.query) for part in parts
    )
