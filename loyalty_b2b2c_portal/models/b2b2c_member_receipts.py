from odoo import models
from odoo.tools import format_datetime

_SHOWN = 20


class B2b2cMember(models.Model):
    """The page on which a participant sends photos of receipts."""

    # a page of its own: pylint: disable-next=consider-merging-classes-inherited
    _inherit = "b2b2c.member"

    def _has_portal_receipts(self):
        """Tell whether receipts of these people would reward somebody."""
        meant = [("document_kind_ids.code", "in", ("receipt", "tax_stamp"))]
        return self._get_portal_scanners()._would_reward(meant)

    def _get_portal_receipts(self):
        """Return what these people handed in, newest first, as texts."""
        receipts = (
            self.env["b2b2c.receipt"]
            .sudo()
            .search([("claim_id.submitter_id", "in", self.ids)], limit=_SHOWN)
        )
        return [receipt._get_portal_row() for receipt in receipts]


class B2b2cReceipt(models.Model):
    """A receipt as its participant reads it."""

    _inherit = "b2b2c.receipt"

    def _get_portal_row(self):
        self.ensure_one()
        claim = self.claim_id
        is_reading = self.state == "draft" and self.read_state in ("waiting", "reading")
        number = self.serial or self.fiscal_number or self.number
        if is_reading:
            status, tone = self.env._("Being read"), "info"
        elif self.state == "accepted":
            points = claim._get_points()[claim.id]["text"]
            status, tone = points or self.env._("Accepted"), "success"
        elif self.state == "cancelled":
            status, tone = self.env._("Taken back"), "secondary"
        elif self.state == "refused":
            status, tone = self.env._("Not accepted"), "danger"
        else:
            status, tone = self.env._("Being checked"), "warning"
        return {
            "id": self.id,
            "title": self.env._("No. %s", number) if number else claim.reference,
            "day": format_datetime(self.env, claim.create_date, dt_format="short"),
            "status": status,
            "tone": tone,
            "reason": " ".join(claim._get_refused_texts())
            if self.state == "refused"
            else "",
            "is_reading": is_reading,
        }
