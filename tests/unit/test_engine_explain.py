"""The list of reasons is complete: every code is emitted, no other is."""

import ast
from pathlib import Path

import engine
import pytest
from engine import EXPLANATION_CODES, REASON_CODES, REFUSAL_CODES
from engine.contest import CONTEST_CODES
from engine.score import MISSED_CODES

ENGINE = Path(engine.__file__).parent


def emitted_codes():
    """Return the first argument of each ``Reason(...)`` call of the engine."""
    found = set()
    for path in ENGINE.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and _name(node.func) == "Reason":
                code = node.args[0]
                found.add(code.value if isinstance(code, ast.Constant) else None)
            if isinstance(node, ast.Call) and _name(node.func) == "_amount_reason":
                found.add(node.args[0].value)
    return found - {None}


def _name(func):
    return getattr(func, "id", getattr(func, "attr", ""))


def test_the_list_and_the_code_agree():
    # That each reason has the listed parameters is checked by ``builders.decide``
    # in every test of evaluate.
    # What scores in a challenge, or wins in it, has codes and words of its own.
    found, others = emitted_codes(), {*MISSED_CODES, *CONTEST_CODES}
    assert found - others == set(REASON_CODES) - others
    assert set(REASON_CODES) <= found


def test_a_code_has_one_use():
    assert not EXPLANATION_CODES.keys() & REFUSAL_CODES.keys()


@pytest.mark.parametrize("path", sorted(ENGINE.glob("*.py")), ids=lambda p: p.name)
def test_the_engine_knows_no_odoo_and_no_clock(path):
    tree = ast.parse(path.read_text())
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and not node.level:
            assert node.module.split(".")[0] != "odoo"
        if isinstance(node, ast.Import):
            assert all(name.name.split(".")[0] != "odoo" for name in node.names)
        if isinstance(node, ast.Attribute):
            assert node.attr not in ("now", "utcnow", "today") or _is_self(node)


def _is_self(node):
    return isinstance(node.value, ast.Name) and node.value.id == "self"
