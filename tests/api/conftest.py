"""A real server with a key for it; started by `./loyalty test api`."""

import contextlib
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from tools import odoo_env

sys.path.append(str(Path(__file__).resolve().parent.parent / "concurrency"))

PHONE = "+380671000000"


@dataclass
class Api:
    """A running server.

    :param token: of a key that may do everything
    """

    url: str
    database: str
    token: str


@pytest.fixture(scope="module")
def api():
    """A server of two workers on a database of its own, with people and products."""
    with odoo_env.fresh_database() as database:
        # Odoo's log handler outlives the test: it must not get the stream pytest closes
        with contextlib.redirect_stderr(sys.__stderr__):
            token = _prepare(database)
        with odoo_env.odoo_server(database, workers=2) as server:
            yield Api(server.url, database, token)


def _prepare(database):
    """Make a shop, people and products; return a key's token."""
    import world

    with odoo_env.open_environment(database) as env:
        made = world.make(env, members=2)
        made.client.write({"ref": "SHOP-17", "is_company": True})
        made.product.write({"default_code": "PAPER-A4", "barcode": "4820000000017"})
        made._create_program(
            {"trigger": "paid"},
            {"trigger": "delivered", "kind": "per_unit", "value": 2},
            notify=False,
        )
        key = env["b2b2c.api.key"].create(
            {"name": "Tests", "can_read": True, "rate_limit": 100000}
        )
        token = key._renew()
    _forget(database)
    return token


def _forget(database):
    """Let go of the database in this process: the fixture drops it later."""
    import odoo.sql_db
    from odoo.modules.registry import Registry

    Registry.delete(database)
    odoo.sql_db.close_all()
