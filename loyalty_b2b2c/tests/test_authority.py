"""Nobody decides for himself: every decision × every way to be somebody.

The table can be checked by hand: a decision is refused to who is the person it is for,
however he is that person, and to who belongs to the person's shop; a stranger with the
right decides.  The control takes the one guard away, and the same attempts succeed.
"""

from unittest.mock import patch

from odoo import Command, fields
from odoo.exceptions import UserError
from odoo.tests import tagged

from ..models.joining.join_input import JoinInput
from .claims.test_claims import ClaimCommon
from .receipts.receipt_kit import jpeg

#: How somebody is related to Nina, a salesperson of the shop -> what he is.
RELATIONS = {
    "herself": "the same contact",
    "her contact": "the contact that stands for her at the shop",
    "her phone": "another contact with her phone",
    "her former phone": "another contact that had her phone until now",
    "her e-mail plus": "another contact with her mailbox, written with a plus",
    "other membership": "takes part elsewhere with her e-mail",
    "her login": "signs in with her e-mail, and shows another one",
    "owner": "owns the shop",
    "colleague": "works in the shop",
    "left yesterday": "worked in the shop until yesterday",
    "clerk of the shop": "a contact of the shop that takes part nowhere",
    "stranger": "nothing of all this",
}
#: Who is Nina herself.
SELF = {
    "herself",
    "her contact",
    "her phone",
    "her former phone",
    "her e-mail plus",
    "other membership",
    "her login",
}
#: Decisions that only the person herself must not make -> who may.
OWN_ONLY = {"terminal sale"}
#: Decisions about the shop: who is Nina is concerned as she works there.
MANAGERS = {"transfer away", "transfer to", "reverse", "move", "erase"}
MANAGERS |= {"pay payout", "confirm payout", "return payout"}


class AuthorityCommon(ClaimCommon):
    """Nina works at the shop; everybody else is related to her in another way."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.write({"b2b2c_adjust_limit": 100, "b2b2c_join_approval": "owner"})
        cls.env.ref("base.group_user").implied_ids += cls.env.ref(
            "product.group_product_pricelist"
        )
        cls._create_scan_program()
        cls.clerk = cls.env["res.partner"].create(
            {"name": "Nina at the desk", "parent_id": cls.shop.id}
        )
        cls.seller.contact_id = cls.clerk
        cls.seller.partner_id.phone = "+380 67 555 00 01"
        cls.other_shop = cls.env["res.partner"].create(
            {"name": "Rival Shop", "is_company": True}
        )
        cls.stranger = cls._create_staff("Zlata", "salesperson", shop=cls.other_shop)
        cls.account = cls._account(cls, cls.seller)
        cls.account._earn(50, source_key="gift/seller")
        cls._account(cls, cls.stranger)._earn(50, source_key="gift/stranger")
        cls.asker = cls._create_user(
            "asker", "loyalty_b2b2c.group_manager", "sales_team.group_sale_manager"
        )
        cls.ladder = cls.env["b2b2c.ladder"].create(
            {
                "name": "Dealers",
                "moment": "confirmed",
                "document_kind_ids": [Command.set(cls._get_document_kinds().ids)],
            }
        )
        cls.ladder.action_start()
        cls.dealer = cls.env["b2b2c.ladder.standing"].create(
            {"ladder_id": cls.ladder.id, "partner_id": cls.shop.id}
        )

    # === WHO DECIDES === #

    @classmethod
    def _create_actor(cls, relation, group="manager"):
        """Create a user with rights who is related to Nina."""
        number = cls.env["res.users"].search_count([])
        person = cls._create_person(relation, number)
        login = f"actor{number}@office.example"
        user = cls.env["res.users"].create(
            {
                "login": cls.seller.email if relation == "her login" else login,
                "partner_id": person.id,
                "company_id": cls.company.id,
                "company_ids": [Command.set(cls.company.ids)],
                "group_ids": [
                    Command.set(
                        [
                            cls.env.ref(f"loyalty_b2b2c.group_{group}").id,
                            cls.env.ref("base.group_partner_manager").id,
                        ]
                    )
                ],
            }
        )
        if relation == "her former phone":
            person.phone = "+380 67 999 00 09"
        cls.env.flush_all()
        return user

    @classmethod
    def _create_person(cls, relation, number):
        """Return the contact of who is related to Nina."""
        nina = cls.seller.partner_id
        known = {"herself": nina, "her contact": cls.clerk}
        if relation in known:
            return known[relation]
        seen = f"seen{number}@office.example"
        values = {
            "her phone": {"phone": nina.phone},
            "her former phone": {"phone": nina.phone},
            "her e-mail plus": {"email": nina.email.replace("@", "+points@")},
            "other membership": {"email": nina.email},
            "clerk of the shop": {"parent_id": cls.shop.id},
        }.get(relation, {})
        person = cls.env["res.partner"].create(
            {"name": f"Actor {number}", "email": seen, **values}
        )
        membership = {
            "other membership": ("customer", cls.other_shop),
            "owner": ("owner", cls.shop),
            "colleague": ("salesperson", cls.shop),
            "left yesterday": ("salesperson", cls.shop),
        }.get(relation)
        if membership:
            role, shop = membership
            member = cls._create_member(
                partner_id=person.id, role=role, employer_id=shop.id
            )
            if relation == "left yesterday":
                member.action_leave()
        return person

    def _as(self, record, user):
        return record.with_user(user).with_company(self.company)

    # === WHAT IS DECIDED: each returns a function of the user who tries === #

    def _get_decisions(self):
        """Return name -> method that prepares something to decide for Nina."""
        prefix = "_prepare_"
        return {
            name.removeprefix(prefix).replace("_", " "): getattr(self, name)
            for name in dir(self)
            if name.startswith(prefix)
        }

    def _adjustment(self, points):
        request = self.env["b2b2c.adjustment"].create(
            {"account_id": self.account.id, "points": points, "reason": "Forgotten"}
        )
        if points > 100:
            self._as(request, self.asker).action_submit()
            self.assertEqual(request.state, "submitted")
        return request

    def _prepare_submit(self):
        request = self._adjustment(5)
        return lambda user: self._as(request, user).action_submit()

    def _prepare_approve(self):
        request = self._adjustment(500)
        return lambda user: self._as(request, user).action_approve()

    def _prepare_reject(self):
        request = self._adjustment(500)
        return lambda user: self._as(request, user).action_reject()

    def _transfer(self, user, source, target):
        self.env["b2b2c.account.transfer"].with_user(user).create(
            {
                "account_id": self._account(source).id,
                "target_member_id": target.id,
                "points": 5,
                "reason": "Swapped",
            }
        ).action_transfer()

    def _prepare_transfer_away(self):
        return lambda user: self._transfer(user, self.seller, self.stranger)

    def _prepare_transfer_to(self):
        return lambda user: self._transfer(user, self.stranger, self.seller)

    def _prepare_reverse(self):
        entry = self.account._adjust(
            3, source_key="by hand", reason="Gift", is_manual=True
        )
        wizard = self.env["b2b2c.entry.reverse"]
        return lambda user: (
            wizard.with_user(user)
            .create({"entry_id": entry.id, "points": 3, "reason": "Wrong"})
            .action_reverse()
        )

    def _prepare_move(self):
        return lambda user: (
            self.env["b2b2c.member.move"]
            .with_user(user)
            .create({"member_id": self.seller.id, "employer_id": self.other_shop.id})
            .action_move()
        )

    def _won(self, shops=None):
        """Return a contest that Nina won, and that is final.

        :param shops: ``res.partner`` whose people compete, by default Nina's
        """
        shops = shops or self.shop
        program = self._create_program({"kind": "fixed", "value": 1, "amount_min": 1e9})
        day = fields.Date.today()
        contest = self.env["b2b2c.challenge"].create(
            {
                "name": "Contest of the shop",
                "kind": "contest",
                "program_id": program.id,
                "shop_ids": [Command.set(shops.ids)],
                "first_day": day,
                "last_day": day,
                "prize_ids": [Command.create({"place_from": 1, "points": 5})],
            }
        )
        contest.action_start()
        round_ = contest.round_ids
        contest._award(
            self.seller,
            round_._get_place_key(contest.prize_ids.id, self.seller),
            contest.prize_ids,
            "Place 1",
            round_id=round_,
        )
        round_._move("running", "final")
        return round_

    def _prepare_exclude_from_contest(self):
        values = {
            "round_id": self._won().id,
            "member_id": self.seller.id,
            "reason": "Test",
        }
        dialogs = self.env["b2b2c.challenge.disqualify"]
        return lambda user: dialogs.with_user(user).create(values).action_disqualify()

    def _handed_in(self):
        """Return what Nina handed in for a photo task, as the superuser sees it."""
        day = fields.Date.today()
        program = self._create_program({"kind": "fixed", "value": 1, "amount_min": 1e9})
        task = self.env["b2b2c.challenge"].create(
            {
                "name": "Shelf of the shop",
                "kind": "activity",
                "program_id": program.id,
                "first_day": day,
                "last_day": day,
                "two_above": 1,
                "prize_ids": [Command.create({"points": 5})],
            }
        )
        task.action_start()
        one = self.env["b2b2c.activity.submission"]._begin(task, self.seller)
        one._add_photo(jpeg())
        one._hand_in({})
        return one

    def _prepare_accept_photos(self):
        one = self._handed_in()
        return lambda user: self._as(one, user).action_accept()

    def _prepare_send_photos_back(self):
        one = self._handed_in()
        return lambda user: self._as(one, user).action_send_back()

    def _prepare_refuse_photos(self):
        one = self._handed_in()
        return lambda user: self._as(one, user).action_refuse()

    def _prepare_take_prize_of_photos_back(self):
        one = self._handed_in()
        one._accept(self.env.user)
        return lambda user: self._as(one, user).action_take_back()

    def _prepare_answer_photos(self):
        values = {"submission_id": self._handed_in().id, "answer": "refuse"}
        dialogs = self.env["b2b2c.activity.answer"]
        return lambda user: dialogs.with_user(user).create(values).action_answer()

    def _recount(self):
        recounts = self.env["b2b2c.challenge.recount"].with_user(self.asker)
        values = {"round_id": self._won().id, "reason": "Goods came back"}
        return recounts.create(values)

    def _prepare_count_anew(self):
        recount = self._recount()
        return lambda user: self._as(recount, user).action_approve()

    def _prepare_refuse_recount(self):
        recount = self._recount()
        return lambda user: self._as(recount, user).action_refuse()

    def _recommend(self):
        """Return the code with which Nina recommends."""
        campaign = self.env["b2b2c.referral.campaign"].create(
            {"name": "Friends", "program_id": self._create_program(name="Friends").id}
        )
        return self.env["b2b2c.referral.link"]._ensure(self.seller, campaign)

    def _bring(self):
        """Return that Nina brought somebody."""
        friend = self.env["res.partner"].create({"name": "A Friend"})
        return self.env["b2b2c.referral"]._bind(self._recommend(), friend, "join")

    def _prepare_give_code(self):
        link = self._recommend()
        values = {"member_id": self.seller.id, "campaign_id": link.campaign_id.id}
        link.action_revoke()
        links = self.env["b2b2c.referral.link"]
        return lambda user: links.with_user(user).create(values)

    def _prepare_pause_code(self):
        link = self._recommend()
        return lambda user: self._as(link, user).action_pause()

    def _prepare_resume_code(self):
        link = self._recommend()
        link.action_pause()
        return lambda user: self._as(link, user).action_resume()

    def _prepare_revoke_code(self):
        link = self._recommend()
        return lambda user: self._as(link, user).action_revoke()

    def _prepare_accept_recommendation(self):
        referral = self._bring()
        referral.action_refuse()
        return lambda user: self._as(referral, user).action_accept()

    def _prepare_refuse_recommendation(self):
        referral = self._bring()
        return lambda user: self._as(referral, user).action_refuse()

    def _prepare_suspend(self):
        return lambda user: self._as(self.seller, user).action_suspend()

    def _prepare_resume(self):
        self.seller.action_suspend()
        return lambda user: self._as(self.seller, user).action_resume()

    def _prepare_end(self):
        return lambda user: self._as(self.seller, user).action_leave()

    def _prepare_write_membership(self):
        return lambda user: self._as(self.seller, user).write(
            {"program_ids": [Command.set(self._create_program(name="New").ids)]}
        )

    def _prepare_erase(self):
        values = {"member_id": self.seller.id, "reason": "Request 1", "confirmed": True}
        return lambda user: (
            self.env["b2b2c.erase"].with_user(user).create(values).action_erase()
        )

    def _prepare_enroll(self):
        values = {
            "partner_id": self.seller.partner_id.id,
            "employer_id": self.shop.id,
            "role": "employee",
        }
        return lambda user: self.env["b2b2c.member"].with_user(user).create(values)

    def _joining(self):
        invitation = self.env["b2b2c.invitation"].create(
            {"employer_id": self.shop.id, "role": "employee", "approval": "manager"}
        )
        request = self.env["b2b2c.join"]._start(
            invitation,
            JoinInput("Nina"),
            lang="en_US",
            address="",
            partner=self.seller.partner_id,
        )
        request._finish()
        self.assertEqual(request.state, "waiting")
        request.write({"email": self.seller.email, "email_ok": True})
        return request

    def _prepare_let_join(self):
        request = self._joining()
        return lambda user: self._as(request, user).action_approve()

    def _prepare_refuse_joining(self):
        request = self._joining()
        return lambda user: self._as(request, user).action_refuse()

    def _prepare_invite(self):
        values = {"employer_id": self.shop.id, "approval": "none"}
        return lambda user: self.env["b2b2c.invitation"].with_user(user).create(values)

    def _prepare_let_in_at_once(self):
        invitation = self.env["b2b2c.invitation"].create(
            {"employer_id": self.shop.id, "approval": "manager"}
        )
        return lambda user: self._as(invitation, user).write({"approval": "none"})

    def _claim(self):
        claim = self._submit()
        claim._send_to_review("by_person")
        return claim

    def _training(self):
        """Return a passed training of Nina that waits for an officer."""
        training = self.env["b2b2c.challenge"].create(
            {
                "name": "Presented",
                "kind": "training",
                "training_way": "presentation",
                "min_attendees": 1,
                "review_above": 1,
                "program_id": self._create_program().id,
                "prize_ids": [Command.create({"points": 5})],
            }
        )
        training.action_start()
        presentation = self.env["b2b2c.presentation"].create(
            {
                "name": "The catalogue",
                "place": "Shop",
                "starts_at": fields.Datetime.now(),
                "ends_at": fields.Datetime.add(fields.Datetime.now(), hours=1),
                "challenge_id": training.id,
                "member_id": self.seller.id,
                "employer_id": self.seller.employer_id.id,
                "photo_digest": "x",
            }
        )
        guest = self._create_staff("Guest", "salesperson", shop=self.other_shop)
        code, _seconds = presentation._get_code()
        self.env["b2b2c.presentation.attendee"]._confirm(guest, code)
        presentation._close()
        self.env["b2b2c.training.attempt"]._process_now()
        return training.proof_ids

    def _prepare_accept_training(self):
        proof = self._training()
        return lambda user: self._as(proof, user).action_accept()

    def _prepare_refuse_training(self):
        proof = self._training()

        def refuse(user):
            dialog = self._as(self.env["b2b2c.training.refuse"], user).create(
                {"proof_ids": proof.ids, "reason": "Nobody was there"}
            )
            dialog.action_refuse()

        return refuse

    def _prepare_accept_claim(self):
        claim = self._claim()
        return lambda user: self._as(claim, user).action_accept()

    def _prepare_refuse_claim(self):
        claim = self._claim()
        return lambda user: self._as(claim, user).action_refuse()

    def _prepare_cancel_claim(self):
        claim = self._claim()
        claim._accept()
        return lambda user: self._as(claim, user).action_cancel()

    def _receipt(self):
        receipt = self.env["b2b2c.receipt"]._upload(self.seller, [jpeg()], "photo")
        today = fields.Date.today()
        receipt.write({"number": "1", "issued_on": today, "amount_total": 1})
        receipt.claim_id._send_to_review("by_person")
        return receipt

    def _prepare_approve_receipt(self):
        receipt = self._receipt()
        return lambda user: self._as(receipt, user).action_approve()

    def _prepare_undo_receipt(self):
        receipt = self._receipt()

        def undo(user):
            # as if it had been that person who approved
            receipt.claim_id.sudo().write(
                {"state": "accepted", "decided_by_id": user.id}
            )
            return self._as(receipt, user).action_undo()

        return undo

    def _prepare_correct_receipt(self):
        receipt = self._receipt()
        return lambda user: self._as(receipt, user).write({"amount_total": 900})

    def _prepare_correct_line_of_receipt(self):
        values = {"receipt_id": self._receipt().id, "name": "Paper", "quantity": 9}
        return lambda user: (
            self.env["b2b2c.receipt.line"].with_user(user).create(values)
        )

    def _prepare_accept_claim_of_receipt(self):
        receipt = self._receipt()
        return lambda user: self._as(receipt.claim_id, user).action_accept()

    def _prepare_read_receipt_again(self):
        receipt = self._receipt()
        return lambda user: self._as(receipt, user).action_read_again()

    def _prepare_refuse_receipt(self):
        wizard = self.env["b2b2c.receipt.refuse"]
        values = {"receipt_id": self._receipt().id, "reason": "not_ours"}
        return lambda user: wizard.with_user(user).create(values).action_refuse()

    def _reward_request(self):
        reward = self.env["b2b2c.reward"].create({"name": "Mug", "points": 1})
        return self.env["b2b2c.redemption"]._request(
            self.seller, reward, request_key="key"
        )

    def _prepare_fulfil(self):
        request = self._reward_request()
        return lambda user: self._as(request, user).action_fulfil()

    def _prepare_refuse_reward(self):
        wizard = self.env["b2b2c.redemption.refuse"]
        values = {"redemption_ids": self._reward_request().ids, "note": "No"}
        return lambda user: wizard.with_user(user).create(values).action_refuse()

    def _prepare_let_be_delivered(self):
        product = self._create_product("Kettle", 30)
        reward = self.env["b2b2c.reward"].create(
            {
                "name": "Kettle",
                "points": 1,
                "kind": "delivery",
                "product_id": product.id,
                "needs_approval": True,
            }
        )
        request = self.env["b2b2c.redemption"]._request(
            self.seller,
            reward,
            request_key="key",
            answers={"street": "Street 1", "city": "Kyiv"},
        )
        return lambda user: self._as(request, user).action_deliver()

    def _prepare_hand_over(self):
        desk = self.env["b2b2c.redemption.handover"]
        values = {"code": self._reward_request().handover_code}
        return lambda user: desk.with_user(user).create(values).action_hand_over()

    def _payout(self, is_ordered=False):
        """Return a payout of 10.00 that waits for the approval, or is on its way."""
        self.company.write(
            {"b2b2c_payout_trusted": False, "b2b2c_payout_proof_above": 1000}
        )
        self.unit.with_company(self.company).face_value = 1
        reward = self.env["b2b2c.reward"].create(
            {"name": "Money", "kind": "payout", "points": 10}
        )
        request = self.env["b2b2c.redemption"]._request(
            self.seller,
            reward,
            request_key="money",
            answers={"holder": "Nina", "iban": "DE89370400440532013000"},
        )
        payout = request.payout_ids
        if is_ordered:
            payout._approve(self.asker)
            journal = payout._get_bank_journal(self.company)
            payout._order_payment(self.asker, journal, fields.Date.today())
        return payout

    def _prepare_approve_payout(self):
        payout = self._payout()
        return lambda user: self._as(payout, user).action_approve()

    def _prepare_refuse_payout(self):
        wizard = self.env["b2b2c.payout.reason"]
        values = {"payout_id": self._payout().id, "step": "refuse", "note": "No"}
        return lambda user: wizard.with_user(user).create(values).action_refuse()

    def _prepare_pay_payout(self):
        wizard = self.env["b2b2c.payout.pay"]
        payout = self._payout()
        payout._approve(self.asker)
        values = {"payout_ids": [Command.set(payout.ids)], "way": "none"}
        return lambda user: wizard.with_user(user).create(values).action_pay()

    def _prepare_confirm_payout(self):
        payout = self._payout(is_ordered=True)
        return lambda user: self._as(payout, user).action_confirm()

    def _prepare_return_payout(self):
        wizard = self.env["b2b2c.payout.reason"]
        payout = self._payout(is_ordered=True)
        values = {"payout_id": payout.id, "step": "return", "note": "Closed"}
        return lambda user: wizard.with_user(user).create(values).action_return()

    def _settlement(self):
        """Return a settlement with the shop as a partner, sent to it."""
        self.shop.email = "books@shop.example"
        agreement = self.env["b2b2c.partner.agreement"].create(
            {
                "partner_id": self.shop.id,
                "starts_on": "2020-01-01",
                "rate_ids": [
                    Command.create(
                        {
                            "unit_id": self.account.unit_id.id,
                            "valid_from": "2020-01-01",
                            "point_value": 1,
                            "earned_percent": 100,
                        }
                    )
                ],
            }
        )
        agreement.action_activate()
        document = self.env["res.partner.category"].create({"name": "R-1"})
        self.env["b2b2c.partner.visit"]._note(
            document, self.company, self.shop, "2020-01-02", "R-1"
        )
        self._account(self.stranger)._earn(
            1,
            source_key="settled/1",
            document_model=document._name,
            document_id=document.id,
            effective_at="2020-01-02 12:00:00",
        )
        begin, end = map(fields.Date.to_date, ("2020-01-01", "2020-01-31"))
        settlements = self.env["b2b2c.settlement"].with_user(self.asker)
        settlement = settlements._draft(agreement, begin, end)
        settlement.action_send()
        return settlement

    def _prepare_agree_to_settlement(self):
        settlement = self._settlement()
        return lambda user: self._as(settlement, user).action_agree()

    def _dispute(self):
        return self.env["b2b2c.settlement.dispute"]._open(
            self._settlement().line_ids.sudo(), "No", self.asker
        )

    def _prepare_take_a_disputed_line_back(self):
        dispute = self._dispute()
        return lambda user: self._as(dispute, user).action_accept()

    def _prepare_let_a_disputed_line_stay(self):
        dispute = self._dispute()
        dispute.answer = "It is"
        return lambda user: self._as(dispute, user).action_refuse()

    def _contract(self, user):
        return (
            self.env["b2b2c.ladder.contract"]
            .with_user(user)
            .create(
                {
                    "standing_id": self.dealer.id,
                    "tier_id": self.ladder.tier_ids[-1].id,
                    "date_to": "2099-12-31",
                    "reason": "New",
                }
            )
        )

    def _prepare_ask_for_contract(self):
        return self._contract

    def _prepare_approve_contract(self):
        contract = self._contract(self.asker)
        return lambda user: self._as(contract, user).action_approve()

    def _prepare_refuse_contract(self):
        contract = self._contract(self.asker)
        return lambda user: self._as(contract, user).action_refuse()

    def _prepare_end_contract(self):
        contract = self._contract(self.asker)
        contract.with_user(self.env.ref("base.user_root")).action_approve()
        return lambda user: self._as(contract, user).action_end()

    def _prepare_make_dealer(self):
        self.dealer.action_end()
        values = {"ladder_id": self.ladder.id, "partner_id": self.shop.id}
        return lambda user: (
            self.env["b2b2c.ladder.standing"].with_user(user).create(values)
        )

    def _prepare_let_dealer_count_with_another(self):
        head = self.env["b2b2c.ladder.standing"].create(
            {"ladder_id": self.ladder.id, "partner_id": self.other_shop.id}
        )
        return lambda user: self._as(self.dealer, user).write({"head_id": head.id})

    def _prepare_end_dealer(self):
        return lambda user: self._as(self.dealer, user).action_end()

    def _exception(self):
        order = self._create_order(partner_id=self.shop.id, confirm=False)
        exception = self.env["b2b2c.price.exception"].browse(
            order.with_user(self.asker).action_b2b2c_exception()["res_id"]
        )
        exception = exception.with_user(self.asker)
        exception.reason = "Test"
        exception.line_ids.price = 1
        exception.action_request()
        return exception

    def _prepare_approve_price(self):
        exception = self._exception()
        return lambda user: self._as(exception, user).action_approve()

    def _prepare_refuse_price(self):
        exception = self._exception()
        return lambda user: self._as(exception, user).action_refuse()

    def _prepare_accept_deviation(self):
        order = self._create_order(partner_id=self.shop.id, confirm=False)
        line = {
            "key": "1",
            "name": "Paper",
            "product": self.product,
            "quantity": 1,
            "expected": 100,
            "actual": 1,
            "currency": self.company.currency_id,
        }
        deviations = self.env["b2b2c.price.deviation"]
        deviations._record(order, self.dealer, "online", [line])
        deviation = deviations.search([("document_id", "=", order.id)])
        deviation.reason = "Asked on the phone"
        return lambda user: self._as(deviation, user).action_accept()

    def _prepare_cancel_report(self):
        document, _created = self.env["b2b2c.intake"]._record(
            {
                "type": "sale",
                "reference": "R-1",
                "member": {"id": self.seller.id},
                "amount": 10,
            },
            company=self.company,
            channel="api",
        )
        return lambda user: self._as(document, user).action_cancel()

    def _prepare_ignore_event(self):
        claim = self._submit(state="accepted")
        self._process()
        event = self._events(claim)[:1]
        event.write({"state": "failed", "reason": "broken"})
        wizard = self.env["b2b2c.event.ignore"]
        values = {"event_ids": [Command.set(event.ids)], "reason": "Old"}
        return lambda user: wizard.with_user(user).create(values).action_ignore()

    def _find_at_terminal(self, user):
        terminal = self.env["b2b2c.terminal"].with_user(user)
        members = terminal.search_member(self.seller.code)["members"]
        return terminal, members[0]["ticket"]

    def _prepare_terminal_sale(self):
        def sell(user):
            terminal, ticket = self._find_at_terminal(user)
            terminal.record(ticket, {"amount": "10"}, "a key of sixteen")

        return sell

    def _prepare_cancel_terminal_sale(self):
        terminal, ticket = self._find_at_terminal(self.asker)
        told = terminal.record(ticket, {"amount": "10"}, "a key of sixteen")
        wizard = self.env["b2b2c.terminal.cancel"]
        values = {"operation_id": told["operation"]["id"], "reason": "Wrong"}
        return lambda user: wizard.with_user(user).create(values).action_cancel()

    # === TRYING === #

    def _is_allowed(self, prepare, user):
        """Tell whether a user can decide; nothing of it is kept."""
        self.env.flush_all()
        with self.env.cr.savepoint(flush=False) as savepoint:
            attempt = prepare()
            self.env.flush_all()
            try:
                attempt(user)
                self.env.flush_all()
                allowed = True
            except UserError as error:
                self.refusal = str(error)
                allowed = False
            finally:
                savepoint.rollback()
                self.env.clear()
                self.env.registry.reset_changes()
        return allowed


@tagged("post_install", "-at_install")
class TestAuthority(AuthorityCommon):
    def test_nobody_decides_for_himself(self):
        for relation in RELATIONS:
            with self.env.cr.savepoint() as savepoint:
                self._try_all(relation, self._create_actor(relation))
                savepoint.rollback()
                self.env.clear()

    def _try_all(self, relation, user):
        for name, prepare in self._get_decisions().items():
            is_other = name in OWN_ONLY and relation not in SELF
            with self.subTest(relation=relation, decision=name):
                self.refusal = ""
                self.assertIs(
                    self._is_allowed(prepare, user),
                    is_other or relation == "stranger",
                    self.refusal,
                )

    def test_officers_decide_and_others_do_not(self):
        """The right comes first: a stranger without it decides nothing."""
        officer = self._create_actor("stranger", "officer")
        clerk = self._create_actor("stranger", "user")
        operator = self._create_actor("stranger", "terminal")
        of_users = {"write membership", "enroll", "ask for contract"}
        for name, prepare in self._get_decisions().items():
            with self.subTest(decision=name):
                allowed = [
                    self._is_allowed(prepare, user)
                    for user in (officer, clerk, operator)
                ]
                at_terminal = name == "terminal sale"
                self.assertEqual(
                    allowed,
                    [
                        name not in MANAGERS and not at_terminal,
                        name in of_users,
                        at_terminal,
                    ],
                    self.refusal,
                )

    def test_control_without_the_guard_everybody_decides_for_himself(self):
        authority = type(self.env["b2b2c.authority"])
        user = self._create_actor("her phone")
        with (
            patch.object(authority, "_gains", lambda *_args, **_kw: False),
            patch.object(authority, "_is_self", lambda *_args, **_kw: False),
        ):
            for name, prepare in self._get_decisions().items():
                with self.subTest(decision=name):
                    self.refusal = ""
                    self.assertTrue(self._is_allowed(prepare, user), self.refusal)

    def test_who_asked_does_not_approve_under_another_login(self):
        """A second user of the same person is no second person."""
        person = self.asker.partner_id
        person.phone = "+380 67 111 22 33"
        twin, namesake, mate = [self._create_actor("stranger") for _one in range(3)]
        for user, values in (
            (twin, {"email": person.email}),
            (twin, {"email": "twin@office.example"}),  # it was the other just now
            (namesake, {"name": person.name, "phone": person.phone}),
        ):
            user.partner_id.write(values)
            for name in ("approve", "reject", "approve contract", "approve price"):
                prepare = self._get_decisions()[name]
                with self.subTest(decision=name, values=values):
                    self.assertFalse(self._is_allowed(prepare, user))
                    self.assertIn("Another person", self.refusal)
        mate.partner_id.phone = person.phone  # the telephone of the office
        self.assertTrue(self._is_allowed(self._prepare_approve, mate))

    def test_who_asked_must_not_gain_either(self):
        """Somebody asked, became Nina's colleague, and a stranger approves."""
        request = self._adjustment(500)
        self._create_member(
            partner_id=self.asker.partner_id.id,
            role="salesperson",
            employer_id=self.shop.id,
        )
        stranger = self._create_actor("stranger")
        with self.assertRaisesRegex(UserError, "gains by it"):
            self._as(request, stranger).action_approve()

    def test_end_customers_of_a_shop_are_not_its_people(self):
        """A salesperson of the shop decides for its customers."""
        customer = self._create_staff("Vira", "customer")
        colleague = self._create_actor("colleague")
        request = self.env["b2b2c.adjustment"].create(
            {"account_id": self._account(customer).id, "points": 5, "reason": "Gift"}
        )
        self._as(request, colleague).action_submit()
        self.assertEqual(request.state, "posted")

    def test_addresses_are_remembered_as_digests_and_forgotten(self):
        former = self.env["b2b2c.former.address"]
        person = self.seller.partner_id
        person.phone = "+380 67 555 00 02"
        person.phone = "+380 67 555 00 02"  # the same again
        rows = former.search([("partner_id", "=", person.id)])
        digests = rows.mapped("digest")
        self.assertEqual(len(digests), 2)  # the builder's phone, and Nina's first
        self.assertIn(former._digest("+380675550001"), digests)
        nobody = self.env["res.partner"].create({"name": "X", "phone": "+380671"})
        nobody.phone = "+380672"
        self.assertFalse(former.search([("partner_id", "=", nobody.id)]))
        self.seller._erase("Request 1")
        self.assertFalse(former.search([("partner_id", "=", person.id)]))
        self.env.cr.execute("UPDATE b2b2c_former_address SET until = '2020-01-01'")
        former._gc()
        self.assertFalse(former.search([]))

    def test_nobody_becomes_somebody_by_merging_contacts(self):
        """Merging a participant into one's own contact would be taking over."""
        clerk = self._create_actor("stranger", "user")
        wizard = self.env["base.partner.merge.automatic.wizard"].with_user(clerk)
        person = self.seller.partner_id
        clerk.partner_id.email = person.email  # Odoo merges contacts of one e-mail
        with self.assertRaisesRegex(UserError, "concerns you"):
            wizard.create({})._merge((person | clerk.partner_id).ids, clerk.partner_id)
        other = self.env["res.partner"].create({"name": "Nina", "email": person.email})
        wizard = wizard.with_user(self.env.ref("base.user_admin"))
        wizard.create({})._merge((person | other).ids, person)
        self.assertFalse(other.exists())

    def test_nobody_makes_a_membership_his_own(self):
        """Writing oneself into somebody's membership is refused as well."""
        member = self._create_staff("Vira", "salesperson", shop=self.other_shop)
        clerk = self._create_actor("stranger", "user")
        contact = self.env["res.partner"].create(
            {"name": "Desk", "parent_id": self.other_shop.id, "email": "d@x.example"}
        )
        contact.email = clerk.partner_id.email
        for values in (
            {"partner_id": clerk.partner_id.id},
            {"contact_id": contact.id},
        ):
            with self.subTest(values=values), self.assertRaises(UserError):
                member.with_user(clerk).write(values)
