"""Who earns what by recommendations, told anew in plain Python.

Nothing here knows the engine, the ledger or Odoo: who was brought by whom is a dict, a
purchase is an amount, and points are counted level by level as a person would.
"""

from fractions import Fraction


class Oracle:
    """What recommenders deserve.

    :param int levels: how many levels are rewarded
    :param rate: percent of the amount for the first level
    :param decay: percent of the level before for each further one
    :param pool: percent of the amount for all of them together
    """

    def __init__(self, levels, rate, decay, pool):
        self.levels, self.rate, self.decay, self.pool = levels, rate, decay, pool
        self.brought_by = {}  # person -> (person, when)
        self.absent = {}  # person -> since when suspended

    def bring(self, referrer, person, at):
        """Somebody brings a person who was not brought, and appeared later."""
        if person not in self.brought_by and referrer < person:
            self.brought_by[person] = (referrer, at)

    def suspend(self, person, at):
        """Somebody earns nothing for what happens from now on."""
        self.absent[person] = at

    def get_line(self, buyer, at):
        """Return who brought the buyer, who brought that one, and so on."""
        line, person = [], buyer
        while person in self.brought_by:
            person, since = self.brought_by[person]
            if since > at:
                break
            line.append(person)
        return line

    def count(self, buyer, at, kept):
        """Return person -> whole points for one purchase.

        :param kept: what is left of the amount after returns
        """
        points, left = {}, int(Fraction(kept) * self.pool / 100)
        for level, person in enumerate(self.get_line(buyer, at)[: self.levels]):
            if person in self.absent and self.absent[person] <= at:
                continue
            exact = Fraction(kept) * self.rate / 100
            exact *= (Fraction(self.decay) / 100) ** level
            given = min(int(exact), left)
            left -= given
            if given:
                points[person] = points.get(person, 0) + given
        return points
