from odoo import fields, models

#: More codes than this are made from the form of their batch.
_MOST = 10_000


class B2b2cMechanicBegin(models.TransientModel):
    """Mechanics of codes make the first codes at once."""

    _inherit = "b2b2c.mechanic.begin"

    code_count = fields.Integer(
        compute="_compute_values",
        store=True,
        readonly=False,
        precompute=True,
        string="Codes to Make Now",
        help="For each product that is chosen. 0: none; they are made later.",
    )

    def _get_usual(self):
        return {**super()._get_usual(), "code_count": 100}

    def _get_problems(self):
        problems = super()._get_problems()
        if not 0 <= self.code_count <= _MOST:
            problems.append(
                self.env._("Between 0 and %s codes are made at once.", f"{_MOST:,}")
            )
        return problems

    def _make_program_and_codes(self):
        """Make and return the draft of the program, and a batch for each product."""
        program = self._make_program()
        if self.code_count:
            batches = self.env["b2b2c.code.batch"].create(
                [
                    {
                        "name": f"{self.name}: {product.name}",
                        "product_id": product.id,
                        "company_id": self.company_id.id,
                        "count": self.code_count,
                    }
                    for product in self.product_ids
                ]
            )
            batches.action_make()
        return program
