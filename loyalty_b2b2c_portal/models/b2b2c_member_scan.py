from odoo import models
from odoo.tools import format_datetime

RECENT = 8


class B2b2cMember(models.Model):
    """The page on which a participant scans codes."""

    # a page of its own: pylint: disable-next=consider-merging-classes-inherited
    _inherit = "b2b2c.member"

    def _get_portal_scanners(self):
        """Return the memberships that may hand in proofs of sale."""
        return self.filtered(lambda member: member.state == "enrolled")

    def _has_portal_codes(self):
        """Tell whether there are codes whose scans by these people reward somebody."""
        scanners = self._get_portal_scanners()
        batches = self.env["b2b2c.code.batch"].search_count(
            [
                ("company_id", "in", scanners.company_id.ids),
                ("state", "in", ("printed", "active", "frozen")),
            ],
            limit=1,
        )
        meant = [
            "|",
            ("document_kind_ids", "=", False),  # every kind
            ("document_kind_ids.code", "=", "scan"),
        ]
        return bool(batches) and scanners._would_reward(meant)

    def _would_reward(self, meant):
        """Tell whether proofs of sale of one of these people reward anybody.

        Who hands in need not be who benefits: a salesperson scans for the owner.

        :param meant: domain of the rules for such proofs
        """
        rules = self.env["b2b2c.earning.rule"].search(
            [
                ("program_id.company_id", "in", self.company_id.ids),
                ("program_id.state", "=", "running"),
                *meant,
            ]
        )
        return any(
            member._is_rewarding(rule.program_id, part)
            for member in self
            for rule in rules
            for part in rule.share_ids or rule
        )

    def _is_rewarding(self, program, part):
        """Tell whether a rule, or a share of one, is for this person or the shop.

        :param part: has a ``role`` and a ``pick``
        """
        self.ensure_one()
        if program.company_id != self.company_id or part.pick == "referrer":
            return False
        if part.role == self.role:
            people = self
        elif part.pick in ("contact", "seller"):  # only who hands in
            return False
        else:
            people = self.search(
                [
                    ("employer_id", "=", self.employer_id.id),
                    ("company_id", "=", self.company_id.id),
                    ("role", "=", part.role),
                    ("state", "=", "enrolled"),
                ]
            )
        return any(not one.program_ids or program in one.program_ids for one in people)

    def _get_portal_scan_props(self, code=""):
        """Return what the scan page begins with.

        :param str code: of the address that was opened, put into the field
        """
        outside = [
            ("company_id", "in", self.company_id.ids),
            ("origin", "=", "import"),
            ("state", "in", ("printed", "active", "frozen")),
        ]
        return {
            "code": code,
            "user": self.env.uid,
            "members": [
                {"id": member.id, "title": member._get_portal_title()}
                for member in self
            ],
            "balances": self[:1]._get_balance_texts() if self else [],
            "recent": self._get_portal_scans(),
            # codes of another maker have no check characters
            "outside": bool(
                self.env["b2b2c.code.batch"].search_count(outside, limit=1)
            ),
            "place": any(member._is_place_compared() for member in self),
        }

    def _is_place_compared(self):
        """Tell whether it matters where this person's phone is; else nobody asks."""
        shop = self.employer_id.commercial_partner_id
        is_known = shop.partner_latitude or shop.partner_longitude
        return bool(self.company_id.b2b2c_scan_radius and is_known)

    def _get_portal_scans(self):
        """Return the latest scans of these people, newest first.

        What was refused at once they saw; what a person refused later is listed.
        """
        claims = self.env["b2b2c.claim"].search(
            [
                ("submitter_id", "in", self.ids),
                ("kind", "=", "scan"),
                "|",
                ("state", "in", ("accepted", "review", "cancelled")),
                "&",
                ("state", "=", "refused"),
                ("reason_code", "=", "by_person"),
            ],
            limit=RECENT,
        )
        points = claims._get_points()
        return [
            {
                "id": claim.id,
                "product": claim.line_ids[:1].name or claim.reference,
                "when": format_datetime(self.env, claim.occurred_at, dt_format="short"),
                "points": points[claim.id]["text"],
                "state": claim.state,
            }
            for claim in claims
        ]
