"""A file of voucher codes, and its import in a worker process."""

import base64
import resource
import secrets
import time

import shop

#: How every code begins: a dump is searched for it.
MARK = "ZQXJVW"
#: What is stored in clear, so that a search that finds nothing is noticed.
CLEAR = "WVJXQZ"
_LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"


def upload(registry, number):
    """Upload a file of `number` codes to a new pool.

    :return: id of the import, seconds, megabytes this process had at most
    """
    codes = {f"{MARK}-{_code(6)}-{_code(6)}" for _row in range(number)}
    while len(codes) < number:
        codes.add(f"{MARK}-{_code(6)}-{_code(6)}")
    file = "\n".join(["Code;Valid until", *(f"{code};31.12.2099" for code in codes)])
    content = base64.b64encode(file.encode())
    started = time.perf_counter()
    with registry.cursor() as cursor:
        env = shop.superuser(cursor)
        cinema = env["res.partner"].create({"name": f"Cinema {CLEAR}"})
        pool = env["b2b2c.voucher.pool"].create(
            {"name": "Ticket", "partner_id": cinema.id}
        )
        record = env["b2b2c.voucher.import"].create(
            {"pool_id": pool.id, "upload": content}
        )
        record.action_import()  # too large to be done at once: it waits
        return {
            "id": record.id,
            "seconds": time.perf_counter() - started,
            "megabytes": _get_megabytes(),
        }


def _code(length):
    return "".join(secrets.choice(_LETTERS) for _place in range(length))


def run(registry, record_id):
    """Go on with an import as its scheduled action does, a commit per batch.

    :return: seconds, megabytes this process had at most, codes added
    """
    started = time.perf_counter()
    with registry.cursor() as cursor:
        env = shop.superuser(cursor)
        record = env["b2b2c.voucher.import"].browse(record_id)
        for _rows in record._run(commit=True):
            cursor.commit()
        return {
            "seconds": time.perf_counter() - started,
            "megabytes": _get_megabytes(),
            "state": record.state,
            "added": record.added_count,
        }


def _get_megabytes():
    """Return how much memory this process had at most."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
