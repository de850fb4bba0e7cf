"""Odoo for scripts that ./loyalty starts: story, benches, concurrency tests.

`open_environment` runs Odoo in this process, `odoo_server` in another one.
"""

import contextlib
import os
import shutil

from tools import odoo_process, workspace
from tools.databases import Databases
from tools.steps import run


@contextlib.contextmanager
def open_environment(database, server=None):
    """An `env` of the superuser with a real cursor: committed on a clean exit, rolled
    back on an exception; `env.cr.commit()` in between is allowed.

    :param server: a throw-away cluster, when the database is there
    """
    configure(database, server)
    import odoo.api
    from odoo.modules.registry import Registry

    with Registry(database).cursor() as cursor:
        yield odoo.api.Environment(cursor, odoo.api.SUPERUSER_ID, {})


def configure(database, server=None):
    """Tell Odoo in this process where a database is.

    :param server: a throw-away cluster, when the database is there
    """
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


@contextlib.contextmanager
def fresh_database(assets=False, bridges=False):
    """Name of a clone of the template with our modules, dropped after the block.

    :param assets: whether a browser will open its pages
    :param bridges: whether other apps and our bridges to them are wanted as well
    """
    databases = Databases(workspace.from_environment())
    template = databases.bridges_template if bridges else databases.ours_template
    with databases.fresh(template(assets=assets)) as name:
        yield name


@contextlib.contextmanager
def cluster_database(cluster):
    """Name of a copy of the template in a throw-away cluster, for the block.

    The cluster has no database but this one; its files share our data folder.
    """
    current = workspace.from_environment()
    databases = Databases(current)
    template = databases.ours_template()
    name = databases.temporary_name()
    dump = cluster.folder / "template.dump"
    failure = "could not copy the template"
    run(
        ["pg_dump", "-Fc", "-Z0", "-f", dump, template],
        failure,
        env=current.environment(),
    )
    target = current.environment(**cluster.environment())
    with cluster.loading():
        run(["createdb", "-T", "template0", name], failure, env=target)
        run(["pg_restore", "-j2", "--no-owner", "-d", name, dump], failure, env=target)
    dump.unlink()
    files = databases.filestore / name
    if (databases.filestore / template).is_dir():
        shutil.copytree(databases.filestore / template, files, copy_function=os.link)
    try:
        yield name
    finally:
        shutil.rmtree(files, ignore_errors=True)
