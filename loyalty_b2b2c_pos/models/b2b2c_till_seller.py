from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from odoo.addons.loyalty_b2b2c.models.base.rows import insert_rows

from . import till_people

#: Sales of so many days are credited when the participant of a seller is found.
CREDIT_DAYS = 31


class B2b2cTillSeller(models.Model):
    """An employee, a user or a participant who sold at tills of a company.

    Whose participant is which employee a manager may say; without a word it is who has
    the same contact and takes part in the shop.  A seller without a participant stops
    no sale: his sales wait here.
    """

    _name = "b2b2c.till.seller"
    _description = "Seller at a Till"
    _inherit = "b2b2c.closed"
    _order = "id desc"

    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, ondelete="cascade"
    )
    person_model = fields.Char(required=True, readonly=True)
    person_id = fields.Many2oneReference(
        model_field="person_model", required=True, readonly=True
    )
    kind = fields.Selection(
        [
            ("hr.employee", "Employee"),
            ("res.users", "User"),
            ("b2b2c.member", "Participant"),
        ],
        compute="_compute_person",
        compute_sudo=True,
    )
    name = fields.Char(compute="_compute_person", compute_sudo=True)
    member_id = fields.Many2one(
        "b2b2c.member",
        string="Participant",
        readonly=True,
        ondelete="set null",
        help="As a manager said; empty: whoever has the same contact.",
    )
    ticket_ids = fields.One2many("b2b2c.ticket", "seller_id", readonly=True)
    waiting_ids = fields.One2many(
        "b2b2c.ticket",
        "seller_id",
        domain=[("partner_id", "=", False)],
        string="Sales without Participant",
        readonly=True,
    )
    waiting_count = fields.Integer(
        compute="_compute_waiting", string="Sales without Participant"
    )
    last_sold_at = fields.Datetime(compute="_compute_waiting", string="Last Sale")

    _once = models.UniqueIndex(
        "(company_id, person_model, person_id)", "A seller is listed once."
    )

    # === COMPUTE METHODS === #

    def _compute_person(self):
        kinds = dict(self._fields["kind"].selection)
        for seller in self:
            person = seller._get_person()
            seller.kind = seller.person_model in kinds and seller.person_model
            seller.name = person.display_name if person else self.env._("Deleted")

    @api.depends("name")
    def _compute_display_name(self):
        for seller in self:
            seller.display_name = seller.name

    def _compute_waiting(self):
        groups = self.env["b2b2c.ticket"]._read_group(
            [("seller_id", "in", self.ids), ("partner_id", "=", False)],
            ["seller_id"],
            ["__count", "arrived_at:max"],
        )
        figures = {seller.id: figures for seller, *figures in groups}
        for seller in self:
            count, last = figures.get(seller.id, (0, False))
            seller.waiting_count, seller.last_sold_at = count, last

    def _get_person(self):
        """Return the employee, user or participant, ``None`` if it is gone."""
        self.ensure_one()
        if self.person_model not in self.env:
            return None
        return self.env[self.person_model].browse(self.person_id).exists() or None

    # === WHO SOLD === #

    @api.model
    def _get_of_order(self, order):
        """Return the seller of a paid order, listed when he sells first.

        :param order: ``pos.order`` as superuser
        """
        person = till_people.get_seller(order)
        if not person:
            return self.browse()
        key = (order.company_id.id, person._name, person.id)
        seller = self._find(key)
        if seller:
            return seller
        names = ("company_id", "person_model", "person_id")
        inserted = insert_rows(self, [dict(zip(names, key, strict=True))])
        return self.browse(inserted) or self._find(key)

    def _find(self, key):
        """Return the seller of a key: company, model and id of the person."""
        rows = self.env.execute_query(
            SQL(
                """SELECT id FROM b2b2c_till_seller
                    WHERE company_id = %s AND person_model = %s AND person_id = %s""",
                *key,
            )
        )
        return self.browse(row[0] for row in rows)

    def _find_participant(self, config, user):
        """Return who of the participants this seller is, at a till.

        The one that a manager named; else somebody of the shop where the till stands.
        A claim of a till about somebody else is worth nothing.

        :param config: ``pos.config`` as superuser
        :param user: who opened it
        :return: ids of person and employer, ``(None, None)`` when there is none
        """
        self.ensure_one()
        member, person = self.sudo().member_id, self.sudo()._get_person()
        if not member and person:
            member = self._find_alike(config, user, person)
        return (member.partner_id.id or None, member.employer_id.id or None)

    def _find_alike(self, config, user, person):
        """Return the participant of a till's shop who is a person.

        :param person: a participant, or an employee or user who may log in there
        """
        members = self.env["b2b2c.member"].sudo().with_context(active_test=False)
        domain = till_people.get_members_domain(config)
        if person._name == members._name:
            return person.filtered_domain(domain)
        if not self._may_log_in(config, user, person):
            return members.browse()
        contacts = till_people.get_contacts(person).ids
        domain &= Domain("state", "!=", "merged")
        domain &= Domain("partner_id", "in", contacts) | Domain(
            "contact_id", "in", contacts
        )
        found = members.search(domain, order="enrolled_at, id")
        # who sells first: an owner may stand at the till, too
        return found.sorted(lambda member: not member._sells())[:1]

    def _may_log_in(self, config, user, person):
        """Tell whether somebody is one of the people of a till."""
        model, domain = till_people.get_people_domain(config, user)
        if person._name != model:
            return False
        people = self.env[model].sudo().with_context(active_test=False)
        return bool(people.search_count(domain & Domain("id", "=", person.id), limit=1))

    def _get_shop(self):
        """Return the shop of the till where this seller sold last."""
        self.ensure_one()
        ticket = self.sudo().ticket_ids[:1]
        if not ticket:
            return self.company_id.partner_id.commercial_partner_id
        return till_people.get_shop(ticket.order_id.config_id)

    def _get_contact(self):
        """Return the contact of an employee or user, possibly empty."""
        person = self.sudo()._get_person()
        if person is None or self.person_model == "b2b2c.member":
            return self.env["res.partner"]
        return till_people.get_contacts(person)[:1].with_env(self.env)

    # === WHO IT IS === #

    def _choose(self, member):
        """Say that this seller is a participant, and credit the sales that wait.

        :param member: who gains; nobody says that of himself
        """
        self.ensure_one()
        self.env["b2b2c.authority"]._check(self.env.user, members=member)
        self.env.cr.execute(
            SQL(
                "UPDATE b2b2c_till_seller SET member_id = %s WHERE id = %s",
                member.id,
                self.id,
            )
        )
        self.invalidate_recordset(["member_id"])
        self._credit()

    def _credit(self):
        """Look again at the sales of the last days that wait for a participant."""
        self.env["b2b2c.event"].sudo()._record(self._get_recent().order_id)

    def _get_recent(self):
        """Return the waiting sales of the last days."""
        since = fields.Datetime.now() - timedelta(days=CREDIT_DAYS)
        return (
            self.env["b2b2c.ticket"]
            .sudo()
            .search(
                [
                    ("seller_id", "in", self.ids),
                    ("partner_id", "=", False),
                    ("arrived_at", ">=", since),
                ]
            )
        )

    # === ACTION METHODS === #

    def action_open_choice(self):
        """Ask which participant this seller is."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Which participant is %s?", self.name),
            "res_model": "b2b2c.till.seller.choose",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_seller_id": self.id},
        }

    def action_open_enrolment(self):
        """Enroll this seller: the sales of the last days are credited then."""
        self.ensure_one()
        return self.env["b2b2c.enroll"]._open_for_seller(self)
