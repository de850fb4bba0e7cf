"""What --changed runs, on a small house and on this one."""

import subprocess
from pathlib import Path

import pytest

from tools import changed
from tools.stages import STAGES

FILES = {
    "loyalty_b2b2c/__manifest__.py": "{}",
    "loyalty_b2b2c_portal/__manifest__.py": "{}",
    "loyalty_b2b2c/models/__init__.py": "\n".join(
        f"from . import {name}" for name in ("ledger", "rewards", "dealers")
    ),
    "loyalty_b2b2c/models/ledger/account.py": """
from odoo import fields, models
class Account(models.Model):
    _name = "b2b2c.account"
    balance = fields.Char()
""",
    "loyalty_b2b2c/models/rewards/reward.py": """
from odoo import fields, models
from ...engine.lots import allocate
class Reward(models.Model):
    _name = "b2b2c.reward"
    account_id = fields.Many2one("b2b2c.account")
    pieces = fields.Integer()
""",
    "loyalty_b2b2c/models/dealers/ladder.py": """
from odoo import models
from ...const import ROLES
class Ladder(models.Model):
    _name = "b2b2c.ladder"
""",
    "loyalty_b2b2c/const.py": "ROLES = ()\n",
    "loyalty_b2b2c/engine/lots.py": "def allocate(): pass\n",
    "loyalty_b2b2c/engine/numbers.py": "",
    "loyalty_b2b2c/controllers/store.py": 'x = env["b2b2c.reward"]\n',
    "loyalty_b2b2c/security/rights.csv": "",
    "loyalty_b2b2c/tests/common.py": "class Common: pass\n",
    "loyalty_b2b2c/tests/test_rights.py": "from .common import Common\n",
    "loyalty_b2b2c/tests/ledger/test_ledger.py": 'x = env["b2b2c.account"]\n',
    "loyalty_b2b2c/tests/rewards/kit.py": "from ..common import Common\n",
    "loyalty_b2b2c/tests/rewards/test_rewards.py": "from .kit import Common\n",
    "loyalty_b2b2c/tests/dealers/test_ladder.py": "def test_ladder(): pass\n",
    "loyalty_b2b2c_portal/controllers/page.py": 'x = env["b2b2c.account"]\n',
    "loyalty_b2b2c_portal/tests/test_page.py": 'x = env["b2b2c.account"]\n',
    "loyalty_b2b2c_portal/tests/test_store.py": "x = reward.pieces\n",
    "tests/concurrency/test_last.py": 'x = "UPDATE b2b2c_reward SET x = 1"\n',
    "tests/concurrency/world.py": "",
    "tests/story/test_story_s1.py": 'x = env["b2b2c.reward"]\n',
    "tests/unit/test_lots.py": "",
}
CORE = "loyalty_b2b2c/tests"
PORTAL = "loyalty_b2b2c_portal/tests"


@pytest.fixture
def house(tmp_path, monkeypatch):
    """A checkout of two add-ons, the core with three packages."""
    names = ["loyalty_b2b2c", "loyalty_b2b2c_portal"]
    monkeypatch.setattr(changed.workspace, "all_modules", lambda: names)
    monkeypatch.setattr(changed, "MOST", 1)
    for path, text in FILES.items():
        target = tmp_path / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text)
    return tmp_path


def brings(house, *paths):
    """Stages and files of a plan, as texts."""
    made = changed.plan(house, paths, STAGES)
    return made.stages - {"lint"}, sorted(map(str, made.files))


@pytest.mark.parametrize(
    ("path", "stages", "files"),
    [
        # its folder, and what names the model, a field only it has, or the table
        (
            "loyalty_b2b2c/models/rewards/reward.py",
            set(),
            [
                f"{CORE}/rewards/test_rewards.py",
                f"{PORTAL}/test_store.py",
                "tests/concurrency/test_last.py",
            ],
        ),
        # rewards refer to the ledger, dealers do not
        (
            "loyalty_b2b2c/models/ledger/account.py",
            set(),
            [
                f"{CORE}/ledger/test_ledger.py",
                f"{CORE}/rewards/test_rewards.py",
                f"{PORTAL}/test_page.py",
            ],
        ),
        (
            "loyalty_b2b2c/views/dealers/ladder.xml",
            set(),
            [f"{CORE}/dealers/test_ladder.py"],
        ),
        ("loyalty_b2b2c/const.py", {"unit"}, [f"{CORE}/dealers/test_ladder.py"]),
        # the engine's files reach packages through each other
        (
            "loyalty_b2b2c/engine/numbers.py",
            {"unit"},
            [f"{CORE}/rewards/test_rewards.py"],
        ),
        # nobody refers to a controller: what it opens to the world has the tests
        (
            "loyalty_b2b2c/controllers/store.py",
            set(),
            [f"{CORE}/rewards/test_rewards.py"],
        ),
        ("loyalty_b2b2c/security/rights.csv", {"odoo"}, []),
        ("loyalty_b2b2c/__manifest__.py", {"odoo", "unit"}, []),
        ("loyalty_b2b2c/migrations/19.0.2.0.0/pre-x.py", {"odoo", "upgrade"}, []),
        (
            "loyalty_b2b2c_portal/views/page.xml",
            set(),
            [f"{PORTAL}/test_page.py", f"{PORTAL}/test_store.py"],
        ),
        # a kit of tests brings who builds on it, over others, too
        (
            "loyalty_b2b2c/tests/common.py",
            set(),
            [f"{CORE}/rewards/test_rewards.py", f"{CORE}/test_rights.py"],
        ),
        (
            "loyalty_b2b2c/tests/rewards/test_rewards.py",
            set(),
            [f"{CORE}/rewards/test_rewards.py"],
        ),
        ("tests/concurrency/test_last.py", set(), ["tests/concurrency/test_last.py"]),
        ("tests/concurrency/world.py", {"concurrency"}, []),
        ("tests/story/test_story_s1.py", {"story"}, []),
        ("tests/unit/test_lots.py", set(), ["tests/unit/test_lots.py"]),
        ("tests/conftest.py", {"api", "concurrency", "story", "unit"}, []),
        ("tests/bench/bench_order.py", set(), []),
        ("tools/lanes.py", {"unit"}, []),
        ("tools/demo/company.py", {"unit", "story", "upgrade"}, []),
        ("loyalty_b2b2c/i18n/uk.po", set(), []),
        ("README.md", set(), []),
    ],
)
def test_a_change_brings(house, path, stages, files):
    target = house / path
    target.parent.mkdir(parents=True, exist_ok=True)
    target.touch()
    assert brings(house, path) == (stages, files)


def test_a_deleted_file_brings_its_room_and_a_deleted_test_nothing(house):
    """The test can not be run any more."""
    assert brings(house, "loyalty_b2b2c/models/dealers/old.py") == (
        set(),
        [f"{CORE}/dealers/test_ladder.py"],
    )
    assert brings(house, f"{CORE}/dealers/test_old.py") == (set(), [])


def test_most_files_of_a_stage_are_the_stage(house, monkeypatch):
    monkeypatch.setattr(changed, "MOST", 0.4)
    # 3 of the 6 files of stage odoo, and the only one of concurrency
    assert brings(house, "loyalty_b2b2c/models/ledger/account.py") == ({"odoo"}, [])


def test_what_is_left_is_said(house):
    made = changed.plan(house, ["loyalty_b2b2c/views/dealers/ladder.xml"], STAGES)
    assert list(made.lines()) == [
        "runs: lint",
        f"runs: {CORE}/dealers/test_ladder.py",
        "left to the whole gate: unit",
        "left to the whole gate: odoo, 5 files of it",
        *(
            f"left to the whole gate: {name}"
            for name in ("core", "alone", "upgrade", "concurrency", "api", "story")
        ),
    ]


def test_here_a_reward_brings_its_tests_and_not_all():
    path = "loyalty_b2b2c/models/rewards/b2b2c_reward.py"
    made = changed.plan(changed.workspace.ROOT, [path], STAGES)
    files = set(map(str, made.files))
    assert "loyalty_b2b2c/tests/rewards/test_redemption.py" in files
    assert "loyalty_b2b2c_portal/tests/test_portal_store.py" in files
    assert made.stages == {"lint"}
    every = [*changed.workspace.ROOT.glob("loyalty_b2b2c*/tests/**/test_*.py")]
    assert len(files) < len(every) / 2  # many packages build on it


# === WHAT CHANGED === #


@pytest.fixture
def checkout(tmp_path):
    """A repository with one commit on main; call it to run git there."""

    def git(*arguments):
        argv = ["git", "-C", str(tmp_path), "-c", "user.name=A", "-c", "user.email=a@b"]
        subprocess.run([*argv, *arguments], check=True, capture_output=True)

    git("init", "-b", "main")
    (tmp_path / "kept.py").write_text("1")
    (tmp_path / "gone.py").write_text("1")
    git("add", ".")
    git("commit", "-m", "first")
    return git


def since(folder):
    paths = changed.files_since(folder, changed.base_of(folder))
    return [path.as_posix() for path in paths]


def test_a_branch_is_compared_with_where_it_left_main(tmp_path, checkout):
    checkout("checkout", "-b", "topic")
    (tmp_path / "kept.py").write_text("2")
    (tmp_path / "gone.py").unlink()
    checkout("commit", "-a", "-m", "second")
    (tmp_path / "new.py").write_text("1")
    assert since(tmp_path) == ["gone.py", "kept.py", "new.py"]


def test_main_is_compared_with_itself_or_its_last_commit(tmp_path, checkout):
    (tmp_path / "kept.py").write_text("2")
    assert since(tmp_path) == ["kept.py"]
    checkout("commit", "-a", "-m", "second")
    (tmp_path / "new.py").write_text("1")
    assert since(tmp_path) == ["new.py"]
    (tmp_path / "new.py").unlink()
    assert since(tmp_path) == ["kept.py"]


def test_files_are_named_from_the_root(tmp_path, checkout):
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "ім'я.py").write_text("1")
    assert changed.files_since(tmp_path, "HEAD") == [Path("folder/ім'я.py")]
