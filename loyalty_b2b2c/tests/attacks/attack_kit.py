"""What attacks share: calls as a client sends them, and what became of each.

A way is a method ``way_*`` that prepares something with all rights, and returns the
act: calls of one user.  An act succeeds when what is at stake (:meth:`_get_stake`) is
another afterwards; a refusal, or an act without effect, changes nothing.
"""

import contextlib
from collections import Counter

from odoo.exceptions import AccessError, UserError
from odoo.service.model import call_kw
from odoo.tools import mute_logger

REFUSED, BY_RIGHTS, NOTHING, SUCCEEDED = "refused", "by rights", "nothing", "succeeded"


class Undo(Exception):
    """Takes back what an attack did."""


class AttackKit:
    """For test cases: tries ways as users, and takes everything back."""

    def _rpc(self, user, model, method, *args, **kwargs):
        """Call a method as a remote client does: public ones only, plain values."""
        result = call_kw(self.env(user=user, context={})[model], method, args, kwargs)
        self.env.flush_all()
        return result

    def _load(self, user, model, names, row):
        """Import a row as a client does.

        :return: the id of the record
        :raise UserError: it was not imported
        """
        done = self._rpc(user, model, "load", names, [row])
        if not done["ids"]:
            raise UserError(done["messages"][0]["message"])
        return done["ids"][0]

    def _get_stake(self, user):
        """Hook: return what an attack of a user may change, comparable."""
        raise NotImplementedError

    @property
    def _ways(self):
        """Name -> method of each way."""
        prefix = "way_"
        return {
            name.removeprefix(prefix).replace("_", " "): getattr(self, name)
            for name in dir(self)
            if name.startswith(prefix)
        }

    def _try(self, way, user):
        """Prepare and do a way as a user.

        :return: ``(outcome, why)``
        """
        result = None
        with contextlib.suppress(Undo), self.env.cr.savepoint():
            act = way(user)
            self.env.flush_all()
            self.env.invalidate_all()
            before = self._get_stake(user)
            outcome, why = NOTHING, ""
            try:
                with self.env.cr.savepoint(), mute_logger("odoo.sql_db"):
                    act()
                    self.env.flush_all()
            except UserError as error:
                rights = isinstance(error, AccessError)
                outcome, why = BY_RIGHTS if rights else REFUSED, str(error)
            self.env.invalidate_all()
            if self._get_stake(user) != before:
                outcome = SUCCEEDED
            result = outcome, why
            raise Undo
        self.env.invalidate_all()
        self.env.transaction.clear()
        self.env.registry.reset_changes()
        return result

    def _try_all(self, roles):
        """Try each way by each role.

        :param dict roles: role -> user
        :return: (way, role) -> (outcome, why)
        """
        return {
            (name, role): self._try(way, user)
            for name, way in self._ways.items()
            for role, user in roles.items()
        }

    def _list_succeeded(self, found):
        return sorted(key for key, (outcome, _why) in found.items()
                      if outcome == SUCCEEDED)  # fmt: skip

    def _count(self, found):
        """Return how often each outcome was met."""
        return Counter(outcome for outcome, _why in found.values())
