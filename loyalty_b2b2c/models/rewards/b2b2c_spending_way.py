from odoo import api, fields, models
from odoo.fields import Domain

from .filled_rows import fill_rows


class B2b2cSpendingWay(models.Model):
    """Something points may be spent on: a kind of reward, a part of a price.

    Ways are code; the rows are there so that a unit can name some of them.  They fill
    themselves.  A package with a way that is no kind of reward extends ``_get_ways``.
    """

    _name = "b2b2c.spending.way"
    _description = "Way of Spending"
    _order = "id"

    code = fields.Char(required=True, readonly=True)

    _code_once = models.UniqueIndex("(code)", "There is a row for this way already.")

    @api.model
    def _get_ways(self):
        """Return code -> label of all ways, in the language of the environment."""
        kind = self.env["b2b2c.reward"]._fields["kind"]
        return dict(kind._description_selection(self.env))

    @api.depends_context("lang")
    @api.depends("code")
    def _compute_display_name(self):
        ways = self._get_ways()
        for way in self:
            way.display_name = ways.get(way.code, way.code)

    @api.model
    def _search_display_name(self, operator, value):
        """Find ways by their label in the reader's language, or a part of it."""
        if operator not in ("in", "ilike"):
            return NotImplemented
        ways = self._get_ways().items()
        if operator == "in":
            codes = [code for code, label in ways if label in value]
        else:
            codes = [code for code, label in ways if value.lower() in label.lower()]
        return Domain("code", "in", codes)

    # === FILLING === #

    def init(self):
        self._fill()

    def _register_hook(self):
        super()._register_hook()
        self._fill()  # a way may have come with a file only

    @api.model
    def _fill(self):
        """Add the rows of ways that have none."""
        fill_rows(self, "code", self._get_ways())
