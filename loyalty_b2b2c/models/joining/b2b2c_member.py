from odoo import fields, models

_JOIN = (
    "name", "email", "phone", "address", "create_date", "consent_at", "consent_text_id",
    "state",
)  # fmt: skip


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

    # === PERSONAL DATA === #

    def _get_personal_data(self):
        joins = self.env["b2b2c.join"].search([("member_id", "in", self.ids)])
        data = super()._get_personal_data()
        return {**data, "joined": self._to_rows(joins, _JOIN)}

    def _get_personal_texts(self, person):
        texts = super()._get_personal_texts(person)
        texts.add("b2b2c.join", is_deleted=True)
        texts.add("b2b2c.invitation", impersonal=["token"])
        texts.add("b2b2c.consent.text", impersonal=["body"])
        return texts

    def _erase_personal_data(self, person):
        """Delete how the person joined; the agreement was to data that are gone."""
        super()._erase_personal_data(person)
        joins = self.env["b2b2c.join"].search(
            [
                "|", "|", "|",
                ("partner_id", "in", person.partners.ids),
                ("member_id", "in", self.ids),
                ("email", "in", person.reach),
                ("phone", "in", person.reach),
            ]
        )  # fmt: skip
        joins.unlink()
