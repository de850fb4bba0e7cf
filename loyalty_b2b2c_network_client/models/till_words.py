"""Reads what a till says: anything may come."""

_LONGEST = 200


def read_value(values, name):
    """Return what stands under a name, whatever it is; ``None`` where nothing does."""
    return values.get(name) if isinstance(values, dict) else None


def read_text(values, name):
    """Return a text, empty for anything else."""
    value = read_value(values, name)
    return value.strip()[:_LONGEST] if isinstance(value, str) else ""


def read_number(values, name):
    """Return a number above zero, 0 for anything else."""
    value = read_value(values, name)
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return round(value, 6) if is_number and 0 < value < 10**10 else 0
