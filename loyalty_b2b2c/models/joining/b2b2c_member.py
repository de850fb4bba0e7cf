from odoo import fields, models


class B2b2cMember(models.Model):
    """Which text somebody agreed to, and in which programs an invitation lets people
    take part."""

    _inherit = "b2b2c.member"

    consent_text_id = fields.Many2one(
        "b2b2c.consent.text",
        string="Agreed To",
        readonly=True,
        copy=False,
        ondelete="restrict",
        help="The text the person agreed to when joining with an invitation.",
    )

    def _get_button_only(self):
        return super()._get_button_only() | {"consent_text_id"}

    def _prepare_moved_vals(self, employer, moved_at):
        """The agreement goes along with a person who changes to another employer."""
        return {
            **super()._prepare_moved_vals(employer, moved_at),
            "consent_text_id": self.consent_text_id.id,
        }

    def _join_programs(self, programs):
        """Let this member take part in more programs.

        :param programs: what an invitation names; none: all
        """
        self.ensure_one()
        if not programs:
            self.program_ids = False
        elif self.program_ids:
            self.program_ids |= programs
