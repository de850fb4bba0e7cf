"""The demo: one persistent database and a server in the background."""

import json
import os
import signal
import subprocess
import sys
import time

import psutil

from tools import cache, odoo_process, postgres, workspace
from tools.databases import Databases, schema_key
from tools.demo import phone, voucher_key
from tools.steps import UserError, say, step
from tools.workspace import ROOT, modules

DATABASE = "loyalty_demo"
MARK = "result: "
LOAD_COMPANY = """
import json, sys
sys.path.insert(0, {root!r})
from tools.demo import life
from tools.demo.company import load
logins = load(env, life)
env.cr.commit()
print({mark!r} + json.dumps(logins, default=str))
"""
LOAD_PHONE = """
import json, sys
sys.path.insert(0, {root!r})
from tools.demo import phone
settings = phone.load(env, {port})
env.cr.commit()
print({mark!r} + json.dumps(settings))
"""
VERIFY = """
import json
Account = env["b2b2c.account"]
Dealer = env["b2b2c.ladder.standing"]
differences = Account._verify_all({arguments})
if {rebuild}:
    Dealer.search([])._count_documents()
    Dealer.search([])._evaluate()
differences += Dealer.search([])._prove()
differences += env["b2b2c.challenge.round"]._find_open()._prove()
env.cr.commit()
result = {{
    "accounts": Account.with_context(active_test=False).search_count([]),
    "entries": env["b2b2c.ledger.entry"].search_count([]),
    "dealers": Dealer.search_count([]),
    "volumes": env["b2b2c.volume.entry"].search_count([]),
    "differences": [str(difference) for difference in differences],
    "seals": Account._word_seal_tail(),
}}
print({mark!r} + json.dumps(result))
"""


def main(arguments):
    """`./loyalty demo` with its options."""
    if arguments.orders and not arguments.data:
        raise UserError("--orders goes with --data retail")
    if arguments.stop or arguments.reset:
        stopped = stop()
        if arguments.stop:
            say("demo stopped" if stopped else "no demo was running")
            if not arguments.reset:
                return 0
    voucher_key.use()
    with workspace.opened() as ready:
        databases = Databases(ready)
        databases.sweep()
        if arguments.reset:
            databases.drop(DATABASE)
            if arguments.stop:
                say("demo database dropped")
                return 0
        return start(ready, databases, arguments)


# === STATE === #


def _state_path():
    return cache.root() / "demo.json"


def state():
    """What runs: {"pid", "started", "url", "phone"} of a living demo server, else
    {}."""
    try:
        known = json.loads(_state_path().read_text())
        process = psutil.Process(known["pid"])
        # a process number is used again after a while, a start time is not
        alive = abs(process.create_time() - known["started"]) < 1
    except (OSError, ValueError, KeyError, psutil.Error):
        return {}
    return known if alive and process.status() != psutil.STATUS_ZOMBIE else {}


def stop():
    """Stop the demo server; whether there was one."""
    known = state()
    _state_path().unlink(missing_ok=True)
    if not known:
        return False
    running = [psutil.Process(known["pid"]), *_phones(known)]
    for process in running:
        process.send_signal(signal.SIGTERM)
    _gone, alive = psutil.wait_procs(running, timeout=15)
    for process in alive:
        process.kill()
    postgres.stop_unused()
    return True


def _phones(known):
    """The process of the phones beside a demo server: a list of it, or none."""
    try:
        process = psutil.Process(known["phone"]["pid"])
        is_ours = abs(process.create_time() - known["phone"]["started"]) < 1
    except (KeyError, psutil.Error):
        return []
    return [process] if is_ours else []


# === START === #


def start(ready, databases, arguments):
    """Make the database what the checkout is, start the server, say where it is."""
    known = state()
    note = databases.note(DATABASE) if databases.exists(DATABASE) else {}
    current = note.get("schema") == schema_key() and "logins" in note
    if known and _phones(known) and current and not arguments.data:
        if known["port"] != arguments.port:
            say(f"already running on port {known['port']}; --stop it to move it")
        _announce(known, note["logins"])
        return 0
    if not known and not odoo_process.port_is_free(arguments.port):
        raise UserError(
            f"port {arguments.port} is in use; choose another one with --port"
        )
    if known:
        stop()
    note = _prepare(ready, databases, note)
    if arguments.data:
        _load_retail(ready, arguments.orders)
    settings = _prepare_phone(ready, databases, note, arguments.port + 1)
    with step("server"):
        known = _start_server(ready, arguments.port)
    with step("phones"):
        known["phone"] = _start_phone(settings, known["url"])
    _state_path().write_text(json.dumps(known))
    _announce(known, note["logins"])
    return 0


def _prepare(ready, databases, note):
    """Install, update and fill the demo database as far as that is due; its note."""
    if not modules():
        raise UserError("no module is here yet")
    if not databases.exists(DATABASE):
        template = databases.ours_template(assets=True)
        with step("demo database"):
            databases.clone(template, DATABASE)
    elif note.get("schema") != schema_key():
        with step("demo database: update"):
            present = note.get("modules", [])
            new = [name for name in modules() if name not in present]
            there = [name for name in modules() if name in present] or modules()
            # first what is there: new modules find the tables of today's code
            odoo_process.install(ready, DATABASE, *there, update=True)
            if new:
                odoo_process.install(ready, DATABASE, *new)
    note = {**note, "schema": schema_key(), "modules": modules()}
    if "logins" not in note:
        with step("demo company"):
            note["logins"] = _load_company(ready)
    databases.set_note(DATABASE, note)
    return note


def _prepare_phone(ready, databases, note, port):
    """Give the company its chat channel, where that is due; what the phones need."""
    path = cache.root() / "phone.json"
    known = json.loads(path.read_text()) if path.exists() else {}
    if note.get("phone_port") != port or known.get("port") != port:
        with step("chat channel"):
            script = LOAD_PHONE.format(root=str(ROOT), mark=MARK, port=port)
            known = _result(odoo_process.shell(ready, DATABASE, script))
        path.touch(0o600)
        path.write_text(json.dumps(known))
        databases.set_note(DATABASE, {**note, "phone_port": port})
    return known


def _start_phone(settings, url):
    pid, address = phone.start(settings, url)
    started = psutil.Process(pid).create_time()
    return {"pid": pid, "started": started, "url": address}


def _load_company(ready):
    script = LOAD_COMPANY.format(root=str(ROOT), mark=MARK)
    return _result(odoo_process.shell(ready, DATABASE, script))


def _load_retail(ready, orders):
    """Load the retail slice, its progress and its report passed on."""
    argv = [sys.executable, "-m", "tools.demo.retail", DATABASE]
    argv += ["--orders", str(orders)] if orders else []
    done = subprocess.run(
        argv, stdin=subprocess.DEVNULL, cwd=ROOT, env=ready.environment()
    )
    if done.returncode:
        raise UserError("the retail data did not load; run it again, it goes on")


def _start_server(ready, port):
    # the server keeps the lock that keeps our database server running
    lock = os.environ.get("LOYALTY_POSTGRES_LOCK")
    running = odoo_process.start_server(
        ready,
        DATABASE,
        port=port,
        with_crons=True,
        log_path=cache.root() / "demo.log",
        pass_fds=[int(lock)] if lock else [],
    )
    known = {
        "pid": running.pid,
        "started": psutil.Process(running.pid).create_time(),
        "port": port,
        "url": running.url,
        "at": time.time(),
    }
    _state_path().write_text(json.dumps(known))
    return known


def _announce(known, logins):
    """Where to click first, for each role."""
    print(f"\nOdoo is running on {known['url']}\n")
    for login in logins:
        print(
            f"  {login.get('role', ''):<26} {login.get('login', ''):<22}"
            f" {login.get('password', ''):<14} {login.get('first_click', '')}".rstrip()
        )
    if "phone" in known:
        print(f"\n  {'The chat on a phone':<26} {known['phone']['url']}")
    print("\nstop: ./loyalty demo --stop     start over: ./loyalty demo --reset")


# === VERIFY === #


def verify(ready, rebuild):
    """Check every account of the demo against its entries; 1 when one is wrong."""
    databases = Databases(ready)
    if not databases.exists(DATABASE):
        raise UserError("there is no demo database; start one with ./loyalty demo")
    script = VERIFY.format(
        arguments="rebuild=True" if rebuild else "", rebuild=rebuild, mark=MARK
    )
    with step("ledger of the demo"):
        result = _result(odoo_process.shell(ready, DATABASE, script))
    for difference in result["differences"]:
        print(difference)
    print(
        f"{result['accounts']} accounts against {result['entries']} entries, "
        f"{result['dealers']} dealers against {result['volumes']} volumes: "
        f"{len(result['differences'])} differences"
    )
    print(result["seals"])
    return 1 if result["differences"] else 0


def _result(output):
    """The value a script printed behind MARK."""
    for line in output.splitlines():
        if MARK in line:
            return json.loads(line.split(MARK, 1)[1])
    raise UserError("the script ended without a result")
