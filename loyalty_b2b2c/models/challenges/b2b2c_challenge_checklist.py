from odoo import models

from ..mechanics.mechanic import NextStep


class B2b2cChallenge(models.Model):
    """What is to do until people can take part in a challenge."""

    _name = "b2b2c.challenge"
    _inherit = ["b2b2c.challenge", "b2b2c.checklist"]

    def _get_next_steps(self):
        return [
            *super()._get_next_steps(),
            self._get_prize_step(),
            self._get_program_step(),
            self._get_audience_step(),
            self.program_id._get_reward_step(),
            self._get_start_step(),
        ]

    def _get_prize_step(self):
        points = [self.unit_id._format(prize.points) for prize in self.prize_ids]
        return NextStep(
            code="prizes",
            order=10,
            label=self.env._("Say what there is to win"),
            note=", ".join(points),
            is_done=bool(points),
        )

    def _get_program_step(self):
        program = self.program_id
        is_draft = program.state == "draft"
        return NextStep(
            code="program",
            order=20,
            label=self.env._("Let a program pay the prizes"),
            note=program.name,
            is_done=program.state == "running",
            button=self.env._("Start It") if is_draft else "",
            act=program.action_start,
        )

    def _get_audience_step(self):
        count = self._count_audience()
        return NextStep(
            code="people",
            order=30,
            label=self.env._("Let people take part"),
            note=self.env._("It is for: %s", count),
            is_done=bool(count),
            button=self.env._("Enroll Somebody"),
            act=lambda: self._open_in_dialog(
                "b2b2c.enroll",
                self.env._("Enroll a Participant"),
                default_company_id=self.company_id.id,
            ),
        )

    def _get_start_step(self):
        is_begun = self.state != "draft"
        return NextStep(
            code="start",
            order=90,
            label=self.env._("Start it"),
            note=self.env._("It runs.")
            if is_begun
            else self.env._(
                "People count on what it says from then on: prizes are reserved, and "
                "nothing of it can be changed."
            ),
            is_done=is_begun,
            button=self.env._("Start"),
            act=self.action_start,
        )
