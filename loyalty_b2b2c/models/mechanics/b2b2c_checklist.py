from odoo import api, fields, models
from odoo.exceptions import UserError


class B2b2cChecklist(models.AbstractModel):
    """What is still to do until something that was set up works, with a button each.

    Nothing of it is stored: a step is done when what it asks for is there.  Whoever
    has something to do for such a record adds it to :meth:`_get_next_steps` with
    ``super()``.
    """

    _name = "b2b2c.checklist"
    _description = "Checklist"

    mechanic = fields.Char(
        readonly=True,
        copy=False,
        string="Set Up As",
        help="The mechanic of the gallery that it was made with.",
    )
    checklist = fields.Json(
        compute="_compute_checklist",
        string="Next Steps",
        groups="loyalty_b2b2c.group_manager",
    )

    # === COMPUTE METHODS === #

    @api.depends_context("lang", "uid")
    def _compute_checklist(self):
        for record in self:
            record.checklist = record._describe_steps() if record._origin else []

    def _describe_steps(self):
        """Return the next steps as the form shows them, in their order."""
        return [
            {
                "code": step.code,
                "label": step.label,
                "note": step.note,
                "done": bool(step.is_done),
                "button": step.button,
            }
            for step in self._get_sorted_steps()
        ]

    # === ACTION METHODS === #

    def action_take_step(self, code=""):
        """Do a step of the checklist, or open where it is done.

        :param str code: of the step
        :raise UserError: there is no such step any more
        """
        self.ensure_one()
        self.check_access("write")
        for step in self._get_sorted_steps():
            if step.code == code and step.act:
                return step.act()
        raise UserError(self.env._("This is done already. Open the page anew."))

    # === HOOKS === #

    def _get_next_steps(self):
        """Return what is to do until this works; packages add theirs with ``super()``.

        :return: list of :class:`~.mechanic.NextStep`, in any order
        """
        self.ensure_one()
        return []

    def _get_sorted_steps(self):
        return sorted(self._get_next_steps(), key=lambda step: step.order)

    def _open_in_dialog(self, model, name, res_id=False, **context):
        """Return the action of a form in a dialog.

        :param int res_id: the record it shows, a new one by default
        :param context: of the form, its defaults
        """
        return {
            "type": "ir.actions.act_window",
            "name": name,
            "res_model": model,
            "res_id": res_id,
            "views": [(False, "form")],
            "target": "new",
            "context": context,
        }
