"""Rules of this house that no public linter knows; each returns its problems.

Every rule takes the folder that holds the add-ons, so that a test can show it failing.
"""

import ast
import csv
import re
from dataclasses import dataclass
from pathlib import Path

ADDON_PATTERN = "loyalty_b2b2c*/__manifest__.py"
PLAIN = (Path("loyalty_b2b2c/engine"), Path("loyalty_b2b2c/recognition"))
ENGINE_FORBIDDEN = {"odoo", "psycopg2"}
FLOAT_EXCUSE = "# float:"
CSRF_EXCUSE = "# csrf:"
LEDGER_DOOR = Path("loyalty_b2b2c/models/ledger/ledger_door.py")
LEDGER_WRITE = re.compile(
    r"\b(insert\s+into|update(\s+only)?|delete\s+from|truncate(\s+table)?|copy)\s+"
    r"\"?b2b2c_ledger_entry\b",
    re.IGNORECASE,
)
#: Members of this group are all employees who ask for debug mode.
DEBUG_GROUP = "group_no_one"
#: A file that extends a model of Odoo has fewer lines, and so has one of our models.
ADAPTER_LINES, MODEL_LINES = 100, 500


@dataclass(frozen=True)
class Problem:
    """One breach: where and what."""

    path: Path
    line: int
    text: str

    def __str__(self):
        return f"{self.path}:{self.line}: {self.text}"


# === READING === #


def addons(root):
    """Folders of our add-ons."""
    return sorted(path.parent for path in Path(root).glob(ADDON_PATTERN))


def python_files(root, tests=False):
    """(relative path, source, syntax tree) of the Python files of our add-ons."""
    for addon in addons(root):
        for path in sorted(addon.rglob("*.py")):
            relative = path.relative_to(root)
            if not tests and "tests" in relative.parts:
                continue
            source = path.read_text()
            yield relative, source, ast.parse(source)


def calls(tree):
    return [node for node in ast.walk(tree) if isinstance(node, ast.Call)]


def keyword(call, name):
    """Value of a call's keyword, or None."""
    return next((item.value for item in call.keywords if item.arg == name), None)


# === RULES === #


def engine_is_plain(root):
    """Engine and recognition import neither Odoo nor a database driver."""
    problems = []
    folders = [Path(root) / folder for folder in PLAIN]
    for path in sorted(path for folder in folders for path in folder.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            for name in _imported(node):
                if name.split(".")[0] in ENGINE_FORBIDDEN:
                    problems.append(
                        Problem(path.relative_to(root), node.lineno, f"imports {name}")
                    )
    return problems


def _imported(node):
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom) and node.module and not node.level:
        return [node.module]
    return []


def no_bare_float(root):
    """Points and money are never a bare float.

    Where core wants a float, the line says why in a comment `# float: …`.
    """
    problems = []
    files = list(python_files(root))
    shared = {name for _path, _source, tree in files for name in _digit_options(tree)}
    for path, source, tree in files:
        lines = source.splitlines()
        for call in calls(tree):
            what = _float_use(call, shared)
            if what and FLOAT_EXCUSE not in lines[call.lineno - 1]:
                problems.append(Problem(path, call.lineno, what))
    return problems


def _digit_options(tree):
    """Names of shared field options that set digits: `POINTS = {"digits": …}`."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            value = node.value
            keys = {getattr(key, "value", None) for key in getattr(value, "keys", [])}
            if "digits" in keys or (
                isinstance(value, ast.Call) and keyword(value, "digits")
            ):
                yield node.targets[0].id


def _float_use(call, shared):
    if isinstance(call.func, ast.Name) and call.func.id == "float":
        return "float() loses digits; use Decimal"
    is_field = isinstance(call.func, ast.Attribute) and call.func.attr == "Float"
    expanded = {
        getattr(item.value, "id", getattr(item.value, "attr", None))
        for item in call.keywords
        if item.arg is None
    }
    has_digits = keyword(call, "digits") or expanded & shared
    # a related field takes the digits of its source
    if is_field and not has_digits and not keyword(call, "related"):
        return "a Float without digits is a bare float"
    return None


def models_have_access_rules(root):
    """Every model of ours has a row in an ir.model.access.csv."""
    granted = set()
    for addon in addons(root):
        path = addon / "security" / "ir.model.access.csv"
        if path.exists():
            with path.open(newline="") as rows:
                for row in csv.DictReader(rows):
                    column = row.get("model_id:id") or row.get("model_id/id") or ""
                    granted.add(column.split(".")[-1])
    return [
        Problem(path, line, f"model {name} has no access rule")
        for path, _source, tree in python_files(root)
        for name, line in _new_models(tree)
        if f"model_{name.replace('.', '_')}" not in granted
    ]


def _new_models(tree):
    """(name, line) of the stored and transient models a file creates."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.ClassDef):
            continue
        bases = {getattr(base, "attr", "") for base in node.bases}
        values = {
            item.targets[0].id: item.value
            for item in node.body
            if isinstance(item, ast.Assign) and isinstance(item.targets[0], ast.Name)
        }
        name = getattr(values.get("_name"), "value", None)
        inherited = values.get("_inherit")
        extends = inherited is not None and repr(name) in ast.unparse(inherited)
        if name and not extends and bases & {"Model", "TransientModel"}:
            yield name, node.lineno


def routes_keep_their_guards(root):
    """No route switches the forgery check off or opens itself to other sites.

    Where another server calls, which has no session to abuse, the line says in a
    comment ``# csrf: …`` how it proves itself.
    """
    problems = []
    for path, source, tree in python_files(root):
        lines = source.splitlines()
        for call in calls(tree):
            csrf = keyword(call, "csrf")
            is_off = isinstance(csrf, ast.Constant) and csrf.value is False
            if is_off and CSRF_EXCUSE not in lines[csrf.lineno - 1]:
                problems.append(Problem(path, call.lineno, "csrf=False"))
            if keyword(call, "cors"):
                problems.append(Problem(path, call.lineno, "cors="))
    return problems


def templates_escape(root):
    """No template prints unescaped text with t-raw."""
    problems = []
    for addon in addons(root):
        for path in sorted(addon.rglob("*.xml")):
            for number, line in enumerate(path.read_text().splitlines(), start=1):
                if re.search(r"\bt-raw\s*=", line):
                    problems.append(Problem(path.relative_to(root), number, "t-raw"))
    return problems


def debug_mode_protects_nothing(root):
    """No field, view or rule hides behind the group of debug mode.

    Everybody switches it on by ``?debug=1``; what nobody may read has ``NO_ACCESS``.
    """
    problems = []
    for addon in addons(root):
        paths = [
            path for end in ("py", "xml", "csv") for path in addon.rglob(f"*.{end}")
        ]
        for path in sorted(paths):
            relative = path.relative_to(root)
            if "tests" in relative.parts:
                continue
            for number, line in enumerate(path.read_text().splitlines(), start=1):
                if DEBUG_GROUP in line:
                    problems.append(Problem(relative, number, DEBUG_GROUP))
    return problems


def ledger_has_one_door(root):
    """Only the door file, and migrations of the table, write ledger rows by SQL."""
    problems = []
    for path, _source, tree in python_files(root):
        if path == LEDGER_DOOR or "migrations" in path.parts:
            continue
        for line, text in _texts(tree):
            if LEDGER_WRITE.search(text):
                problems.append(Problem(path, line, "writes b2b2c_ledger_entry"))
    return problems


def _texts(tree):
    """(line, text) of all string literals; holes of f-strings are left out."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.lineno, node.value


def addons_build_as_wheels(root):
    """Every add-on names the build backend for Odoo add-ons."""
    return [
        Problem(addon.relative_to(root), 1, "no pyproject.toml with whool")
        for addon in addons(root)
        if not (addon / "pyproject.toml").exists()
        or "whool.buildapi" not in (addon / "pyproject.toml").read_text()
    ]


def adapters_are_short(root):
    """A file that extends a model of Odoo has fewer than 100 lines."""
    lengths = {
        path: _count_lines(source)
        for path, source, tree in python_files(root)
        if "models" in path.parts and any(map(_is_adapter, ast.walk(tree)))
    }
    return _too_long(lengths, ADAPTER_LINES)


def models_are_short(root):
    """A file of models has fewer than 500 lines."""
    lengths = {
        path: _count_lines(source)
        for path, source, _tree in python_files(root)
        if "models" in path.parts
    }
    return _too_long(lengths, MODEL_LINES)


def _count_lines(source):
    return len(source.splitlines())


def _is_adapter(node):
    """Whether a node is a class that extends a model which is not ours."""
    if not isinstance(node, ast.ClassDef):
        return False
    values = {
        item.targets[0].id: ast.unparse(item.value)
        for item in node.body
        if isinstance(item, ast.Assign) and isinstance(item.targets[0], ast.Name)
    }
    inherited = re.findall(r"'([\w.]+)'", values.get("_inherit", ""))
    extended = re.findall(r"'([\w.]+)'", values.get("_name", "")) or inherited
    return any(name in inherited and not name.startswith("b2b2c.") for name in extended)


def _too_long(lengths, bound):
    """Problems of files (path -> lines) that reach a bound."""
    return [
        Problem(path, 1, f"{lines} lines, fewer than {bound} are readable")
        for path, lines in sorted(lengths.items())
        if lines >= bound
    ]


def days_have_one_form(root):
    """One person reads days and moments in one form: `models/base/days.py` words them.

    What is no whole day, as a month on an axis, says its own format.
    """
    problems = []
    for path, _source, tree in python_files(root):
        if path.name == "days.py":
            continue
        for call in calls(tree):
            name = getattr(call.func, "id", getattr(call.func, "attr", ""))
            is_day = name == "format_date" and not keyword(call, "date_format")
            if is_day or name == "format_datetime":
                problems.append(Problem(path, call.lineno, "use word_day, word_moment"))
    return problems


RULES = (
    engine_is_plain,
    no_bare_float,
    models_have_access_rules,
    routes_keep_their_guards,
    templates_escape,
    debug_mode_protects_nothing,
    ledger_has_one_door,
    addons_build_as_wheels,
    adapters_are_short,
    models_are_short,
    days_have_one_form,
)
