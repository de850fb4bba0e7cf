from odoo import fields, models


class B2b2cMechanicBegin(models.TransientModel):
    """Mechanics of recommendations ask for levels, and what the customer is offered."""

    _inherit = "b2b2c.mechanic.begin"

    level_count = fields.Integer(
        compute="_compute_values",
        store=True,
        readonly=False,
        precompute=True,
        string="Levels",
        help="2: also who brought the one who brought the customer, with half of it, "
        "and so on; at most 5.",
    )
    offer = fields.Text(
        string="What It Offers",
        help="What the page of a link says to who is recommended.",
    )

    def _get_usual(self):
        return {**super()._get_usual(), "level_count": 1}

    def _get_problems(self):
        problems = super()._get_problems()
        if not 1 <= self.level_count <= 5:
            problems.append(self.env._("There are between 1 and 5 levels."))
        return problems

    def _make_recommendation(self):
        """Make and return the draft of the program, with its campaign."""
        program = self._make_program(level_count=self.level_count)
        self.env["b2b2c.referral.campaign"].create(
            {
                "name": self.name,
                "company_id": self.company_id.id,
                "program_id": program.id,
                "offer": self.offer,
            }
        )
        return program
