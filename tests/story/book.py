"""The story: what was done, what was seen, and what should have been.

Every act is a public action called over HTTP as the person who would click it; every
figure is read back over HTTP.  One line per item of the mission; a wrong figure makes
it ``WRONG``.
"""

import functools
from datetime import datetime
from zoneinfo import ZoneInfo

from tools.web_client import Session

#: Where the company of the story is, and its people.
ZONE = ZoneInfo("Europe/Kyiv")


class Story:
    """Collects what was seen.

    :param url: address of a server whose database has the demo company
    :param passwords: of its logins
    :param report: called with each line
    """

    def __init__(self, url, database, passwords, report):
        self.url, self.database = url, database
        self.passwords, self.report = passwords, report
        self.items = []
        self.sessions = {}
        self.memory = {}

    def as_user(self, login):
        """Return the session of a demo login."""
        if login not in self.sessions:
            self.sessions[login] = Session(
                self.url, self.database, login, self.passwords[login]
            )
        return self.sessions[login]

    def show(self, item, did, seen, expected):
        """Note that doing ``did`` for ``item`` showed ``seen``."""
        status = "ok" if seen == expected else "WRONG"
        text = str(seen) if status == "ok" else f"{seen} (expected {expected})"
        self.items.append({"item": item, "did": did, "seen": text, "status": status})
        self.report(f"{item:<6} {status:<6} {did}: {text}")


def today():
    """Return the day it is for the company."""
    return datetime.now(ZONE).date()


def scene(item):
    """Make a test of a function that plays a scene of the story.

    It fails when anything it showed is wrong.  When it breaks, that is shown, and the
    other scenes go on.

    :param str item: of the mission, for a scene that breaks
    """

    def decorate(function):
        @functools.wraps(function)
        def play(story):
            before = len(story.items)
            try:
                function(story)
            except Exception as error:  # noqa: BLE001  the story tells it
                did = (function.__doc__ or function.__name__).strip()
                story.show(item, did, f"{type(error).__name__}: {error}", "no error")
            shown = story.items[before:]
            assert shown, "the scene showed nothing"
            wrong = [row for row in shown if row["status"] != "ok"]
            assert not wrong, "\n".join(f"{row['did']}: {row['seen']}" for row in wrong)

        return play

    return decorate
