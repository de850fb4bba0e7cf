"""What keeps a till going: faults of ours are logged, and caught up later."""

import logging
from functools import wraps

from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY

_logger = logging.getLogger(__name__)


def harmless(words, instead=None):
    """Mark a method whose fault must never stop a sale, a payment or a start.

    What it wrote is taken back, the fault is logged, and the caller goes on.  Each
    override of a method of tills calls nothing of ours that is not marked so; a test
    throws a fault into everything that runs there.

    :param str words: what went wrong, with ``%s`` for the records
    :param instead: function of the records: what is returned then, nothing by default
    """

    def decorate(method):
        @wraps(method)
        def attempt(self, *args, **kwargs):
            try:
                with self.env.cr.savepoint():
                    return method(self, *args, **kwargs)
            except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
                raise  # the whole request is retried by Odoo
            except Exception:
                _logger.exception(words, self)
                return instead(self) if instead else None

        return attempt

    return decorate
