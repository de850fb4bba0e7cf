from odoo import api, models
from odoo.exceptions import UserError

from ...engine import to_decimal
from ..base.rows import update_in_state

ZERO = to_decimal(0)


class B2b2cGrant(models.Model):
    """What becomes of a granted reward when the points for it are taken back."""

    _inherit = "b2b2c.grant"

    @api.model
    def _undo(self, entries, points):
        """Take back what was granted for points before the points are.

        What was not used comes back, and its points with it.  What was used stays: then
        there are no points to take, and the program says whether that is a debt.

        :param entries: those that brought the points
        :param points: how many of them are taken back
        """
        grants = self.search(
            [
                ("entry_id", "in", entries.ids),
                ("state", "in", ("waiting", "given")),
            ],
            order="state DESC, id DESC",  # first what nobody has yet
        )
        for grant in grants:
            if points <= 0:
                break
            points -= grant._undo_piece()

    def _undo_piece(self):
        """Take one piece back.

        :return: points that are free again
        """
        request = self.redemption_ids
        if self.state == "waiting":
            self._leave("waiting", "void")
            return to_decimal(self.reward_id.points)
        try:
            with self.env.cr.savepoint():
                self._call_back(request)
        except UserError as error:
            self._leave("given", "kept", str(error))
            return ZERO
        self._leave("given", "undone")
        return to_decimal(request.points)

    def _call_back(self, request):
        """Refuse what was not handed over yet, or have it returned.

        :raise UserError: it was used
        """
        lang = request.member_id.lang or self.env.lang
        note = self.with_context(lang=lang).env._("The sale it was for was undone.")
        if request.state == "requested":
            request._refuse(self.env.user, note)
        elif request.state == "fulfilled":
            request._return(self.env["res.users"], note)

    def _leave(self, before, after, problem=None):
        """Move to another state; another transaction that does so, too, is repeated."""
        update_in_state(self, [before], state=after, problem=problem)
        if before == "waiting":
            self.reward_id._forget_alert()
