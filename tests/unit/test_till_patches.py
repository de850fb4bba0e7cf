"""Nothing of ours patches the screen of a till but through ``harmless.js``.

What fails there lets Odoo go on; the tours ``b2b2c_till_faults`` and
``b2b2c_network_faults`` make each hook fail.
"""

import re

import pytest

from tools.workspace import ROOT

TILLS = (
    "loyalty_b2b2c_pos",
    "loyalty_b2b2c_network_client",
    "loyalty_b2b2c_referral_pos",
)
HARMLESS = "static/src/app/harmless.js"
TOURS = "static/tests/tours/**/*.js"
CATEGORY = re.compile(r'registry\.category\("b2b2c_(?:till|network)_hooks"\)')
# What patches in another way: Odoo's `patch`, or an assignment to a prototype
BARE = re.compile(r"core/utils/patch\"|\bpatch\(|\.prototype(?:\.\w+|\[\w+\])? = ")


def find_bare(source):
    """Return what of a source patches without the guard."""
    return BARE.findall(source)


def get_scripts():
    """Return the scripts of tills, without the guard itself."""
    return [
        path
        for name in TILLS
        for path in sorted((ROOT / name / "static" / "src").rglob("*.js"))
        if not str(path).endswith(HARMLESS)
    ]


def test_each_patch_is_harmless():
    scripts = get_scripts()
    assert len(scripts) > 15
    assert [path for path in scripts if find_bare(path.read_text())] == []


@pytest.mark.parametrize(
    "bare",
    [
        'import {patch} from "@web/core/utils/patch";',
        "patch(PosStore.prototype, {",
        "PosStore.prototype.setOrder = function () {",
        "PosStore.prototype[name] = own;",
    ],
)
def test_control_a_bare_patch_is_found(bare):
    assert find_bare(bare)


def test_tills_of_others_have_the_same_guard():
    """An Odoo of a partner has no add-on of ours beside, so it brings its own."""
    ours, theirs = (
        CATEGORY.sub("registry", (ROOT / name / HARMLESS).read_text())
        for name in TILLS[:2]
    )
    assert ours == theirs


def test_tours_import_nothing_of_the_till():
    """They are loaded beside the back office as well, where the till's code is not."""
    tours = [file for name in TILLS for file in (ROOT / name).glob(TOURS)]
    assert tours
    for file in tours:
        assert "@point_of_sale/app" not in _get_imports(file.read_text()), file.name


def test_control_an_import_is_seen():
    text = 'import {a} from "@point_of_sale/app/b";\nload("@point_of_sale/app/c");'
    assert _get_imports(text) == 'import {a} from "@point_of_sale/app/b";'


def _get_imports(text):
    lines = text.splitlines()
    return "\n".join(line for line in lines if line.startswith("import "))
