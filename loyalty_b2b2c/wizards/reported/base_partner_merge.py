from odoo import models
from odoo.exceptions import UserError
from odoo.tools import SQL


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    """What two reporters told stays told apart."""

    _inherit = "base.partner.merge.automatic.wizard"

    def _update_foreign_keys(self, src_partners, dst_partner):
        """Look at the numbers before Odoo rewrites the contacts by SQL."""
        self._check_loyalty_reports(src_partners | dst_partner)
        return super()._update_foreign_keys(src_partners, dst_partner)

    def _check_loyalty_reports(self, partners):
        """Refuse to merge reporters that used the same number for different documents.

        A number is recorded once per reporter; after the merge it would be twice.
        """
        rows = self.env.execute_query(
            SQL(
                """
                SELECT min(reference) FROM b2b2c_external_document
                 WHERE reporter_id = ANY(%s)
              GROUP BY company_id, document_type, reference_key
                HAVING count(*) > 1
              ORDER BY 1 LIMIT 1
                """,
                partners.ids,
            )
        )
        if rows:
            raise UserError(
                self.env._(
                    "Both contacts reported a document with the number %s; they cannot "
                    "be merged.",
                    rows[0][0],
                )
            )
