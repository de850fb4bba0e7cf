"""Two people are two people: detours to decide for oneself, by five roles.

Not the buttons of :mod:`..test_authority`, but what leads around them: defaults,
imports, computed columns, merges, second logins, what one was until a moment ago.
"""

import base64
import contextlib
from unittest.mock import patch

from odoo import Command
from odoo.tests import tagged

from ..test_authority import AuthorityCommon
from .attack_kit import NOTHING, AttackKit

ROLES = {
    "salesperson": "sales_team.group_sale_salesman",
    "loyalty user": "loyalty_b2b2c.group_user",
    "loyalty officer": "loyalty_b2b2c.group_officer",
    "accountant": "account.group_account_manager",
    "loyalty manager": "loyalty_b2b2c.group_manager",
}


class TwoPeopleCommon(AttackKit, AuthorityCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.roles = {
            role: cls._create_user(
                role.replace(" ", "_"), group, "base.group_partner_manager"
            )
            for role, group in ROLES.items()
        }
        cls.env["ir.default"].search([]).unlink()

    def _get_stake(self, user):
        env = self.env
        mailbox = user.partner_id.email_normalized
        members = env["b2b2c.member"].with_context(active_test=False).search([])
        accounts = env["b2b2c.account"].search([])
        contracts = env["b2b2c.ladder.contract"].search([])
        dealers = env["b2b2c.ladder.standing"].search([])
        invitations = env["b2b2c.invitation"].search([])
        return (
            [(a.id, a.balance_available, a.balance_pending) for a in accounts],
            [(m.id, m.state, m.active, m.role, m.employer_id.id) for m in members],
            [m.id for m in members if m.partner_id.email_normalized == mailbox],
            [(c.id, c.state) for c in contracts],
            dealers.ids,
            [(i.id, i.approval) for i in invitations if i.employer_id == self.shop],
            env["res.partner"].search_count([("parent_id", "=", self.shop.id)]),
            env["b2b2c.external.document"].search_count([]),
        )

    # === WHO THE ATTACKER IS === #

    def _be_nina(self, user):
        """Let a user have Nina's phone."""
        user.partner_id.phone = self.seller.phone

    def _be_clerk(self, user):
        """Let a user be a contact of the shop."""
        user.partner_id.parent_id = self.shop

    def _ask_values(self, account, points):
        return {"account_id": account.id, "points": points, "reason": "Forgotten"}

    def _submit_for(self, user, account):
        values = self._ask_values(account, 5)
        request = self._rpc(user, "b2b2c.adjustment", "create", values)
        self._rpc(user, "b2b2c.adjustment", "action_submit", [request])

    # === WAYS: BOTH PEOPLE OF ONE REQUEST === #

    def _approve_as_of(self, user, make):
        """Make a large request that says somebody else asked, and approve it."""
        forged = {"state": "submitted", "requested_by_id": self.asker.id}
        values = self._ask_values(self._account(self.stranger), 500)

        def act():
            request = make(values, forged)
            self._rpc(user, "b2b2c.adjustment", "action_approve", [request])

        return act

    def way_defaults_of_a_call(self, user):
        return self._approve_as_of(
            user,
            lambda values, forged: self._rpc(
                user,
                "b2b2c.adjustment",
                "create",
                values,
                context={f"default_{name}": value for name, value in forged.items()},
            ),
        )

    def way_defaults_of_a_user(self, user):
        def make(values, forged):
            for name, value in forged.items():
                self._rpc(
                    user, "ir.default", "set", "b2b2c.adjustment", name, value, True
                )
            return self._rpc(user, "b2b2c.adjustment", "create", values)

        return self._approve_as_of(user, make)

    def way_imported_request(self, user):
        def make(values, forged):
            row = {
                "account_id/.id": values["account_id"],
                "points": 500,
                "reason": "Forgotten",
                "state": "submitted",
                "requested_by_id/.id": forged["requested_by_id"],
            }
            texts = [str(value) for value in row.values()]
            return self._load(user, "b2b2c.adjustment", list(row), texts)

        return self._approve_as_of(user, make)

    def way_copied_request(self, user):
        def make(values, forged):
            first = self._rpc(user, "b2b2c.adjustment", "create", values)
            copied = self._rpc(user, "b2b2c.adjustment", "copy", [first], forged)
            return copied[0] if isinstance(copied, list) else copied

        return self._approve_as_of(user, make)

    def way_saved_form(self, user):
        return self._approve_as_of(
            user,
            lambda values, forged: self._rpc(
                user, "b2b2c.adjustment", "web_save", [], {**values, **forged}, {}
            )[0]["id"],
        )

    def way_second_login(self, user):
        """One person with two logins asks with one and approves with the other."""
        second = self.env["res.users"].create(
            {
                "login": f"{user.login}2",
                "partner_id": user.partner_id.id,
                "company_id": self.company.id,
                "company_ids": [Command.set(self.company.ids)],
                "group_ids": [Command.set(user.group_ids.ids)],
            }
        )
        values = self._ask_values(self._account(self.stranger), 500)

        def act():
            request = self._rpc(user, "b2b2c.adjustment", "create", values)
            self._rpc(user, "b2b2c.adjustment", "action_submit", [request])
            self._rpc(second, "b2b2c.adjustment", "action_approve", [request])

        return act

    def way_own_among_many(self, user):
        self._be_nina(user)
        others = self._ask_values(self._account(self.stranger), 5)
        own = self._ask_values(self.account, 5)

        def act():
            ids = self._rpc(user, "b2b2c.adjustment", "create", [others, own])
            self._rpc(user, "b2b2c.adjustment", "action_submit", ids)

        return act

    def way_dialog_used_again(self, user):
        """A window of a transfer to somebody else is written to, and used again."""
        self._be_nina(user)
        model = "b2b2c.account.transfer"
        values = {
            "account_id": self._account(self.stranger).id,
            "target_member_id": self.owner.id,
            "points": 5,
            "reason": "Swapped",
        }

        def act():
            window = self._rpc(user, model, "create", values)
            own = {"target_member_id": self.seller.id, "idempotency_key": "another"}
            self._rpc(user, model, "web_save", [window], own, {})
            self._rpc(user, model, "action_transfer", [window])

        return act

    # === WAYS: NO LONGER WHO ONE IS === #

    def _after(self, user, account, *calls):
        """Do calls first, and then give points to an account."""

        def act():
            for model, method, *args in calls:
                self._rpc(user, model, method, *args)
            self._submit_for(user, account)

        return act

    def _write_own(self, user, values, account):
        person = user.partner_id
        return self._after(user, account, ("res.partner", "write", [person.id], values))

    def way_own_phone_blanked(self, user):
        """Not the phone, which is remembered, but what Odoo computes from it."""
        self._be_nina(user)
        return self._write_own(user, {"phone_sanitized": False}, self.account)

    def way_own_phone_replaced(self, user):
        self._be_nina(user)
        return self._write_own(user, {"phone_sanitized": "+380671"}, self.account)

    def way_her_phone_blanked(self, user):
        self._be_nina(user)
        person = self.seller.partner_id
        values = {"phone_sanitized": False}
        call = ("res.partner", "write", [person.id], values)
        return self._after(user, self.account, call)

    def way_own_email_blanked(self, user):
        user.partner_id.email = self.seller.email
        return self._write_own(user, {"email_normalized": False}, self.account)

    def way_own_email_swapped_by_the_user(self, user):
        """The preferences of a user write the same contact."""
        user.partner_id.email = self.seller.email
        values = {"email": "fresh@office.example"}
        call = ("res.users", "write", [user.id], values)
        return self._after(user, self.account, call)

    def way_company_left(self, user):
        self._be_clerk(user)
        account = self._account(self.colleague)
        return self._write_own(user, {"parent_id": False}, account)

    def way_company_changed(self, user):
        self._be_clerk(user)
        values = {"parent_id": self.other_shop.id}
        return self._write_own(user, values, self._account(self.colleague))

    def way_become_a_company(self, user):
        self._be_clerk(user)
        account = self._account(self.colleague)
        return self._write_own(user, {"is_company": True}, account)

    def way_company_written_over(self, user):
        """Not the parent, but what Odoo computes from it."""
        self._be_clerk(user)
        person = user.partner_id
        account = self._account(self.colleague)
        return self._write_own(user, {"commercial_partner_id": person.id}, account)

    def way_company_of_company_changed(self, user):
        """The desk one belongs to goes, not oneself."""
        desk = self.env["res.partner"].create(
            {"name": "Desk", "parent_id": self.shop.id}
        )
        user.partner_id.parent_id = desk
        account = self._account(self.colleague)
        call = ("res.partner", "write", [desk.id], {"parent_id": False})
        return self._after(user, account, call)

    def way_contract_for_the_company_left(self, user):
        self._be_clerk(user)
        tier = self.ladder.tier_ids[-1]
        values = {
            "standing_id": self.dealer.id,
            "tier_id": tier.id,
            "date_to": "2099-12-31",
            "reason": "New",
        }

        def act():
            person = user.partner_id.id
            self._rpc(user, "res.partner", "write", [person], {"parent_id": False})
            self._rpc(user, "b2b2c.ladder.contract", "create", values)

        return act

    # === WAYS: BECOMING SOMEBODY === #

    def way_own_mailbox_for_a_participant(self, user):
        """Whoever has the mailbox can sign in and spend."""
        values = {"email": user.email}
        return lambda: self._rpc(
            user, "b2b2c.member", "write", [self.stranger.id], values
        )

    def way_own_mailbox_for_a_contact(self, user):
        person, values = self.stranger.partner_id, {"email": user.email}
        return lambda: self._rpc(user, "res.partner", "write", [person.id], values)

    def way_own_mailbox_imported(self, user):
        person = self.stranger.partner_id
        row = [str(person.id), user.email]
        return lambda: self._load(user, "res.partner", [".id", "email"], row)

    def way_own_mailbox_computed(self, user):
        person, values = self.stranger.partner_id, {"email_normalized": user.email}
        return lambda: self._rpc(user, "res.partner", "write", [person.id], values)

    def way_desk_merged_into_mine(self, user):
        """The contact of a colleague's orders becomes the one that stands for me."""
        self._be_nina(user)
        desk = self.env["res.partner"].create(
            {"name": "Big desk", "parent_id": self.shop.id, "email": "d@shop.example"}
        )
        self.clerk.email = desk.email  # Odoo merges contacts of one e-mail
        values = {
            "state": "selection",
            "partner_ids": [Command.set((desk | self.clerk).ids)],
            "dst_partner_id": self.clerk.id,
        }
        model = "base.partner.merge.automatic.wizard"

        def act():
            window = self._rpc(user, model, "create", values)
            self._rpc(user, model, "action_merge", [window])

        return act

    # === WAYS: BACK, IN, AND REPORTED BY ONESELF === #

    def way_back_from_the_archive(self, user):
        self._be_nina(user)
        self.seller.active = False
        return lambda: self._rpc(
            user, "b2b2c.member", "action_unarchive", [self.seller.id]
        )

    def way_back_with_the_contact(self, user):
        self._be_nina(user)
        person = self.seller.partner_id
        person.active = False
        return lambda: self._rpc(user, "res.partner", "action_unarchive", [person.id])

    def way_invitation_moved_to_my_shop(self, user):
        self._be_clerk(user)
        values = {"employer_id": self.other_shop.id, "approval": "none"}

        def act():
            model = "b2b2c.invitation"
            invitation = self._rpc(user, model, "create", values)
            own = {"employer_id": self.shop.id}
            self._rpc(user, model, "web_save", [invitation], own, {})

        return act

    def way_dealer_among_the_ladder(self, user):
        """The own shop is made a dealer through the form of the ladder."""
        self._be_clerk(user)
        self.dealer.action_end()
        values = {"standing_ids": [Command.create({"partner_id": self.shop.id})]}
        return lambda: self._rpc(
            user, "b2b2c.ladder", "web_save", [self.ladder.id], values, {}
        )

    def _import_file(self, user, kind, head, row):
        values = {
            "file": base64.b64encode(f"{head}\n{row}\n".encode()).decode(),
            "document_type": kind,
        }

        def act():
            model = "b2b2c.intake.import"
            window = self._rpc(user, model, "create", values)
            self._rpc(user, model, "action_check", [window])
            self._rpc(user, model, "action_import", [window])

        return act

    def way_own_sale_in_a_file(self, user):
        self._be_nina(user)
        row = f"X-1;{self.seller.email};100"
        return self._import_file(user, "sale", "number;email;amount", row)

    def way_shipment_to_my_shop_in_a_file(self, user):
        self._be_clerk(user)
        self.product.default_code = "PAPER"
        head, row = "number;shop;product;quantity", f"X-2;{self.shop.name};PAPER;10"
        return self._import_file(user, "shipment", head, row)

    # === WITHOUT THE GUARDS === #

    @contextlib.contextmanager
    def _without_guards(self):
        """Ask nobody, remember no company, and take what a client fills in."""
        models = {name: self.env.registry[name] for name in self.env.registry}
        contacts, requests = models["res.partner"], models["b2b2c.adjustment"]
        takers = {
            models["b2b2c.authority"]: ("_gains", "_is_self", "_is_same_user"),
            models["b2b2c.former.address"]: ("_has_left",),
        }
        with contextlib.ExitStack() as stack:
            for model, names in takers.items():
                for name in names:
                    no = patch.object(model, name, lambda *_args, **_kw: False)
                    stack.enter_context(no)
            for model, name, instead in (
                (contacts, "_check_b2b2c_results", lambda *_args: None),
                (requests, "_get_closed", lambda *_args: set()),
                (models["base"], "_b2b2c_get_closed", lambda *_args: frozenset()),
            ):
                stack.enter_context(patch.object(model, name, instead))
            yield


@tagged("post_install", "-at_install")
class TestTwoPeople(TwoPeopleCommon):
    maxDiff = None

    def test_nobody_decides_for_himself_by_a_detour(self):
        found = self._try_all(self.roles)
        self.assertEqual(self._list_succeeded(found), [])
        # an attempt without effect would be no attempt
        self.assertNotIn(NOTHING, self._count(found))

    def test_control_without_the_guards_each_way_succeeds(self):
        with self._without_guards():
            found = self._try_all(self.roles)
        succeeded = {way for way, _role in self._list_succeeded(found)}
        self.assertEqual(set(self._ways) - succeeded, set())
