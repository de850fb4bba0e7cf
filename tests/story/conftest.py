"""The story's server; the chapters are played on it one after the other."""

import base64
import contextlib
import json
import os
import sys
from pathlib import Path
from unittest.mock import patch

import pytest
from book import Story

from tools import odoo_env
from tools.demo import company

# later chapters meet people of earlier ones; the clock of S3 runs ahead, so it is last
CHAPTERS = (
    "s4",
    "documents",
    "s2",
    "s1",
    "rewards",
    "vouchers",
    "join",
    "api",
    "terminal",
    "storefront",
    "goods",
    "receipts",
    "pallet",
    "seller",
    "settlement",
    "challenges",
    "tasks",
    "activities",
    # these play with everything there is, or stop what is not theirs
    "chat",
    "mechanics",
    "s3",
)
LAST = 3  # so many chapters come after those that are not named here


def pytest_addoption(parser):
    parser.addoption("--report", help="file for what the story showed, as JSON")


def pytest_collection_modifyitems(items):
    """Put the chapters into their order, and new ones before the last ones."""
    names = [f"test_story_{name}" for name in CHAPTERS]

    def place(item):
        name = Path(item.path).stem
        return names.index(name) if name in names else len(names) - LAST - 0.5

    items.sort(key=place)


@pytest.fixture(scope="session")
def story(request):
    """The story, on a server of its own with the demo company."""
    capture = request.config.pluginmanager.getplugin("capturemanager")

    def report(line):
        with capture.global_and_fixture_disabled():
            print(line, flush=True)

    with contextlib.ExitStack() as stack:
        key = base64.b64encode(bytes(range(32))).decode()
        stack.enter_context(patch.dict(os.environ, B2B2C_VOUCHER_KEY=key))
        # Odoo's log handler outlives a test: it must not get the stream pytest closes
        stack.enter_context(contextlib.redirect_stderr(sys.__stderr__))
        database = stack.enter_context(
            odoo_env.fresh_database(assets=True, bridges=True)
        )
        server = stack.enter_context(odoo_env.odoo_server(database))
        report(f"server on {server.url}, its log is {server.log_path}")
        with odoo_env.open_environment(database) as env:
            company.load(env)
        _forget(database)
        told = Story(server.url, database, company.PASSWORDS, report)
        yield told
        wrong = sum(item["status"] != "ok" for item in told.items)
        report(f"{len(told.items) - wrong} ok, {wrong} WRONG")
        if path := request.config.getoption("--report"):
            Path(path).write_text(json.dumps(told.items, ensure_ascii=False, indent=1))


def _forget(database):
    """Let go of the database in this process: the fixture drops it later."""
    import odoo.sql_db
    from odoo.modules.registry import Registry

    Registry.delete(database)
    odoo.sql_db.close_all()
