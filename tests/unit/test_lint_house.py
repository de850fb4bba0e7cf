"""Each rule of the house: what it lets pass and what it reports."""

import pytest

from tools import lint_house

CLEAN_MODEL = """
from odoo import fields, models

class Unit(models.Model):
    _name = "b2b2c.unit"
    points = fields.Float(digits=(16, 2))
"""
ACCESS = "id,name,model_id:id,group_id:id\na,a,model_b2b2c_unit,base.group_user\n"


@pytest.fixture
def house(tmp_path):
    """A clean add-on; call it with (path, text) to add or replace a file."""

    def write(path, text):
        target = tmp_path / "loyalty_b2b2c" / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text)
        return tmp_path

    write("__manifest__.py", "{}")
    write("pyproject.toml", 'build-backend = "whool.buildapi"')
    write("engine/points.py", "from decimal import Decimal\nfrom . import odoo\n")
    write("models/unit.py", CLEAN_MODEL)
    write("models/ledger/ledger_door.py", 'SQL = "INSERT INTO b2b2c_ledger_entry (id)"')
    write("security/ir.model.access.csv", ACCESS)
    write("views/page.xml", '<odoo><t t-out="x"/></odoo>')
    return write


def texts(rule, root):
    return [str(problem) for problem in rule(root)]


@pytest.mark.parametrize("rule", lint_house.RULES)
def test_clean_addon_passes(house, tmp_path, rule):
    assert texts(rule, tmp_path) == []


@pytest.mark.parametrize(
    "line", ["import odoo", "from odoo.tools import float_round", "import psycopg2"]
)
@pytest.mark.parametrize("folder", ["engine", "recognition"])
def test_engine_import(house, line, folder):
    root = house(f"{folder}/points.py", f"x = 1\n{line}\n")
    [problem] = texts(lint_house.engine_is_plain, root)
    assert problem.startswith(f"loyalty_b2b2c/{folder}/points.py:2: imports ")


@pytest.mark.parametrize("line", ["x = float('1.1')", "y = fields.Float('Points')"])
def test_bare_float(house, line):
    root = house("models/unit.py", line)
    assert len(texts(lint_house.no_bare_float, root)) == 1


def test_digits_from_shared_options(house):
    house("const.py", "POINTS = {'digits': (16, 4)}\nOTHER = {'string': 'x'}\n")
    source = "x = Float(related='a.x')\ny = Float(**POINTS)\nz = Float(**OTHER)\n"
    root = house("models/unit.py", source.replace("Float", "fields.Float"))
    [problem] = texts(lint_house.no_bare_float, root)
    assert problem.startswith("loyalty_b2b2c/models/unit.py:3:")


def test_bare_float_with_a_reason(house):
    root = house("models/card.py", "x = float(y)  # float: core's own column\n")
    assert texts(lint_house.no_bare_float, root) == []


@pytest.mark.parametrize("base", ["Model", "TransientModel"])
def test_model_without_access_rule(house, base):
    source = f"class A(models.{base}):\n    _name = 'b2b2c.forgotten'\n"
    root = house("models/forgotten.py", source)
    [problem] = texts(lint_house.models_have_access_rules, root)
    assert "b2b2c.forgotten" in problem


@pytest.mark.parametrize(
    "source",
    [
        "class A(models.AbstractModel):\n    _name = 'b2b2c.mixin'\n",
        "class A(models.Model):\n    _inherit = 'sale.order'\n",
        "class A(models.Model):\n    _name = 'x.y'\n    _inherit = 'x.y'\n",
    ],
)
def test_model_that_needs_no_access_rule(house, source):
    root = house("models/other.py", source)
    assert texts(lint_house.models_have_access_rules, root) == []


@pytest.mark.parametrize("option", ["csrf=False", "cors='*'"])
def test_open_route(house, option):
    source = f"@http.route('/x', {option})\ndef x(self):\n    pass\n"
    root = house("controllers/main.py", source)
    assert len(texts(lint_house.routes_keep_their_guards, root)) == 1


def test_route_for_a_server_that_signs(house):
    source = "@http.route('/x', csrf=False)  # csrf: signed\ndef x(self):\n    pass\n"
    root = house("controllers/main.py", source)
    assert texts(lint_house.routes_keep_their_guards, root) == []


def test_unescaped_text(house):
    root = house("views/page.xml", '<odoo>\n<t t-raw="x"/>\n</odoo>')
    assert texts(lint_house.templates_escape, root) == [
        "loyalty_b2b2c/views/page.xml:2: t-raw"
    ]


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO b2b2c_ledger_entry (points) VALUES (1)",
        "update b2b2c_ledger_entry set points = 2",
        'DELETE\n  FROM "b2b2c_ledger_entry"',
        "TRUNCATE b2b2c_ledger_entry",
    ],
)
def test_second_door_to_the_ledger(house, statement):
    root = house("models/other.py", f"cr.execute('''{statement}''')\n")
    assert len(texts(lint_house.ledger_has_one_door, root)) == 1


@pytest.mark.parametrize(
    ("path", "line"),
    [
        ("models/unit.py", 'secret = fields.Char(groups="base.group_no_one")'),
        ("views/page.xml", '<odoo><field name="x" groups="base.group_no_one"/></odoo>'),
        ("security/ir.model.access.csv", "a,a,model_b2b2c_unit,base.group_no_one"),
    ],
)
def test_debug_mode_is_no_right(house, path, line):
    [problem] = texts(lint_house.debug_mode_protects_nothing, house(path, line))
    assert problem == f"loyalty_b2b2c/{path}:1: group_no_one"


def test_reading_the_ledger_is_free(house):
    source = "cr.execute('SELECT 1 FROM b2b2c_ledger_entry FOR UPDATE')\n"
    assert texts(lint_house.ledger_has_one_door, house("models/other.py", source)) == []


def test_addon_without_build_backend(house):
    root = house("pyproject.toml", "")
    assert len(texts(lint_house.addons_build_as_wheels, root)) == 1


# === LENGTHS === #

ADAPTER = """
class Order(models.Model):
    _inherit = "sale.order"
"""
MODEL = """
class Unit(models.Model):
    _name = "b2b2c.unit"
    _inherit = ["mail.thread", "b2b2c.closed"]
"""
EXTENSION = """
class Unit(models.Model):
    _inherit = "b2b2c.unit"
"""


def long(text, lines):
    """A file of so many lines that begins with a text."""
    return text + "#\n" * (lines - len(text.splitlines()))


@pytest.mark.parametrize(
    ("text", "lines", "problems"),
    [
        (ADAPTER, 99, 0),
        (ADAPTER, 100, 1),
        (ADAPTER.replace('"sale.order"', '["sale.order", "b2b2c.role"]'), 100, 1),
        (ADAPTER + '    _name = "sale.order"\n', 100, 1),
        (MODEL, 100, 0),
        (EXTENSION, 100, 0),
    ],
)
def test_long_adapter(house, text, lines, problems):
    root = house("models/documents/order.py", long(text, lines))
    assert len(texts(lint_house.adapters_are_short, root)) == problems


@pytest.mark.parametrize("text", [MODEL, EXTENSION, "WORDS = {}\n"])
def test_long_model(house, text):
    root = house("models/programs/unit.py", long(text, 499))
    assert texts(lint_house.models_are_short, root) == []
    house("models/programs/unit.py", long(text, 500))
    [problem] = texts(lint_house.models_are_short, root)
    assert "models/programs/unit.py:1: 500 lines" in problem


def test_other_files_may_be_long(house):
    root = house("wizards/why.py", long(MODEL, 600))
    house("tests/test_unit.py", long(ADAPTER, 600))
    assert texts(lint_house.models_are_short, root) == []
    assert texts(lint_house.adapters_are_short, root) == []


def test_days_have_one_form(house):
    root = house("models/page.py", 'month = format_date(env, day, date_format="LLL")\n')
    assert not texts(lint_house.days_have_one_form, root)
    house("models/base/days.py", "text = format_date(env, day)\n")
    assert not texts(lint_house.days_have_one_form, root)
    own = "text = format_date(env, day)\nat = format_datetime(env, 1)\n"
    house("models/page.py", own)
    assert len(texts(lint_house.days_have_one_form, root)) == 2
