"""Databases: templates made once, clones made in a second, leftovers swept.

A template is known by its name and by a note (the database's comment) that says what
it was made of. Both appear in the last step, so an interrupted build leaves nothing
that looks finished.
"""

import ast
import contextlib
import functools
import itertools
import json
import os
import re
import shutil
import time
from dataclasses import replace

from psycopg2 import sql

from tools import cache, odoo_process
from tools.steps import size_text, step
from tools.workspace import (
    BESIDE,
    MODULES,
    ROOT,
    all_modules,
    manifest,
    modules,
    outside_dependencies,
)

PREFIX = "lb2b"
# what the three modules build on, and what their tests and the demo want beside it
BASE_MODULES = (
    "account",
    "loyalty",
    "phone_validation",
    "point_of_sale",
    "portal",
    "sale_management",
    "sale_stock",
    "sms",
)
RECIPE = 1  # raise it when templates are made in another way
WARM_ASSETS = 'env["ir.qweb"]._pregenerate_assets_bundles()\nenv.cr.commit()\n'
DATA_SUFFIXES = (".xml", ".csv", ".po", ".sql")
LOG_SECONDS = 2 * 24 * 3600
ROOM = 40 * 2**30  # for all databases of the whole gate, and as much again
_numbers = itertools.count(1)


# === ONE DATABASE === #


class Databases:
    """The databases of one server, with their file stores."""

    def __init__(self, workspace):
        self.workspace, self.server = workspace, workspace.server
        self.filestore = workspace.data_dir / "filestore"

    def names(self):
        rows = self.server.query("SELECT datname FROM pg_database ORDER BY datname")
        return [name for (name,) in rows]

    def exists(self, name):
        return name in self.names()

    def note(self, name):
        """What a database was made of, as a dict; {} when unknown."""
        [(text,)] = self.server.query(
            "SELECT shobj_description(oid, 'pg_database') FROM pg_database"
            " WHERE datname = %s",
            (name,),
        ) or [(None,)]
        try:
            return json.loads(text or "{}")
        except ValueError:
            return {}

    def set_note(self, name, note):
        statement = sql.SQL("COMMENT ON DATABASE {} IS {}").format(
            sql.Identifier(name), sql.Literal(json.dumps(note))
        )
        self._execute(statement)

    def drop(self, name):
        """Remove a database and its files; connections to it are cut."""
        statement = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)")
        self._execute(statement.format(sql.Identifier(name)))
        shutil.rmtree(self.filestore / name, ignore_errors=True)

    def clone(self, source, target):
        """Copy a database nobody is connected to, its files as hard links."""
        strategy = " STRATEGY file_copy" if self._version() >= 150000 else ""
        statement = sql.SQL("CREATE DATABASE {} TEMPLATE {}" + strategy)
        self._execute(statement.format(sql.Identifier(target), sql.Identifier(source)))
        shutil.rmtree(self.filestore / target, ignore_errors=True)
        if (self.filestore / source).is_dir():
            # Odoo never rewrites a stored file, so the copies can share them
            shutil.copytree(
                self.filestore / source, self.filestore / target, copy_function=os.link
            )

    def rename(self, source, target):
        """Give a finished database its name, replacing what had it."""
        self.drop(target)
        statement = sql.SQL("ALTER DATABASE {} RENAME TO {}")
        self._execute(statement.format(sql.Identifier(source), sql.Identifier(target)))
        if (self.filestore / source).is_dir():
            (self.filestore / source).rename(self.filestore / target)

    def _execute(self, statement):
        with contextlib.closing(self.server.connect()) as connection:
            connection.cursor().execute(statement)

    def _version(self):
        [(number,)] = self.server.query(
            "SELECT current_setting('server_version_num')::int"
        )
        return number

    # === TEMPORARY DATABASES === #

    def temporary_name(self):
        """A name that tells whose it is, so that `sweep` knows when it is nobody's."""
        return f"{PREFIX}_run_{os.getpid()}_{next(_numbers)}"

    @contextlib.contextmanager
    def fresh(self, template):
        """A clone for the block, dropped after it, or when the command ends."""
        name = self.temporary_name()
        with cache.lock(f"template-{template}"):
            self.clone(template, name)
        try:
            yield name
        finally:
            if not self.workspace.keeps_databases:
                self.drop(name)

    @contextlib.contextmanager
    def dropped_at_the_end(self):
        """A workspace for the block in which temporary databases are dropped together.

        An ext4 without a journal does not use again what was deleted in the last
        minutes, and looks through all of it whenever a file is made: to make a database
        just after another was dropped takes ten times as long.  Where the disk has no
        room for them, each is dropped at once.
        """
        free = shutil.disk_usage(self.workspace.data_dir.parent).free
        try:
            yield replace(self.workspace, keeps_databases=free > ROOM)
        finally:
            own = f"{PREFIX}_run_{os.getpid()}_"
            for name in self.names():
                if name.startswith(own):
                    self.drop(name)
            self.sweep()

    def sweep(self):
        """Drop what interrupted runs left behind, and logs of old runs."""
        for path in cache.log_path("x").parent.glob(f"{PREFIX}_run_*.log"):
            if time.time() - path.stat().st_mtime > LOG_SECONDS:
                path.unlink(missing_ok=True)
        for name in self.names():
            match = re.fullmatch(rf"{PREFIX}_run_(\d+)_\d+", name)
            if match and not odoo_process.pid_alive(int(match[1])):
                self.drop(name)

    # === TEMPLATES === #

    def base_template(self):
        """Template with what the modules depend on, assets ready; its name."""
        names = sorted({*BASE_MODULES, *outside_dependencies(modules())})
        template = f"{PREFIX}_base_{self._recipe_key(names)}"
        with cache.lock(f"template-{template}"):
            if not self.exists(template):
                self._drop_older(f"{PREFIX}_base_", keep=2)
                with step(f"template: {len(names)} modules with dependencies") as line:
                    self._build(template, lambda name: self._install(name, names))
                    line.note = size_text(self._size(template))
        return template

    def small_template(self, module):
        """Template with the dependencies of one module only, not warmed; its name."""
        names = outside_dependencies([module])
        template = f"{PREFIX}_small_{self._recipe_key(names)}"
        with cache.lock(f"template-{template}"):
            if not self.exists(template):
                with step(f"template: dependencies of {module}"):
                    self._build(template, lambda name: self._make_small(name, names))
        return template

    def _make_small(self, name, names):
        """Install what all of ours need once, and the rest onto a copy of that."""
        common = set(outside_dependencies(MODULES[:1]))
        missing = set(names)
        if common < missing:
            self.clone(self.small_template(MODULES[0]), name)
            missing -= common
        odoo_process.install(self.workspace, name, *sorted(missing))

    def core_template(self):
        """Template with the first of our modules and what it depends on; its name."""
        names = list(MODULES[:1])
        small = self.small_template(*names)
        template = f"{PREFIX}_core_{self.workspace.clone_key}"
        wanted = {"base": small, "modules": names, "schema": schema_key()}
        with cache.lock(f"template-{template}"):
            if self.note(template) != wanted:
                with step(f"template: {names[0]} and what it depends on"):
                    self._refresh(template, small, wanted)
        return template

    def ours_template(self, assets=False, anew=False):
        """Template with our modules installed as the checkout has them; its name.

        :param assets: whether a browser will open pages of its clones
        :param anew: install it from nothing, also when it is what the checkout has
        """
        base = self.base_template()
        template = f"{PREFIX}_ours_{self.workspace.clone_key}"
        wanted = {"base": base, "modules": modules(), "schema": schema_key()}
        with cache.lock(f"template-{template}"):
            found = self.note(template)
            known = {key: found.get(key) for key in wanted}
            if anew or known != wanted:
                with step("template: our modules") as line:
                    update = known["base"] == base and not anew
                    line.note = "updated" if update else "installed"
                    self._refresh(template, template if update else base, wanted)
            if assets:
                self._warm(template, self.note(template))
        return template

    def bridges_template(self, assets=False):
        """Template with the apps our bridges are for, the bridges, and other apps
        that we work with; its name.

        :param assets: whether a browser will open pages of its clones
        """
        ours = self.ours_template()
        template = f"{PREFIX}_web_{self.workspace.clone_key}"
        base = self.note(ours)["base"]
        names = [*BESIDE, *all_modules()]
        wanted = {"base": base, "modules": names, "schema": schema_key()}
        with cache.lock(f"template-{template}"):
            found = self.note(template)
            known = {key: found.get(key) for key in wanted}
            if known != wanted:
                with step("template: other apps and our bridges to them") as line:
                    update = {**known, "schema": ""} == {**wanted, "schema": ""}
                    line.note = "updated" if update else "installed"
                    self._refresh(template, template if update else ours, wanted)
            if assets:
                self._warm(template, self.note(template))
        return template

    def _refresh(self, template, source, note):
        """Make `template` from `source` by installing or updating our modules."""

        def build(name):
            self.clone(source, name)
            installed = self.note(source).get("modules", [])
            new = [module for module in note["modules"] if module not in installed]
            if installed and source == template:
                # first: what is new builds on what they have become
                ours = [module for module in installed if module in all_modules()]
                odoo_process.install(self.workspace, name, *ours, update=True)
            if new:
                odoo_process.install(self.workspace, name, *new)

        self._build(template, build, note)

    def _warm(self, template, note):
        assets = static_key()
        if note.get("assets") == assets:
            return
        with step("template: asset bundles of our modules"):
            odoo_process.shell(self.workspace, template, WARM_ASSETS)
            self.set_note(template, {**note, "assets": assets})

    def _install(self, name, names):
        odoo_process.install(self.workspace, name, *names)
        odoo_process.shell(self.workspace, name, WARM_ASSETS)

    def _build(self, template, build, note=None):
        """Run `build` on a temporary name, then give it its real one."""
        draft = self.temporary_name()
        try:
            build(draft)
            self.set_note(draft, note or {})
            self.rename(draft, template)
        except BaseException:
            self.drop(draft)
            raise

    def _recipe_key(self, names):
        requirements = (ROOT / "requirements.txt").read_bytes()
        identity = self.workspace.odoo_identity
        return cache.key(RECIPE, identity, ",".join(names), requirements)

    def _drop_older(self, prefix, keep):
        """Drop outdated templates; the newest may belong to another checkout."""
        rows = self.server.query("SELECT datname FROM pg_database ORDER BY oid")
        older = [name for (name,) in rows if name.startswith(prefix)]
        for name in older[:-keep]:
            self.drop(name)

    def _size(self, name):
        [(count,)] = self.server.query("SELECT pg_database_size(%s)", (name,))
        return count


# === WHAT CHANGED IN THE MODULES === #


@functools.cache  # it takes a second, and a process works with one state of the files
def schema_key():
    """Changes when an installed database has to be updated: data files, manifests,
    fields and constraints; not with the body of a method or a test."""
    parts = []
    for module in all_modules():
        for path in sorted((ROOT / module).rglob("*")):
            relative = path.relative_to(ROOT)
            inside = relative.parts[1:]
            if not path.is_file() or inside[0] in ("tests", "readme", "engine"):
                continue
            if inside[0] == "static" and path.suffix != ".png":
                continue
            if path.suffix == ".py":
                parts += [relative, declarations(path.read_text())]
            elif path.suffix in DATA_SUFFIXES:
                parts += [relative, path.read_bytes()]
    return cache.key(*parts)


def declarations(source):
    """The part of a Python file that ends up in the database.

    Class attributes with the bodies of lambdas, decorators of methods, and whole
    functions outside classes (hooks, migrations); not the bodies of methods.
    """
    try:
        tree = ast.parse(source)
    except SyntaxError:
        return source
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef):
            for item in node.body:
                if isinstance(item, (ast.FunctionDef, ast.AsyncFunctionDef)):
                    # `init` and `_auto_init` create indexes and triggers
                    if item.name not in ("init", "_auto_init"):
                        item.body = [ast.Pass()]
    return ast.dump(tree)


def static_key():
    """Changes with every file that ends up in an asset bundle."""
    parts = []
    for module in all_modules():
        parts.append(repr(manifest(module).get("assets")))
        for path in sorted((ROOT / module / "static").rglob("*")):
            if path.is_file() and path.suffix in (".js", ".xml", ".scss", ".css"):
                parts += [path.relative_to(ROOT), path.read_bytes()]
    return cache.key(*parts)
