from collections import defaultdict

from odoo import api, fields, models

from ...exceptions import FactError
from ...values import shown
from ..processing.judge import Judge


class B2b2cClaim(models.Model):
    """What accepting a proof of sale pays, and to whom: said before, and after."""

    _inherit = "b2b2c.claim"

    pays_text = fields.Char(compute="_compute_pays_text", string="Approving Pays")

    @api.depends("state", "line_ids")
    @api.depends_context("lang")
    def _compute_pays_text(self):
        for claim in self:
            claim.pays_text = claim.state == "review" and claim._word_deserved()

    def _word_deserved(self):
        """Return who would get what if this claim were accepted: "Nina +3 pts"."""
        self.ensure_one()
        claim = self.sudo()
        claim.flush_recordset()
        points = defaultdict(int)
        visible = claim.company_id | self.env.companies
        try:
            judge = Judge(claim.env, with_refusals=False)
            for verdict in judge.ask(claim, hypothetical=True)[claim.id]:
                if verdict.company in visible:
                    for award in verdict.decision.awards:
                        points[award.member_id, award.unit_id] += award.points_total
        except FactError as error:
            return str(error)
        return self._word_points(points) or self.env._("Nobody gets anything.")

    def _word_booked(self):
        """Return who got what for this claim, empty: nobody anything."""
        self.ensure_one()
        points = defaultdict(int)
        for entry in (
            self.env["b2b2c.ledger.entry"]
            .sudo()
            .search(
                [("document_model", "=", self._name), ("document_id", "=", self.id)]
            )
        ):
            place = entry.account_id.member_id.id, entry.unit_id.id
            points[place] += entry.points + entry.points_pending
        return self._word_points(points)

    def _word_points(self, points):
        """Return points of people in words, who submitted first.

        :param points: dict (member id, unit id) -> points
        """
        members = self.env["b2b2c.member"].sudo()
        units = self.env["b2b2c.unit"].sudo()
        first = self.sudo().submitter_id.id
        return ", ".join(
            f"{members.browse(member_id).name} +{units.browse(unit_id)._format(figure)}"
            for (member_id, unit_id), figure in sorted(
                points.items(), key=lambda place: (place[0][0] != first, place[0])
            )
            if shown(figure) > 0
        )
