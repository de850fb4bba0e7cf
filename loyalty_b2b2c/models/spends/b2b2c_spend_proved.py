from odoo import api, fields, models

from ...exceptions import ProofNeeded


class B2b2cSpend(models.Model):
    """Large payments with points are confirmed by the participant, at every counter."""

    _inherit = "b2b2c.spend"

    proved_by = fields.Selection(
        [("pin", "PIN"), ("code", "Code that was sent")],
        string="Confirmed By",
        readonly=True,
        help="Empty: the payment was too small to ask.",
    )

    @api.model
    def _check_request(self, request):
        """Ask for a proof of large payments.

        :raise ProofNeeded: nothing in the details says how the participant agreed
        """
        result = super()._check_request(request)
        proofs = self.env["b2b2c.spend.proof"]
        if not request.details.get("proof") and proofs._is_needed(request):
            raise ProofNeeded(proofs._get(request.member.sudo())._word_ways())
        return result

    def _reserve(self, request, points):
        """Keep how the participant agreed."""
        result = super()._reserve(request, points)
        if request.details.get("proof") and self.state == "held":
            self._move("held", proved_by=request.details["proof"])
        return result
