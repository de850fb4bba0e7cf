"""Odoo for scripts that ./loyalty starts: story, benches, concurrency tests.

`open_environment` runs Odoo in this process, `odoo_server` in another one.
"""

import contextlib

from tools import odoo_process, workspace


@contextlib.contextmanager
def open_environment(database, server=None):
    """An `env` of the superuser with a real cursor: committed on a clean exit, rolled
    back on an exception; `env.cr.commit()` in between is allowed.

    :param server: a throw-away cluster, when the database is there
    """
    _configure(database, server)
    import odoo.api
    from odoo.modules.registry import Registry

    with Registry(database).cursor() as cursor:
        yield odoo.api.Environment(cursor, odoo.api.SUPERUSER_ID, {})


def _configure(database, server):
    from odoo.tools import config

    current = workspace.from_environment()
    config.parse_config(
        ["-c", str(current.configuration()), "-d", database, "--log-level=warn"],
        setup_logging=True,
    )
    if server:
        config["db_host"], config["db_port"] = server.host, server.port
        config["db_user"], config["db_password"] = server.user, None


@contextlib.contextmanager
def odoo_server(database, workers=0, port=None, with_crons=False, server=None):
    """A real server process for the block; it answers when the block begins.

    :param server: a throw-away cluster, when the database is there
    :return: has `.url`, `.pid`, `.log_path`, `.kill9()`, `.stop()`
    """
    current = workspace.from_environment()
    settings = server.environment() if server else {}
    running = odoo_process.start_server(
        current,
        database,
        workers=workers,
        port=port,
        with_crons=with_crons,
        environment=current.environment(**settings),
    )
    try:
        yield running
    finally:
        running.stop()
