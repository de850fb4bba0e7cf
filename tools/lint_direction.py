"""Packages look down only: who may refer to whom, read from the code.

The order of the packages in ``models/__init__.py`` of the core is the rule: a package
refers only to packages that stand before it. Its wizards are in a folder of the same
name; controllers stand above all packages, the other add-ons above the core.

Read are imports, models named in strings (``env["…"]``, comodels, ``_inherit``,
actions), tables named in SQL, and fields and methods that only later packages define. A
method of a lower package may be overridden above it: that looks down.
"""

import ast
import re
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path

from tools.lint_house import Problem, addons

CORE = "loyalty_b2b2c"
#: Folders of the core with a folder for each package.
ROOMS = ("models", "wizards")
#: A folder of the core beside them; it may refer to every package.
ABOVE = "controllers"
MODEL_BASES = {"AbstractModel", "Model", "TransientModel"}
TOKEN = re.compile(r"\b[a-z][a-z0-9_]*\b")
#: Folders of the core that may name what is above it: tests, and migrations, which
#: read the state before.
OUTSIDE = {"tests", "migrations"}
#: What the core must not know, and why.
HIGHER = (
    (re.compile(r"\bloyalty_b2b2c_[a-z]\w*\."), "names an add-on above it"),
    (
        re.compile(r"[\"'/ ]my/rewards|/(rewards|b2b2c)/join\b"),
        "names a page of the portal",
    ),
    (
        re.compile(r"[\"']pos\.\w+[\"']|\bpoint_of_sale\b|[\"']pos[\"']|\bTILL\b"),
        "names a till",
    ),
)


@dataclass
class Source:
    """One Python file of the core, and the package it is in."""

    path: Path
    package: str
    tree: ast.Module
    docstrings: set = field(default_factory=set)


# === READING === #


def packages(root):
    """Return the names of the packages in the order of ``models/__init__.py``."""
    path = Path(root) / CORE / "models" / "__init__.py"
    if not path.exists():
        return []
    names = []
    for node in ast.parse(path.read_text()).body:
        if isinstance(node, ast.ImportFrom) and node.level == 1 and not node.module:
            names += [alias.name for alias in node.names]
    folder = path.parent
    return [name for name in names if (folder / name).is_dir()]


def sources(root):
    """Yield the files of the packages and of what stands above them."""
    core = Path(root) / CORE
    for package in packages(root):
        for room in ROOMS:
            for path in sorted((core / room / package).rglob("*.py")):
                yield read_source(root, path, package)
    for path in sorted((core / ABOVE).rglob("*.py")):
        yield read_source(root, path, ABOVE)


def read_source(root, path, package):
    tree = ast.parse(path.read_text())
    docstrings = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef))
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    return Source(path.relative_to(root), package, tree, docstrings)


def _values(node):
    """Return name -> value node of the assignments in a class body."""
    return {
        item.targets[0].id: item.value
        for item in node.body
        if isinstance(item, ast.Assign) and isinstance(item.targets[0], ast.Name)
    }


def _model_classes(tree):
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef):
            if {getattr(base, "attr", "") for base in node.bases} & MODEL_BASES:
                yield node


def new_models(tree):
    """Return the names of the models that a file creates, and does not extend."""
    names = []
    for node in _model_classes(tree):
        values = _values(node)
        name = getattr(values.get("_name"), "value", None)
        if name and getattr(values.get("_inherit"), "value", None) != name:
            names.append(name)
    return names


def members(tree):
    """Return the names of fields and methods that the models of a file define."""
    names = set()
    for node in _model_classes(tree):
        for item in node.body:
            if isinstance(item, ast.FunctionDef):
                names.add(item.name)
            elif (
                isinstance(item, ast.Assign)
                and isinstance(item.value, ast.Call)
                and isinstance(item.value.func, ast.Attribute)
                and getattr(item.value.func.value, "id", "") == "fields"
            ):
                names.add(item.targets[0].id)
    return names


# === WHO DEFINES WHAT === #


@dataclass
class Owners:
    """Which package a model, a table, or a field or method belongs to."""

    rank: dict
    models: dict
    members: dict

    @classmethod
    def read(cls, root, files):
        """Read them; what several packages define belongs to the lowest of them."""
        order = [*packages(root), ABOVE]
        rank = {name: number for number, name in enumerate(order)}
        models, where = {}, defaultdict(set)
        for source in files:
            for name in new_models(source.tree):
                models.setdefault(name, source.package)
            for name in members(source.tree):
                where[name].add(source.package)
        lowest = {name: min(found, key=rank.get) for name, found in where.items()}
        return cls(rank, models, lowest)

    @property
    def tables(self):
        """Table -> package."""
        return {name.replace(".", "_"): owner for name, owner in self.models.items()}


# === THE RULE === #


def packages_look_down(root):
    """A package refers only to packages that stand before it in models/__init__.py."""
    outside = [
        Problem(path.relative_to(root), 1, "stands in no package")
        for room in ROOMS
        for path in sorted((Path(root) / CORE / room).glob("*.py"))
        if path.name != "__init__.py"
    ]
    return outside + upward(root)


def upward(root):
    """Return the references that run up, each once."""
    files = list(sources(root))
    owners = Owners.read(root, files)
    known = names_of_others(root, files)
    problems = set()
    for source in files:
        for line, kind, name, owner in references(root, source, owners, known):
            if owners.rank[owner] > owners.rank[source.package]:
                text = f"{source.package} refers up to {owner}: {kind} {name}"
                problems.add(Problem(source.path, line, text))
    return sorted(problems, key=lambda one: (str(one.path), one.line, one.text))


def references(root, source, owners, known):
    """Yield (line, kind, name, package) of what a file refers to."""
    tables = owners.tables
    for node in ast.walk(source.tree):
        if isinstance(node, ast.ImportFrom):
            for name, owner in _imported(root, source, node, owners):
                yield node.lineno, "import", name, owner
        elif isinstance(node, ast.Attribute) and node.attr in owners.members:
            if node.attr not in known:
                yield node.lineno, "attribute", node.attr, owners.members[node.attr]
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            if id(node) in source.docstrings:
                continue
            if node.value in owners.models:
                yield node.lineno, "model", node.value, owners.models[node.value]
                continue
            for name in sorted(set(TOKEN.findall(node.value)) & tables.keys()):
                yield node.lineno, "table", name, tables[name]


def _imported(root, source, node, owners):
    """Yield (name, package) of the packages that an import statement reaches."""
    if node.level:
        parts = source.path.with_suffix("").parts[: -node.level]
        parts += tuple((node.module or "").split(".")) if node.module else ()
    elif (node.module or "").startswith(f"odoo.addons.{CORE}"):
        parts = tuple(node.module.split("."))[2:]
    else:
        return
    for alias in node.names:
        spelled = (*parts, alias.name)
        if spelled[0] != CORE or len(spelled) < 2:
            continue
        if spelled[1] == ABOVE:
            yield ".".join(spelled[1:]), ABOVE
        elif spelled[1] in ROOMS and len(spelled) > 2 and spelled[2] in owners.rank:
            yield ".".join(spelled[2:]), spelled[2]


def names_of_others(root, files):
    """Return names that say nothing about a package: plain objects or Odoo's models
    have them too."""
    names = set(COMMON)
    core = Path(root) / CORE
    trees = [source.tree for source in files]
    for folder in ("engine", "recognition", "drawing"):
        trees += [ast.parse(path.read_text()) for path in (core / folder).rglob("*.py")]
    for tree in trees:
        models = set(_model_classes(tree))
        for node in ast.walk(tree):
            if isinstance(node, ast.ClassDef) and node not in models:
                for item in node.body:
                    if isinstance(item, ast.AnnAssign):
                        names.add(getattr(item.target, "id", ""))
                    elif isinstance(item, ast.FunctionDef):
                        names.add(item.name)
    return names


#: Fields and methods of Odoo's own models that models of ours define as well.
COMMON = frozenset(
    {
        "active",
        "amount",
        "cancel",
        "categ_id",
        "currency_id",
        "execute",
        "id",
        "lang",
        "line_ids",
        "order_id",
        "parent_id",
        "picking_id",
        "pricelist_id",
        "product_uom_id",
        "reward_id",
        "_register_hook",
    }
)


# === THE CORE KNOWS NO ADD-ON ABOVE IT === #


def core_knows_no_bridge(root):
    """The core names no add-on above it, no page of the portal, and no till."""
    core = Path(root) / CORE
    problems = []
    if core not in addons(root):
        return problems
    for path in sorted(core.rglob("*")):
        inside = path.relative_to(core).parts
        if path.suffix not in (".py", ".xml", ".js") or OUTSIDE & set(inside):
            continue
        for number, line in enumerate(path.read_text().splitlines(), start=1):
            for pattern, text in HIGHER:
                if pattern.search(line):
                    problems.append(Problem(path.relative_to(root), number, text))
    return problems


RULES = (packages_look_down, core_knows_no_bridge)
