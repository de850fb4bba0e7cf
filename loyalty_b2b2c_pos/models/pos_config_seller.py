from odoo import fields, models
from odoo.exceptions import AccessError
from odoo.fields import Domain
from odoo.tools import consteq

from . import till_people
from .seller_today import SellerToday

#: So many people are shown at once; who is not among them is searched for.
_SHOWN = 20
#: PINs that are tried for one employee within the hour, right ones too.
_PINS = 10


class PosConfig(models.Model):
    """What a till asks about sellers: who may have sold, and how the own day was.

    A till loads nobody when it starts, and says nothing that is believed: people are
    asked for by name, and named by a token, see :mod:`.till_people`.
    """

    _inherit = "pos.config"

    b2b2c_shop_id = fields.Many2one(
        "res.partner",
        string="Shop",
        domain="[('is_company', '=', True)]",
        ondelete="set null",
        groups="loyalty_b2b2c.group_manager",
        help="Where this till stands: participants of this shop sell here. Empty: "
        "those of the till's company.",
    )

    def b2b2c_find_sellers(self, words=""):
        """Return who may have sold at this till.

        :param str words: a part of the name; empty: the first ones
        :return: ``{"sellers": [{"token", "name", "note"}], "more": bool}``
        """
        config = self._b2b2c_as_cashier()
        named = Domain("name", "ilike", str(words or "").strip()[:50])
        sells = self.env["b2b2c.role"]._get_role_codes("sells")
        members = config.env["b2b2c.member"].search(
            till_people.get_members_domain(config)
            & Domain("state", "=", "enrolled")
            & Domain("role", "in", sells)
            & named,
            order="name, id",
            limit=_SHOWN + 1,
        )
        persons = {member.partner_id: member for member in reversed(members)}
        model, domain = till_people.get_people_domain(config, self.env.user)
        people = config.env[model].search(
            domain & named, order="name, id", limit=_SHOWN + 1
        )
        known = members.partner_id | members.contact_id
        found = [*persons.values()] + [
            person for person in people if not till_people.get_contacts(person) & known
        ]
        found.sort(key=lambda person: (person.name or "").casefold())
        return {
            "sellers": [
                {
                    "token": till_people.make_token(config, person),
                    "name": person.name,
                    "note": ""
                    if person._name == "b2b2c.member"
                    else self.env._("takes no part yet"),
                }
                for person in found[:_SHOWN]
            ],
            "more": len(found) > _SHOWN,
        }

    def b2b2c_get_my_points(self, employee_id=False, pin=""):
        """Return what who is logged in at this till sold today, and the own points.

        Of an employee only after the PIN, which the server checks, unless he is the
        user who is signed in: nobody reads a colleague's points.

        :param int employee_id: who is logged in (module ``pos_hr``)
        :return: ``{"asks_pin": True}``; ``{"problem": sentence}``; or ``name`` with
            what :meth:`~.seller_today.SellerToday.tell` says
        """
        config = self._b2b2c_as_cashier()
        person = self.env.user.sudo()
        if till_people.uses_employees(config):
            model, domain = till_people.get_people_domain(config, self.env.user)
            is_number = isinstance(employee_id, int)
            domain &= Domain("id", "=", employee_id if is_number else 0)
            person = config.env[model].search(domain)
            refusal = config._b2b2c_refuse(person, self.env.user, pin)
            if refusal:
                return refusal
        key = (config.company_id.id, person._name, person.id)
        seller = config.env["b2b2c.till.seller"]._find(key)
        if not seller:
            member = seller._find_alike(config, self.env.user, person)
            partner, employer = member.partner_id, member.employer_id
        else:
            people = config.env["res.partner"]
            ids = seller._find_participant(config, self.env.user)
            partner, employer = (people.browse(record_id or ()) for record_id in ids)
        if not partner:
            return {
                "problem": self.env._(
                    "%s takes no part in the program yet. Sales are kept; ask your "
                    "manager.",
                    person.name,
                )
            }
        today = SellerToday(
            config.with_env(self.env(su=True)), seller, partner, employer
        )
        return {"name": person.name, **today.tell()}

    def _b2b2c_refuse(self, employee, user, pin):
        """Return why an employee is shown nothing yet, ``None`` when nothing is wrong.

        :param employee: who is logged in, as superuser; empty: nobody of this till
        """
        if not employee:
            return {
                "problem": self.env._("You are not one of the people of this till.")
            }
        if employee.user_id == user:
            return None
        if not employee.pin:
            return {
                "problem": self.env._(
                    "Only somebody with a PIN sees own points here. Ask for one, or "
                    "look at your own page."
                )
            }
        if not pin:
            return {"asks_pin": True}
        tries = {f"till-pin/e{employee.id}": _PINS}
        if not self.env["b2b2c.hour.count"]._count_apart(self.company_id, tries):
            return {"problem": self.env._("Asked too often. Try again in an hour.")}
        if not consteq(str(pin)[:64].encode(), employee.pin.encode()):
            return {"problem": self.env._("This is not your PIN.")}
        return None

    def _b2b2c_as_cashier(self):
        """Return this till as superuser, for somebody who may sell at it.

        :raise AccessError: the user is no cashier, or not of this till's company
        """
        self.ensure_one()
        if not self.env.user.has_group("point_of_sale.group_pos_user"):
            raise AccessError(self.env._("Only cashiers ask a till about sellers."))
        self.check_access("read")
        return self.sudo()
