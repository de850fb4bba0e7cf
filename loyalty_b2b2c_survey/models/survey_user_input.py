from odoo import api, models

from odoo.addons.loyalty_b2b2c.models.base.harmless import harmless


class SurveyUserInput(models.Model):
    """Notes who finished a certification, with the score of that moment."""

    _inherit = "survey.user_input"

    def _mark_done(self):
        result = super()._mark_done()
        # after it: it drops questions nobody was asked, and scores anew
        self._note_training()
        return result

    def write(self, vals):
        result = super().write(vals)
        if vals.get("state", "done") != "done":
            self._undo_training()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_training(self):
        self._undo_training()

    @harmless("Could not note the certification of %s")
    def _note_training(self):
        """Note certifications that people finished; trying out is none."""
        finished = self.sudo().filtered(
            lambda answer: (
                answer.state == "done"
                and answer.survey_id.certification
                and answer.partner_id
                and not answer.test_entry
            )
        )
        rows = [answer._prepare_training() for answer in finished]
        self.env["b2b2c.training.attempt"].sudo()._note(rows)

    def _prepare_training(self):
        """Return what is noted of these answers."""
        subject = self.survey_id._get_b2b2c_subject()
        return {
            "res_model": self._name,
            "res_id": self.id,
            "subject": subject,
            "occasion": subject,
            "partner_id": self.partner_id.id,
            "score": self.scoring_percentage,
            "is_passed": self.scoring_success,
            "digest": self.survey_id._get_b2b2c_digest(),
        }

    @harmless("Could not undo the certification of %s")
    def _undo_training(self):
        """Note that answers were set back or deleted."""
        self.env["b2b2c.training.attempt"].sudo()._undo(self._name, self.ids)
