"""Which Python the environments are built from."""

from types import SimpleNamespace

import pytest

from tools import python_env
from tools.steps import UserError


def put(folder, name, exit_code):
    path = folder / name
    path.write_text(f"#!/bin/sh\nexit {exit_code}\n")
    path.chmod(0o755)
    return str(path)


@pytest.fixture
def too_new(monkeypatch, tmp_path):
    """A Python newer than every library, and an empty PATH."""
    monkeypatch.setattr(python_env, "SYSTEM_FOLDER", tmp_path / "system")
    monkeypatch.setattr(python_env, "sys", SimpleNamespace(version_info=(3, 14, 0)))
    monkeypatch.setenv("PATH", str(tmp_path))
    return tmp_path


def test_the_systems_own_is_taken_before_any_other(too_new):
    put(too_new, "python3.12", 0)
    (too_new / "system").mkdir()
    put(too_new / "system", "python3.10", 0)
    own = put(too_new / "system", "python3.11", 0)
    put(too_new / "system", "python3.13", 0)  # of no use to every library
    assert python_env.interpreter() == own


def test_an_older_python_beside_this_one_is_taken(too_new):
    put(too_new, "python3.11", 0)
    newest = put(too_new, "python3.12", 0)
    assert python_env.interpreter() == newest


def test_a_version_managers_command_without_its_python_is_not(too_new):
    put(too_new, "python3.12", 127)
    older = put(too_new, "python3.11", 0)
    assert python_env.interpreter() == older


def test_what_to_do_is_said_when_there_is_none(too_new):
    put(too_new, "python3.12", 127)
    with pytest.raises(UserError, match=r"3\.10 to 3\.13 is needed"):
        python_env.interpreter()
