"""What becomes of the texts that our models store, when a person is forgotten."""

from dataclasses import dataclass, field

from odoo.tools import SQL


@dataclass
class ModelTexts:
    """The texts of one model: each stored one is in one of the sets.

    ``mine`` is an SQL condition on a row ``t``: the row is surely the person's own, so
    that also a name that others may have is taken out.
    """

    replaced: set = field(default_factory=set)
    cleared: set = field(default_factory=set)
    impersonal: set = field(default_factory=set)
    is_deleted: bool = False
    mine: SQL | None = None


class PersonalTexts:
    """The registry of all texts: each package adds those of its own models."""

    def __init__(self):
        self.by_model = {}

    def add(
        self,
        model,
        *,
        replaced=(),
        cleared=(),
        impersonal=(),
        is_deleted=False,
        mine=None,
    ):
        """Say what becomes of the texts of a model; several packages may add to one.

        :param str model: name of the model
        :param replaced: columns where people write about people: addresses and numbers
            of the person are replaced everywhere, the name in rows that are ``mine``
        :param cleared: fields that ``_erase_personal_data`` empties or fills anew
        :param impersonal: fields that name nobody: codes, keys, what staff set up
        :param bool is_deleted: the rows about the person are deleted
        :param mine: SQL condition that a row ``t`` is the person's own
        """
        texts = self.by_model.setdefault(model, ModelTexts())
        texts.replaced |= set(replaced)
        texts.cleared |= set(cleared)
        texts.impersonal |= set(impersonal)
        texts.is_deleted |= is_deleted
        texts.mine = texts.mine if mine is None else mine
