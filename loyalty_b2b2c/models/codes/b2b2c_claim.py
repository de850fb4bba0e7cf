from odoo import api, fields, models
from odoo.tools import SQL

from ..claims.b2b2c_claim import InsertPart
from ..processing.judge import Judge, join
from ..programs import explanation
from . import scan_words
from .b2b2c_code import OPEN


class B2b2cClaim(models.Model):
    """Claims that are proved with a scanned code: each code belongs to one of them."""

    _inherit = "b2b2c.claim"

    kind = fields.Selection(
        selection_add=[("scan", "Code scan")], ondelete={"scan": "cascade"}
    )
    code_id = fields.Many2one(
        "b2b2c.code",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
        groups="loyalty_b2b2c.group_manager",
    )
    batch_id = fields.Many2one(
        "b2b2c.code.batch", readonly=True, index="btree_not_null", ondelete="restrict"
    )
    earlier_id = fields.Many2one(
        "b2b2c.claim", compute="_compute_earlier_id", string="Claimed Before"
    )
    earlier_submitter_id = fields.Many2one(
        "b2b2c.member", compute="_compute_earlier_id", string="By"
    )
    earlier_partner_id = fields.Many2one(
        "res.partner", compute="_compute_earlier_id", string="At"
    )

    @api.depends("code_id")
    def _compute_earlier_id(self):
        """Who has the code a claim was refused for."""
        for claim in self:
            earlier = claim.sudo().code_id.claim_id - claim
            claim.earlier_id = earlier
            claim.earlier_submitter_id = earlier.submitter_id
            claim.earlier_partner_id = earlier.partner_id

    @api.model
    def _get_words(self):
        return {**super()._get_words(), **scan_words.WORDS}

    def _counts_on_arrival(self):
        return self.kind == "scan" or super()._counts_on_arrival()

    @api.model
    def _get_insert_parts(self, code_ids=(), **proofs):
        """Let a claim take codes that are still free.

        :param code_ids: ids of the codes that become this claim's
        """
        parts = super()._get_insert_parts(**proofs)
        if code_ids:
            query = SQL(
                """
                UPDATE b2b2c_code c
                   SET state = 'claimed', claim_id = claim.id, claimed_at = %s
                  FROM claim
                 WHERE c.id = ANY(%s) AND c.state IN %s
             RETURNING c.id
                """,
                fields.Datetime.now(),
                list(code_ids),
                OPEN,
            )
            problem = self.env._("Please scan again.")
            parts.append(InsertPart("taken", query, len(code_ids), problem))
        return parts

    def _get_counted_text(self):
        """Return that the submitter was paid for the same goods before, in a sentence.

        :return: empty when that is not why there are no points
        """
        self.ensure_one()
        code = self.sudo().code_id
        if not (code.lot_id or code.package_id):
            return ""  # nothing else can show goods that have no name
        claim = self.sudo()
        refusals = join(Judge(claim.env).ask(claim)[claim.id]).refusals
        reasons = [
            refusal.reason
            for refusal in refusals
            if refusal.reason.code == "already_counted"
            and refusal.member_id == claim.submitter_id.id
        ]
        sentences = explanation.render(self.env, explanation.to_json(reasons[:1]))
        return " ".join(sentences)

    def _retire_proofs(self):
        """Block the codes of claims that came to nothing, for good."""
        if self:
            self.env.execute_query(
                SQL(
                    """UPDATE b2b2c_code SET state = 'blocked'
                        WHERE claim_id = ANY(%s) AND state = 'claimed' RETURNING id""",
                    self.ids,
                )
            )
            self.env["b2b2c.code"].invalidate_model(flush=False)
        return super()._retire_proofs()
