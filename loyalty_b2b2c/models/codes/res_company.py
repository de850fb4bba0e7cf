from functools import partial

from odoo import api, fields, models

from ...const import STAFF

#: What a scan is judged by.
SCAN_SETTINGS = (
    *(
        f"b2b2c_scan_{name}"
        for name in (
            "member_hour", "shop_hour", "failures", "address_failures", "other_shop",
            "adjacent", "adjacent_minutes", "radius", "back_hours", "late_hours",
            "audit", "review_score",
        )
    ),
    "currency_id",
)  # fmt: skip

#: A number that staff sees: whoever knows a limit stays just below it.
_Limit = partial(fields.Integer, groups=STAFF)


class ResCompany(models.Model):
    """Limits of scans, and what makes them unusual."""

    _inherit = "res.company"

    b2b2c_scan_member_hour = _Limit(
        string="Scans per Person",
        default=120,
        help="So many codes a participant may register within an hour; 0: no limit.",
    )
    b2b2c_scan_shop_hour = _Limit(
        string="Scans per Shop",
        default=600,
        help="Above so many codes of a shop in an hour a person decides; 0: no limit.",
    )
    b2b2c_scan_failures = _Limit(
        string="Wrong Codes per Person",
        default=20,
        help="After so many codes that could not be registered within an hour a "
        "participant waits: nobody finds codes by trying. 0: no limit.",
    )
    b2b2c_scan_address_failures = _Limit(
        string="Wrong Codes per Address",
        default=100,
        help="The same for everybody behind one network address; 0: no limit.",
    )
    b2b2c_scan_other_shop = fields.Selection(
        [
            ("review", "A person decides"),
            ("refuse", "Refused"),
            ("accept", "Accepted"),
        ],
        required=True,
        string="Goods of Another Shop",
        default="review",
        help="A code whose goods went to another shop than the scanner's.",
        groups=STAFF,
    )
    b2b2c_scan_adjacent = _Limit(
        string="Neighbouring Codes",
        default=12,
        help="So many codes with neighbouring numbers within a few minutes look like "
        "an opened box: a person decides. 0: not looked at.",
    )
    b2b2c_scan_adjacent_minutes = _Limit(string="Within Minutes", default=2)
    b2b2c_scan_radius = _Limit(
        string="Distance from the Shop",
        help="In kilometres; farther away a person decides. The phone is asked for its "
        "place only when this is set and the shop's place is known. 0: not looked at.",
    )
    b2b2c_scan_back_hours = _Limit(
        string="Phone's Clock",
        default=72,
        help="What a phone says of when it scanned places the scan among campaigns, so "
        "many hours back at most and never ahead; 0: not at all. Limits, rates and "
        "neighbours always go by our own clock.",
    )
    b2b2c_scan_late_hours = _Limit(
        string="Offline For",
        default=72,
        help="Scans a phone sends later than so many hours are unusual; 0: never.",
    )
    b2b2c_scan_audit = _Limit(
        string="Random Checks",
        help="So many of 100 scans are looked at by a person, whatever they look like.",
    )
    b2b2c_scan_review_score = _Limit(
        string="Score for a Check",
        default=50,
        help="From this score on a person decides; what adds to it stands on each "
        "scan. 0: only random checks.",
    )

    @api.model
    def _get_loyalty_setting_names(self):
        return {**super()._get_loyalty_setting_names(), "scan": SCAN_SETTINGS}
