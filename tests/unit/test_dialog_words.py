"""Every word the dialog says is worded, and every command it gives is carried out."""

import ast
from pathlib import Path

from chat.dialog.engine import Dialog
from chat.dialog.flows import FLOWS

ADDON = Path(__file__).parents[2] / "loyalty_b2b2c_chat"
#: Said by the engine by what a message is, see ``Dialog._say_no_answer``.
BY_KIND = {f"home.no_{k}" for k in ("photo", "video", "file", "location", "contact")}
#: Put together from a state, see ``dialog/flows``.
STATES = {
    "scan.mark_": "credited pending review mine refused wait typo pin",
    "join.": "refused taken closed code",
}
SAYING = {"say": 0, "word": 0, "press": 1, "link": 0, "button": 1}


def _calls(path):
    """Yield (name of the method, its arguments as texts) of the calls in a file."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Call):
            name = getattr(node.func, "attr", getattr(node.func, "id", ""))
            yield name, [_text(argument) for argument in node.args], node


def _text(node):
    """Return a constant text, its choices where there are two, else nothing."""
    if isinstance(node, ast.IfExp):
        return [*_text(node.body), *_text(node.orelse)]
    is_text = isinstance(node, ast.Constant) and isinstance(node.value, str)
    return [node.value] if is_text else []


def _said():
    """Return the codes of all words that flows say."""
    codes = set(BY_KIND)
    for path in (ADDON / "dialog").rglob("*.py"):
        for name, arguments, _node in _calls(path):
            place = SAYING.get(name)
            if place is not None and len(arguments) > place:
                codes |= {code for code in arguments[place] if "." in code}
    for start, states in STATES.items():
        codes |= {f"{start}{state}" for state in states.split()}
    dialog = Dialog(FLOWS)
    codes |= {action.label for action in dialog.actions.values() if action.label}
    for flow in FLOWS:
        for step in flow.steps.values():
            codes |= {f"{flow.name}.{name}" for name in step.presses}
    # what stands on these is no word of ours: a name, a choice
    return codes - {"join.take_name", "rewards.choose"}


def _files():
    """Return flow -> the parsed file of its commands."""
    return {
        path.name.removesuffix("_commands.py"): ast.parse(path.read_text())
        for path in (ADDON / "commands").glob("*_commands.py")
    }


def _get_name(assignment):
    return getattr(assignment.targets[0], "id", "")


def _worded(tree):
    for node in tree.body:
        if isinstance(node, ast.Assign) and _get_name(node) == "WORDS":
            return {key.value for key in node.value.keys}
    return set()


def test_everything_said_is_worded():
    worded = {
        f"{flow}.{code}" for flow, tree in _files().items() for code in _worded(tree)
    }
    assert _said() - worded == set()


def test_nothing_is_worded_that_nobody_says():
    said = _said()
    unsaid = {
        f"{flow}.{code}"
        for flow, tree in _files().items()
        for code in _worded(tree)
        if f"{flow}.{code}" not in said
    }
    assert unsaid <= {"home.too_large", "home.file_gone"}  # by the clerk


def test_every_command_is_carried_out():
    methods = {
        f"{flow}.{node.name}"
        for flow, tree in _files().items()
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef)
    }
    given = set()
    for path in (ADDON / "dialog").rglob("*.py"):
        for name, arguments, _node in _calls(path):
            if name == "do" and arguments:
                given |= {*arguments[0]}
    assert given
    assert given - methods == set()
