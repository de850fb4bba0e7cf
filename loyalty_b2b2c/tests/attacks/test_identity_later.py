"""Identity is proved: detours to sign in as somebody, to be sent what is hers, and to
be found by her codes, by five roles.

Victoria proved her mailbox and her phone, has points and a login; somebody who may
write contacts wants to be let in as her, or wants Alice to be taken for her.
"""

import contextlib
from unittest.mock import patch

from odoo import Command, api, models
from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import SQL

from .test_identity import EMAIL, PHONE, IdentityCommon

FRESH = "fresh@elsewhere.example"
PROOF, LINK = "b2b2c.address.proof", "b2b2c.referral.link"


class IdentityLaterCommon(IdentityCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env[PROOF]._keep(cls.victoria.partner_id, [EMAIL, PHONE], "code")
        for role in ("salesperson", "loyalty user", "loyalty officer"):
            cls.roles[role].group_ids += cls.env.ref("base.group_erp_manager")
        campaign = cls.env["b2b2c.referral.campaign"].create(
            {"name": "Friends", "program_id": cls._create_program(name="Friends").id}
        )
        cls.campaign = campaign
        cls.hers = cls.env[LINK]._ensure(cls.victoria, campaign)
        cls.env.flush_all()

    @property
    def _ways(self):
        # of this file alone: the others have their own test
        return {
            name: getattr(self, name)
            for name in vars(IdentityLaterCommon)
            if name.startswith("way_")
        }

    def _try(self, way, user):
        # what is sent is looked at, and goes nowhere
        mails = type(self.env["mail.mail"])
        with patch.object(mails, "send", lambda *_args, **_kw: True):
            return super()._try(way, user)

    def _get_stake(self, user):
        """Return who is let in by what was sent, where codes go, and who is found."""
        person, proofs = self.victoria.partner_id, self.env[PROOF]
        sent = self.env["mail.mail"].sudo().search_count([("email_to", "ilike", FRESH)])
        sent += bool(person.signup_type) and person.email_normalized == FRESH
        goes = proofs._get_address(person, phone_first=False)
        links = self.env[LINK].with_context(active_test=False)
        found = links.search([("key", "=", self.hers.key)])
        alice = self._get_alice(user)
        return (
            sent,
            goes if goes not in (EMAIL, PHONE, "") else "",
            [(one.partner_id.id, one.address) for one in proofs.sudo().search([])],
            found.member_id.ids,
            alice.contact_id == person or alice.partner_id == person,
        )

    # === WAYS: TO SIGN IN AS HER === #

    def _get_login(self):
        return self.env["res.users"].create(
            {
                "login": EMAIL,
                "partner_id": self.victoria.partner_id.id,
                "group_ids": [Command.set(self.env.ref("base.group_portal").ids)],
            }
        )

    def _change_mailbox(self, user):
        person = self.victoria.partner_id
        self._rpc(user, "res.partner", "write", person.ids, {"email": FRESH})

    def way_mailbox_and_password_forgotten(self, user):
        """The page of Odoo on which anybody asks for a new password."""
        login = self._get_login().login

        def act():
            self._change_mailbox(user)
            self.env["res.users"].sudo().reset_password(login)

        return act

    def way_mailbox_and_password_sent_by_the_office(self, user):
        login = self._get_login()

        def act():
            self._change_mailbox(user)
            self._rpc(user, "res.users", "action_reset_password", login.ids)

        return act

    def way_mailbox_and_signup_prepared(self, user):
        def act():
            self._change_mailbox(user)
            person = self.victoria.partner_id
            self._rpc(user, "res.partner", "action_signup_prepare", person.ids)

        return act

    def _open_access(self, user):
        """Return the row of the dialog that gives people access to the portal."""
        person = self.victoria.partner_id
        window = self.env["portal.wizard"].with_user(user)
        window = window.with_context(active_ids=person.ids).create({})
        return window.user_ids.filtered(lambda row: row.partner_id == person)

    def way_access_to_another_mailbox(self, user):
        """The dialog writes the mailbox that is typed in there."""

        def act():
            row = self._open_access(user)
            values = {"email": FRESH}
            self._rpc(user, row._name, "write", row.ids, values)
            self._rpc(user, row._name, "action_grant_access", row.ids)

        return act

    def way_invited_again_at_another_mailbox(self, user):
        self._get_login()

        def act():
            row = self._open_access(user)
            self._rpc(user, row._name, "write", row.ids, {"email": FRESH})
            self._rpc(user, row._name, "action_invite_again", row.ids)

        return act

    def way_link_of_a_document_to_another_mailbox(self, user):
        """What Odoo adds to the link of a quotation lets its reader sign up."""

        def act():
            self._change_mailbox(user)
            person = self.victoria.partner_id.with_user(user)
            person.signup_get_auth_param()

        return act

    def way_participant_invited_at_another_mailbox(self, user):
        def act():
            self._change_mailbox(user)
            self._rpc(user, "b2b2c.member", "action_invite", self.victoria.ids)

        return act

    # === WAYS: PROOFS === #

    def way_proof_moved_to_another_person(self, user):
        proof = self.env[PROOF].search([("address", "=", EMAIL)])
        values = {"partner_id": self._get_alice(user).partner_id.id}
        return lambda: self._rpc(user, PROOF, "write", proof.ids, values)

    def way_proof_of_another_mailbox(self, user):
        proof = self.env[PROOF].search([("address", "=", EMAIL)])

        def act():
            self._change_mailbox(user)
            self._rpc(user, PROOF, "write", proof.ids, {"address": FRESH})

        return act

    def way_proof_taken_away(self, user):
        proofs = self.env[PROOF].search([("address", "in", (EMAIL, PHONE))])
        return lambda: self._rpc(user, PROOF, "unlink", proofs.ids)

    def way_proof_imported(self, user):
        person = str(self._get_alice(user).partner_id.id)
        names = ["partner_id/.id", "address", "way", "proved_at"]
        row = [person, PHONE, "code", "2026-01-01 00:00:00"]
        return lambda: self._load(user, PROOF, names, row)

    # === WAYS: HER CODE === #

    def way_her_code_given_to_another_person(self, user):
        """A code that she gave up, and that stands on what she handed out."""
        self.hers.action_revoke()
        values = {
            "member_id": self._get_alice(user).id,
            "campaign_id": self.campaign.id,
            "code": self.hers.code,
        }
        return lambda: self._rpc(user, LINK, "create", values)

    def way_her_code_moved_to_another_person(self, user):
        values = {"member_id": self._get_alice(user).id}
        return lambda: self._rpc(user, LINK, "write", self.hers.ids, values)


@tagged("post_install", "-at_install")
class TestIdentityLater(IdentityLaterCommon):
    maxDiff = None

    def test_nobody_is_let_in_or_found_as_somebody_else(self):
        found = self._try_all(self.roles)
        self.assertEqual(self._list_succeeded(found), [])

    def test_an_officer_who_saw_the_new_mailbox_lets_her_in(self):
        login = self._get_login()
        officer = self._create_user(  # of the office, and of nobody's shop
            "saw_it", "loyalty_b2b2c.group_officer", "base.group_partner_manager"
        )
        mails = type(self.env["mail.mail"])
        with patch.object(mails, "send", lambda *_args, **_kw: True):
            self._change_mailbox(officer)
            self._rpc(
                officer, "b2b2c.member", "action_prove_addresses", self.victoria.ids
            )
            login.sudo().action_reset_password()
        self.assertEqual(login.partner_id.email_normalized, FRESH)
        self.assertEqual(login.partner_id.signup_type, "reset")

    # === WHAT GOES ON AS BEFORE === #

    def _send_links(self, users):
        """Send links to a password, and return what is told, and where mails went."""
        sent = []

        def send(mails, *_args, **_kw):
            sent.extend(mails.mapped("email_to"))

        with patch.object(type(self.env["mail.mail"]), "send", send):
            told = users.sudo().action_reset_password()
        return told["params"]["message"], sent

    def _get_alices_login(self):
        return self.roles["participant on the portal"]

    def test_one_changed_mailbox_stops_no_other_link(self):
        both = self._get_login() | self._get_alices_login()
        self.assertEqual(
            self._send_links(both),
            ("A reset password link was sent by email", [EMAIL, "alice@example.com"]),
        )
        self.victoria.partner_id.write({"email": FRESH, "signup_type": False})
        told, sent = self._send_links(both)
        self.assertEqual(sent, ["alice@example.com"])
        self.assertIn("The e-mail address of Victoria was changed", told)
        self.assertEqual(both.partner_id.mapped("signup_type"), [False, "reset"])

    def test_a_login_is_made_and_its_link_waits(self):
        person = self.victoria.partner_id
        person.email = FRESH
        login = self._get_login()
        self.assertEqual(login.partner_id, person)
        self.assertFalse(person.signup_type)
        with self.assertRaisesRegex(UserError, "address of Victoria was changed"):
            login.action_reset_password()
        # whoever asks on the page of Odoo may be anybody
        public = self.env.ref("base.public_user")
        with self.assertRaisesRegex(UserError, "address of this account was changed"):
            self.env["res.users"].with_user(public).sudo().reset_password(EMAIL)

    def test_links_carry_no_token_to_a_changed_mailbox(self):
        person, officer = self.victoria.partner_id, self.roles["loyalty officer"]
        people = person | self.alice.partner_id
        context = {"signup_valid": True}

        def get_tokens():
            links = people.with_context(**context)._get_signup_url_for_action()
            return ["token=" in links[one.id] for one in people]

        self.assertEqual(get_tokens(), [True, True])
        person.email = FRESH
        self.assertEqual(get_tokens(), [False, True])
        parts = people.with_user(officer).signup_get_auth_param()
        self.assertEqual(parts[person.id], {})
        # a login that stands in the address lets nobody in
        self._get_login()
        parts = people.with_user(officer).signup_get_auth_param()
        self.assertEqual(parts[person.id], {"auth_login": EMAIL})

    def test_without_a_mailbox_nothing_is_refused(self):
        person = self.victoria.partner_id
        person.email = False
        self.assertTrue(person.signup_prepare())

    def test_a_code_on_her_phone_lets_her_choose_a_password(self):
        person = self.victoria.partner_id
        person.email = FRESH
        request = self._join("Victoria", phone=PHONE)
        self.assertEqual((request.state, request.partner_id), ("joined", person))
        self.assertEqual(person.signup_type, "signup")
        self.assertIn("/web/signup?", request._get_next_path())

    # === WITHOUT THE GUARDS === #

    @contextlib.contextmanager
    def _without_guards(self):
        """Believe every mailbox, and let clients write proofs and codes."""
        contacts, proofs = type(self.env["res.partner"]), type(self.env[PROOF])
        links, authority = type(self.env[LINK]), type(self.env["b2b2c.authority"])
        no = lambda *_args, **_kw: False  # noqa: E731
        plain = models.Model

        @api.model_create_multi
        def create(records, vals_list):
            return plain.create(records.sudo(), vals_list)

        def write(records, vals):
            return plain.write(records.sudo(), vals)

        def unlink(records):
            # what refuses to delete is called by the plain method too
            rows = SQL(
                "DELETE FROM b2b2c_address_proof WHERE id = ANY(%s)", records.ids
            )
            records.env.cr.execute(rows)
            return True

        # a code is one person's for ever by an index of the database
        self.env.cr.execute("DROP INDEX b2b2c_referral_link_key_once")
        with contextlib.ExitStack() as stack:
            for model, name, instead in (
                (contacts, "_find_loyalty_unproved", lambda people: people.browse()),
                (contacts, "_check_b2b2c_results", no),
                (proofs, "create", create),
                (proofs, "write", write),
                (proofs, "unlink", unlink),
                (links, "create", create),
                (links, "write", write),
                (links, "_is_code_free", lambda link: True),
                (authority, "_gains", no),
                (authority, "_is_self", no),
            ):
                stack.enter_context(patch.object(model, name, instead))
            yield

    def test_control_without_the_guards_each_way_succeeds(self):
        with self._without_guards():
            found = self._try_all(self.roles)
        succeeded = {way for way, _role in self._list_succeeded(found)}
        self.assertEqual(set(self._ways) - succeeded, set())
