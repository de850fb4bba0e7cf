"""Run benches: `python -m tools.bench NAME… [--json]`, started by ./loyalty bench.

A bench is `tests/bench/bench_<name>.py` with `run(ctx) -> list[dict]`; a row has
name, ours, base, ratio, bar and ok.
"""

import contextlib
import importlib.util
import json
import sys

from tools import odoo_env, postgres
from tools.steps import say, step
from tools.workspace import ROOT

COLUMNS = ("name", "ours", "base", "ratio", "bar", "ok")


class Context:
    """What a bench may use."""

    open_environment = staticmethod(odoo_env.open_environment)
    odoo_server = staticmethod(odoo_env.odoo_server)
    fresh_database = staticmethod(odoo_env.fresh_database)
    cluster_database = staticmethod(odoo_env.cluster_database)
    throwaway_cluster = staticmethod(postgres.throwaway_cluster)
    say = staticmethod(say)


def load(name):
    """The `run` function of a bench."""
    path = ROOT / "tests" / "bench" / f"bench_{name}.py"
    spec = importlib.util.spec_from_file_location(f"bench_{name}", path)
    module = importlib.util.module_from_spec(spec)
    sys.path.insert(0, str(path.parent))
    spec.loader.exec_module(module)
    return module.run


def table(rows):
    """Rows as aligned text."""
    cells = [COLUMNS, *([_text(row.get(key)) for key in COLUMNS] for row in rows)]
    widths = [max(len(line[i]) for line in cells) for i in range(len(COLUMNS))]
    return "\n".join(
        "  ".join(text.ljust(width) for text, width in zip(line, widths, strict=True))
        for line in cells
    )


def _text(value):
    if isinstance(value, bool):
        return "ok" if value else "MISSED"
    if isinstance(value, float):
        return f"{value:.3g}" if abs(value) < 1000 else f"{value:.0f}"
    return "" if value is None else str(value)


def main(argv):
    """Run the named benches; 1 when a bar is missed."""
    rows = []
    for name in (item for item in argv if item != "--json"):
        with step(f"bench {name}"), contextlib.redirect_stdout(sys.stderr):
            rows += load(name)(Context())
    if "--json" in argv:
        print(json.dumps(rows, indent=2, default=str))
    else:
        print(table(rows))
    return 0 if all(row.get("ok") for row in rows) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
