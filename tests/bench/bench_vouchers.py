"""A million codes of a partner: imported by processes that are killed, and a dump of
the database that holds none of them."""

import base64
import os
import re
import secrets
import subprocess
import time

from harness import PROGRAMS, Worker, limit, note
from voucher_file import CLEAR, MARK

CODES = int(os.environ.get("B2B2C_BENCH_CODES", "1000000"))
SECONDS, MEGABYTES = 600, 1536
#: Shares of the file after which the process that imports it is killed.
KILLED_AFTER = (0.25, 0.6)
STATE = "SELECT rows_done, state FROM b2b2c_voucher_import WHERE id = %s"


def run(ctx):
    """Rows: seconds and megabytes of the import, codes, what a dump tells."""
    os.environ["B2B2C_VOUCHER_KEY"] = base64.b64encode(secrets.token_bytes(32)).decode()
    with ctx.fresh_database() as database:
        uploaded = _call(database, "voucher_file.upload", number=CODES)
        seconds, megabytes = uploaded["seconds"], uploaded["megabytes"]
        for share in KILLED_AFTER:
            ctx.say(f"killed after {share:.0%} of the rows")
            seconds += _kill_after(ctx, database, uploaded["id"], share * CODES)
        last = _call(database, "voucher_file.run", record_id=uploaded["id"])
        seconds += last["seconds"]
        megabytes = max(megabytes, last["megabytes"])
        with ctx.open_environment(database) as env:
            env.cr.execute(
                "SELECT count(*), count(DISTINCT code_index), count(DISTINCT row),"
                " pg_total_relation_size('b2b2c_voucher') / 1e6 FROM b2b2c_voucher"
            )
            rows, codes, numbers, size = env.cr.fetchone()
            key = {"host": env.cr._cnx.info.host, "port": env.cr._cnx.info.port,
                   "user": env.cr._cnx.info.user}  # fmt: skip
        found, control, dumped = _search_dump(database, key)
    return [
        limit(f"{CODES:,} codes, killed twice, s", seconds, f"<= {SECONDS}",
              seconds <= SECONDS),
        limit("memory of a process, MB", megabytes, f"<= {MEGABYTES}",
              megabytes <= MEGABYTES),
        limit("codes, each once", codes, f"= {CODES}",
              codes == rows == numbers == CODES and last["state"] == "done"),
        limit("codes found in a dump", found, "= 0", found == 0),
        limit("a name in clear found in it", control, "> 0", control > 0),
        note("the dump, MB", dumped),
        note("table and indexes, MB", float(size)),
    ]  # fmt: skip


def _call(database, name, **arguments):
    """Call a function in a process of its own; its result."""
    worker = Worker(database).wait_ready()
    try:
        return worker.call(name, **arguments)
    finally:
        worker.stop()


def _kill_after(ctx, database, record_id, rows):
    """Let a process import until so many rows are read, and kill it in the next batch;
    the seconds that took."""
    worker = Worker(database).wait_ready()
    started = time.perf_counter()
    worker.start("voucher_file.run", record_id=record_id)
    done = 0
    while done < rows:
        time.sleep(0.05)
        with ctx.open_environment(database) as env:
            env.cr.execute(STATE, [record_id])
            done, state = env.cr.fetchone()
        if state != "waiting":
            raise RuntimeError("the import was over before the process was killed")
    time.sleep(0.3)  # it is in the middle of the next batch
    worker.kill()
    return time.perf_counter() - started


def _search_dump(database, server):
    """Search a dump of the database for the codes, in clear, as bytes or as base64.

    :return: how often they were found, how often a name that is in clear, and megabytes
        of the dump
    """
    pattern, control = _get_pattern(MARK), _get_pattern(CLEAR)
    command = [str(PROGRAMS / "pg_dump"), "-d", database]
    for option, name in (("-h", "host"), ("-p", "port"), ("-U", "user")):
        if server[name]:
            command += [option, str(server[name])]
    found = in_clear = size = 0
    with subprocess.Popen(command, stdout=subprocess.PIPE) as dump:
        for line in dump.stdout:
            size += len(line)
            found += len(pattern.findall(line))
            in_clear += len(control.findall(line))
    if dump.returncode or not size:
        raise RuntimeError("the database could not be dumped")
    return found, in_clear, size / 1e6


def _get_pattern(text):
    """Return what finds a text in clear, in bytes, and as base64 of either."""
    text = text.encode()
    forms = [text] + [
        base64.b64encode(b" " * shift + text)[4 * (shift > 0) : -4]
        for shift in range(3)
    ]
    forms += [form.hex().encode() for form in forms]
    return re.compile(b"|".join(map(re.escape, forms)))
