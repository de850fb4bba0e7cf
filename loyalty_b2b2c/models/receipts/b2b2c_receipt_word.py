from collections import defaultdict

from odoo import api, fields, models

from ...recognition import words
from ..base.rows import insert_rows

#: Roles somebody may teach; the others mean nothing for what is credited.
_LABELS = [
    ("total", "Total"),
    ("subtotal", "Subtotal"),
    ("net", "Amount without tax"),
    ("tax", "Tax"),
    ("paid", "Paid"),
    ("cash", "Cash"),
    ("card", "Card"),
    ("change", "Change (money)"),
    ("discount", "Discount"),
    ("rounding", "Rounding"),
    ("service", "Service, delivery, bag"),
    ("tip", "Tip"),
    ("deposit", "Deposit"),
    ("saved", "Points, savings, balance"),
    ("count", "Number of pieces"),
    ("number", "Number of the receipt"),
    ("fiscal", "Fiscal number"),
    ("register", "Cash register"),
    ("cashier", "Cashier"),
    ("date", "Date of the sale"),
    ("until", "Another date"),
    ("copy", "Duplicate"),
    ("credit", "Return of goods"),
    ("slip", "Payment by card without a sale"),
]


class B2b2cReceiptWord(models.Model):
    """What receipts call things, beside the words of many languages that are known.

    A manager adds words; what a reviewer put right teaches words of one shop.  A word
    ranks amounts and numbers and proves none.
    """

    _name = "b2b2c.receipt.word"
    _description = "Word on Receipts"
    _order = "shop, role, wording, id"
    _rec_name = "wording"

    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        ondelete="cascade",
        default=lambda self: self.env.company,
    )
    wording = fields.Char(
        string="Word", required=True, help="As it is printed, without the figures."
    )
    role = fields.Selection(_LABELS, string="Means", required=True, default="total")
    shop = fields.Char(readonly=True, help="Empty: receipts of all shops.")
    shop_key = fields.Char(readonly=True, index="btree_not_null")
    receipt_id = fields.Many2one(
        "b2b2c.receipt", string="Learned From", readonly=True, ondelete="set null"
    )

    _once = models.UniqueIndex(
        "(company_id, coalesce(shop_key, ''), role, lower(wording))",
        "This word is known already.",
    )

    def action_forget(self):
        """Forget what was learned of a shop (officers)."""
        learned = self.filtered("shop_key")
        alike = self.search(
            [
                ("company_id", "in", learned.company_id.ids),
                ("shop_key", "!=", False),
                ("shop", "in", learned.mapped("shop")),
                ("role", "in", learned.mapped("role")),
                ("wording", "in", learned.mapped("wording")),
            ]
        )
        (learned | alike).unlink()
        return {"type": "ir.actions.client", "tag": "soft_reload"}

    @api.model
    def _get(self, company, keys=()):
        """Return the ``recognition`` words for a receipt.

        :param keys: by what its shop is known, see ``recognition.shops``
        """
        own = defaultdict(list)
        for word in self._find(company, keys):
            own[word.role].append(word.wording)
        return words.Words(own)

    @api.model
    def _find(self, company, keys):
        """Return the words of a company, and what was learned of a shop."""
        # what was learned of the shop comes last, and wins
        return self.search(
            [
                ("company_id", "=", company.id),
                "|",
                ("shop_key", "=", False),
                ("shop_key", "in", list(keys)),
            ],
            order="shop_key DESC NULLS FIRST, id",
        )

    @api.model
    def _learn(self, receipt, shop, keys, lessons):
        """Remember what a shop calls things; what is known already stays.

        :param str shop: how it calls itself
        :param keys: by what it is known
        :param lessons: set of ``(role, word)``
        """
        insert_rows(
            self,
            [
                {
                    "company_id": receipt.company_id.id,
                    "receipt_id": receipt.id,
                    "shop": shop,
                    "shop_key": key,
                    "role": role,
                    "wording": word,
                }
                for key in keys
                for role, word in sorted(lessons)
            ],
        )
