"""Texts of scripts reach the reader: they are translated, and the browser gets them."""

import ast
import re
from pathlib import Path

import polib
import pytest

ROOT = Path(__file__).resolve().parents[2]
ADDONS = sorted(path.parent for path in ROOT.glob("loyalty_*/__manifest__.py"))
_HOOK = "_get_translation_frontend_modules_name"
_WORDED = re.compile(r"\b_t\(")
#: ``_t`` of anything but a quoted text: nobody can translate what is not written down.
_UNWRITTEN = re.compile(r"""\b_t\(\s*(?!["'\s])""")
#: A number cannot stand before one of these: 2 бали, 5 балів. "Балів: 5" can.
_COUNTED = re.compile(
    r"%(?:\(\w+\))?[sd] "
    r"(?:балів|днів|місяців|хвилин|годин|людей|рядків|документів|штук|кодів|разів)\b"
)


def get_frontend_files(addon):
    """Return the files of an add-on's own that its pages load."""
    manifest = ast.literal_eval((addon / "__manifest__.py").read_text())
    patterns = manifest.get("assets", {}).get("web.assets_frontend", ())
    return [
        path
        for pattern in patterns
        if isinstance(pattern, str) and pattern.startswith(f"{addon.name}/")
        for path in addon.parent.glob(pattern)
        if path.is_file()
    ]


def has_texts(path):
    """Tell whether a file of a page words something."""
    if path.suffix == ".js":
        return bool(_WORDED.search(path.read_text()))
    return path.suffix == ".xml"


def names_itself(addon):
    """Tell whether an add-on's texts are among those a page asks for."""
    return any(
        f'"{addon.name}"' in path.read_text().partition(_HOOK)[2]
        for path in addon.glob("models/*.py")
    )


@pytest.mark.parametrize("addon", ADDONS, ids=lambda addon: addon.name)
def test_texts_of_pages_reach_the_browser(addon):
    worded = [path.name for path in get_frontend_files(addon) if has_texts(path)]
    assert not worded or names_itself(addon), f"{addon.name}: override {_HOOK}"


def test_the_check_sees_an_addon_that_forgot_it(tmp_path):
    addon = tmp_path / "loyalty_x"
    (addon / "models").mkdir(parents=True)
    (addon / "page.js").write_text('_t("Send");')
    (addon / "__manifest__.py").write_text(
        '{"assets": {"web.assets_frontend": ["loyalty_x/page.js"]}}'
    )
    assert [path.name for path in get_frontend_files(addon)] == ["page.js"]
    assert has_texts(addon / "page.js") and not names_itself(addon)
    hook = f'def {_HOOK}(cls):\n    return ["loyalty_x"]\n'
    (addon / "models" / "ir_http.py").write_text(hook)
    assert names_itself(addon)


def test_only_written_texts_are_worded():
    found = [
        str(path.relative_to(ROOT))
        for addon in ADDONS
        for path in (addon / "static" / "src").rglob("*.js")
        if "lib" not in path.parts and _UNWRITTEN.search(path.read_text())
    ]
    assert not found
    assert _UNWRITTEN.search("_t(`Sent ${count}`)") and _UNWRITTEN.search("_t(label)")
    assert not _UNWRITTEN.search('_t("Sent")')
    assert not _UNWRITTEN.search("_t(\n    'Sent')")


@pytest.mark.parametrize("addon", ADDONS, ids=lambda addon: addon.name)
def test_no_number_stands_before_a_word_that_bends(addon):
    """Odoo knows no plural forms, and Ukrainian has three: the number comes last."""
    path = addon / "i18n" / "uk.po"
    if not path.exists():
        pytest.skip("speaks English only")
    texts = [entry.msgstr for entry in polib.pofile(path)]
    assert not [text for text in texts if _COUNTED.search(text)]
