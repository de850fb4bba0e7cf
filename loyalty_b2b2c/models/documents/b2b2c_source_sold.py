from odoo import models

from ...engine.returned import take_back
from ..processing.facts import get_key


class B2b2cSourceSold(models.AbstractModel):
    """What came back and named no sale lowers the latest one."""

    _inherit = "b2b2c.source.sold"

    def _get_sold_lines_left(self, document, hypothetical):
        lines = super()._get_sold_lines_left(document, hypothetical)
        taken = {}
        if lines and not hypothetical:
            taken = self.env["b2b2c.unnamed.return"]._get_taken(document)
        if not taken:
            return lines
        sold = document[self._lines_field].browse(taken)
        pieces = {get_key(line): taken[line.id] for line in sold}
        return [
            take_back(line, pieces[line.key]) if line.key in pieces else line
            for line in lines
        ]
