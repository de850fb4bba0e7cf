from odoo import models


class B2b2cMember(models.Model):
    """Codes on products name nobody."""

    _inherit = "b2b2c.member"

    def _get_personal_texts(self, person):
        texts = super()._get_personal_texts(person)
        texts.add("b2b2c.code", impersonal=["code", "pin_hash"])
        texts.add("b2b2c.pin.try", impersonal=["scope"])
        texts.add(
            "b2b2c.code.batch",
            impersonal=[
                "import_file", "import_name", "import_report", "name", "note",
                "print_secret", "state_before",
            ],
        )  # fmt: skip
        return texts
