"""Translations: export of the templates, merge into the languages, completeness."""

import re
import shutil
import subprocess
import tempfile
from pathlib import Path

import polib

from tools import odoo_process
from tools.databases import Databases
from tools.steps import UserError, say, step, tail
from tools.workspace import ROOT, bridges, modules

LANGUAGE = "uk"  # complete in each commit
OTHERS = ("de", "es", "pl", "ro")  # what is new speaks English until somebody comes
#: What a translation keeps as it is: placeholders and names of tags.
_KEPT = re.compile(r"%\(\w+\)[sdfg]|%[sdfg%]|\{\{.*?\}\}|</?\w+")
CORE_MODULES = ("base", "mail", "loyalty", "sale")


def template_path(module, root=ROOT):
    return Path(root) / module / "i18n" / f"{module}.pot"


def language_path(module, root=ROOT, language=LANGUAGE):
    return Path(root) / module / "i18n" / f"{language}.po"


def export(ready, database, module, target):
    """Write a module's terms, as Odoo finds them, to `target` (a .pot file)."""
    argv = odoo_process.command(ready, "i18n", database)
    # the subcommand comes before its options
    program = argv.index("i18n") + 1
    argv[program:] = ["export", *argv[program:], "-o", str(target), module]
    done = subprocess.run(
        argv,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        cwd=ROOT,
        env=ready.environment(),
    )
    if done.returncode or not target.exists():
        raise UserError(f"export of {module} failed: {tail(done.stdout, 3)}")


def refresh(ready):
    """Export every template and merge it; what is left to translate is said."""
    databases = Databases(ready)
    known = core_terms(ready.addons_path)
    missing = 0
    for template, names in (
        (databases.ours_template(), modules()),
        (databases.bridges_template(), bridges()),
    ):
        with databases.fresh(template) as database:
            for module in names:
                with step(f"terms of {module}") as line:
                    _renew_template(ready, database, module)
                    left = merge(module, known)
                    for language in OTHERS:
                        merge(module, language=language)
                    line.note = f"{left} to translate"
                missing += left
    if missing:
        say(f"fill the empty msgstr in */i18n/{LANGUAGE}.po")
    return 0


def _renew_template(ready, database, module):
    """Export the template; a file with the same terms keeps its date."""
    path = template_path(module)
    with tempfile.TemporaryDirectory() as folder:
        exported = Path(folder, path.name)
        export(ready, database, module, exported)
        if not path.exists() or _places(path) != _places(exported):
            path.parent.mkdir(exist_ok=True)
            shutil.copyfile(exported, path)


def outdated(ready, database, module):
    """How a module's template differs from what Odoo finds now, as texts."""
    path = template_path(module)
    if not path.exists():
        return [f"{module}: no i18n/{path.name}; run ./loyalty i18n"]
    with tempfile.TemporaryDirectory() as folder:
        exported = Path(folder, path.name)
        export(ready, database, module, exported)
        new, old = _places(exported), _places(path)
    found = [
        f"{module}: not in the template: {term[:60]!r} {place}"
        for term, place in new - old
    ]
    found += [
        f"{module}: gone from the module: {term[:60]!r} {place}"
        for term, place in old - new
    ]
    return sorted(found)


def core_terms(addons_path):
    """Core's translations of the words every module has ("Created by", …)."""
    known = {}
    for folder in addons_path:
        for module in CORE_MODULES:
            path = Path(folder) / module / "i18n" / f"{LANGUAGE}.po"
            if path.exists():
                for entry in polib.pofile(str(path)).translated_entries():
                    known.setdefault(entry.msgid, entry.msgstr)
    return known


def merge(module, known_terms=None, root=ROOT, language=LANGUAGE):
    """Bring a language to the terms of the template; how many have no translation.

    Obsolete terms are dropped, near matches are not guessed.

    :param known_terms: translations to take for terms that have none yet
    """
    template = polib.pofile(str(template_path(module, root)))
    path = language_path(module, root, language)
    known = polib.pofile(str(path)) if path.exists() else polib.POFile()
    translated = {(entry.msgctxt, entry.msgid): entry for entry in known}
    result = polib.POFile(wrapwidth=0)
    result.metadata = {**template.metadata, **known.metadata, "Language": language}
    for entry in template:
        old = translated.get((entry.msgctxt, entry.msgid))
        if old and not old.fuzzy:
            entry.msgstr = old.msgstr
        entry.msgstr = entry.msgstr or (known_terms or {}).get(entry.msgid, "")
        result.append(entry)
    result.save(str(path))
    return len(result.untranslated_entries())


def terms(path):
    """The msgids of a file."""
    return {entry.msgid for entry in polib.pofile(str(path)) if not entry.obsolete}


def _places(path):
    """The msgids of a file, each with what it is a text of.

    A field or a view has no translation when its term does not name it; of terms in
    the code Odoo asks the module only.
    """
    entries = [entry for entry in polib.pofile(str(path)) if not entry.obsolete]
    places = {
        (entry.msgid, place)
        for entry in entries
        for place, _line in entry.occurrences
        if place.startswith(("model:", "model_terms:"))
    }
    return places | {(entry.msgid, "") for entry in entries}


def problems(module, root=ROOT):
    """What is wrong with a module's translation files, as texts; offline."""
    template, language = template_path(module, root), language_path(module, root)
    for path in (template, language):
        if not path.exists():
            return [f"{module}: i18n/{path.name} is missing; run ./loyalty i18n"]
    found = []
    catalogue = polib.pofile(str(language))
    for entry in catalogue:
        if entry.fuzzy:
            found.append(f"{module}: fuzzy: {entry.msgid[:60]!r}")
    translated = {entry.msgid for entry in catalogue.translated_entries()}
    for term in sorted(terms(template) - translated):
        found.append(f"{module}: not translated: {term[:60]!r}")
    catalogues = {LANGUAGE: catalogue}
    for other in OTHERS:
        path = language_path(module, root, other)
        if path.exists():
            catalogues[other] = polib.pofile(str(path))
    return found + [
        f"{module}, {other}: other placeholders: {entry.msgid[:60]!r}"
        for other, entries in catalogues.items()
        for entry in entries.translated_entries()
        if _get_kept(entry.msgid) != _get_kept(entry.msgstr)
    ]


def _get_kept(text):
    """Return what every language has to keep of a text, in whichever order."""
    return sorted(_KEPT.findall(text))
