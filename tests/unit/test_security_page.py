"""SECURITY.md is true: every finding has a test, and every test it names is there."""

import re

import pytest

from tools.workspace import ROOT

_PAGE = (ROOT / "SECURITY.md").read_text()
#: Where a path without its add-on stands, as the page says.
_HOME = ROOT / "loyalty_b2b2c" / "tests"
_TEST = re.compile(r"`([\w/]*test_\w+\.py)`")
_FINDING = re.compile(r"^\| ~~A(\d+)~~ \|(.+)\|(.+)\|(.+)\|$", re.M)


def find_tests(text):
    """The paths of tests that a text names."""
    return _TEST.findall(text)


def find_file(name):
    """The file of a test: by its path, or of a test of an add-on by its name alone."""
    for path in (_HOME / name, ROOT / name):
        if path.exists():
            return path
    named = [*ROOT.glob(f"loyalty_b2b2c*/tests/{name}")] if "/" not in name else []
    return named[0] if len(named) == 1 else None


def get_findings(page):
    """number -> the column of tests."""
    return {int(number): tests for number, _was, _now, tests in _FINDING.findall(page)}


def test_all_findings_are_crossed_out():
    assert sorted(get_findings(_PAGE)) == list(range(1, 28))


@pytest.mark.parametrize("number", range(1, 28))
def test_each_finding_has_a_test(number):
    tests = find_tests(get_findings(_PAGE)[number])
    assert tests
    assert [name for name in tests if not find_file(name)] == []


def test_every_test_the_page_names_is_there():
    names = find_tests(_PAGE)
    assert len(names) > 60
    assert [name for name in names if not find_file(name)] == []
    for name in names:
        assert "def test_" in find_file(name).read_text(), name


def test_control_what_is_missing_is_noticed():
    row = "| ~~A28~~ | was | now | `people/test_nowhere.py` |"
    [tests] = get_findings(row).values()
    assert find_tests(tests) == ["people/test_nowhere.py"]
    assert find_file("people/test_nowhere.py") is None
    assert find_file("test_nowhere.py") is None
    assert 27 not in get_findings(_PAGE.replace("~~A27~~", "A27"))
