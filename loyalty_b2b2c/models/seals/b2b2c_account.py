from odoo import api, models

from . import seal_audit


class B2b2cAccount(models.Model):
    """The proof of the books proves their history, too."""

    _inherit = "b2b2c.account"

    @api.model
    def action_verify_all(self):
        """Say, too, how much has no seal yet (managers, auditors)."""
        action = super().action_verify_all()
        words = self.sudo()._word_seal_tail()
        action["params"]["message"] = f"{action['params']['message']} {words}"
        return action

    @api.model
    def _after_booking(self, booked):
        result = super()._after_booking(booked)
        self.env["b2b2c.seal"]._call_after_commit()
        return result

    @api.model
    def _verify_all(self, rebuild=False):
        return super()._verify_all(rebuild=rebuild) + self._verify_seals()

    @api.model
    def _verify_seals(self):
        """Compare rows with their seals, and seals with what was told to auditors.

        :return: list of :class:`~.ledger_audit.Difference`; of each company the first
            row that was edited, added, cut off or sealed again
        """
        self.env.flush_all()
        return seal_audit.verify(self.env)

    @api.model
    def _get_seal_tail(self):
        """Return what is written and has no seal yet, a :class:`~.seal_audit.Tail`."""
        return seal_audit.get_tail(self.env)

    @api.model
    def _word_seal_tail(self):
        """Return how many rows have no seal yet, and since when, as a sentence."""
        tail = self._get_seal_tail()
        if not tail.count:
            return self.env._("Every row is sealed.")
        return self.env._(
            "%(count)s rows are not sealed yet, the oldest of %(since)s (UTC).",
            count=tail.count,
            since=tail.since,
        )
