from odoo import models
from odoo.tools import SQL

from ...engine import trade_number
from ...recognition.products import Candidate, Catalogue


class B2b2cReceiptCatalogue(models.AbstractModel):
    """The products a line of a receipt may mean."""

    _name = "b2b2c.receipt.catalogue"
    _description = "Products for Receipts"

    # names are compared one by one: a catalogue larger than this is found by barcode
    NAMED = 20000

    def _get(self, company):
        """Return the ``recognition`` catalogue of what a company sells."""
        self.env["product.product"].flush_model()
        self.env["product.template"].flush_model()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT p.id, p.barcode, p.default_code, t.name
                  FROM product_product p
                  JOIN product_template t ON t.id = p.product_tmpl_id
                 WHERE p.active AND t.active AND t.sale_ok
                   AND (t.company_id IS NULL OR t.company_id = %s)
              ORDER BY p.id
                """,
                company.id,
            )
        )
        named = len(rows) <= self.NAMED
        return Catalogue(
            Candidate(
                id=product_id,
                names=tuple({*(names or {}).values(), code or ""}) if named else (),
                gtins=_get_gtins(barcode, code),
            )
            for product_id, barcode, code, names in rows
        )


def _get_gtins(barcode, code):
    """Return the numbers of a product that may stand on a receipt.

    However a number is stored, it is found by each of its spellings; the internal
    reference of a product is often one, too.
    """
    numbers = {trade_number.normalize(barcode) or barcode, trade_number.normalize(code)}
    return frozenset(filter(None, numbers))
