from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ...engine import to_decimal
from ...exceptions import LoyaltyError
from ...values import shown
from ..base.rows import insert_query, insert_rows, remember
from . import claim_words

#: States of a code that can still be claimed; `codes` says the same.
OPEN = ("printed", "active")

#: What a claim is proved with; the same codes as kinds of documents on rules.
KINDS = [
    ("scan", "Code scan"),
    ("receipt", "Receipt"),
    ("tax_stamp", "Tax stamp"),
]

#: A line of which nothing is known.
_LINE = {
    "name": None,
    "product_id": None,
    "product_uom_id": None,
    "quantity": 1,
    "amount_untaxed": 0,
    "amount_total": 0,
}


class B2b2cClaim(models.Model):
    """A proof of sale that a participant handed in: a code, a receipt, a stamp.

    Who submits need not be who benefits: rules name a role of the submitter's shop (its
    owner, its salespeople); the submitter is the person named on the document.  What
    an accepted claim is worth is for the judge, like any document; a claim in any
    other state is worth nothing.

    Written by the methods below only.  Three guards decide what is paid once, all of
    them unique keys: the request (:attr:`request_key` of a submitter), the proof
    (:attr:`proof_key`), and for scans the code itself.
    """

    _name = "b2b2c.claim"
    _description = "Proof of Sale"
    _inherit = ["b2b2c.document", "mail.thread", "mail.activity.mixin"]
    _order = "id desc"
    _rec_name = "reference"
    _rec_names_search = ["reference", "submitter_id.name", "partner_id.name"]

    # What
    kind = fields.Selection(KINDS, required=True, readonly=True)
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

    # The code of a scan
    code_id = fields.Many2one(
        "b2b2c.code",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
        groups="loyalty_b2b2c.group_manager",
    )
    batch_id = fields.Many2one(
        "b2b2c.code.batch", readonly=True, index="btree_not_null", ondelete="restrict"
    )
    earlier_id = fields.Many2one(
        "b2b2c.claim", compute="_compute_earlier_id", string="Claimed Before"
    )
    earlier_submitter_id = fields.Many2one(
        "b2b2c.member", compute="_compute_earlier_id", string="By"
    )
    earlier_partner_id = fields.Many2one(
        "res.partner", compute="_compute_earlier_id", string="At"
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

    @api.depends("code_id")
    def _compute_earlier_id(self):
        """Who has the code a claim was refused for."""
        for claim in self:
            has = claim.sudo().code_id.claim_id - claim
            claim.earlier_id = has
            claim.earlier_submitter_id = has.submitter_id
            claim.earlier_partner_id = has.partner_id

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

    # === SUBMITTING === #

    @api.model
    def _submit(self, member, values, lines=(), code_ids=()):
        """Store a claim, once per request of a submitter; book it if it is accepted.

        :return: ``(claim, was it new?)``; see :meth:`_store`
        """
        claim, is_new = self._store(member, values, lines, code_ids)
        if is_new:
            claim._book()
        return claim, is_new

    @api.model
    def _store(self, member, values, lines=(), code_ids=()):
        """Store a claim, once per request of a submitter.

        Nothing is booked: :meth:`_book` does that, for many claims at once.

        :param member: ``b2b2c.member`` who submits; the shop is the employer
        :param dict values: columns, at least ``kind``, ``reference`` and
            ``request_key``; ``state`` is ``draft`` unless given
        :param lines: list of dict of columns of ``b2b2c.claim.line``
        :param code_ids: codes that become this claim's
        :return: ``(claim, was it new?)``; a repeated request returns the first claim
        :raise LoyaltyError: one of the codes is not free any more
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
            "accepted_at": None,
            "score": 0,
            "amount_untaxed": sum(line.get("amount_untaxed", 0) for line in lines),
            "amount_total": sum(line.get("amount_total", 0) for line in lines),
            **values,
        }
        if row["state"] == "accepted":
            row["accepted_at"] = row["accepted_at"] or now
        claim = claims._insert(row, [_whole_line(line) for line in lines], code_ids)
        if not claim:
            return claims._find(member, row["request_key"]), False
        return claim, True

    def _book(self):
        """Book those of these new claims that are accepted; what fails waits for the
        commit."""
        accepted = self.filtered(lambda claim: claim.state == "accepted")
        for company in accepted.company_id:
            part = accepted.filtered(lambda claim, c=company: claim.company_id == c)
            part = part.with_context(allowed_company_ids=company.ids)
            part.env["b2b2c.event"]._settle_new(part)

    def _insert(self, row, lines, code_ids):
        """Insert a claim with its lines and take its codes, in one statement.

        Of two scans of a code at once the second waits, fails with a serialization
        error and is repeated; then it finds the code claimed.

        :return: the claim, empty when the request was stored before
        :raise LoyaltyError: one of the codes is not free any more
        """
        now = fields.Datetime.now()
        found = self.env.execute_query(
            SQL(
                """
                WITH claim AS (%(claim)s), line AS (%(lines)s), taken AS (
                    UPDATE b2b2c_code c
                       SET state = 'claimed', claim_id = claim.id, claimed_at = %(now)s
                      FROM claim
                     WHERE c.id = ANY(%(codes)s) AND c.state IN %(open)s
                 RETURNING c.id
                )
                SELECT claim.id, (SELECT array_agg(id ORDER BY id) FROM line),
                       (SELECT count(*) FROM taken)
                  FROM claim
                """,
                claim=insert_query(self, [row]),
                lines=insert_query(
                    self.env["b2b2c.claim.line"], lines, parent=("claim_id", "claim")
                ),
                now=now,
                codes=list(code_ids),
                open=OPEN,
            )
        )
        if not found:
            return self.browse()
        claim_id, line_ids, taken = found[0]
        if taken != len(code_ids):
            raise LoyaltyError(self.env._("Please scan again."))
        claim = self.browse(claim_id)
        line_records = self.env["b2b2c.claim.line"].browse(line_ids or ())
        # what was written need not be read again
        remember(claim, row, line_ids=line_records)
        for record, line in zip(line_records, lines, strict=True):
            remember(record, line, claim_id=claim)
        return claim

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

    # === DECIDING: internal callers check rights === #

    def _accept(self, user=None, note=None):
        """Let claims count; what they earn is booked in this transaction.

        :param user: ``res.users`` who decided, nobody when it was a rule
        """
        changed = self._decide("accepted", ("draft", "review"), user, note=note)
        changed.accepted_at = fields.Datetime.now()
        self._rebook(changed)
        return changed

    def _send_to_review(self, reason_code):
        """Let a person decide on claims."""
        return self._decide("review", ("draft",), None, reason_code=reason_code)

    def _refuse(self, reason_code, user=None, note=None):
        """Refuse claims that were not paid yet."""
        changed = self._decide(
            "refused", ("draft", "review"), user, reason_code=reason_code, note=note
        )
        changed._block_codes()
        return changed

    def _cancel(self, user=None, note=None):
        """Take accepted claims back; what they earned is reversed."""
        changed = self._decide("cancelled", ("accepted",), user, note=note)
        changed._block_codes()
        self._rebook(changed)
        return changed

    def _give_back(self, quantity=None):
        """Take goods that came back out of this claim, if it may count.

        What it earned follows by the event, like for any document that changes.

        :param quantity: so much came back; ``None``: all of it
        """
        self.ensure_one()
        claim = self.sudo()
        if claim.state not in ("review", "accepted"):
            return
        if quantity:
            for line in claim.line_ids[:1]:
                part = 1 - to_decimal(quantity) / to_decimal(line.quantity)
                names = ("quantity", "amount_untaxed", "amount_total")
                line.write({name: part * to_decimal(line[name]) for name in names})
            claim.write(
                {
                    name: sum(claim.line_ids.mapped(name))
                    for name in ("amount_untaxed", "amount_total")
                }
            )
        else:
            state = "cancelled" if claim.state == "accepted" else "refused"
            claim._decide(state, (claim.state,), None, reason_code="returned")
            claim._block_codes()
        claim.flush_recordset()
        claim.env["b2b2c.event"]._record(claim)

    def _block_codes(self):
        """Take the codes of claims that came to nothing out of use."""
        if self:
            self.env.execute_query(
                SQL(
                    """UPDATE b2b2c_code SET state = 'blocked'
                        WHERE claim_id = ANY(%s) AND state = 'claimed' RETURNING id""",
                    self.ids,
                )
            )
            self.env["b2b2c.code"].invalidate_model(flush=False)

    def _decide(self, state, allowed, user, **values):
        """Move claims to a state; those that have it already stay as they are.

        :return: the claims that changed
        :raise UserError: one of them cannot go there any more
        """
        claims = self.sudo().filtered(lambda claim: claim.state != state)
        for claim in claims:
            if claim.state not in allowed:
                raise UserError(
                    self.env._("%s was decided already.", claim.display_name)
                )
        values = {name: value for name, value in values.items() if value is not None}
        # they were told that they would hear of it
        waited = claims.filtered(lambda claim: claim.state == "review")
        claims.write(
            {"state": state, "decided_by_id": user.id if user else False, **values}
        )
        if state == "refused":
            waited._tell_refused()
        return claims

    def _rebook(self, claims):
        """Bring the books in line with claims, in this transaction."""
        if claims:
            claims.flush_recordset()
            events = self.env["b2b2c.event"].sudo()
            events._record(claims)
            events._settle(claims)

    # === READING === #

    def _get_points(self):
        """Return what claims brought their submitters, and what these can spend now.

        :return: claim id -> dict with ``posted`` and ``pending`` (whether there is
            any), ``text`` ("3 pts + 1 star") and ``balances``, a text per account
        """
        if not self:
            return {}
        rows = defaultdict(list)
        found = self.env.execute_query(
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
        for claim_id, *row in found:
            rows[claim_id].append(row)
        return {claim.id: self._tell_points(rows[claim.id]) for claim in self}

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

    # === ACTION METHODS === #

    def action_accept(self):
        """Accept claims that wait for a person (officers), nobody an own one."""
        claims = self._check_officer()
        if self.env.user.partner_id in claims.submitter_id.partner_id:
            raise UserError(self.env._("Nobody accepts an own proof of sale."))
        claims._accept(self.env.user)
        return True

    def action_refuse(self):
        """Refuse claims that wait for a person (officers)."""
        self._check_officer()._refuse("by_person", self.env.user)
        return True

    def action_cancel(self):
        """Take accepted claims back (officers)."""
        self._check_officer()._cancel(self.env.user)
        return True

    def _check_officer(self):
        """Return these claims for an officer who may see them.

        :raise UserError: the user is none
        """
        if not self.env.user.has_group("loyalty_b2b2c.group_officer"):
            raise UserError(
                self.env._("Only a loyalty officer may decide on proofs of sale.")
            )
        self.check_access("read")
        return self.sudo()


def _whole_line(line):
    """Return the columns of a line; lines of one statement have the same columns."""
    return {**_LINE, **{name: v for name, v in line.items() if v is not None}}
