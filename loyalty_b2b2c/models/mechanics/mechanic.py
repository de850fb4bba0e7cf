"""What the gallery of mechanics and the checklists are made of."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, kw_only=True, eq=False)
class Mechanic:
    """A way to reward somebody that is set up with one dialog.

    :param label: what it is called, translatable
    :param note: what happens in it, one translatable sentence
    :param group: whom it rewards, a key of ``b2b2c.mechanic._get_groups``
    :param picture: address of its drawing
    :param name: what the new program is called, translatable; the label by default
    :param asks: names of the fields that the dialog ``b2b2c.mechanic.begin`` asks
        for, beside the name
    :param defaults: their values
    :param rule: values of the rule of the program, beside what the dialog asks for
    :param kinds: codes of the documents that count
    :param program: further values of the program
    :param make: function of the dialog that makes the draft and returns it; a program
        with one rule by default
    :param opens: function of the environment that returns the action of another dialog
    :param is_offered: function of the environment; whether it can be set up here
    """

    label: object
    note: object
    group: str
    picture: str
    name: object = None
    asks: tuple = ()
    defaults: Mapping = field(default_factory=dict)
    rule: Mapping = field(default_factory=dict)
    kinds: tuple = ()
    program: Mapping = field(default_factory=dict)
    make: Callable | None = None
    opens: Callable | None = None
    is_offered: Callable | None = None


@dataclass(frozen=True, kw_only=True, eq=False)
class NextStep:
    """One thing to do until a program, a ladder or a challenge works.

    :param code: names it, unique on a checklist
    :param order: its place
    :param label: what is to be done, in the reader's language
    :param note: how it stands now, in the reader's language
    :param is_done: whether it is done
    :param button: what its button says; empty: nothing can be done here
    :param act: function without arguments that does it and returns an action
    """

    code: str
    order: int
    label: str
    note: str = ""
    is_done: bool = False
    button: str = ""
    act: Callable | None = None


def draw(name, addon="loyalty_b2b2c"):
    """Return the address of a drawing of the gallery."""
    return f"/{addon}/static/src/mechanics/pictures/{name}.svg"
