"""Servers that are forked from this process, which has loaded Odoo already.

They answer at once, where a server program loads Odoo for as long as most races last.
They can be made worse, too: that is what controls are played on.  A test of the server
program itself (what it logs, how it dies, what it pushes) starts
`odoo_env.odoo_server`.
"""

import contextlib
import time
from functools import partial
from types import SimpleNamespace

from controls import replace_methods
from race import start

from tools import odoo_process

HURRY = 20  # so many times shorter are the pauses before a conflict is tried again


@contextlib.contextmanager
def forked(database, count=1, sabotage=None):
    """URLs of servers, each a process of its own that answers one request at a time.

    :param sabotage: called first in every process with the registry; removes a guard
        for a control
    """
    ports = [odoo_process.free_port() for _number in range(count)]
    jobs = [partial(serve, port=port) for port in ports]
    crew = start(database, *jobs, sabotage=sabotage)
    urls = [f"http://127.0.0.1:{port}" for port in ports]
    try:
        for url, (process, _pipe) in zip(urls, crew, strict=True):
            while not odoo_process.answers(url):
                assert process.is_alive(), "the server did not start"
        yield urls
    finally:
        for process, _pipe in crew:
            process.kill()
            process.join()


def serve(racer, port):
    """Answer HTTP in this process until it is killed, as a worker of Odoo does it."""
    from werkzeug.serving import make_server

    import odoo.http
    import odoo.service.model
    from odoo.tools import config

    # Odoo waits up to seconds before it tries again; the races get hotter without
    pause = SimpleNamespace(sleep=lambda seconds: time.sleep(seconds / HURRY))
    replace_methods(odoo.service.model, time=pause)
    config["dbfilter"] = f"^{racer.database}$"
    make_server("127.0.0.1", port, odoo.http.root).serve_forever()
