from odoo import models
from odoo.tools import SQL

from ...models.base.rows import update_in_state
from ...models.challenges.b2b2c_challenge_round import FINAL


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    """Shops that become one compete as one; what they won before stays."""

    _inherit = "base.partner.merge.automatic.wizard"

    def _update_foreign_keys(self, src_partners, dst_partner):
        """Make way for Odoo, which rewrites the contacts by SQL."""
        proved = self._find_loyalty_proved(src_partners)
        self._join_loyalty_shops(src_partners, dst_partner)
        result = super()._update_foreign_keys(src_partners, dst_partner)
        self.env.invalidate_all()
        for round_ in proved:
            update_in_state(round_, FINAL, digest=round_._get_digest())
            round_.challenge_id.message_post(
                body=self.env._(
                    "%(old)s became one contact with %(new)s: the result of "
                    "%(round)s names it so, and has a new fingerprint.",
                    old=", ".join(src_partners.mapped("display_name")),
                    new=dst_partner.display_name,
                    round=round_.display_name,
                )
            )
        return result

    def _find_loyalty_proved(self, partners):
        """Return the rounds whose result names a shop, and is what became final."""
        results = self.env["b2b2c.challenge.result"].sudo()
        named = results.search([("employer_id", "in", partners.ids)])
        return named.round_id.filtered(
            lambda one: one.digest and one.digest == one._get_digest()
        )

    def _join_loyalty_shops(self, src_partners, dst_partner):
        """Leave one target of shops that become one, the sum of theirs, and no place.

        Places of a round that goes on are folded anew from the scores.
        """
        self.env.flush_all()
        both = src_partners | dst_partner
        self.env.cr.execute(
            SQL(
                "DELETE FROM b2b2c_challenge_standing"
                " WHERE member_id IS NULL AND employer_id = ANY(%s)",
                both.ids,
            )
        )
        self.env.cr.execute(
            SQL(
                """
                WITH joined AS (
                    SELECT challenge_id, min(id) AS id, sum(target) AS target
                      FROM b2b2c_challenge_shop_target
                     WHERE employer_id = ANY(%(both)s)
                  GROUP BY 1 HAVING count(*) > 1
                ), gone AS (
                    DELETE FROM b2b2c_challenge_shop_target t USING joined j
                     WHERE t.challenge_id = j.challenge_id AND t.id != j.id
                       AND t.employer_id = ANY(%(both)s)
                )
                UPDATE b2b2c_challenge_shop_target t SET target = j.target
                  FROM joined j WHERE t.id = j.id
                """,
                both=both.ids,
            )
        )
