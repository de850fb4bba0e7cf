"""Packages look down only: each way to look up is found on a small tree."""

import pytest

from tools import lint_direction

LOWER = """
from odoo import fields, models

class Account(models.Model):
    _name = "b2b2c.account"
    balance = fields.Char()

    def _get_balance(self):
        return self.balance
"""
UPPER = """
from odoo import fields, models
from ..ledger.account import Account

class Claim(models.Model):
    _name = "b2b2c.claim"
    account_id = fields.Many2one("b2b2c.account")
    proof_note = fields.Char()

    def _accept(self):
        return self.account_id._get_balance()

class Extended(models.Model):
    _inherit = "b2b2c.account"

    def _get_balance(self):
        return super()._get_balance()
"""


@pytest.fixture
def house(tmp_path):
    """A core of two packages, ledger below claims; call it to add a file."""

    def write(path, text):
        target = tmp_path / "loyalty_b2b2c" / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text)
        return tmp_path

    write("__manifest__.py", "{}")
    write("models/__init__.py", "from . import ledger\nfrom . import claims\n")
    write("models/ledger/__init__.py", "from . import account\n")
    write("models/ledger/account.py", LOWER)
    write("models/claims/__init__.py", "from . import claim\n")
    write("models/claims/claim.py", UPPER)
    write("wizards/claims/accept.py", 'x = env["b2b2c.account"]\n')
    write("controllers/api.py", 'x = env["b2b2c.claim"]\n')
    return write


def test_looking_down_passes(house, tmp_path):
    assert lint_direction.packages_look_down(tmp_path) == []
    assert lint_direction.core_knows_no_bridge(tmp_path) == []


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("from ..claims import claim", "import claims.claim"),
        ("from ..claims.claim import Claim", "import claims.claim.Claim"),
        (
            "from odoo.addons.loyalty_b2b2c.models.claims.claim import Claim",
            "import claims.claim.Claim",
        ),
        ("from .. import claims", "import claims"),
        ("claims = env['b2b2c.claim']", "model b2b2c.claim"),
        ("x = fields.Many2one('b2b2c.claim')", "model b2b2c.claim"),
        ("x = fields.Many2one(comodel_name='b2b2c.claim')", "model b2b2c.claim"),
        ("cr.execute('SELECT id FROM b2b2c_claim')", "table b2b2c_claim"),
        ("cr.execute(f'SELECT id FROM b2b2c_claim {x}')", "table b2b2c_claim"),
        ("cr.execute('JOIN b2b2c_claim c ON c.id = 1')", "table b2b2c_claim"),
        (
            "class More(models.Model):\n    _inherit = 'b2b2c.claim'",
            "model b2b2c.claim",
        ),
        (
            "class More(models.Model):\n    _inherit = ['mail.thread', 'b2b2c.claim']",
            "model b2b2c.claim",
        ),
        ("account._accept()", "attribute _accept"),
        ("print(account.proof_note)", "attribute proof_note"),
    ],
)
@pytest.mark.parametrize("room", ["models", "wizards"])
def test_looking_up_is_refused(house, code, said, room):
    root = house(f"{room}/ledger/adjustment.py", f"\n{code}\n")
    problems = [str(one) for one in lint_direction.packages_look_down(root)]
    line = 3 if code.startswith("class") else 2
    assert problems == [
        f"loyalty_b2b2c/{room}/ledger/adjustment.py:{line}: "
        f"ledger refers up to claims: {said}"
    ]


def test_controllers_stand_above_all_packages(house):
    root = house("models/claims/page.py", "from ...controllers import api\n")
    [problem] = lint_direction.packages_look_down(root)
    assert problem.text == "claims refers up to controllers: import controllers.api"


def test_the_order_in_init_is_the_rule(house):
    root = house("models/__init__.py", "from . import claims\nfrom . import ledger\n")
    texts = {problem.text for problem in lint_direction.packages_look_down(root)}
    assert texts == {
        "claims refers up to ledger: import ledger.account.Account",
        "claims refers up to ledger: model b2b2c.account",
    }


def test_a_file_outside_of_the_packages_is_refused(house):
    root = house("models/stray.py", "")
    [problem] = lint_direction.packages_look_down(root)
    assert str(problem) == "loyalty_b2b2c/models/stray.py:1: stands in no package"


def test_words_in_docstrings_and_xmlids_are_no_references(house):
    root = house(
        "models/ledger/words.py",
        '"""Tells how a row of b2b2c_claim is read."""\n'
        'ACTION = "loyalty_b2b2c.b2b2c_claim_action"\n',
    )
    assert lint_direction.packages_look_down(root) == []


@pytest.mark.parametrize(
    ("path", "line", "said"),
    [
        ("models/ledger/url.py", "x = '/my/rewards'", "names a page of the portal"),
        ("data/mail.xml", "<t t-out=\"base + '/my/rewards/scan'\"/>", "names a page"),
        (
            "models/joining/link.py",
            "x = '/rewards/join/'",
            "names a page of the portal",
        ),
        ("models/ledger/till.py", "x = 'pos.order'", "names a till"),
        ("models/ledger/till.py", "TILL = 1", "names a till"),
        (
            "models/ledger/page.py",
            "from odoo.addons.loyalty_b2b2c_portal.models import x",
            "names an add-on above it",
        ),
        (
            "views/menus.xml",
            '<field name="x" ref="loyalty_b2b2c_pos.action"/>',
            "names an add-on above it",
        ),
    ],
)
def test_the_core_knows_no_bridge(house, path, line, said):
    root = house(path, f"\n{line}\n")
    [problem] = lint_direction.core_knows_no_bridge(root)
    assert problem.line == 2
    assert said in problem.text


@pytest.mark.parametrize("folder", ["tests/joining", "migrations/19.0.1.1.0"])
def test_tests_and_migrations_may_name_pages(house, folder):
    root = house(f"{folder}/post-links.py", "OLD = '/my/rewards/shop'\n")
    assert lint_direction.core_knows_no_bridge(root) == []
