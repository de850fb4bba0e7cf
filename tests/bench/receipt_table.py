"""Rows of `./loyalty bench receipts --json` on stdin as Markdown tables on stdout."""

import itertools
import json
import sys

from figures import markdown


def tables(rows):
    """The shares as conditions × engines, then everything else."""
    shares = [row for row in rows if "by_condition" in row]
    columns = list(shares[0]["by_condition"])
    head = ["%", *columns, "all"]
    lines = [head, ["---", *["---:"] * (len(head) - 1)]]
    for group, members in itertools.groupby(shares, key=lambda row: row["group"]):
        lines.append([f"**{group}**", *[""] * (len(head) - 1)])
        for row in members:
            numbers = [*(row["by_condition"][name] for name in columns), row["ours"]]
            lines.append([row["engine"], *(f"{one:.0f}" for one in numbers)])
    table = "\n".join(f"| {' | '.join(line)} |" for line in lines)
    rest = [row for row in rows if "by_condition" not in row]
    return f"{table}\n\n{markdown(rest)}"


if __name__ == "__main__":
    print(tables(json.load(sys.stdin)))
