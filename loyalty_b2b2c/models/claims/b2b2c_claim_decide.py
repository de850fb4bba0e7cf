from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ...engine import to_decimal
from ..people.authority import decides


class B2b2cClaim(models.Model):
    """What becomes of a claim: accepted, refused, taken back."""

    _inherit = "b2b2c.claim"

    has_own_desk = fields.Boolean(
        compute="_compute_has_own_desk",
        search="_search_has_own_desk",
        help="People decide on it elsewhere, where its picture is.",
    )

    @api.depends("kind")
    def _compute_has_own_desk(self):
        kinds = self._get_desk_kinds()
        for claim in self:
            claim.has_own_desk = claim.kind in kinds

    def _search_has_own_desk(self, operator, value):
        if operator != "in":
            return NotImplemented
        return Domain("kind", "in", self._get_desk_kinds())

    # === DECIDING: internal callers check rights === #

    def _accept(self, user=None, note=None):
        """Let claims count; what they earn is booked in this transaction.

        :param user: ``res.users`` who decided, nobody when it was a rule
        """
        changed = self._decide("accepted", ("draft", "review"), user, note=note)
        changed.accepted_at = fields.Datetime.now()
        self._rebook(changed)
        return changed

    def _send_to_review(self, reason_code):
        """Let a person decide on claims."""
        return self._decide("review", ("draft",), None, reason_code=reason_code)

    def _refuse(self, reason_code, user=None, note=None):
        """Refuse claims that were not paid yet."""
        changed = self._decide(
            "refused", ("draft", "review"), user, reason_code=reason_code, note=note
        )
        changed._retire_proofs()
        return changed

    def _reopen(self, user):
        """Let a person decide on accepted claims again; what they earned is reversed.

        What proves them stays theirs.

        :param user: ``res.users`` who takes the approval back
        """
        changed = self._decide("review", ("accepted",), None)
        changed.accepted_at = False
        for claim in changed:
            claim.message_post(body=self.env._("%s took the approval back.", user.name))
        self._rebook(changed)
        return changed

    def _withdraw(self):
        """Take claims back that nobody decided on yet, as who handed them in wishes."""
        changed = self._decide(
            "cancelled", ("draft", "review"), None, reason_code="withdrawn"
        )
        changed._retire_proofs()
        return changed

    def _cancel(self, user=None, note=None):
        """Take accepted claims back; what they earned is reversed."""
        changed = self._decide("cancelled", ("accepted",), user, note=note)
        changed._retire_proofs()
        self._rebook(changed)
        return changed

    def _give_back(self, quantity=None):
        """Take goods that came back out of this claim, if it may count.

        What it earned follows by the event, like for any document that changes.

        :param quantity: so much came back; ``None``: all of it
        """
        self.ensure_one()
        claim = self.sudo()
        if claim.state not in ("review", "accepted"):
            return
        if quantity:
            for line in claim.line_ids[:1]:
                rest = 1 - to_decimal(quantity) / to_decimal(line.quantity)
                names = ("quantity", "amount_untaxed", "amount_total")
                line.write({name: rest * to_decimal(line[name]) for name in names})
            claim.write(
                {
                    name: sum(claim.line_ids.mapped(name))
                    for name in ("amount_untaxed", "amount_total")
                }
            )
        else:
            state = "cancelled" if claim.state == "accepted" else "refused"
            claim._decide(state, (claim.state,), None, reason_code="returned")
            claim._retire_proofs()
        claim.flush_recordset()
        claim.env["b2b2c.event"]._record(claim)

    @api.model
    def _get_desk_kinds(self):
        """Hook: return the kinds of proofs that people decide on at another desk."""
        return []

    def _retire_proofs(self):
        """Take what proved claims that came to nothing out of use.

        Packages whose proofs could be handed in again extend this.
        """

    def _decide(self, state, allowed, user, **values):
        """Move claims to a state; those that have it already stay as they are.

        :return: the claims that changed
        :raise UserError: one of them cannot go there any more
        """
        claims = self.sudo().filtered(lambda claim: claim.state != state)
        for claim in claims:
            if claim.state not in allowed:
                raise UserError(
                    self.env._("%s was decided already.", claim.display_name)
                )
        values = {name: value for name, value in values.items() if value is not None}
        # they were told that they would hear of it
        in_review = claims.filtered(lambda claim: claim.state == "review")
        claims.write(
            {"state": state, "decided_by_id": user.id if user else False, **values}
        )
        if state == "refused":
            in_review._tell_refused()
        return claims

    def _rebook(self, claims):
        """Bring the books in line with claims, in this transaction."""
        if claims:
            claims.flush_recordset()
            events = self.env["b2b2c.event"].sudo()
            events._record(claims)
            events._settle(claims)

    # === ACTION METHODS === #

    @decides("submitter_id", "partner_id")
    def action_accept(self):
        """Accept claims that wait for a person (officers), nobody an own one."""
        self._check_officer()._accept(self.env.user)
        return True

    @decides("submitter_id", "partner_id")
    def action_refuse(self):
        """Refuse claims that wait for a person (officers)."""
        self._check_officer()._refuse("by_person", self.env.user)
        return True

    @decides("submitter_id", "partner_id")
    def action_cancel(self):
        """Take accepted claims back (officers)."""
        self._check_officer()._cancel(self.env.user)
        return True

    def _check_officer(self):
        """Return these claims for an officer who may see them.

        :raise UserError: the user is none
        """
        if not self.env.user.has_group("loyalty_b2b2c.group_officer"):
            raise UserError(
                self.env._("Only a loyalty officer may decide on proofs of sale.")
            )
        self.check_access("read")
        return self.sudo()
