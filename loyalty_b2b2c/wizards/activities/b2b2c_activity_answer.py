from odoo import fields, models

from ...models.activities.activity_words import REASONS
from ...models.activities.b2b2c_activity_review import ANSWERS
from ...models.people.authority import decides


class B2b2cActivityAnswer(models.TransientModel):
    """Asks why something is sent back, refused or taken back: the participant reads
    it."""

    _name = "b2b2c.activity.answer"
    _description = "Answer to a Submission"
    _inherit = "b2b2c.dialog"

    submission_id = fields.Many2one(
        "b2b2c.activity.submission", required=True, ondelete="cascade"
    )
    answer = fields.Selection(
        [
            ("send_back", "Send Back"),
            ("refuse", "Refuse"),
            ("take_back", "Take Back"),
        ],
        required=True,
    )
    reason = fields.Selection(REASONS, required=True, default=REASONS[0][0])
    note = fields.Text(help="The participant reads it.")

    @decides("submission_id.member_id", "submission_id.employer_id")
    def action_answer(self):
        """Answer the submission.

        :return: a short message, and then the next submission that waits
        """
        self.ensure_one()
        one = self.submission_id._check_reviewer(ANSWERS[self.answer][0])
        one._answer(self.answer, self.reason, self.note, self.env.user)
        text = {
            "send_back": self.env._("%s: sent back.", one.display_name),
            "refuse": self.env._("%s: refused.", one.display_name),
            "take_back": self.env._("%s: taken back.", one.display_name),
        }[self.answer]
        return self.submission_id._open_next(text)
