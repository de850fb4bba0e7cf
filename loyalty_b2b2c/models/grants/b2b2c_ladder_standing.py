from odoo import models


class B2b2cLadderStanding(models.Model):
    """What the owners of a dealer get for a tier that its volume reached.

    Once per tier and person.  It is taken back when documents are undone and the volume
    of the same window is not enough any more; that time passes takes nothing back.
    """

    _inherit = "b2b2c.ladder.standing"

    def _after_change(self, before, reason):
        if reason == "growth":
            self._grant_tiers(before)
        return super()._after_change(before, reason)

    def _after_volume(self, lowered):
        for dealer in lowered | lowered.group_ids:
            dealer._take_tiers_back()
        return super()._after_volume(lowered)

    def _get_owners(self):
        """Return the participants who own this dealer, longest first."""
        members = self.env["b2b2c.member"].sudo()
        return members.search(
            [
                ("employer_id", "=", self.partner_id.id),
                ("company_id", "=", self.company_id.id),
                ("role", "in", members._get_role_codes("owns")),
                ("state", "in", ("enrolled", "suspended")),
            ],
            order="enrolled_at, id",
        )

    def _grant_tiers(self, before):
        """Grant what the tiers give that were reached since ``before``."""
        reached = self.ladder_id.tier_ids.filtered(
            lambda tier: (
                before.volume_from < tier.volume_from <= self.tier_id.volume_from
                and tier.grant_program_id.sudo().state == "running"
            )
        )
        for tier in reached.sudo().sorted("volume_from"):
            for member in self._get_owners():
                if not self._get_open_grant(tier, member):
                    self._grant_tier(tier, member)

    def _grant_tier(self, tier, member):
        """Book the points that a tier grants to a participant."""
        program = tier.grant_program_id
        number = len(self._get_grants(tier, member))
        words = self.with_context(lang=member.lang or self.env.lang).env
        member._get_account(program.unit_id)._earn(
            tier.grant_points,
            source_key=f"{tier._get_grant_key(member)}/{number}",
            program_id=program.id,
            reason=words._("Tier %s was reached.", tier.name),
        )

    def _get_grants(self, tier, member):
        """Return the entries of a tier and a participant, those undone included."""
        key = tier._get_grant_key(member)
        return (
            self.env["b2b2c.ledger.entry"]
            .sudo()
            .search([("source_key", "=like", f"{key}/%")], order="id")
        )

    def _get_open_grant(self, tier, member):
        """Return the entry of a tier and a participant that was not taken back."""
        return self._get_grants(tier, member).filtered(lambda one: not one.reversal_ids)

    def _take_tiers_back(self):
        """Take back what tiers granted in this window that the volume lacks now."""
        head = self.head_id or self
        for tier in self.ladder_id.tier_ids.sudo().filtered("grant_program_id"):
            if tier.volume_from <= head.volume:
                continue
            for member in self._get_owners():
                entry = self._get_open_grant(tier, member)
                if entry and self._is_of_window(entry, head):
                    entry.account_id._reverse(
                        entry, reason=self.env._("Sales of the dealer were undone.")
                    )

    def _is_of_window(self, entry, head):
        """Tell whether an entry was booked in the window whose volume counts now."""
        return bool(head.window_from) and entry.effective_at.date() >= head.window_from
