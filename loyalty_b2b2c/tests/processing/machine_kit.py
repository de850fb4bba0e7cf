"""What a machine of stories consists of: verbs, and what they are played on."""

from functools import wraps

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

#: Names of everything that can happen in a story.
VERBS = set()

PICK = st.integers(0, 7)
UNITS = st.integers(1, 6)


def some(getter):
    """Enable a verb only while ``getter(machine)`` finds something to play on."""
    return precondition(lambda self: bool(getter(self)))


def verb(**strategies):
    """Make a method a verb of the machine, and count how often it is played."""

    def decorate(function):
        VERBS.add(function.__name__)

        @wraps(function)
        def counted(self, **arguments):
            self.played[function.__name__] += 1
            function(self, **arguments)
            self.after_verb()

        return rule(**strategies)(counted)

    return decorate


def at(found, pick):
    """Return one of what was found, whatever number was drawn."""
    return found[pick % len(found)]
