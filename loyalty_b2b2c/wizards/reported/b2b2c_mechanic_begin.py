from odoo import fields, models


class B2b2cMechanicBegin(models.TransientModel):
    """Mechanics of events ask which."""

    _inherit = "b2b2c.mechanic.begin"

    event_codes = fields.Char(
        compute="_compute_values",
        store=True,
        readonly=False,
        precompute=True,
        string="Which Event",
        help="The code with which it is reported; several are separated by commas.",
    )

    def _get_usual(self):
        return {**super()._get_usual(), "event_codes": "visit"}

    def _get_problems(self):
        problems = super()._get_problems()
        if "event_codes" in self._get_mechanic().asks and not self.event_codes:
            problems.append(self.env._("Say which event it is, by its code."))
        return problems

    def _make_event_program(self):
        """Make and return the draft of a program for the events that were named."""
        return self._make_program(event_codes=self.event_codes)
