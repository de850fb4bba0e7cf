"""Six months: orders, scans, shipments, requests, contests, and what went wrong."""

import random
from contextlib import ExitStack
from datetime import datetime, timedelta
from unittest.mock import patch

from freezegun import freeze_time

from tools.demo.life import extras, people
from tools.demo.life.counter import Counter
from tools.demo.life.days import DAYS, Days
from tools.demo.life.sales import Sales
from tools.demo.life.shops import Shops

_QUIET = 3  # days at the beginning in which nothing happens yet


def load(env, remember):
    """Let the half year before today pass.

    :param env: superuser environment of a demo company whose programs began
        :data:`~.days.DAYS` days ago; commits
    :param remember: function (env, name, record) that keeps a record findable
    """
    rng = random.Random(19)
    end = datetime.now().replace(microsecond=0) - timedelta(hours=1)
    start = (end - timedelta(days=DAYS - _QUIET)).replace(hour=6, minute=0, second=0)
    with ExitStack() as stack:
        email = type(env["b2b2c.channel.email"])
        stack.enter_context(patch.object(email, "_send", _send))
        frozen = stack.enter_context(freeze_time(start, ignore=["psutil"]))
        days = Days(env, frozen, rng, end)
        contacts = people.add_offices(env, start, rng)
        shops = people.add_shops(env, start, rng)
        actors = [
            Sales(days, contacts),
            Shops(days, shops),
            Counter(days, contacts),
        ]
        extras.plan(days, start, remember)
        for number in range(DAYS - _QUIET):
            morning = start + timedelta(days=number)
            for actor in actors:
                days.at(morning, actor.plan_day, morning)
            days.at(morning + timedelta(hours=16), _night, env)
        days.run()
    extras.add_waiting(env, remember)
    env.cr.commit()


def _send(_channel, message):
    """Stand for a mail server of the past: what was written then has arrived."""
    mails = message.env["mail.mail"].sudo()
    return mails.create({"subject": message.subject, "state": "sent"})


def _night(env):
    """Do what scheduled actions do every day."""
    env["b2b2c.challenge"]._cron_live()
    env["b2b2c.account"]._cron_expire()
    env["b2b2c.notification"]._cron_send()
    env["mail.mail"].search([("state", "=", "sent")]).unlink()
