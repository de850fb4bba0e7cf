from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ...const import POINTS
from ...engine import as_text, to_decimal


class B2b2cLadderTier(models.Model):
    """A tier may grant something to the owners of the dealer that reaches it."""

    _inherit = "b2b2c.ladder.tier"

    grant_program_id = fields.Many2one(
        "b2b2c.program",
        string="Grants Points Of",
        ondelete="restrict",
        domain="[('company_id', '=', company_id)]",
        help="Whose volume grows into this tier gets points of this program, once. If "
        "the program exchanges them at once, this is a certificate or a coupon.",
    )
    grant_points = fields.Float(**POINTS, string="Points Granted", default=1)

    _grant_is_positive = models.Constraint(
        "CHECK (grant_program_id IS NULL OR grant_points > 0)",
        "A tier grants one point or more.",
    )

    @api.constrains("grant_program_id", "ladder_id")
    def _check_grant_program(self):
        for tier in self:
            program = tier.grant_program_id
            if program and program.company_id != tier.company_id:
                raise ValidationError(
                    self.env._(
                        "“%s” belongs to another company than the ladder.", program.name
                    )
                )

    def _get_grant_key(self, member):
        """Return what the award of reaching this tier is booked by, but its number.

        Tiers of other versions of the ladder that begin at the same volume are one.
        """
        self.ensure_one()
        ladder = self.ladder_id
        while ladder.previous_id:
            ladder = ladder.previous_id
        volume = as_text(to_decimal(self.volume_from))
        return f"tier/{ladder.id}/{volume}/{member.id}"
