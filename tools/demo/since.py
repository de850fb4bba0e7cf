"""Since when the demo company has its programs and people."""

from datetime import timedelta

from odoo import fields


def get_start(env, days=60):
    """Return the moment so many days ago, or when the demo's longer history begins.

    Programs begin there, so that old orders of other data sets are not theirs.

    :param env: its context may say ``demo_days``
    :return: naive UTC
    """
    return fields.Datetime.now() - timedelta(days=env.context.get("demo_days", days))
