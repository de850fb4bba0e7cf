from odoo import models


class B2b2cClaim(models.Model):
    """Claims of a person who is forgotten."""

    _inherit = "b2b2c.claim"

    def _erase_person(self):
        """Keep nothing of the person on these claims.

        Numbers and fingerprints stay, so that nothing is paid twice. What nobody
        decided yet is refused: nobody can look at it any more.
        """
        undecided = self.filtered(lambda claim: claim.state in ("draft", "review"))
        undecided._refuse("by_person")
        self.sudo().filtered("address").address = False
