"""The mark of methods with which somebody decides something for somebody."""

from functools import wraps


def decides(*gains, asked_by=None):
    """Mark a method of a model that decides for people, and ask before it runs.

    Whoever calls it must be nobody who gains by it: see ``b2b2c.authority``.  A test
    lists every public method that is not marked, so forgetting it is noticed.

    :param gains: paths of fields to who gains, ``b2b2c.member`` or ``res.partner``; an
        empty path is the record itself
    :param str asked_by: path to the ``res.users`` who asked, when a second person has
        to decide
    """

    def decorate(method):
        @wraps(method)
        def decide(self, *args, **kwargs):
            self.env["b2b2c.authority"]._check_decision(self, gains, asked_by)
            return method(self, *args, **kwargs)

        decide._decides = gains
        return decide

    return decorate
