"""What a change can have broken: the stages and test files of ./loyalty test --changed.

A file belongs to a room: a package of the core, or another add-on. A changed room
brings the tests of its own folder, the tests of the packages above that refer to it,
and every test file that names something only it defines. A file that belongs to no
room, as a view of all or a right, can break anything: it brings the whole stage.
What stays out is printed, never dropped in silence.
"""

import ast
import subprocess
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

from tools import lint_direction, workspace
from tools.lint_direction import ABOVE, CORE, ROOMS
from tools.steps import run

#: Folders of the core without Odoo; stage `unit` has their tests.
PLAIN = ("engine", "recognition", "drawing")
#: Kinds of tests below tests/ that are stages by the same name.
KINDS = ("api", "concurrency", "story", "unit")
BENCH = ("tests", "bench")
#: Those of them of which a file can be run alone because it names what changed.
NAMING = ("api", "concurrency")
#: From which share of its files a stage is run as a whole.
MOST = 0.5
#: Tests of ours that want other apps beside; the stage finds them by their tag.
BESIDE_FILES = ("test_beside.py", "test_debit_notes.py")
#: Nothing runs differently when these change, beside what lint reads.
READ_ONLY = (".md", ".po", ".pot", ".rst", ".png", ".svg")


# === WHAT CHANGED === #


def base_of(root):
    """The commit to compare with: where this branch left main; on main itself the
    last commit when nothing waits to be committed."""
    main = _git(root, "rev-parse", "--verify", "--quiet", "main", missing="")
    head = _git(root, "rev-parse", "HEAD")
    if main and main != head:
        return _git(root, "merge-base", main, head)
    if _git(root, "status", "--porcelain"):
        return head
    return _git(root, "rev-parse", "HEAD~1")


def files_since(root, base):
    """Paths that differ from a commit, also uncommitted, new and deleted ones."""
    known = _git(root, "diff", "--name-only", "--no-renames", base, "--")
    new = _git(root, "ls-files", "--others", "--exclude-standard")
    return sorted({Path(name) for name in [*known.splitlines(), *new.splitlines()]})


def _git(root, *arguments, missing=None):
    argv = ["git", "-C", str(root), "-c", "core.quotePath=false", *arguments]
    if missing is not None:
        done = subprocess.run(argv, capture_output=True, text=True)
        return done.stdout.strip() if not done.returncode else missing
    return run(argv, f"git {arguments[0]} failed").stdout.strip()


# === WHO REFERS TO WHOM === #


@dataclass
class Named:
    """What one Python file names: rooms, by what they alone define, and files."""

    path: Path
    rooms: set
    modules: set


class House:
    """The add-ons below a folder, read once.

    :param root: the checkout
    """

    def __init__(self, root):
        self.root = Path(root)
        self.sources = list(lint_direction.sources(root))
        self.owners = lint_direction.Owners.read(root, self.sources)
        self.rooms = {*self.owners.rank, *workspace.all_modules()} - {CORE}
        self.common = lint_direction.names_of_others(root, self.sources)
        defined = defaultdict(set)
        for source in self.sources:
            defined[source.package] |= lint_direction.members(source.tree)
        self.code = [
            self._read(source, defined[source.package]) for source in self.sources
        ]
        tests = [
            lint_direction.read_source(root, self.root / path, "")
            for path in self._test_paths()
        ]
        helpers = {name for source in tests for name in _names_given(source.tree)}
        self.tests = [self._read(source, helpers) for source in tests]

    def _test_paths(self):
        folders = [Path(name, "tests") for name in workspace.all_modules()]
        folders += [Path("tests", kind) for kind in NAMING]
        for folder in folders:
            for path in sorted((self.root / folder).rglob("*.py")):
                yield path.relative_to(self.root)

    def _read(self, source, own):
        """What a file names.

        :param own: names of fields and methods that mean its own ones
        """
        modules = set(imported(source.path, source.tree)) - {""}
        rooms = {room_of(Path(*module.split("."))) for module in modules}
        for _line, kind, name, owner in lint_direction.references(
            self.root, source, self.owners, self.common
        ):
            if kind != "attribute" or name not in own:
                rooms.add(owner)
        return Named(source.path, rooms & self.rooms, modules)

    def users(self, path):
        """Packages that import a file which is in no room.

        Of a folder without Odoo they may get it through any of its files.
        """
        parts = path.with_suffix("").parts
        module = ".".join(parts[:2] if parts[1] in PLAIN else parts)
        return {
            source.package
            for source, named in zip(self.sources, self.code, strict=True)
            if any(f"{name}.".startswith(f"{module}.") for name in named.modules)
        }

    def above(self, room):
        """Packages that refer to a room."""
        return {
            source.package
            for source, named in zip(self.sources, self.code, strict=True)
            if room in named.rooms and source.package != room
        }

    def uses(self, room):
        """Packages that a room refers to."""
        return {
            name
            for source, named in zip(self.sources, self.code, strict=True)
            if source.package == room
            for name in named.rooms - {room}
        }

    def tests_of(self, room):
        """Test files for a room: its own and those that name it."""
        return {
            named.path
            for named in self.tests
            if named.path.name.startswith("test_")
            and (room in named.rooms or room_of(named.path) == room)
        }

    def importers(self, path):
        """Test files that build on a file of the tests, over others, too."""
        wanted, found = [path], set()
        while wanted:
            module = ".".join(wanted.pop().with_suffix("").parts)
            for named in self.tests:
                names = {module, module.rpartition(".")[2]}
                if names & named.modules and named.path not in found:
                    found.add(named.path)
                    wanted.append(named.path)
        return {path for path in found if path.name.startswith("test_")}


def _names_given(tree):
    """Names a test file gives itself: functions, and attributes it sets."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef):
            yield node.name
        elif isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
            if getattr(node.value, "id", "") in ("cls", "self"):
                yield node.attr


def imported(path, tree):
    """Yield dotted names of what a file imports, from the folder of the add-ons.

    Of ``from .a import b`` both are told, as b may be a module or not.
    """
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            name = node.module or ""
            if node.level:
                parts = path.with_suffix("").parts[: -node.level]
                name = ".".join(filter(None, [*parts, name]))
            name = name.removeprefix("odoo.addons.")
            yield name
            yield from (f"{name}.{alias.name}" for alias in node.names)


def room_of(path):
    """The room a file of an add-on belongs to; None when it belongs to none.

    Tests belong to the room they are for.
    """
    parts = Path(path).parts
    if parts[0] == CORE:
        rooms = (*ROOMS, "views", "tests")
        if len(parts) > 2 and parts[1] in rooms and Path(parts[2]).suffix == "":
            return parts[2]
        return ABOVE if parts[1:2] == (ABOVE,) else None
    return parts[0] if parts[0] in workspace.all_modules() else None


# === WHAT TO RUN === #


@dataclass
class Plan:
    """What is run for a change.

    :param stages: run as a whole
    :param files: test files of the other stages
    :param left: stage -> number of its files that are left to the whole gate; None
        when all of it is
    """

    stages: set
    files: set
    left: dict

    def lines(self):
        """What a person reads before it begins."""
        yield f"runs: {', '.join(sorted(self.stages))}"
        for path in sorted(self.files):
            yield f"runs: {path}"
        for stage, count in self.left.items():
            yield f"left to the whole gate: {stage}" + (
                f", {count} files of it" if count else ""
            )


def plan(root, paths, stages):
    """Return the `Plan` for changed files.

    :param paths: from the root
    :param stages: names of all there are
    """
    house = House(root)
    chosen, files = {"lint"}, set()
    for path in map(Path, paths):
        more_stages, more_files = _brought(house, path)
        chosen |= set(more_stages)
        files |= set(more_files)
    known = defaultdict(set)
    for named in house.tests:
        if named.path.name.startswith("test_"):
            known[stage_of(named.path)].add(named.path)
    for stage, all_of_it in known.items():
        # its own way to run most of its files is the faster one
        if len(files & all_of_it) > MOST * len(all_of_it) and stage != "alone":
            chosen.add(stage)
    files = {path for path in files if stage_of(path) not in chosen}
    left = {
        stage: len(known[stage] - files) if known[stage] & files else None
        for stage in stages
        if stage not in chosen
    }
    return Plan(chosen, files, left)


def stage_of(path):
    """The stage that runs a test file."""
    parts = Path(path).parts
    if parts[0] == "tests":
        return parts[1]
    if parts[0] in workspace.BRIDGES or parts[-1] in BESIDE_FILES:
        return "alone"
    return "odoo"


def _brought(house, path):
    """Return (stages, test files) that a changed file brings."""
    parts = path.parts
    if path.suffix in READ_ONLY or parts[0] == "docs" or parts[:2] == BENCH:
        return (), ()
    if "tests" in parts[:-1]:
        return _brought_by_test(house, path)
    if parts[0] not in workspace.all_modules():
        return _brought_by_tool(path)
    if parts[1] in PLAIN or (parts[0] == CORE and len(parts) == 2):
        return _brought_by_plain(house, path)
    room = room_of(path)
    if not room:
        stages = ("odoo", "upgrade") if parts[1] == "migrations" else ("odoo",)
        return stages, ()
    return (), tests_for(house, room)


def tests_for(house, room):
    """Return the test files for a room, and for what refers to it."""
    rooms = {room} | house.above(room)
    if room == ABOVE:  # nobody refers to it: who it opens to the world has the tests
        rooms |= house.uses(room)
    own = {named.path for named in house.tests if room_of(named.path) in rooms}
    return {path for path in own if path.name.startswith("test_")} | house.tests_of(
        room
    )


def _brought_by_test(house, path):
    parts = path.parts
    if not (house.root / path).exists():
        return (), ()
    if path.name.startswith("test_") and path.suffix == ".py":
        return ((), [path]) if parts[:2] != ("tests", "story") else (("story",), ())
    if path.suffix == ".py" and parts[0] != "tests":
        return (), house.importers(path)
    if parts[0] == "tests":
        return (parts[1],) if parts[1] in KINDS else KINDS, ()
    return ("odoo",), ()


def _brought_by_tool(path):
    if path.parts[:2] == ("tools", "demo"):
        return ("unit", "story", "upgrade"), ()
    return ("unit",), ()


def _brought_by_plain(house, path):
    """A file without Odoo, or one of all packages: its users' tests."""
    if path.suffix != ".py" or path.name in (
        "__init__.py",
        "__manifest__.py",
        "hooks.py",
    ):
        return ("odoo", "unit"), ()
    files = set()
    for room in house.users(path):
        files |= {named.path for named in house.tests if room_of(named.path) == room}
    return ("unit",), {file for file in files if file.name.startswith("test_")}
