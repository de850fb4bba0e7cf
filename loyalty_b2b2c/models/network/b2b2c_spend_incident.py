from odoo import api, fields, models

from ..base.rows import update_in_state


class B2b2cSpendIncident(models.Model):
    """A sale at a partner with whom nothing is agreed: it is kept, and earns nothing.

    When it is agreed after all, the sale is looked at again and this is settled.
    """

    _inherit = "b2b2c.spend.incident"

    kind = fields.Selection(
        selection_add=[("unagreed", "Sold at a partner without an agreement")],
        ondelete={"unagreed": "cascade"},
    )
    shop_id = fields.Many2one("res.partner", readonly=True, ondelete="restrict")
    document_model = fields.Char(readonly=True)
    document_id = fields.Many2oneReference(
        model_field="document_model", readonly=True, string="Document ID"
    )
    sold_on = fields.Date(readonly=True)

    @api.model
    def _report_unagreed(self, document, company, place, day, points):
        """Report a sale at a partner with whom nothing is agreed, once.

        :param day: date of the sale
        :param str points: what it would have earned, in words
        """
        incident = self._report(
            "unagreed",
            self.env._(
                "%(document)s at %(shop)s on %(day)s would give %(points)s: nothing is "
                "agreed with the partner for that day.",
                document=document.display_name,
                shop=place.display_name,
                day=fields.Date.to_string(day),
                points=points,
            ),
            company=company,
            key=self._get_unagreed_key(document, company),
        )
        if not incident.document_id:
            incident.write(
                {
                    "shop_id": place.id,
                    "document_model": document._name,
                    "document_id": document.id,
                    "sold_on": day,
                }
            )

    @api.model
    def _get_unagreed_key(self, document, company):
        return f"{document._name},{document.id},{company.id}"

    @api.model
    def _settle_unagreed(self, document, company):
        """Settle what was reported of a sale that needs no agreement any more."""
        key = f"unagreed/{self._get_unagreed_key(document, company)}"
        for incident in self.sudo().search([("key", "=", key)]):
            update_in_state(
                incident,
                ("open",),
                state="settled",
                settled_at=fields.Datetime.now(),
            )
