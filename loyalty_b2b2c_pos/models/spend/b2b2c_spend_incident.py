from odoo import fields, models


class B2b2cSpendIncident(models.Model):
    """What does not fit between tickets of a till and the ledger."""

    _inherit = "b2b2c.spend.incident"

    kind = fields.Selection(
        selection_add=[
            ("till_not_reserved", "Points of a ticket that nobody reserved"),
            ("till_more", "More points on a ticket than were reserved"),
            ("till_back", "More points given back than were paid"),
            ("till_money_back", "Points of a ticket given back in money"),
            ("till_change", "More points on a ticket than it costs"),
            ("till_other", "Points of another participant than was shown"),
        ],
        # what happened stays on the list, also when tills are gone
        ondelete=dict.fromkeys(
            (
                "till_not_reserved",
                "till_more",
                "till_back",
                "till_money_back",
                "till_change",
                "till_other",
            ),
            lambda incidents: None,
        ),
    )
