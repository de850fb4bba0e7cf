"""What keeps a sale going: faults of an incentive are logged, and stop nothing."""

import logging
from functools import wraps

from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY

_logger = logging.getLogger(__name__)


def harmless(words, instead=None):
    """Mark a method whose fault must never stop a sale, a delivery or a payment.

    What it wrote is taken back, the fault is logged, and the caller goes on.  Called on
    no records it does nothing, unless it is a method of the model (``api.model``): Odoo
    calls its hooks for nothing dozens of times, and a guard writes what waits to be
    written.

    :param str words: what went wrong, with ``%s`` for the records
    :param instead: function of the records: what is returned then, nothing by default
    """

    def decorate(method):
        is_of_model = getattr(method, "_api_model", False)

        @wraps(method)
        def attempt(self, *args, **kwargs):
            if not self and not is_of_model:
                return instead(self) if instead else None
            env = self.env
            env.flush_all()  # what the caller wrote is not ours to take back
            try:
                # Odoo's cache stays: its callers rely on what they read before
                with env.cr.savepoint(flush=False):
                    result = method(self, *args, **kwargs)
                    env.flush_all()
                    return result
            except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
                raise  # the whole request is retried by Odoo
            except Exception:
                _logger.exception(words, self)
                return instead(self) if instead else None

        return attempt

    return decorate
