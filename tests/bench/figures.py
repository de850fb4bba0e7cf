"""Rows of `./loyalty bench --json` on stdin as a Markdown table on stdout."""

import json
import sys

HEAD = ("Figure", "Measured", "Compared with", "Ratio", "Bar", "")


def markdown(rows):
    """The rows of benches as a Markdown table."""
    lines = [HEAD, ["---", *["---:"] * 4, "---"], *map(_cells, rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _cells(row):
    verdict = ("met" if row["ok"] else "missed") if row["bar"] else ""
    numbers = [_text(row[key]) for key in ("ours", "base", "ratio")]
    return [row["name"].strip(), *numbers, _bar(row["bar"]), verdict]


def _bar(text):
    return text.replace("<=", "≤").replace(">=", "≥").lstrip("= ")


def _text(value):
    if value is None:
        return ""
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"


if __name__ == "__main__":
    print(markdown(json.load(sys.stdin)))
