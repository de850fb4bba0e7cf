"""Identity is proved: detours to be found by somebody else's address, by five roles.

Victoria takes part and has points; Alice wants to be found by what names Victoria.
Who works in the office helps a friend, or is Alice, where the office's word counts.
"""

import contextlib
from unittest.mock import patch

from odoo import Command, api, models
from odoo.tests import tagged

from ...models.joining.join_input import JoinInput
from ..joining.test_join import JoinCommon
from .attack_kit import AttackKit

PHONE, EMAIL = "+380501234501", "victoria@example.com"
NAMES = ({"phone": PHONE}, {"email": EMAIL})
ROLES = {
    "salesperson": "sales_team.group_sale_salesman",
    "loyalty user": "loyalty_b2b2c.group_user",
    "loyalty officer": "loyalty_b2b2c.group_officer",
    "loyalty manager": "loyalty_b2b2c.group_manager",
}
MERGE = "base.partner.merge.automatic.wizard"


class IdentityCommon(AttackKit, JoinCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["ir.config_parameter"].set_param("auth_signup.invitation_scope", "b2c")
        cls.victoria = cls._create_member(name="Victoria", phone=PHONE, email=EMAIL)
        cls._account(cls, cls.victoria)._earn(50, source_key="gift/victoria")
        cls.alice = cls._create_member(
            name="Alice", phone="+380501234502", email="alice@example.com"
        )
        cls.roles = {
            role: cls._create_user(
                role.replace(" ", "_"), group, "base.group_partner_manager"
            )
            for role, group in ROLES.items()
        }
        cls.roles["participant on the portal"] = cls.env["res.users"].create(
            {
                "login": "alice@example.com",
                "partner_id": cls.alice.partner_id.id,
                "group_ids": [Command.set(cls.env.ref("base.group_portal").ids)],
            }
        )
        cls.own = {}
        for role in ("loyalty officer", "loyalty manager"):
            person = cls.roles[role].partner_id
            cls.own[cls.roles[role]] = cls._create_member(partner_id=person.id)

    def _get_alice(self, user):
        """Return who shall be found: a friend, or the user."""
        return self.own.get(user, self.alice)

    def _get_stake(self, user):
        members = self.env["b2b2c.member"]
        named = self.victoria.partner_id | self.holder
        names = (*NAMES, {"code": self.card})
        found = [
            members._search_in_force(self.company, **name).partner_id for name in names
        ]
        account = self._account(self.victoria)
        return (
            [bool(people) and not people & named for people in found],
            self.victoria.partner_id.id,
            self.victoria.state,
            account.balance_available,
            self._knows_password(),
        )

    def _knows_password(self):
        """Tell whether who registered a login still knows the password of somebody who
        takes part."""
        login = self.env["res.users"].search([("login", "=", "maria@example.com")])
        takes_part = self.env["b2b2c.member"].search_count(
            [("partner_id", "in", login.partner_id.ids)]
        )
        return bool(takes_part) and self._read_password(login) == self.known

    def _read_password(self, user):
        self.env.flush_all()
        self.env.cr.execute("SELECT password FROM res_users WHERE id = %s", [user.id])
        return self.env.cr.fetchone()[0]

    def _try(self, way, user):
        self.card, self.known = self.victoria.code, ""
        self.holder = self.victoria.partner_id
        return super()._try(way, user)

    # === WAYS: WRITING ADDRESSES === #

    def _make_room(self, user):
        """Let Victoria have another phone: nobody has hers then."""
        other = {"phone": "+380501234599"}
        if user == self.roles["participant on the portal"]:
            self.victoria.partner_id.phone = other["phone"]  # she did it herself
            return
        self._rpc(user, "res.partner", "write", self.victoria.partner_id.ids, other)

    def _write_contact(self, user, values, room=False):
        def act():
            if room:
                self._make_room(user)
            person = self._get_alice(user).partner_id
            if user == self.roles["participant on the portal"]:
                # as Odoo's page of addresses does, of the fields that it shows
                shown = {k: v for k, v in values.items() if k in ("phone", "email")}
                person.with_user(user).sudo().write(shown)
            else:
                self._rpc(user, "res.partner", "write", person.ids, values)

        return act

    def way_her_phone_when_it_is_free(self, user):
        return self._write_contact(user, {"phone": PHONE}, room=True)

    def way_phone_that_odoo_computes(self, user):
        return self._write_contact(user, {"phone_sanitized": PHONE}, room=True)

    def way_email_that_odoo_computes(self, user):
        self.victoria.partner_id.email = "new@example.com"
        return self._write_contact(user, {"email_normalized": EMAIL})

    def way_two_mailboxes(self, user):
        self.victoria.partner_id.email = "new@example.com"
        return self._write_contact(user, {"email": f"{EMAIL}, alice@example.com"})

    def way_name_and_mailbox(self, user):
        self.victoria.partner_id.email = "new@example.com"
        return self._write_contact(user, {"email": f'"Alice" <{EMAIL}>'})

    def way_capital_letters(self, user):
        self.victoria.partner_id.email = "new@example.com"
        return self._write_contact(user, {"email": EMAIL.upper()})

    def way_phone_with_extension(self, user):
        return self._write_contact(user, {"phone": f"{PHONE} ext. 7"}, room=True)

    def way_phone_in_wide_digits(self, user):
        wide = "+" + "".join(chr(ord(digit) + 0xFEE0) for digit in PHONE[1:])
        return self._write_contact(user, {"phone": wide}, room=True)

    def way_own_preferences(self, user):
        """The user's own record writes the same contact."""
        self.victoria.partner_id.email = "new@example.com"

        def act():
            self._rpc(user, "res.users", "write", user.ids, {"email": EMAIL})

        return act

    def way_imported_over(self, user):
        def act():
            self._make_room(user)
            person = self._get_alice(user).partner_id
            row = [str(person.id), PHONE]
            self._load(user, "res.partner", [".id", "phone"], row)

        return act

    # === WAYS: THE OFFICE'S WORD === #

    def way_corrected_on_her_page(self, user):
        def act():
            self._make_room(user)
            alice = self._get_alice(user)
            self._rpc(user, "b2b2c.member", "write", alice.ids, {"phone": PHONE})

        return act

    def way_enrolled_again(self, user):
        """A second membership is seen by who enrolls."""

        def act():
            self._make_room(user)
            alice = self._get_alice(user)
            values = {
                "contact_id": alice.partner_id.id,
                "employer_id": self.shop.id,
                "role": "employee",
                "name": alice.name,
                "phone": PHONE,
                "email": alice.email,
                "consent": True,
                "invite": False,
            }
            window = self._rpc(user, "b2b2c.enroll", "create", values)
            self._rpc(user, "b2b2c.enroll", "action_enroll", [window])

        return act

    def way_said_to_be_proved(self, user):
        alice = self._get_alice(user)

        def act():
            self._make_room(user)
            person = alice.partner_id
            self._rpc(user, "res.partner", "write", person.ids, {"phone": PHONE})
            self._rpc(user, "b2b2c.member", "action_prove_addresses", alice.ids)

        return act

    def way_proof_of_ones_own(self, user):
        person = self._get_alice(user).partner_id

        def act():
            self._make_room(user)
            self._rpc(user, "res.partner", "write", person.ids, {"phone": PHONE})
            values = {
                "partner_id": person.id,
                "address": PHONE,
                "way": "code",
                "proved_at": "2026-01-01 00:00:00",
            }
            self._rpc(user, "b2b2c.address.proof", "create", [values])

        return act

    # === WAYS: BECOMING ONE === #

    def way_merged(self, user):
        """Her contact gets Alice's e-mail, and so is the same to Odoo."""
        alice = self._get_alice(user).partner_id
        both = alice | self.victoria.partner_id

        def act():
            values = {"email": alice.email}
            self._rpc(
                user, "res.partner", "write", self.victoria.partner_id.ids, values
            )
            window = {
                "state": "selection",
                "partner_ids": [Command.set(both.ids)],
                "dst_partner_id": alice.id,
            }
            number = self._rpc(user, MERGE, "create", window)
            self._rpc(user, MERGE, "action_merge", [number])

        return act

    def way_membership_handed_on(self, user):
        """Before there are points a membership, and its card, gets another person."""
        victim = self._create_member(name="Zoya", email="zoya@example.com")
        person = self._get_alice(user).partner_id
        self.card, self.holder = victim.code, victim.partner_id
        values = {"partner_id": person.id, "employer_id": self.shop.id}
        return lambda: self._rpc(user, "b2b2c.member", "write", victim.ids, values)

    def way_registered_before_she_joins(self, user):
        """Anybody signs up with somebody's e-mail and knows the password."""
        email = "maria@example.com"
        self.env["res.users"].sudo().signup(
            {"login": email, "name": "Maria Bondar", "password": "attacker knows"}
        )
        login = self.env["res.users"].search([("login", "=", email)])
        login.partner_id.email = "attacker@example.com"
        self.known = self._read_password(login)

        def act():
            self._rpc(user, "res.users", "read", user.ids, ["name"])
            request = self._start("Maria Bondar", email)
            request._check_code(self._sent_code(email))
            self.assertEqual(request.state, "joined")

        return act

    def way_join_that_changes_its_address(self, user):
        """The code goes to Alice, and then the request names Victoria."""
        self._make_room(self.roles["participant on the portal"])
        request = self.env["b2b2c.join"]._start(
            self.invitation,
            JoinInput("Alice", "", "+380501234502"),
            lang="en_US",
            address="192.0.2.1",
            partner=None,
        )

        def act():
            values = {"phone": PHONE, "phone_ok": True}
            self._rpc(user, "b2b2c.join", "web_save", request.ids, values, {})
            request._finish()

        return act


@tagged("post_install", "-at_install")
class TestIdentity(IdentityCommon):
    def test_nobody_is_found_by_what_names_somebody_else(self):
        found = self._try_all(self.roles)
        self.assertEqual(self._list_succeeded(found), [])

    @contextlib.contextmanager
    def _without_guards(self):
        """Believe what is written, whoever wrote it, and keep no login from anybody."""
        env = self.env
        members, joins = type(self.victoria), type(env["b2b2c.join"])
        contacts, authority = type(env["res.partner"]), type(env["b2b2c.authority"])
        proofs = type(env["b2b2c.address.proof"])
        find, no = members._has_address, lambda *_args, **_kw: False

        @api.model_create_multi
        def create(records, vals_list):
            return models.Model.create(records.sudo(), vals_list)

        with contextlib.ExitStack() as stack:
            for model, name, instead in (
                (members, "_has_address", lambda m, n, a, is_proved: find(m, n, a, 0)),
                (members, "action_renew_code", no),
                (joins, "_take_login_over", no),
                (joins, "write", lambda j, vals: models.Model.write(j.sudo(), vals)),
                (contacts, "_check_b2b2c_results", no),
                (proofs, "create", create),
                (authority, "_gains", no),
                (authority, "_is_self", no),
                (type(env[MERGE]), "_check_loyalty_authority", no),
            ):
                stack.enter_context(patch.object(model, name, instead))
            yield

    def test_control_without_the_guards_each_way_succeeds(self):
        with self._without_guards():
            found = self._try_all(self.roles)
        succeeded = {way for way, _role in self._list_succeeded(found)}
        self.assertEqual(set(self._ways) - succeeded, set())
