"""The examples of the documentation run as they are printed."""

import os
import shutil
import subprocess
import sys

from conftest import PHONE

from tools.workspace import ROOT

EXAMPLES = ROOT / "docs" / "api"


def run(*arguments):
    """Run a program and return what it printed."""
    done = subprocess.run(
        [str(argument) for argument in arguments],
        capture_output=True,
        text=True,
        timeout=60,
        env={**os.environ, "NO_PROXY": "127.0.0.1", "no_proxy": "127.0.0.1"},
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_the_python_example(api):
    for _again in range(2):
        said = run(sys.executable, EXAMPLES / "example.py", api.url, api.token, PHONE)
        # 5 % of 250.40 is 12.52, rounded down, and 2 for one unit; told twice, once in
        first, balance = said.splitlines()
        assert first.startswith("14 ") and first.endswith(" now, 0 later")
        assert balance.startswith("employee: 14 ")


def test_the_curl_example(api):
    assert shutil.which("curl"), "the example needs curl"
    answers = [
        run("sh", EXAMPLES / "example.sh", api.url, api.token) for _again in range(2)
    ]
    # 24 units at 2 points, for who was enrolled first
    assert answers[0].count('"points":48,') == 1
    assert answers[1] == answers[0]


def test_the_examples_are_short():
    for name in ("example.py", "example.sh"):
        lines = (EXAMPLES / name).read_text().splitlines()
        code = [line for line in lines if line.strip() and not line.startswith("#")]
        assert len(code) <= 22, f"{name} has {len(code)} lines"


def test_the_readme_shows_the_examples():
    text = (EXAMPLES / "README.md").read_text()
    for name in ("example.py", "example.sh"):
        assert f"]({name})" in text
