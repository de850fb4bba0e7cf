"""Databases for the races; started by `./loyalty test concurrency`."""

import contextlib
import sys

import pytest

from tools import odoo_env

_kept = []  # the registry that waits for the next database, see `kept`


@pytest.fixture
def database():
    """Name of a database of its own with our modules, dropped after the test."""
    with odoo_env.fresh_database() as name, kept(name):
        yield name


def registered(name, server=None):
    """Load the registry of a database."""
    # Odoo's log handler outlives the test: it must not get the stream pytest closes
    with contextlib.redirect_stderr(sys.__stderr__):
        with odoo_env.open_environment(name, server=server):
            pass


@contextlib.contextmanager
def kept(name):
    """Let the clones of the template have one registry, one after the other.

    To load one takes longer than most races.  Tests change it in forked processes, or
    add fakes to it: then it is kept no longer.  Of what Odoo itself remembers of a
    database nothing is left.
    """
    import odoo.sql_db
    from odoo.modules.registry import Registry

    if _kept:
        odoo_env.configure(name)  # the test before may have been on another server
        registry = Registry.registries[name] = _kept.pop()
        registry.db_name, registry._db = name, odoo.sql_db.db_connect(name)
        registry.clear_all_caches()
        registry.cache_invalidated.clear()
        sequence = registry.registry_sequence
        registry.setup_signaling()
        if registry.registry_sequence != sequence:  # a test has changed models
            Registry.delete(name)
    with forgotten(name):
        registered(name)
        columns = get_fields(Registry(name))
        yield
        if get_fields(Registry(name)) == columns:  # no fake of a test is in it
            _kept.append(Registry(name))


def get_fields(registry):
    """Return the names of the fields of all models of a registry."""
    return {model: frozenset(cls._fields) for model, cls in registry.items()}


@contextlib.contextmanager
def forgotten(name):
    """Close connections and drop the registry of a database after the block."""
    try:
        yield
    finally:
        import odoo.sql_db
        from odoo.modules.registry import Registry

        Registry.delete(name)
        odoo.sql_db.close_all()


@pytest.fixture
def report(capfd):
    """Print figures past pytest's capture: the gate shows them on success too."""

    def say(title, **figures):
        text = ", ".join(f"{name} {value}" for name, value in figures.items())
        with capfd.disabled():
            print(f"\n  {title}: {text}", flush=True)

    return say
