"""The server keeps what ``openapi.json`` promises, tried with generated calls.

Schemathesis reads the description from the running server and sends what it allows and
what it forbids; no answer may break the description.
"""

import json
import os
import re
import subprocess

import requests

from tools import odoo_env, python_env
from tools.workspace import ROOT

PATHS = 17  # all but the description itself
CONFIG = ROOT / "tests" / "api" / "schemathesis.toml"


def run(api, *arguments):
    """Run schemathesis against the server.

    :return: (exit code, what it printed)
    """
    python = python_env.environment(ROOT / "requirements-api.txt")
    done = subprocess.run(
        [
            str(python), "-m", "schemathesis.cli", "--config-file", str(CONFIG),
            "--no-color", "run", f"{api.url}/loyalty/api/v1/openapi.json",
            "--url", f"{api.url}/loyalty/api/v1",
            "--header", f"Authorization: Bearer {api.token}",
            *arguments,
        ],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=500,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": "", "NO_PROXY": "127.0.0.1",
             "no_proxy": "127.0.0.1"},
    )  # fmt: skip
    return done.returncode, done.stdout


def test_the_server_keeps_the_description(api, capfd):
    code, said = run(api)
    cases = re.search(r"[\d,]+ generated.*", said)
    with capfd.disabled():
        print(f"\n  contract: {cases[0] if cases else said[-300:]}", flush=True)
    assert code == 0, said[-6000:]
    tested = re.search(r"Selected: (\d+)/(\d+)", said)
    assert tested and tested.groups() == (str(PATHS), str(PATHS)), said[-3000:]
    with odoo_env.open_environment(api.database) as env:
        assert env["b2b2c.account"]._verify_all() == []
        assert env["b2b2c.external.document"].search_count([]), "nothing was recorded"


def test_control_a_broken_promise_is_noticed(api, tmp_path):
    """The same server against a description that promises something else."""
    session = requests.Session()
    session.trust_env = False
    url = f"{api.url}/loyalty/api/v1"
    spec = session.get(f"{url}/openapi.json", timeout=30).json()
    # a reference could be a number, and an error would have no request_id
    error = spec["components"]["schemas"]["ErrorBody"]
    error["properties"]["request_id"] = {"type": "integer"}
    file = tmp_path / "openapi.json"
    file.write_text(json.dumps(spec))
    code, said = run_file(api, file)
    assert code == 1, said[-3000:]
    assert "request_id" in said


def run_file(api, file):
    """Run schemathesis with another description, briefly."""
    python = python_env.environment(ROOT / "requirements-api.txt")
    done = subprocess.run(
        [str(python), "-m", "schemathesis.cli", "--no-color", "run", str(file),
         "--url", f"{api.url}/loyalty/api/v1", "--include-path", "/cancel",
         "--phases", "coverage", "--max-examples", "5"],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=120,
        env={**os.environ, "PYTHONPATH": "", "NO_PROXY": "127.0.0.1",
             "no_proxy": "127.0.0.1"},
    )  # fmt: skip
    return done.returncode, done.stdout
