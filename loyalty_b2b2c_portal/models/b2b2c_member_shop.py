from datetime import timedelta

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL, format_date

from odoo.addons.loyalty_b2b2c.models.joining.join_input import (
    masked_email,
    masked_phone,
)

_MOST_LEFT = 20
_MOST_GOODS = 12


class B2b2cMember(models.Model):
    """The page of a shop's owner: staff, who waits, what was earned, what was scanned.

    Everything goes through the owner's own memberships; people of other shops, other
    companies of ours and other owners do not appear.
    """

    # a page of its own: pylint: disable-next=consider-merging-classes-inherited
    _inherit = "b2b2c.member"

    def _get_portal_shops(self):
        """Return what the owner's page shows, a dict per shop.

        :return: list of dict with the keys ``owner``, ``shop``, ``waiting``, ``staff``,
            ``left``, ``invitations``, ``goods``
        """
        return [owner._get_portal_shop() for owner in self._get_portal_owners()]

    def _get_portal_shop(self):
        self.ensure_one()
        staff = self._get_portal_staff()
        active = staff.filtered(lambda m: m.state in ("enrolled", "suspended"))
        left = (staff - active).sorted("left_at", reverse=True)[:_MOST_LEFT]
        return {
            "owner": self,
            "shop": self.employer_id.name,
            "company": self.company_id.name,
            "waiting": [
                {
                    "id": waiting.id,
                    "name": waiting.name,
                    "address": masked_phone(waiting.phone)
                    or masked_email(waiting.email),
                    "day": self._word_day(waiting.create_date),
                }
                for waiting in self._get_portal_waiting()
            ],
            "staff": [self._get_staff_row(member) for member in active],
            "left": [self._get_staff_row(member) for member in left],
            "invitations": self._get_portal_invitations(),
            "goods": self._get_portal_scanned(),
        }

    # === STAFF === #

    def _get_portal_staff(self):
        """Return the people of this owner's shop he answers for, now and before."""
        self.ensure_one()
        return (
            self.sudo()
            .with_context(active_test=False)
            .search(
                [
                    ("employer_id", "=", self.employer_id.id),
                    ("company_id", "=", self.company_id.id),
                    ("role", "in", self._get_role_codes("is_staff")),
                    ("state", "!=", "merged"),
                    ("erased_at", "=", False),
                    ("partner_id", "!=", self.partner_id.id),
                ],
                order="name, id",
            )
        )

    def _get_staff_row(self, member):
        return {
            "id": member.id,
            "name": member.name,
            "role": member.with_env(self.env)._get_role_label(),
            "state": member.state,
            "phone": masked_phone(member.phone) or masked_email(member.email),
            "since": self._word_day(member.enrolled_at),
            "left": member.left_at and self._word_day(member.left_at),
            "month": self._get_earned_texts(member, days=30),
            "earned": self._get_earned_texts(member),
        }

    def _get_earned_texts(self, member, days=0):
        """Return what somebody earned, without what was taken back, a text per unit.

        Earned, not spent: what people do with their points is their own affair.
        """
        since = fields.Datetime.now() - timedelta(days=days) if days else None
        rows = self.env.execute_query(
            SQL(
                """
                SELECT a.unit_id, sum(e.points + e.points_pending - e.points_debt)
                  FROM b2b2c_ledger_entry e
                  JOIN b2b2c_account a ON a.id = e.account_id
                  LEFT JOIN b2b2c_ledger_entry o ON o.id = e.reversal_of_id
                 WHERE a.member_id = %(member)s
                   AND coalesce(o.entry_type, e.entry_type)
                       IN ('earn', 'confirm', 'void')
                   AND (%(since)s::timestamp IS NULL OR e.recorded_at >= %(since)s)
              GROUP BY a.unit_id ORDER BY a.unit_id
                """,
                member=member.id,
                since=since,
            )
        )
        units = self.env["b2b2c.unit"].sudo()
        return [units.browse(unit)._format(points) for unit, points in rows if points]

    def _end_portal_staff(self, member_id):
        """End somebody's membership at a shop of these owners; his points stay his.

        :raise UserError: nobody of these shops
        """
        for owner in self._get_portal_owners():
            member = owner._get_portal_staff().filtered(lambda m: m.id == member_id)
            if member:
                member._set_state(
                    "left", ("enrolled", "suspended"), left_at=fields.Datetime.now()
                )
                return member
        raise UserError(self.env._("This person does not work at your shop."))

    # === WHO WANTS TO JOIN === #

    def _get_portal_waiting(self):
        """Return the requests this owner decides on, the oldest first."""
        self.ensure_one()
        requests = self.env["b2b2c.join"].sudo()
        return requests.search(
            [
                ("employer_id", "=", self.employer_id.id),
                ("company_id", "=", self.company_id.id),
                ("state", "=", "waiting"),
            ],
            order="id",
        ).filtered(lambda waiting: waiting._is_for_owner())

    def _decide_portal_waiting(self, join_id, approve):
        """Approve or refuse somebody who waits for one of these owners.

        :raise UserError: nobody who waits for them
        """
        for owner in self._get_portal_owners():
            waiting = owner._get_portal_waiting().filtered(lambda w: w.id == join_id)
            if waiting:
                user = owner.partner_id.user_ids[:1]
                return waiting._approve(user) if approve else waiting._refuse(user)
        raise UserError(self.env._("This request was decided already."))

    # === INVITATIONS === #

    def _get_portal_invitations(self):
        """Return the valid invitations of this owner's shop for staff."""
        self.ensure_one()
        invitations = self.env["b2b2c.invitation"].sudo()
        return invitations.search(
            [
                ("employer_id", "=", self.employer_id.id),
                ("company_id", "=", self.company_id.id),
                ("role", "in", self._get_role_codes("is_staff")),
                ("revoked_at", "=", False),
            ]
        ).filtered(lambda one: one.state == "active")

    def _create_portal_invitation(self):
        """Create an invitation of this owner's shop, approved by the owner."""
        self.ensure_one()
        return self._get_portal_invitations()[:1] or (
            self.env["b2b2c.invitation"]
            .sudo()
            .create(
                {
                    "employer_id": self.employer_id.id,
                    "company_id": self.company_id.id,
                    "role": self._get_role_codes("sells")[0],
                    "approval": "owner",
                }
            )
        )

    def _renew_portal_invitation(self, invitation_id):
        """Replace the link of an invitation: what was printed is void.

        :raise UserError: none of these owners'
        """
        for owner in self._get_portal_owners():
            invitation = owner._get_portal_invitations().filtered(
                lambda one: one.id == invitation_id
            )
            if invitation:
                return invitation.action_new_link()
        raise UserError(self.env._("This invitation is not your shop's."))

    # === RECEIVED AND SCANNED === #

    def _get_portal_scanned(self):
        """Return what this owner's shop received and scanned, a dict per product.

        Since the owner takes part; the most received first.
        """
        self.ensure_one()
        received = self._get_received_quantities()
        scanned = self._get_scanned_quantities()
        products = self.env["product.product"].sudo()
        found = products.browse({*received, *scanned}).exists()
        found = found.sorted(lambda p: (-received.get(p.id, 0), -scanned.get(p.id, 0)))
        return [
            {
                "product": product.name,
                "received": self._word_quantity(
                    received.get(product.id, 0), product.uom_id
                ),
                "scanned": self._word_quantity(
                    scanned.get(product.id, 0), product.uom_id
                ),
                "percent": self._get_percent(
                    scanned.get(product.id, 0), received.get(product.id, 0)
                ),
            }
            for product in found[:_MOST_GOODS]
        ]

    def _get_percent(self, part, whole):
        return min(int(100 * part / whole), 100) if whole else 0

    def _get_received_quantities(self):
        """Return product id -> quantity in the product's unit of measure."""
        self.flush_recordset()
        documents = {}
        for model, record_id, _at in self.env.execute_query(self._select_goods()):
            documents.setdefault(model, []).append(record_id)
        total = {}
        for model, ids in documents.items():
            for product, quantity, uom in self._get_goods_lines(
                self.env[model].sudo().browse(ids)
            ):
                if product:
                    own = uom._compute_quantity(quantity, product.uom_id, round=False)
                    total[product.id] = total.get(product.id, 0) + own
        return total

    def _get_scanned_quantities(self):
        """Return product id -> quantity of the codes the shop's people registered."""
        lines = self.env["b2b2c.claim.line"].sudo()
        groups = lines._read_group(
            [
                ("claim_id.partner_id", "=", self.employer_id.id),
                ("claim_id.company_id", "=", self.company_id.id),
                ("claim_id.kind", "=", "scan"),
                ("claim_id.state", "=", "accepted"),
                ("claim_id.create_date", ">=", self.enrolled_at),
                ("product_id", "!=", False),
            ],
            ["product_id"],
            ["quantity:sum"],
        )
        return {product.id: quantity for product, quantity in groups}

    def _word_day(self, instant):
        local = fields.Datetime.context_timestamp(self, instant)
        return format_date(self.env, local.date(), date_format="medium")
