from odoo import fields, models

from ..base.rows import insert_rows


class B2b2cReceiptKey(models.Model):
    """What may be paid once: fiscal number, date and total; the serial of a stamp.

    One receipt can have several (its own number and the fiscal one, the text of its
    QR code), because two photos of it need not show the same of them.
    """

    _name = "b2b2c.receipt.key"
    _description = "Identity of a Receipt"
    _rec_name = "key"

    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, ondelete="cascade"
    )
    receipt_id = fields.Many2one(
        "b2b2c.receipt", required=True, readonly=True, index=True, ondelete="cascade"
    )
    key = fields.Char(required=True, readonly=True)

    _once = models.UniqueIndex("(company_id, key)")

    def _take(self, receipt, keys):
        """Give keys to a receipt, all of them or what it is a copy of.

        :return: the receipt that has one already, empty when all are its own now
        """
        # in one order everywhere: two receipts that share two keys do not deadlock
        keys = sorted(set(keys))
        if not keys:
            return receipt.browse()
        self.search([("receipt_id", "=", receipt.id), ("key", "not in", keys)]).unlink()
        rows = [
            {"company_id": receipt.company_id.id, "receipt_id": receipt.id, "key": key}
            for key in keys
        ]
        insert_rows(self, rows)
        domain = [("company_id", "=", receipt.company_id.id), ("key", "in", keys)]
        others = self.search(domain).receipt_id - receipt
        if others:
            # what it is a copy of has them; the rest stays free for nobody's sake
            self.search([("receipt_id", "=", receipt.id)]).unlink()
        return others.sorted("id")[:1]
