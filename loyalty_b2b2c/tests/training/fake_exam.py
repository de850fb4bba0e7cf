"""A way to prove a training in one file: exams on paper, which can be lost."""

from odoo import api, fields, models


class FakeExam(models.Model):
    """What is asked; passed from half of the points on."""

    _module = None
    _name = "b2b2c.fake.exam"
    _description = "Exam"

    name = fields.Char(required=True)
    is_published = fields.Boolean(default=True)


class FakePaper(models.Model):
    """The answers of a person."""

    _module = None
    _name = "b2b2c.fake.paper"
    _description = "Paper"

    exam_id = fields.Many2one("b2b2c.fake.exam", required=True)
    partner_id = fields.Many2one("res.partner")
    score = fields.Float()

    @api.model
    def _hand_in(self, exam, person, score):
        """Note what somebody wrote, as an adapter would."""
        paper = self.create(
            {"exam_id": exam.id, "partner_id": person.id, "score": score}
        )
        self.env["b2b2c.training.attempt"]._note(
            [
                {
                    "res_model": self._name,
                    "res_id": paper.id,
                    "subject": f"{exam._name},{exam.id}",
                    "occasion": f"{exam._name},{exam.id}",
                    "partner_id": person.id,
                    "score": score,
                    "is_passed": score >= 50,
                    "digest": exam.name,
                }
            ]
        )
        return paper

    def unlink(self):
        self.env["b2b2c.training.attempt"]._undo(self._name, self.ids)
        return super().unlink()


class FakeChallenge(models.Model):
    """A training may be an exam."""

    _module = None
    _inherit = "b2b2c.challenge"

    training_way = fields.Selection(selection_add=[("fake_exam", "Exam")])
    exam_id = fields.Many2one("b2b2c.fake.exam")


class FakeExamWay(models.AbstractModel):
    """Exams are proved by papers."""

    _module = None
    _name = "b2b2c.training.way.fake_exam"
    _description = "Way to Prove a Training: Exam"
    _inherit = "b2b2c.training.way"

    def _get_content(self, challenge):
        exam = challenge.exam_id
        return {f"{exam._name},{exam.id}": exam.name}

    def _get_problems(self, challenge):
        return [] if challenge.exam_id.is_published else ["Publish the exam first."]


FAKES = (FakeExam, FakePaper, FakeChallenge, FakeExamWay)
