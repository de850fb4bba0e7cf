"""The demo story, played through a real server, with the number seen at each step.

``./loyalty story`` calls this with a fresh database and a server on it.  Every act is a
public action called over HTTP as the person who would click it; every figure is read
back over HTTP.  One line per item of the mission; a wrong figure makes it ``WRONG``.
"""

import argparse
import json
import sys

from tools import demo_company
from tools.odoo_env import open_environment
from tools.story_api import CHAPTER as API
from tools.story_client import Session
from tools.story_join import CHAPTER as JOIN
from tools.story_receipts import CHAPTER as RECEIPTS
from tools.story_rewards import CHAPTER as REWARDS
from tools.story_s1 import CHAPTER as S1
from tools.story_s2 import CHAPTER as S2
from tools.story_s3 import CHAPTER as S3
from tools.story_s4 import CHAPTER as S4
from tools.story_terminal import CHAPTER as TERMINAL

CHAPTERS = [
    S4,
    S2,
    S1,
    REWARDS,
    JOIN,
    API,
    TERMINAL,
    RECEIPTS,
    S3,
]  # S3 last: its clock runs ahead


class Story:
    """Collects what was seen."""

    def __init__(self, url, database, report):
        self.url, self.database, self.report = url, database, report
        self.items = []
        self.sessions = {}
        self.memory = {}

    def as_user(self, login):
        """Return the session of a demo login."""
        if login not in self.sessions:
            self.sessions[login] = Session(
                self.url, self.database, login, demo_company.PASSWORDS[login]
            )
        return self.sessions[login]

    def show(self, item, did, seen, expected):
        """Note that doing ``did`` for ``item`` showed ``seen``."""
        status = "ok" if seen == expected else "WRONG"
        text = str(seen) if status == "ok" else f"{seen} (expected {expected})"
        self.items.append({"item": item, "did": did, "seen": text, "status": status})
        self.report(f"{item:<6} {status:<6} {did}: {text}")

    def play(self):
        """Play every chapter; a chapter that breaks is WRONG, the others go on."""
        for chapter in CHAPTERS:
            for item, scene in chapter:
                try:
                    scene(self)
                except Exception as error:  # noqa: BLE001  the story tells it
                    did = (scene.__doc__ or scene.__name__).strip()
                    self.show(item, did, f"{type(error).__name__}: {error}", "no error")


def main():
    """Play the story; exit code 1 when anything is WRONG."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--database", required=True)
    parser.add_argument("--url", required=True)
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    stream = sys.stderr if arguments.json else sys.stdout
    with open_environment(arguments.database) as env:
        demo_company.load(env)
    story = Story(
        arguments.url,
        arguments.database,
        lambda line: print(line, file=stream, flush=True),
    )
    story.play()
    if arguments.json:
        print(json.dumps(story.items, ensure_ascii=False, indent=1))
    wrong = [item for item in story.items if item["status"] != "ok"]
    count = len(story.items)
    print(f"{count - len(wrong)} ok, {len(wrong)} WRONG", file=stream)
    return 1 if wrong or not count else 0


if __name__ == "__main__":
    sys.exit(main())
