"""Finding Odoo, package sources, servers; the cache."""

import pytest

from tools import (
    apt,
    cache,
    databases,
    odoo_process,
    odoo_source,
    postgres,
    workspace,
)
from tools.steps import UserError

DEB822 = """# comment
Types: deb
URIs: mirror://debian
Suites: stable stable-updates
Components: main contrib
Signed-By: /keys/debian.gpg

Types: deb
URIs: mirror://security
Suites: stable-security
Components: main
"""


def tree(folder, version):
    (folder / "odoo" / "addons").mkdir(parents=True)
    text = f"FINAL = 'final'\nversion_info = {version}\n"
    (folder / "odoo" / "release.py").write_text(text)
    return folder


# === ODOO === #


def test_version_is_read_without_running_the_file(tmp_path):
    tree(tmp_path, "(19, 0, 0, FINAL, 0, '')")
    assert odoo_source.version_info(tmp_path) == (19, 0, 0, "FINAL", 0, "")


@pytest.mark.parametrize("text", ["", "version_info = ", "version = '19.0'"])
def test_no_version(tmp_path, text):
    (tmp_path / "odoo").mkdir()
    (tmp_path / "odoo" / "release.py").write_text(text)
    assert not odoo_source.version_info(tmp_path)


def test_folder_called_odoo_is_no_odoo(tmp_path, monkeypatch):
    (tmp_path / "odoo").mkdir()
    monkeypatch.setenv("ODOO_SRC", str(tmp_path))
    with pytest.raises(UserError, match="no odoo/release.py"):
        odoo_source.find()


@pytest.mark.parametrize("version", ["(18, 0, 0, FINAL, 0, '')", "('saas~19', 1)"])
def test_wrong_series_is_refused(tmp_path, monkeypatch, version):
    monkeypatch.setenv("ODOO_SRC", str(tree(tmp_path, version)))
    with pytest.raises(UserError, match="19.0 is needed"):
        odoo_source.find()


def test_upstream_checkout_has_two_addons_folders(tmp_path, monkeypatch):
    tree(tmp_path, "(19, 0, 0, FINAL, 0, '')")
    selfie = tmp_path / "addons" / "mail/static/lib/selfie_segmentation"
    selfie.mkdir(parents=True)
    (selfie / "selfie_segmentation.js").touch()
    monkeypatch.setenv("ODOO_SRC", str(tmp_path))
    found = odoo_source.find()
    assert found.version == "19.0.0"
    assert found.addons_path == [tmp_path / "odoo" / "addons", tmp_path / "addons"]


# === PACKAGE SOURCES === #


def test_main_source_is_the_release_itself():
    found = apt.main_source(apt.stanzas(DEB822), "stable")
    assert found["uris"] == "mirror://debian"
    text = apt.source_text(found, ("sid", "stable"))
    assert "Suites: sid stable\n" in text
    assert "Signed-By: /keys/debian.gpg\n" in text


def test_one_line_sources():
    text = "# x\ndeb [arch=amd64 signed-by=/k.gpg] mirror://debian stable main # y\n"
    [found] = apt.one_line_sources(text)
    assert found == {
        "uris": "mirror://debian",
        "suites": "stable",
        "components": "main",
        "signed-by": "/k.gpg",
    }


def test_no_source_for_another_release():
    assert apt.main_source(apt.stanzas(DEB822), "oldstable") is None


# === POSTGRESQL === #


def test_database_url():
    found = postgres.from_url("postgresql://me:p%40ss@db.example:6432/postgres")
    assert (found.host, found.port) == ("db.example", 6432)
    assert (found.user, found.password) == ("me", "p@ss")
    assert found.environment()["PGPASSWORD"] == "p@ss"


def test_database_url_of_something_else():
    with pytest.raises(UserError):
        postgres.from_url("mysql://db.example")


# === CACHE === #


def test_key_depends_on_every_part():
    assert cache.key("a", "b") == cache.key("a", "b")
    assert len({cache.key("a", "b"), cache.key("ab"), cache.key("a", "c")}) == 3


def test_folder_appears_only_when_finished(tmp_path, monkeypatch):
    monkeypatch.setenv("LOYALTY_CACHE", str(tmp_path))
    target = tmp_path / "thing"

    def interrupted(draft):
        (draft / "half").touch()
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        cache.finished(target, interrupted)
    assert [path.name for path in tmp_path.iterdir()] == ["locks"]
    assert cache.finished(target, lambda draft: (draft / "all").touch())
    assert not cache.finished(target, interrupted)
    assert [path.name for path in target.iterdir()] == ["all"]


def test_second_holder_of_a_lock_is_told(tmp_path, monkeypatch):
    monkeypatch.setenv("LOYALTY_CACHE", str(tmp_path))
    with cache.lock("x") as first, cache.lock("x", wait=False) as second:
        assert first
        assert second is None


# === WHAT MAKES A DATABASE STALE === #

MODEL = """
class A(models.Model):
    _name = "a"
    {field}

    @api.depends("x")
    def _compute(self):
        {body}

    def init(self):
        {init}
"""


def declarations(field="x = fields.Char()", body="pass", init="pass"):
    return databases.declarations(MODEL.format(field=field, body=body, init=init))


def test_body_of_a_method_is_no_declaration():
    assert declarations() == declarations(body="return 2")


@pytest.mark.parametrize(
    "change", [{"field": "x = fields.Text()"}, {"init": "self.create_trigger()"}]
)
def test_declaration(change):
    assert declarations() != declarations(**change)


# === LOGS OF ODOO === #

LOG = """2026-01-01 10:00:00,123 42 ERROR db odoo.registry: Failed to load registry
Traceback (most recent call last):
  File "x.py", line 1, in y
psycopg2.errors.UndefinedColumn: no such column
LINE 1: SELECT
{last}
"""


@pytest.mark.parametrize(
    ("last", "expected"),
    [
        ("odoo.tools.convert.ParseError: while parsing x.xml", "while parsing x.xml"),
        ("", "Failed to load registry"),
    ],
)
def test_reason_of_a_failed_installation(last, expected):
    assert expected in odoo_process.reason(LOG.format(last=last))


def test_error_lines():
    assert len(odoo_process.error_lines(LOG)) == 1


# === FILES === #


def test_each_server_has_its_own_files():
    def data_dir(**server):
        return workspace.Workspace(
            importable="",
            odoo_identity="",
            addons_path=(),
            server=postgres.Server(**server),
            browser_dir="",
            libraries={},
        ).data_dir

    own = data_dir(host="/socket", port=1, user="odoo", origin=postgres.OWN)
    one = data_dir(host="db.example", port=5432, user="odoo", origin="PGHOST")
    other = data_dir(host="db.example", port=5433, user="odoo", origin="PGHOST")
    assert len({own, one, other}) == 3
    assert one == data_dir(
        host="db.example", port=5432, user="odoo", origin="DATABASE_URL"
    )


# === WHEN TEMPORARY DATABASES ARE DROPPED === #


class NamesOnly(databases.Databases):
    """Databases that are names in a list."""

    def __init__(self, ready):
        super().__init__(ready)
        self.made = []

    def clone(self, source, target):
        self.made.append(target)

    def drop(self, name):
        self.made.remove(name)

    def names(self):
        return list(self.made)


@pytest.mark.parametrize("is_roomy", [True, False])
def test_databases_stay_to_the_end_where_there_is_room(tmp_path, monkeypatch, is_roomy):
    monkeypatch.setenv("LOYALTY_CACHE", str(tmp_path))
    monkeypatch.setattr(databases, "ROOM", 0 if is_roomy else 2**80)
    server = postgres.Server("localhost", 5432, "odoo")
    ready = workspace.Workspace("", "", (), server, "", {})
    mine = NamesOnly(ready)
    mine.made += ["postgres", "lb2b_run_1_1"]  # of a process that lives
    with mine.dropped_at_the_end() as mine.workspace:
        for _number in range(2):
            with mine.fresh("template") as name:
                assert name in mine.made
        assert len(mine.made) == (4 if is_roomy else 2)
    assert mine.made == ["postgres", "lb2b_run_1_1"]
