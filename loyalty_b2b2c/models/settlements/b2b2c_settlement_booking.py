from odoo import Command, api, fields, models
from odoo.exceptions import UserError

from ..base.days import get_today
from ..people.authority import decides

#: Who reads what stands in the books.
BOOKS = "account.group_account_readonly,account.group_account_invoice"
#: What a document is for -> types of moves, above zero and below.
DOCUMENTS = {
    "owes": ("out_invoice", "out_refund"),
    "owed": ("in_invoice", "in_refund"),
}


class B2b2cSettlement(models.Model):
    """An agreed settlement in the books: an invoice for what the partner owes, a bill
    for what we owe.  Amounts below zero are credit notes.

    A document that an accountant cancels, deletes or takes back is made anew when
    somebody asks for it.  Where the partner is a company of this database, its
    accountants find the same documents as drafts.
    """

    _inherit = "b2b2c.settlement"

    document_move_ids = fields.One2many(
        "account.move",
        "b2b2c_settlement_id",
        string="Documents",
        readonly=True,
        groups=BOOKS,
    )
    move_count = fields.Integer(compute="_compute_moves", compute_sudo=True)
    invoice_id = fields.Many2one(
        "account.move",
        compute="_compute_moves",
        compute_sudo=True,
        groups=BOOKS,
        help="For what the partner owes.",
    )
    bill_id = fields.Many2one(
        "account.move",
        compute="_compute_moves",
        compute_sudo=True,
        string="Vendor Bill",
        groups=BOOKS,
        help="For what we owe.",
    )
    books_state = fields.Selection(
        [
            ("none", "To Make"),
            ("draft", "To Post"),
            ("posted", "To Pay"),
            ("paid", "Paid"),
        ],
        string="Documents Are",
        compute="_compute_books_state",
        compute_sudo=True,
        store=True,
        help="Follows the documents: one that is cancelled or deleted is made again.",
    )

    @api.depends("document_move_ids.state", "document_move_ids.payment_state")
    def _compute_moves(self):
        for settlement in self:
            settlement.invoice_id = settlement._get_document("owes")
            settlement.bill_id = settlement._get_document("owed")
            settlement.move_count = len(settlement.document_move_ids)

    @api.depends(
        "state",
        "earned_amount",
        "owed_amount",
        "document_move_ids.state",
        "document_move_ids.payment_state",
        "document_move_ids.company_id",
    )
    def _compute_books_state(self):
        for settlement in self:
            sides = [
                settlement._get_document(side)
                for side in DOCUMENTS
                if settlement._get_total(side)
            ]
            if settlement.state != "agreed":
                settlement.books_state = False
            elif not all(sides):
                settlement.books_state = "none"
            elif any(move.state == "draft" for move in sides):
                settlement.books_state = "draft"
            elif any(move.payment_state != "paid" for move in sides):
                settlement.books_state = "posted"
            else:
                settlement.books_state = "paid"

    def _get_total(self, side):
        """Return what a document of a side is about, as it stands in the lines."""
        amount = self.earned_amount if side == "owes" else self.owed_amount
        return self.currency_id.round(amount)

    def _get_document(self, side):
        """Return our document of a side, empty when there is none in force."""
        return self.document_move_ids.filtered(
            lambda move: (
                move.company_id == self.company_id
                and move.move_type in DOCUMENTS[side]
                and move.state != "cancel"
                and move.payment_state != "reversed"
            )
        ).sorted("id")[-1:]

    def _after_agreeing(self):
        self.env.add_to_compute(self._fields["books_state"], self)
        return super()._after_agreeing()

    # === MAKING DOCUMENTS === #

    @decides("partner_id")
    def action_book(self):
        """Write the draft documents that are missing, here and at the partner's.

        For loyalty users who may write invoices and bills.

        :return: action that opens them
        """
        self.check_access("read")
        if not self.env.user.has_group("account.group_account_invoice"):
            raise UserError(
                self.env._("Only people of accounting write invoices and bills.")
            )
        made = self.env["account.move"]
        for settlement in self.sudo():
            made |= settlement._book()
        if not made:
            raise UserError(
                self.env._("There is nothing to book: all documents are there.")
            )
        return self.action_open_documents()

    def action_open_documents(self):
        """Open the documents of these settlements; who opens them needs the right."""
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Documents of Settlements"),
            "res_model": "account.move",
            "views": [(False, "list"), (False, "form")],
            "domain": [("b2b2c_settlement_id", "in", self.ids)],
        }

    def _open_books(self, company):
        """Return this settlement as a company's books see it, with nothing in the
        context that a client put there."""
        context = {"allowed_company_ids": company.ids, "lang": self.env.lang}
        return self.with_env(self.env(su=True, context=context)).with_company(company)

    def _book(self):
        """Write the missing documents.

        :return: ours that are new
        :raise UserError: the settlement is not agreed
        """
        # of two at the same time the later waits for the first, and finds its documents
        self._hold_in("agreed")
        self.invalidate_recordset(["document_move_ids"])
        own = self._open_books(self.company_id)
        made = own.env["account.move"]
        for side in DOCUMENTS:
            if own._get_total(side) and not own._get_document(side):
                move = own._write_document(side)
                own.invalidate_recordset(["document_move_ids"])
                own._mirror(move)
                made |= move
        self.env.add_to_compute(self._fields["books_state"], self)
        self.invalidate_recordset(
            ["document_move_ids", "invoice_id", "bill_id", "move_count"]
        )
        return made

    def _write_document(self, side):
        """Write our draft of a side."""
        total = self._get_total(side)
        return self.env["account.move"].create(
            self._prepare_document(
                DOCUMENTS[side][0 if total > 0 else 1],
                self.partner_id,
                self.company_id,
                1 if total > 0 else -1,
            )
        )

    def _prepare_document(self, move_type, partner, company, sign):
        """Return the values of a document, ours or the partner's.

        :param sign: -1 for a credit note
        """
        sides = ("earned",) if self._is_about_earned(move_type, company) else None
        sides = sides or ("spent", "shipped")
        values = {
            "move_type": move_type,
            "company_id": company.id,
            "partner_id": partner.id,
            "currency_id": self.currency_id.id,
            "ref": self.name,
            "invoice_origin": self.name,
            "invoice_date": get_today(company),
            "b2b2c_settlement_id": self.id,
            "invoice_line_ids": [
                Command.create(
                    {
                        "product_id": self._get_product(side, company).id,
                        "name": self._word_line(side),
                        "quantity": 1,
                        "price_unit": sign * self[f"{side}_amount"],
                    }
                )
                for side in sides
                if not self.currency_id.is_zero(self[f"{side}_amount"])
            ],
        }
        journal = self._get_journal(move_type, company)
        return {**values, "journal_id": journal.id} if journal else values

    def _is_about_earned(self, move_type, company):
        """Tell whether a document is for points given: our invoice, the partner's
        bill."""
        return move_type.startswith("out") == (company == self.company_id)

    def _get_product(self, side, company):
        """Return what stands on a line of a document."""
        name = "earned" if side == "earned" else "spent"
        chosen = company[f"b2b2c_settlement_{name}_product_id"]
        default = self.env.ref(f"loyalty_b2b2c.product_settlement_{name}")
        return chosen if chosen and company == self.company_id else default

    def _get_journal(self, move_type, company):
        """Return the journal that the company chose, empty for Odoo's choice."""
        kind = "invoice" if move_type.startswith("out") else "bill"
        journal = company[f"b2b2c_settlement_{kind}_journal_id"]
        return journal.filtered(lambda one: one.company_id == company)

    def _word_line(self, side):
        """Return what a line of a document says, in the partner's language."""
        partner = self.with_context(lang=self.partner_id.lang or self.env.lang)
        words = {
            "earned": partner.env._("Points given to buyers, %s", self._word_period()),
            "spent": partner.env._("Paid with points, %s", self._word_period()),
            "shipped": partner.env._(
                "Goods shipped for rewards, %s", self._word_period()
            ),
        }
        return words[side]

    def _mirror(self, move):
        """Write the same document as a draft in the books of a partner who is a company
        of this database: its accountants post it, or do not."""
        company = self.agreement_id.partner_company_id
        if not company:
            return
        theirs = self._open_books(company)
        turned = {
            "out_invoice": "in_invoice",
            "out_refund": "in_refund",
            "in_invoice": "out_invoice",
            "in_refund": "out_refund",
        }[move.move_type]
        known = self.document_move_ids.filtered(
            lambda one: (
                one.company_id == company
                and one.move_type == turned
                and one.state != "cancel"
            )
        )
        if known:
            return
        sign = -1 if turned.endswith("refund") else 1
        values = theirs._prepare_document(
            turned, self.company_id.partner_id, company, sign
        )
        theirs.env["account.move"].create(values)
