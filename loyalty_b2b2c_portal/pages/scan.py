from odoo.addons.loyalty_b2b2c.drawing.app_icon import get_initials

from . import membership, words

_RECENT = 8


class ScanPage:
    """The page on which a participant scans codes.

    :param submitters: memberships that may hand in, see :func:`membership.submitters`
    """

    def __init__(self, submitters):
        self.submitters, self.env = submitters, submitters.env

    def props(self, code=""):
        """Return what the page begins with.

        :param str code: of the address that was opened, put into the field
        """
        outside = [
            ("company_id", "in", self.submitters.company_id.ids),
            ("origin", "=", "import"),
            ("state", "in", ("printed", "active", "frozen")),
        ]
        first = self.submitters[:1]
        return {
            "code": code,
            "user": self.env.uid,
            "members": [
                {"id": member.id, "title": membership.title(member)}
                for member in self.submitters
            ],
            "balances": first._get_balance_texts() if first else [],
            "recent": self.recent(),
            # codes of another maker have no check characters
            "outside": bool(
                self.env["b2b2c.code.batch"].search_count(outside, limit=1)
            ),
            # what the phone keeps to say whose scans wait
            "initials": get_initials(self.env.user.name),
            "company": first.company_id.name or "",
            "lang": self.env.lang,
            "place": any(self._is_place_compared(member) for member in self.submitters),
        }

    def recent(self):
        """Return the latest scans of these people, newest first.

        What was refused at once they saw; what a person refused later is listed.

        :return: list of dict with the keys ``id``, ``product``, ``when``, ``points``,
            ``state``
        """
        claims = self.env["b2b2c.claim"].search(
            [
                ("submitter_id", "in", self.submitters.ids),
                ("kind", "=", "scan"),
                "|",
                ("state", "in", ("accepted", "review", "cancelled")),
                "&",
                ("state", "=", "refused"),
                ("reason_code", "=", "by_person"),
            ],
            limit=_RECENT,
        )
        points = claims._get_points()
        return [
            {
                "id": claim.id,
                "product": claim.line_ids[:1].name or claim.reference,
                "when": words.moment(self.env, claim.occurred_at),
                "points": points[claim.id]["text"],
                "state": claim.state,
            }
            for claim in claims
        ]

    def _is_place_compared(self, member):
        """Tell whether it matters where a person's phone is; else nobody asks."""
        shop = member.employer_id.commercial_partner_id
        is_known = shop.partner_latitude or shop.partner_longitude
        return bool(member.company_id.b2b2c_scan_radius and is_known)
