from odoo import api, fields, models

from .kind_words import WORDS, KindWords


class B2b2cDocumentKind(models.Model):
    """A kind of document that can earn, for the choice on a rule.

    The rows come with the modules that measure the documents; nobody edits them.
    """

    _name = "b2b2c.document.kind"
    _description = "Kind of Document"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True, help="``DocumentFact.kind`` of the engine.")
    sequence = fields.Integer(default=10)

    _code_once = models.UniqueIndex("(code)", "This kind of document exists already.")

    @api.model
    def _get_kind_words(self):
        """Return how sentences speak of kinds, and what can matter for them.

        A module that measures further documents adds theirs with ``super()``.

        :return: dict code -> :class:`~.kind_words.KindWords`
        """
        return dict(WORDS)

    def _get_words(self):
        """Return the :class:`~.kind_words.KindWords` of this kind, or general ones."""
        self.ensure_one()
        words = self._get_kind_words().get(self.code)
        if words:
            return words
        clause = self.env._("a document is confirmed: %s", self.name)
        return KindWords(when={"confirmed": clause})

    @api.model
    def _get_goods_pairs(self):
        """Return which kinds can show the same goods as another document.

        :return: frozenset of pairs of codes, each in both orders
        """
        words = self._get_kind_words()
        goods = [code for code, its in words.items() if its.shows_goods]
        return frozenset(
            (one, other)
            for one in goods
            for other in goods
            if (one != other or words[one].repeats)
            and other not in words[one].never_with
            and one not in words[other].never_with
        )
