"""A persistent Odoo process of a bench: `python worker.py DATABASE [SERVER]`.

Reads one JSON line per call, `{"call": "module.function", "arguments": {…}}`, and
answers with one JSON line. The function gets the registry and the arguments; what it
wants to keep between calls it keeps in its own module.
"""

import importlib
import json
import os
import sys
import traceback
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent.parent)]


def main(database, server="null"):
    """Serve calls until stdin ends."""
    from tools import odoo_env, postgres

    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # whatever prints must not disturb the protocol
    server = postgres.Server(**json.loads(server)) if server != "null" else None
    with odoo_env.open_environment(database, server) as env:
        registry = env.registry
    _say(answers, {"ready": True})
    for line in sys.stdin:
        _say(answers, _call(registry, json.loads(line)))


def _call(registry, request):
    module, name = request["call"].rsplit(".", 1)
    try:
        function = getattr(importlib.import_module(module), name)
        return {"result": function(registry, **request["arguments"])}
    except Exception:
        return {"error": traceback.format_exc()}


def _say(answers, message):
    answers.write(json.dumps(message) + "\n")
    answers.flush()


if __name__ == "__main__":
    main(*sys.argv[1:])
