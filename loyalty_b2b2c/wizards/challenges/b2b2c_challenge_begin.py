from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

from ...const import POINTS
from ...engine.periods import period_of


class B2b2cChallengeBegin(models.TransientModel):
    """Begins a challenge from a template: a goal, a prize, and it is a draft."""

    _name = "b2b2c.challenge.begin"
    _description = "New Challenge from a Template"
    _inherit = "b2b2c.dialog"

    template = fields.Selection(
        selection=lambda self: self.env["b2b2c.challenge"]._get_template_selection(),
        required=True,
        default="week",
    )
    note = fields.Char(compute="_compute_note")
    picture = fields.Char(compute="_compute_note")
    name = fields.Char(
        compute="_compute_values",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
    )
    goal = fields.Integer(
        compute="_compute_values",
        store=True,
        readonly=False,
        precompute=True,
        help="So much is to be reached. It can be of certain products later.",
    )
    has_goal = fields.Boolean(compute="_compute_note")
    points = fields.Float(
        **POINTS,
        compute="_compute_values",
        store=True,
        readonly=False,
        precompute=True,
        string="Prize",
        help="Of a contest, that of the first place.",
    )
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    program_id = fields.Many2one(
        "b2b2c.program",
        domain="[('company_id', '=', company_id), ('state', '=', 'running')]",
        default=lambda self: self.env["b2b2c.program"].search(
            [("company_id", "=", self.env.company.id), ("state", "=", "running")],
            limit=1,
        ),
        help="Its points are the prizes, and its budget pays them. Empty: a new "
        "program for prizes.",
    )
    symbol = fields.Char(related="program_id.symbol")

    # === COMPUTE METHODS === #

    @api.depends("template")
    @api.depends_context("lang")
    def _compute_note(self):
        mechanics = self.env["b2b2c.mechanic"]._get_mechanics()
        for dialog in self:
            template = dialog._get_template()
            dialog.note = self.env._(template.note) if template else ""
            dialog.has_goal = bool(template and template.goal)
            mechanic = mechanics.get(f"challenge_{dialog.template}")
            dialog.picture = mechanic.picture if mechanic else ""

    @api.depends("template")
    @api.depends_context("lang")
    def _compute_values(self):
        for dialog in self:
            template = dialog._get_template()
            dialog.name = self.env._(template.label) if template else ""
            dialog.goal = template.goal if template else 0
            dialog.points = template.points if template else 0

    def _get_template(self):
        """Return the template that was chosen, ``None`` before."""
        return self.env["b2b2c.challenge"]._get_templates().get(self.template)

    # === ACTION METHODS === #

    def action_begin(self):
        """Make the draft, and open it."""
        self.ensure_one()
        challenges = self.env["b2b2c.challenge"]
        challenges.check_access("create")
        challenge = challenges.create(self._prepare_challenge())
        return {
            "type": "ir.actions.act_window",
            "res_model": challenge._name,
            "res_id": challenge.id,
            "views": [(False, "form")],
        }

    def _prepare_challenge(self):
        """Return the values of the draft.

        :raise UserError: goal or prize is nothing, or nobody said what it is about
        """
        template = self._get_template()
        if self.points <= 0 or (template.goal and self.goal <= 0):
            raise UserError(self.env._("Enter a goal and a prize above 0."))
        program = self.program_id or self._make_program()
        today = self.env["b2b2c.challenge"].new({"program_id": program.id})._get_today()
        return {
            "name": self.name,
            "company_id": self.company_id.id,
            "program_id": program.id,
            "mechanic": f"challenge_{self.template}",
            **_get_days(template.recurrence, today),
            **template.get_values(self.goal, int(self.points)),
            **self._prepare_subject(),
        }

    def _get_subjects(self):
        """Hook: return which templates are about something that is chosen here.

        Each add-on adds its own with ``super()``.

        :return: dict template -> (name of the field, here and on the challenge, what
            to say while it is empty)
        """
        return {}

    def _prepare_subject(self):
        """Return what was chosen, as a value of the challenge.

        :raise UserError: nothing was
        """
        subject = self._get_subjects().get(self.template)
        if not subject:
            return {}
        name, problem = subject
        if not self[name]:
            raise UserError(problem)
        return {name: self._fields[name].convert_to_write(self[name], self)}

    def _make_program(self):
        """Make and return the draft of a program that pays prizes, and nothing else."""
        return self.env["b2b2c.program"].create(
            {"name": self.env._("Prizes"), "company_id": self.company_id.id}
        )


def _get_days(recurrence, today):
    """Return the days of a challenge that begins with its first whole round.

    What goes on round after round has no end; what happens once has two weeks.
    """
    if recurrence == "once":
        return {"first_day": today, "last_day": today + timedelta(days=13)}
    start, after, _label = period_of(recurrence, today)
    return {"first_day": start if start == today else after, "last_day": False}
