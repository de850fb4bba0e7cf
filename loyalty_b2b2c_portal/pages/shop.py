from datetime import timedelta

from odoo import fields
from odoo.exceptions import UserError
from odoo.tools import SQL

from odoo.addons.loyalty_b2b2c.models.joining.join_input import (
    masked_email,
    masked_phone,
)

from . import words
from .goods import GoodsBook

_MOST_LEFT = 20
_MOST_GOODS = 12


class Shops:
    """The page of a shop's owner: staff, who waits, what was earned, what was scanned.

    Everything goes through the owner's own memberships; people of other shops, other
    companies of ours and other owners do not appear.

    :param owners: memberships as an owner, see :func:`membership.owners`
    """

    def __init__(self, owners):
        self.shops, self.env = [Shop(owner) for owner in owners], owners.env

    def rows(self):
        """Return what the page shows, a dict per shop, see :meth:`Shop.row`."""
        return [shop.row() for shop in self.shops]

    def end_staff(self, member_id):
        """End somebody's membership at a shop of these owners; his points stay his.

        :raise UserError: nobody of these shops
        """
        for shop in self.shops:
            member = _pick(shop.get_staff(), member_id)
            if member:
                member._set_state(
                    "left", ("enrolled", "suspended"), left_at=fields.Datetime.now()
                )
                return member
        raise UserError(self.env._("This person does not work at your shop."))

    def decide(self, join_id, approve):
        """Approve or refuse somebody who waits for one of these owners.

        :raise UserError: nobody who waits for them
        """
        for shop in self.shops:
            waiting = _pick(shop.get_waiting(), join_id)
            if waiting:
                user = shop.owner.partner_id.user_ids[:1]
                decide = waiting._approve if approve else waiting._refuse
                return decide(user, as_owner=True)
        raise UserError(self.env._("This request was decided already."))

    def renew_invitation(self, invitation_id):
        """Replace the link of an invitation: what was printed is void.

        :raise UserError: none of these owners'
        """
        for shop in self.shops:
            invitation = _pick(shop.get_invitations(), invitation_id)
            if invitation:
                return invitation.action_new_link()
        raise UserError(self.env._("This invitation is not your shop's."))


class Shop:
    """One shop, as its owner sees it.

    :param owner: the owner's membership
    """

    def __init__(self, owner):
        owner.ensure_one()
        self.owner, self.env = owner, owner.env

    def row(self):
        """Return what the page shows of the shop.

        :return: dict with the keys ``owner``, ``shop``, ``company``, ``share_text``
            (what is sent with the link), ``waiting``, ``staff``, ``left``,
            ``invitations``, ``goods``
        """
        staff = self.get_staff()
        active = staff.filtered(
            lambda member: member.state in ("enrolled", "suspended")
        )
        left = (staff - active).sorted("left_at", reverse=True)[:_MOST_LEFT]
        return {
            "owner": self.owner,
            "shop": self.owner.employer_id.name,
            "company": self.owner.company_id.name,
            "share_text": self.env._(
                "Join %s and get points for what you sell.", self.owner.employer_id.name
            ),
            "waiting": [
                {
                    "id": waiting.id,
                    "name": waiting.name,
                    "address": masked_phone(waiting.phone)
                    or masked_email(waiting.email),
                    "day": words.day(self.env, waiting.create_date),
                }
                for waiting in self.get_waiting()
            ],
            "staff": [self._get_staff_row(member) for member in active],
            "left": [self._get_staff_row(member) for member in left],
            "invitations": self.get_invitations(),
            "goods": self.get_goods(),
        }

    # === STAFF === #

    def get_staff(self):
        """Return the people of the shop the owner answers for, now and before."""
        return (
            self.owner.sudo()
            .with_context(active_test=False)
            .search(
                [
                    ("employer_id", "=", self.owner.employer_id.id),
                    ("company_id", "=", self.owner.company_id.id),
                    ("role", "in", self.owner._get_role_codes("is_staff")),
                    ("state", "!=", "merged"),
                    ("erased_at", "=", False),
                    ("partner_id", "!=", self.owner.partner_id.id),
                ],
                order="name, id",
            )
        )

    def get_waiting(self):
        """Return the requests to join the owner decides on, the oldest first."""
        requests = self.env["b2b2c.join"].sudo()
        return requests.search(
            [
                ("employer_id", "=", self.owner.employer_id.id),
                ("company_id", "=", self.owner.company_id.id),
                ("state", "=", "waiting"),
            ],
            order="id",
        ).filtered(lambda waiting: waiting._is_for_owner())

    def _get_staff_row(self, member):
        return {
            "id": member.id,
            "name": member.name,
            "role": member._get_role_label(),
            "state": member.state,
            "phone": masked_phone(member.phone) or masked_email(member.email),
            "since": words.day(self.env, member.enrolled_at),
            "left": member.left_at and words.day(self.env, member.left_at),
            "month": self._get_earned(member, days=30),
            "earned": self._get_earned(member),
        }

    def _get_earned(self, member, days=0):
        """Return what somebody earned, without what was taken back, a text per unit.

        Earned, not spent: what people do with their points is their own affair.

        :param int days: only what was booked within so many days, 0 for all
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

    # === INVITATIONS === #

    def get_invitations(self):
        """Return the valid invitations of the shop for staff."""
        invitations = self.env["b2b2c.invitation"].sudo()
        return invitations.search(
            [
                ("employer_id", "=", self.owner.employer_id.id),
                ("company_id", "=", self.owner.company_id.id),
                ("role", "in", self.owner._get_role_codes("is_staff")),
                ("revoked_at", "=", False),
            ]
        ).filtered(lambda invitation: invitation.state == "active")

    def create_invitation(self):
        """Create an invitation of the shop, approved by the owner, if it has none."""
        return self.get_invitations()[:1] or (
            self.env["b2b2c.invitation"]
            .sudo()
            .create(
                {
                    "employer_id": self.owner.employer_id.id,
                    "company_id": self.owner.company_id.id,
                    "role": self.owner._get_role_codes("sells")[0],
                    "approval": "owner",
                }
            )
        )

    # === RECEIVED AND SCANNED === #

    def get_goods(self):
        """Return what the shop received and scanned, a dict per product.

        Since the owner takes part; the most received first.

        :return: list of dict with the keys ``product``, ``received``, ``scanned``
            (quantities in words) and ``percent``
        """
        received = GoodsBook(self.owner).received()
        scanned = self._get_scanned()
        products = self.env["product.product"].sudo().browse({*received, *scanned})
        products = products.exists().sorted(
            lambda product: (-received.get(product.id, 0), -scanned.get(product.id, 0))
        )
        return [
            self._get_goods_row(
                product, received.get(product.id, 0), scanned.get(product.id, 0)
            )
            for product in products[:_MOST_GOODS]
        ]

    def _get_goods_row(self, product, received, scanned):
        percent = min(int(100 * scanned / received), 100) if received else 0
        return {
            "product": product.name,
            "received": words.quantity(self.env, received, product.uom_id),
            "scanned": words.quantity(self.env, scanned, product.uom_id),
            "percent": percent,
        }

    def _get_scanned(self):
        """Return product id -> quantity of the codes the shop's people registered."""
        lines = self.env["b2b2c.claim.line"].sudo()
        groups = lines._read_group(
            [
                ("claim_id.partner_id", "=", self.owner.employer_id.id),
                ("claim_id.company_id", "=", self.owner.company_id.id),
                ("claim_id.kind", "=", "scan"),
                ("claim_id.state", "=", "accepted"),
                ("claim_id.create_date", ">=", self.owner.enrolled_at),
                ("product_id", "!=", False),
            ],
            ["product_id"],
            ["quantity:sum"],
        )
        return {product.id: quantity for product, quantity in groups}


def _pick(records, record_id):
    """Return the record with an id a page sent, empty when it is none of these."""
    return records.filtered(lambda record: record.id == record_id)
