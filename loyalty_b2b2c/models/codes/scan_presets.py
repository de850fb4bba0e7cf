"""Figures of suspicion that go together: who does not know chooses a word."""

#: Name of a preset -> setting of the company -> value.  "Usual" is what a new company
#: has.
PRESETS = {
    "strict": {
        "b2b2c_scan_member_hour": 60,
        "b2b2c_scan_shop_hour": 200,
        "b2b2c_scan_failures": 8,
        "b2b2c_scan_address_failures": 40,
        "b2b2c_scan_other_shop": "refuse",
        "b2b2c_scan_adjacent": 6,
        "b2b2c_scan_adjacent_minutes": 5,
        "b2b2c_scan_back_hours": 24,
        "b2b2c_scan_late_hours": 24,
        "b2b2c_scan_audit": 5,
        "b2b2c_scan_review_score": 30,
    },
    "usual": {
        "b2b2c_scan_member_hour": 120,
        "b2b2c_scan_shop_hour": 600,
        "b2b2c_scan_failures": 20,
        "b2b2c_scan_address_failures": 100,
        "b2b2c_scan_other_shop": "review",
        "b2b2c_scan_adjacent": 12,
        "b2b2c_scan_adjacent_minutes": 2,
        "b2b2c_scan_back_hours": 72,
        "b2b2c_scan_late_hours": 72,
        "b2b2c_scan_audit": 0,
        "b2b2c_scan_review_score": 50,
    },
    "relaxed": {
        "b2b2c_scan_member_hour": 400,
        "b2b2c_scan_shop_hour": 2000,
        "b2b2c_scan_failures": 50,
        "b2b2c_scan_address_failures": 300,
        "b2b2c_scan_other_shop": "accept",
        "b2b2c_scan_adjacent": 40,
        "b2b2c_scan_adjacent_minutes": 2,
        "b2b2c_scan_back_hours": 168,
        "b2b2c_scan_late_hours": 168,
        "b2b2c_scan_audit": 0,
        "b2b2c_scan_review_score": 80,
    },
}


def find_preset(values):
    """Return the name of the preset that values are, ``"own"`` for none.

    :param values: setting -> value
    """
    for name, preset in PRESETS.items():
        if all(values[setting] == value for setting, value in preset.items()):
            return name
    return "own"
