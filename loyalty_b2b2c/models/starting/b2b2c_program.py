from dataclasses import replace
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ..base.days import word_moment
from .overlaps import find_overlaps, word_overlaps
from .program_estimate import ProgramEstimate


class B2b2cProgram(models.Model):
    """What a program is about to do, said before it starts."""

    _inherit = "b2b2c.program"

    started_at = fields.Datetime(readonly=True, copy=False)
    overlap_text = fields.Text(
        string="Paid Twice",
        compute="_compute_overlap_text",
        help="Which rules pay the same participant for the same goods.",
    )

    can_be_draft = fields.Boolean(
        compute="_compute_can_be_draft",
        help="Whether the start can be taken back: nothing was booked yet.",
    )

    @api.depends("state")
    def _compute_can_be_draft(self):
        for program in self:
            started = program._origin and program.state == "running"
            program.can_be_draft = started and not program._origin._has_entries()

    @api.depends("state", "rule_ids.sentence", "combine", "stacking", "date_to")
    @api.depends_context("lang")
    def _compute_overlap_text(self):
        """Look at stored rules only: a form shows what is saved."""
        for program in self:
            is_over = program.state == "closed" or not program._origin
            texts = [] if is_over else program._origin._word_overlaps()
            program.overlap_text = "\n".join(texts)

    # === ACTION METHODS === #

    def action_open_start(self):
        """Say what the program will do, and ask whether to start it (managers)."""
        self.ensure_one()
        self.check_access("write")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Start “%s”?", self.name),
            "res_model": "b2b2c.program.start",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_program_id": self.id, "dialog_size": "large"},
        }

    def action_start(self):
        """Remember when the program began, and tell it in its history."""
        result = super().action_start()
        now = fields.Datetime.now()
        self.write({"started_at": now})
        for program in self:
            program.message_post(body=program._word_start())
        return result

    def action_draft(self):
        """Take a start back as long as nothing was booked (managers)."""
        for program in self:
            if not program.can_be_draft:
                raise UserError(
                    self.env._(
                        "“%s” has booked points, or does not run: close it instead.",
                        program.name,
                    )
                )
        self.write({"state": "draft", "started_at": False})
        for program in self:
            program.message_post(body=self.env._("Back to draft: it earns nothing."))
        return True

    def _word_start(self):
        """Return what is told of a start."""
        if not self.date_from:
            return self.env._("Started. Documents of any date count.")
        at = word_moment(self.with_context(tz=self.timezone).env, self.date_from)
        return self.env._("Started. Documents dated from %s on count.", at)

    # === BUSINESS METHODS === #

    def _get_start_step(self):
        """On a checklist, too, what the program will do is said first."""
        return replace(super()._get_start_step(), act=self.action_open_start)

    def _get_overlaps(self):
        """Return what the rules of this program pay twice, with each other and with
        those of other programs of its company that were started.

        :return: list of ``engine.double_pay.DoublePay``
        """
        self.ensure_one()
        domain = Domain("company_id", "=", self.company_id.id)
        domain &= Domain("state", "!=", "draft") & Domain("id", "!=", self.id)
        others = self.sudo().with_context(active_test=False).search(domain)
        pairs = self.env["b2b2c.document.kind"]._get_goods_pairs()
        return find_overlaps(self, others, pairs)

    def _word_overlaps(self):
        """Return what is paid twice, a text for each two rules."""
        return word_overlaps(self.env, self._get_overlaps())

    def _get_audience_domain(self):
        """Return the domain of the participants that the rules can pay today."""
        return (
            Domain("company_id", "=", self.company_id.id)
            & Domain("role", "in", sorted(self.sudo()._get_rewarded_roles()))
            & Domain("state", "=", "enrolled")
        )

    def _get_products_domain(self):
        """Return the domain of the products that one of the rules is for."""
        return Domain.OR(rule._get_products_domain() for rule in self.sudo().rule_ids)

    def _get_estimate(self):
        """Return what the program would have cost in the last year.

        :return: :class:`~.program_estimate.Estimate`
        """
        self.ensure_one()
        until = fields.Datetime.now()
        return ProgramEstimate(self.sudo()).get(until - timedelta(days=365), until)
