from odoo import api, fields, models

from odoo.addons.loyalty_b2b2c.models.people.member_code import (
    DIGITS_LENGTH,
    DIGITS_PREFIX,
    LENGTH,
    PREFIX,
)

#: Type of bar codes that name a participant; stored, for ever.
MEMBER = "b2b2c_member"
#: Both forms of a code, in full: a trade number may begin with the same digits.
PATTERN = "|".join(
    (
        PREFIX + "[0-9A-Za-z]" * LENGTH + "$",
        DIGITS_PREFIX + "[0-9]" * (DIGITS_LENGTH - len(DIGITS_PREFIX)) + "$",
    )
)
_SEQUENCE = 5  # before products


class BarcodeRule(models.Model):
    _inherit = "barcode.rule"

    type = fields.Selection(
        selection_add=[(MEMBER, "Loyalty card")], ondelete={MEMBER: "set default"}
    )


class BarcodeNomenclature(models.Model):
    """Nomenclatures that know the cards of participants."""

    _inherit = "barcode.nomenclature"

    @api.model_create_multi
    def create(self, vals_list):
        nomenclatures = super().create(vals_list)
        nomenclatures._b2b2c_know_cards()
        return nomenclatures

    @api.model
    def _b2b2c_teach_all(self):
        """Let the nomenclatures that are there know cards: with each installation."""
        others = self.search([("is_gs1_nomenclature", "=", False)])
        others._b2b2c_know_cards()

    def _b2b2c_know_cards(self):
        """Add the rule for cards where it is missing.

        Nomenclatures of GS1 have none, and need none: the till reads cards before it
        asks a nomenclature.
        """
        for nomenclature in self:
            known = nomenclature.rule_ids.mapped("type")
            if MEMBER in known or nomenclature.is_gs1_nomenclature:
                continue
            self.env["barcode.rule"].sudo().create(
                {
                    "name": self.env._("Loyalty cards"),
                    "barcode_nomenclature_id": nomenclature.id,
                    "sequence": _SEQUENCE,
                    "type": MEMBER,
                    "encoding": "any",
                    "pattern": PATTERN,
                }
            )
