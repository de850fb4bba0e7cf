"""Whatever two mechanics pay one person for one document, *Start* named the pair."""

from itertools import combinations

from odoo.tests import tagged

from ..mechanics.test_trials import TrialCommon

#: Made and played with what their cards suggest; ladders and challenges are apart.
_CODES = (
    "cashback", "welcome", "terminal", "scan", "receipt", "owner_scan", "deliveries",
    "distributor", "event", "network", "recommend", "recommend_levels",
)  # fmt: skip


@tagged("post_install", "-at_install")
class TestPairsOfMechanics(TrialCommon):
    """Each pair: one runs, a sale is played with the other, in each way it can be."""

    def test_each_pair(self):
        programs = {code: self._set_up(code) for code in _CODES}
        played = {
            kind.code
            for program in programs.values()
            for kind in self._try(program).kind_ids
        }
        imagined = set(self.env["b2b2c.source"].sudo()._find_imagining())
        known = set(self.env["b2b2c.document.kind"].search([]).mapped("code"))
        of_core = {
            kind
            for one in self.mechanics._get_mechanics().values()
            for kind in one.kinds
            if one.picture.startswith("/loyalty_b2b2c/")
        }
        self.assertEqual(played, of_core & imagined & known)
        twice = set()
        for first, second in combinations(_CODES, 2):
            running, draft = programs[first], programs[second]
            if running.state == "draft":
                running.action_start()
            if self._pay_twice(running, draft):
                twice.add((first, second))
                text = draft.overlap_text
                self.assertIn(f"“{running.name}”", text, (first, second))
            if second == _CODES[-1]:
                running.action_close()
        # of one order, the employee has 5 % and the gift for the first order
        self.assertEqual(twice, {("cashback", "welcome")})

    def _pay_twice(self, running, draft):
        """Tell whether somebody gets points of both for a sale that is played."""
        for kind in self._try(draft).kind_ids:
            for member in (False, *(one.id for one in self.people.values())):
                values = {"kind_id": kind.id}
                if member:
                    values["member_id"] = member
                dialog = self._try(draft, **values)
                if dialog.problem:
                    continue
                paid = {(line.member_id, line.program_id) for line in dialog.award_ids}
                if any({(one, running), (one, draft)} <= paid for one, _its in paid):
                    return True
        return False
