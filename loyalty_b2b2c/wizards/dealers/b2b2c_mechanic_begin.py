from odoo import fields, models
from odoo.fields import Command

#: Volume from which a tier begins -> percentage that it gives.
_TIERS = ((100_000, 5), (1_000_000, 10))


def _suggest(string, **options):
    """Return the options of a field that its mechanic suggests."""
    return {
        "compute": "_compute_values",
        "store": True,
        "readonly": False,
        "precompute": True,
        "string": string,
        **options,
    }


class B2b2cMechanicBegin(models.TransientModel):
    """Mechanics of dealers ask for months and tiers."""

    _inherit = "b2b2c.mechanic.begin"

    months = fields.Integer(**_suggest("Volume of the Last Months"))
    first_volume = fields.Monetary(**_suggest("From"))
    first_percent = fields.Float(**_suggest("Percent"), digits="Discount")
    second_volume = fields.Monetary(**_suggest("And From"))
    second_percent = fields.Float(**_suggest("Percent From There"), digits="Discount")

    def _get_usual(self):
        (first, percent), (second, more) = _TIERS
        return {
            **super()._get_usual(),
            "months": 3,
            "first_volume": first,
            "first_percent": percent,
            "second_volume": second,
            "second_percent": more,
        }

    def _get_problems(self):
        problems = super()._get_problems()
        if "tiers" not in self._get_mechanic().asks:
            return problems
        if not 1 <= self.months <= 36:
            problems.append(self.env._("The volume is of 1 to 36 months."))
        if not 0 < self.first_volume < self.second_volume:
            problems.append(self.env._("Each tier begins at a larger volume."))
        if not 0 <= self.first_percent <= self.second_percent <= 100:
            problems.append(
                self.env._("A larger volume gives at least as much, at most 100 %.")
            )
        return problems

    def _make_ladder(self, benefit):
        """Make and return the draft of a ladder.

        :param str benefit: what its tiers give, a key of the field of ``b2b2c.ladder``
        """
        kinds = self.env["b2b2c.document.kind"].search(
            [("code", "in", ("sale.order", "invoice"))]
        )
        given = "bonus" if benefit == "bonus" else "discount"
        tiers = (
            (0, 0),
            (self.first_volume, self.first_percent),
            (self.second_volume, self.second_percent),
        )
        return self.env["b2b2c.ladder"].create(
            {
                "name": self.name,
                "company_id": self.company_id.id,
                "mechanic": self.mechanic,
                "benefit": benefit,
                "document_kind_ids": [Command.set(kinds.ids)],
                "window_kind": "months",
                "window_count": self.months,
                "tier_ids": [
                    Command.create({"volume_from": volume, given: percent})
                    for volume, percent in tiers
                ],
            }
        )

    def _make_bonus(self):
        """Make the drafts of a ladder and of the program that pays its bonus.

        :return: the ladder; its checklist leads to the program
        """
        self._make_program()
        return self._make_ladder("bonus")
