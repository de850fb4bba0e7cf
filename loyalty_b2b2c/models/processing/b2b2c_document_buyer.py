from odoo import api, fields, models
from odoo.tools import SQL

#: The columns of a row that tell who bought, and who gets the goods.
PARTIES = ("buyer_id", "buyer_company_id", "receiver_id", "receiver_company_id")


class B2b2cDocumentBuyer(models.Model):
    """Who bought a document and who gets its goods, as it was then: one row each.

    No document of Odoo stores for which company a contact bought.  It is the company
    the contact belongs to *now*, and a move of the contact rewrites history.  So it is
    written down when the document happens, see ``b2b2c.source._keep_parties``.

    The partners are foreign keys on purpose: two companies that are merged are one, and
    rows follow; a contact that gets another parent moves nothing.  There is no unique
    key on them: Odoo's merge of contacts deletes rows that it would violate.
    """

    _name = "b2b2c.document.buyer"
    _description = "Buyer of a Document"
    _inherit = "b2b2c.closed"
    _order = "id desc"
    _rec_name = "document_model"
    _log_access = False

    document_model = fields.Char(required=True, readonly=True)
    document_id = fields.Many2oneReference(
        model_field="document_model", required=True, readonly=True, string="Document ID"
    )
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, ondelete="cascade"
    )
    buyer_id = fields.Many2one(
        "res.partner", readonly=True, index="btree_not_null", ondelete="set null"
    )
    buyer_company_id = fields.Many2one(
        "res.partner",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
        string="Bought For",
    )
    receiver_id = fields.Many2one(
        "res.partner", readonly=True, index="btree_not_null", ondelete="set null"
    )
    receiver_company_id = fields.Many2one(
        "res.partner",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
        string="Goods For",
    )
    kept_at = fields.Datetime(required=True, readonly=True)
    reason = fields.Selection(
        [
            ("confirmed", "Order confirmed"),
            ("posted", "Invoice posted"),
            ("delivered", "Goods delivered"),
            ("paid", "Paid at the till"),
            ("first_seen", "Counted for the first time"),
            ("corrected", "Named on the document itself"),
            ("moved", "Before a contact moved"),
        ],
        required=True,
        readonly=True,
    )

    _document_once = models.UniqueIndex("(document_model, document_id)")

    # === READING === #

    @api.model
    def _read(self, model, document_ids):
        """Return the rows of documents.

        :param str model: of the documents
        :return: dict document id -> ids of the partners in the order of
            :data:`PARTIES`, ``None`` for a partner that is gone or never was
        """
        rows = self.env.execute_query(
            SQL(
                """
                SELECT document_id, buyer_id, buyer_company_id, receiver_id,
                       receiver_company_id
                  FROM b2b2c_document_buyer
                 WHERE document_model = %s AND document_id = ANY(%s)
                """,
                model,
                list(document_ids),
            )
        )
        return {document_id: tuple(ids) for document_id, *ids in rows}

    @api.model
    def _select_ids(self, model, condition=None):
        """Return the query of the ids of documents that have a row.

        :param str model: of the documents
        :param condition: SQL condition on a row ``k``, all rows by default
        """
        return SQL(
            "SELECT k.document_id AS id FROM b2b2c_document_buyer k"
            " WHERE k.document_model = %s AND %s",
            model,
            condition or SQL("TRUE"),
        )

    # === WRITING === #

    @api.model
    def _insert(self, model, rows, reason):
        """Insert a row per document unless it has one.

        :param str model: of the documents
        :param rows: dict document id -> ``(company id, ids in the order of PARTIES)``
        :param str reason: see the field
        :return: set of the ids of the documents that got a row
        """
        values = SQL(", ").join(
            SQL("(%s, %s, %s, %s, %s, %s, %s, %s, %s)", model, document_id, company_id,
                *parties, fields.Datetime.now(), reason)
            for document_id, (company_id, parties) in rows.items()
        )  # fmt: skip
        inserted = self.env.execute_query(
            SQL(
                """
                INSERT INTO b2b2c_document_buyer
                       (document_model, document_id, company_id, buyer_id,
                        buyer_company_id, receiver_id, receiver_company_id, kept_at,
                        reason)
                VALUES %s ON CONFLICT DO NOTHING RETURNING document_id
                """,
                values,
            )
        )
        return {document_id for (document_id,) in inserted}

    @api.model
    def _replace(self, model, rows, reason):
        """Write other parties into the rows of documents.

        :param rows: dict document id -> ids in the order of :data:`PARTIES`
        :param str reason: see the field
        """
        for document_id, parties in rows.items():
            self.env.cr.execute(
                SQL(
                    """
                    UPDATE b2b2c_document_buyer
                       SET buyer_id = %s, buyer_company_id = %s, receiver_id = %s,
                           receiver_company_id = %s, kept_at = %s, reason = %s
                     WHERE document_model = %s AND document_id = %s
                    """,
                    *parties,
                    fields.Datetime.now(),
                    reason,
                    model,
                    document_id,
                )
            )
