"""What happens when: a list of things to do, in the order of their moments."""

import heapq
import itertools
from datetime import timedelta

#: So many days pass.
DAYS = 185


class Days:
    """Things to do at moments of the demo's past.

    :param env: superuser environment; commits after each thing
    :param frozen: what ``freeze_time`` returned when it was started
    :param rng: ``random.Random``
    :param end: naive UTC; nothing happens from then on
    """

    def __init__(self, env, frozen, rng, end):
        self.env, self.frozen, self.rng, self.end = env, frozen, rng, end
        self._waiting, self._number = [], itertools.count()
        self.now = None

    def at(self, moment, function, *arguments):
        """Do something at a moment (naive UTC); not at all if that is not past."""
        if moment < self.end:
            row = moment, next(self._number), function, arguments
            heapq.heappush(self._waiting, row)

    def later(self, days, function, *arguments):
        """Do something so many days after now, at an hour of work."""
        moment = self.now + timedelta(days=days)
        moment = moment.replace(hour=self.rng.randint(7, 15))
        self.at(max(moment, self.now + timedelta(minutes=5)), function, *arguments)

    def run(self):
        """Do all of it, each with a commit of its own."""
        while self._waiting:
            self.now, _number, function, arguments = heapq.heappop(self._waiting)
            self.frozen.move_to(self.now)
            function(*arguments)
            self.env.cr.commit()
