from odoo import api, models
from odoo.tools import SQL


class B2b2cSameGoods(models.AbstractModel):
    """Which documents show the sale of the same goods.

    One of two such documents is the *sale* (an order, a delivery, an invoice, a till
    order, what a shop reported), the other one *follows* it: the scan of a code on its
    goods, a receipt with its number, a reported document with its reference.  The
    package of what follows says how it is proved, in both directions: of a document
    that follows which sales it shows, of a sale what follows it.  Nothing is guessed:
    the same product on the same day is no proof.

    What comes of it is for :mod:`.same_goods`: the same goods pay once.
    """

    _name = "b2b2c.same.goods"
    _description = "Documents of the Same Goods"

    @api.model
    def _select_sales(self, model, ids):
        """Return the queries of the sales that documents follow.

        Packages extend this with ``super()`` for the documents they bring.

        :param str model: of the documents
        :param list ids: of the documents
        :return: list of SQL that selects the id of a document, and model and id of a
            sale; a proof that is no document, as a serial number, has its own model
        """
        return []

    @api.model
    def _select_followers(self, model, ids, numbers):
        """Return the queries of the documents that follow sales, each with its sign.

        Most sales are followed by nothing, and PostgreSQL plans such a query longer
        than it runs: it is asked only where its sign is true.

        :param str model: of the sales
        :param list ids: of the sales
        :param numbers: list of the numbers they are known by, in small letters
        :return: list of (sign, query): SQL condition without which the query finds
            nothing, cheap to ask; and SQL that selects the id of a sale, and model and
            id of a document
        """
        return []

    @api.model
    def _get_number_fields(self):
        """Return model of sales -> the fields with the numbers they are known by.

        See :meth:`_select_numbers`; packages extend this with ``super()``.
        """
        return {}

    @api.model
    def _get_numbers(self, model, ids):
        """Return the numbers by which sales are known, in small letters.

        Without a statement where the sales were just measured.

        :param str model: of the sales
        :param list ids: of the sales
        :return: set of str
        """
        names = self._get_number_fields().get(model, ())
        sales = self.env[model].sudo().browse(ids)
        if names:
            sales.fetch(names)
        return {sale[name].lower() for sale in sales for name in names if sale[name]}

    @api.model
    def _select_numbers(self, sales=None, papers=None):
        """Return the queries of the numbers by which sales are known.

        A paper (a receipt, a reported document) shows the sale whose number it has.
        Numbers of strangers can be the same by chance, so a party of the sale has to be
        one of the paper, or, of a till that does not know its customers, the day.
        Packages extend this with ``super()`` for the sales they bring.

        :param sales: ``(model, ids)``: only numbers of these
        :param papers: SQL of papers, see :meth:`_select_numbered`: only what can be
            theirs
        :return: list of SQL that selects ``model``, ``sale_id``, ``company_id``,
            ``number``, ``party`` (commercial partner; NULL: anybody) and ``day`` (NULL:
            any day)
        """
        return []

    @api.model
    def _select_numbered(self, papers, sales=None):
        """Return the query of papers that have the number of a sale.

        :param papers: SQL that selects ``paper_id``, ``company_id``, ``number``,
            ``party`` and ``day``, a row for each number and party of a paper
        :param sales: ``(model, ids)``: only these; all by default
        :return: list with the SQL that selects ``paper_id``, ``model`` and ``sale_id``,
            empty when no sale has a number
        """
        restricted = {"sales": sales} if sales else {"papers": papers}
        numbers = self._select_numbers(**restricted)
        if not numbers:
            return []
        return [
            SQL(
                """
                SELECT paper.paper_id, sale.model, sale.sale_id
                  FROM (%s) sale JOIN (%s) paper
                    ON lower(paper.number) = lower(sale.number)
                   AND paper.company_id = sale.company_id
                   AND (sale.party IS NULL OR sale.party = paper.party)
                   AND (sale.day IS NULL OR abs(sale.day - paper.day) <= 1)
                """,
                SQL(" UNION ALL ").join(SQL("(%s)", query) for query in numbers),
                papers,
            )
        ]

    @api.model
    def _find_sales(self, model, ids):
        """Return (model, id) of documents -> set of (model, id) of what they follow."""
        return self._find(model, ids, self._select_sales(model, ids))

    @api.model
    def _find_followers(self, model, ids):
        """Return (model, id) of sales -> set of (model, id) of what follows them."""
        return self._find(model, ids, self._select_signed(model, ids))

    def _select_signed(self, model, ids):
        """Return the queries of what follows sales whose signs are true."""
        if not ids:
            return []
        numbers = sorted(self._get_numbers(model, ids))
        followers = self._select_followers(model, ids, numbers)
        if not followers:
            return []
        self.env.flush_all()
        signs = SQL(", ").join(sign for sign, _query in followers)
        [row] = self.env.execute_query(SQL("SELECT %s", signs))
        return [
            query
            for is_true, (_sign, query) in zip(row, followers, strict=True)
            if is_true
        ]

    def _find(self, model, ids, queries):
        """Return (model, id) -> set of (model, id), by one statement."""
        links = {}
        if not (ids and queries):
            return links
        self.env.flush_all()
        union = SQL(" UNION ").join(SQL("(%s)", query) for query in queries)
        for own_id, other_model, other_id in self.env.execute_query(union):
            links.setdefault((model, own_id), set()).add((other_model, other_id))
        return links
