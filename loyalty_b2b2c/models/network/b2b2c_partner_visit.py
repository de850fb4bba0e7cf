from odoo import api, fields, models

from ..base.rows import insert_rows


class B2b2cPartnerVisit(models.Model):
    """At which partner a sale happened: noted with the sale, never changed.

    What people earned by a sale is found by the document, so a settlement needs no
    source of its own for each kind of sale.
    """

    _name = "b2b2c.partner.visit"
    _description = "Sale at a Partner"
    _inherit = "b2b2c.closed"
    _order = "id desc"
    _rec_name = "ticket"

    agreement_id = fields.Many2one(
        "b2b2c.partner.agreement",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True, ondelete="restrict"
    )
    shop_id = fields.Many2one(
        "res.partner", required=True, readonly=True, ondelete="restrict"
    )
    document_model = fields.Char(required=True, readonly=True)
    document_id = fields.Many2oneReference(
        model_field="document_model",
        required=True,
        readonly=True,
        string="Document ID",
    )
    ticket = fields.Char(required=True, readonly=True)
    sold_on = fields.Date(required=True, readonly=True)

    _once = models.UniqueIndex(
        "(document_model, document_id, company_id)", "This sale is noted already."
    )

    def init(self):
        self._make_append_only(contacts=["shop_id"])

    @api.model
    def _get_agreements(self, documents, company):
        """Return document id -> the agreement it was noted under (sudo)."""
        ids = {document.id or document._origin.id for document in documents}
        visits = self.sudo().search(
            [
                ("document_model", "=", documents._name),
                ("document_id", "in", [*filter(None, ids)]),
                ("company_id", "=", company.id),
            ]
        )
        agreements = {visit.document_id: visit.agreement_id for visit in visits}
        return {
            document.id: agreements[document.id or document._origin.id]
            for document in documents
            if (document.id or document._origin.id) in agreements
        }

    @api.model
    def _note(self, document, company, place, day, ticket):
        """Note that a sale happened at a partner, if it did.

        :param document: record that the ledger will name
        :param company: ``res.company`` whose points they are
        :param place: ``res.partner``: the shop
        :param day: date of the sale, at the shop
        :param str ticket: number that the partner knows it by
        :return: the agreement (sudo), empty when the shop is no partner's, or people
            do not earn there
        """
        agreement = self.env["b2b2c.partner.agreement"]._get_in_force(
            company, place, day
        )
        if not agreement.can_earn:
            return agreement.browse()
        insert_rows(
            self.sudo(),
            [
                {
                    "agreement_id": agreement.id,
                    "company_id": company.id,
                    "shop_id": place.id,
                    "document_model": document._name,
                    "document_id": document.id,
                    "ticket": ticket,
                    "sold_on": day,
                }
            ],
        )
        return agreement
