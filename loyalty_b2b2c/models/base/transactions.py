"""Transactions of our own: after a commit and in scheduled actions."""

import random
import time

from odoo import SUPERUSER_ID, api
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY

MAX_TRIES = 6


def in_transaction(registry, function):
    """Run ``function(env)`` as superuser in its own transaction, and commit.

    Repeats on serialization failures: Odoo does that for requests, not for crons and
    not after a commit.
    """
    for attempt in range(1, MAX_TRIES + 1):
        try:
            with registry.cursor() as cr:
                return function(api.Environment(cr, SUPERUSER_ID, {}))
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
            if attempt == MAX_TRIES:
                raise
            time.sleep(random.uniform(0, 0.01 * 2**attempt))
    return None
