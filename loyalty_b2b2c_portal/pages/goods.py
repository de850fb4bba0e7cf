from odoo.tools import SQL

from . import words


class GoodsBook:
    """What the shops of owners received, and what that brought the owners.

    :param owners: memberships as an owner, see :func:`membership.owners`
    """

    def __init__(self, owners):
        self.owners, self.env = owners, owners.env
        self.sources = self.env["b2b2c.source"]

    def count(self):
        """Return how many deliveries the shops received."""
        if not self.owners:
            return 0
        return self.env.execute_query(
            SQL("SELECT count(*) FROM (%s) received", self._select())
        )[0][0]

    def rows(self, offset=0, limit=20):
        """Return the deliveries to the shops, newest first.

        :return: list of dict with the keys ``day``, ``supplier``, ``reference``,
            ``shop``, ``lines`` (``(product, quantity in words)``) and ``points``
            (texts, one per unit)
        """
        if not self.owners:
            return []
        rows = self.env.execute_query(
            SQL(
                "%s ORDER BY at DESC, model, id DESC OFFSET %s LIMIT %s",
                self._select(),
                offset,
                limit,
            )
        )
        return [
            self._get_row(self.env[model].browse(record_id), at)
            for model, record_id, at in rows
        ]

    def received(self):
        """Return product id -> quantity received, in the product's unit of measure."""
        documents = {}
        for model, record_id, _at in self.env.execute_query(self._select()):
            documents.setdefault(model, []).append(record_id)
        total = {}
        for model, ids in documents.items():
            source = self.sources._for_model(model)
            for product, quantity, uom in source._get_goods_lines(
                self.env[model].sudo().browse(ids)
            ):
                if product:
                    own = uom._compute_quantity(quantity, product.uom_id, round=False)
                    total[product.id] = total.get(product.id, 0) + own
        return total

    # === DOCUMENTS === #

    def _select(self):
        """Return the query of the documents: ``(model, id, at)``.

        What each source says of it, also of the companies whose documents our programs
        reward.  Nothing from before the owner took part.
        """
        owners = SQL(", ").join(
            SQL(
                "(%s, %s, %s::timestamp)",
                owner.employer_id.id,
                company_id,
                owner.enrolled_at,
            )
            for owner in self.owners
            for company_id in self._get_companies(owner.company_id)
        )
        return SQL(
            "WITH owner (shop_id, company_id, since) AS (VALUES %s) %s",
            owners,
            self.sources._select_goods(SQL.identifier("owner")),
        )

    def _get_companies(self, company):
        """Return the ids of the companies whose deliveries a company's owners see.

        Itself, and those whose documents its programs reward.
        """
        programs = self.env["b2b2c.program"].search(
            [("company_id", "=", company.id), ("state", "!=", "draft")]
        )
        return (company | programs._get_counted_companies()).ids

    # === ONE DOCUMENT === #

    def _get_row(self, document, at):
        source = self.sources._for_model(document._name)
        return {
            "day": words.day(self.env, at),
            "reference": document[document._rec_name],
            "points": self._get_points(document),
            "supplier": source._get_supplier(document).name,
            "shop": self._get_shop(source, document).name,
            "lines": [
                (product.name, words.quantity(self.env, quantity, uom))
                for product, quantity, uom in source._get_goods_lines(document)
                if product
            ],
        }

    def _get_shop(self, source, document):
        """Return which of the owners' shops a document is about."""
        parties = source._get_parties(document)
        shops = parties.receiver_company | parties.buyer_company
        return (shops & self.owners.employer_id)[:1] or shops[:1]

    def _get_points(self, document):
        """Return what a document brought the owners, in words, one text per unit."""
        groups = self.env["b2b2c.ledger.entry"]._read_group(
            [
                ("account_id.member_id", "in", self.owners.ids),
                ("document_model", "=", document._name),
                ("document_id", "=", document.id),
            ],
            ["unit_id"],
            ["points:sum", "points_pending:sum"],
        )
        return [
            unit._format(points + pending)
            for unit, points, pending in groups
            if points or pending
        ]
