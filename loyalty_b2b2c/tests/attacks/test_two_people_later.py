"""Two people are two people, in what came later: partners of a network, distributors,
keys, causes, vouchers, targets, recommendations, contests, photo tasks; by five roles.

Nina works at the shop.  Who acts is a contact of the shop, Nina herself, or belongs to
a shop that competes with hers.
"""

from odoo import Command, fields
from odoo.tests import tagged

from ..receipts.receipt_kit import jpeg
from .attack_kit import NOTHING
from .test_two_people import TwoPeopleCommon

AGREEMENT, RATE = "b2b2c.partner.agreement", "b2b2c.partner.rate"
KEY, DISTRIBUTOR = "b2b2c.api.key", "b2b2c.distributor"


class LaterCommon(TwoPeopleCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        sales = cls.env.ref("sales_team.group_sale_salesman_all_leads")
        for user in cls.roles.values():
            user.group_ids += sales

    def _get_stake(self, user):
        env = self.env
        agreements, keys = env[AGREEMENT].search([]), env[KEY].search([])
        distributors = env[DISTRIBUTOR].search([])
        entries = env["b2b2c.challenge.entry"].search([])
        recounts = env["b2b2c.challenge.recount"].search([])
        causes, scores = env["b2b2c.cause"].search([]), env["b2b2c.activity.score"]
        pools = env["b2b2c.voucher.pool"].search([])
        return (
            super()._get_stake(user),
            [(one.id, one.state, one.partner_id.id) for one in agreements],
            [(one.id, one.point_value) for one in env[RATE].search([])],
            [(one.id, one.partner_id.id, one.compensation_percent)
             for one in distributors],
            [(one.id, one.reporter_id.id, one.document_amount) for one in keys],
            [(one.id, one.partner_id.id) for one in causes],
            [(one.id, one.partner_id.id) for one in pools],
            env["b2b2c.challenge.shop.target"].search([]).mapped("target"),
            env["b2b2c.referral.use"].search([]).mapped("link_id.member_id.id"),
            [(one.id, one.state) for one in entries],
            [(one.id, one.state) for one in recounts],
            scores.search([]).mapped("score"),
        )  # fmt: skip

    @property
    def _ways(self):
        # of this file alone: the others have their own test
        return {
            name: getattr(self, name)
            for name in vars(LaterCommon)
            if name.startswith("way_")
        }

    def _create(self, user, model, **values):
        return lambda: self._rpc(user, model, "create", values)

    def _write(self, user, record, **values):
        return lambda: self._rpc(user, record._name, "write", record.ids, values)

    # === WAYS: PARTNERS OF THE NETWORK === #

    def _draft(self, partner):
        """Return an agreement somebody else has drafted, with its rate."""
        agreement = self.env[AGREEMENT].create({"partner_id": partner.id})
        self.env[RATE].create(
            {"agreement_id": agreement.id, "unit_id": self.unit.id, "point_value": 1}
        )
        return agreement

    def way_agreement_with_my_company(self, user):
        self._be_clerk(user)
        return self._create(user, AGREEMENT, partner_id=self.shop.id)

    def way_agreement_made_mine(self, user):
        self._be_clerk(user)
        agreement = self._draft(self.other_shop)
        return self._write(user, agreement, partner_id=self.shop.id)

    def way_agreement_put_in_force(self, user):
        self._be_clerk(user)
        agreement = self._draft(self.shop)
        return lambda: self._rpc(user, AGREEMENT, "action_activate", agreement.ids)

    def way_rate_of_my_company(self, user):
        self._be_clerk(user)
        rate = self._draft(self.shop).rate_ids
        return self._write(user, rate, point_value=100)

    def way_rate_through_the_agreement(self, user):
        self._be_clerk(user)
        agreement = self._draft(self.shop)
        line = Command.update(agreement.rate_ids.id, {"point_value": 100})
        return self._write(user, agreement, rate_ids=[line])

    # === WAYS: WHO IS PAID, AND WHO REPORTS === #

    def way_compensation_of_my_company(self, user):
        self._be_clerk(user)
        distributor = self.env[DISTRIBUTOR].create(
            {"partner_id": self.shop.id, "compensation_percent": 50}
        )
        return lambda: self._rpc(
            user, DISTRIBUTOR, "web_save", distributor.ids,
            {"compensation_percent": 100}, {},
        )  # fmt: skip

    def way_my_company_distributes(self, user):
        self._be_clerk(user)
        return self._create(user, DISTRIBUTOR, partner_id=self.shop.id)

    def way_key_of_my_shop_without_limits(self, user):
        self._be_clerk(user)
        values = {"name": "Till", "reporter_id": self.shop.id, "document_amount": 0}
        return self._create(user, KEY, **values)

    def way_limits_of_my_key_taken_off(self, user):
        self._be_clerk(user)
        key = self.env[KEY].create({"name": "Till", "reporter_id": self.shop.id})
        return self._write(user, key, document_amount=0, reports_others=True)

    def way_cause_paid_out_to_me(self, user):
        self._be_clerk(user)
        cause = self.env["b2b2c.cause"].create(
            {"name": "School", "partner_id": self.other_shop.id}
        )
        return self._write(user, cause, partner_id=self.shop.id)

    def way_vouchers_of_my_shop(self, user):
        self._be_clerk(user)
        values = {"name": "Coffee", "partner_id": self.shop.id, "value": 5}
        return self._create(user, "b2b2c.voucher.pool", **values)

    def way_target_of_my_shop(self, user):
        self._be_clerk(user)
        program = self._create_program({"kind": "fixed", "value": 1, "amount_min": 1e9})
        contest = self.env["b2b2c.challenge"].create(
            {
                "name": "Shops",
                "kind": "contest",
                "program_id": program.id,
                "first_day": fields.Date.today(),
                "last_day": fields.Date.today(),
            }
        )
        return self._create(
            user,
            "b2b2c.challenge.shop.target",
            challenge_id=contest.id,
            employer_id=self.shop.id,
            target=1,
        )

    # === WAYS: RECOMMENDATIONS === #

    def _get_own_code(self, user):
        """Let the user be Nina, who recommends."""
        self._be_nina(user)
        return self._recommend().code

    def _quote_friend(self, **values):
        friend = self.env["res.partner"].create({"name": "A Friend"})
        return {"partner_id": friend.id, **values}

    def way_own_code_on_an_order(self, user):
        code = self._get_own_code(user)
        order = self.env["sale.order"].create(self._quote_friend())
        return self._write(user, order, b2b2c_referral_code=code)

    def way_own_code_on_a_new_order(self, user):
        code = self._get_own_code(user)
        values = self._quote_friend(b2b2c_referral_code=code)
        return self._create(user, "sale.order", **values)

    def way_own_code_in_place_of_another(self, user):
        code = self._get_own_code(user)
        campaign = self.env["b2b2c.referral.campaign"].search(
            [], limit=1, order="id desc"
        )
        other = self.env["b2b2c.referral.link"]._ensure(self.stranger, campaign)
        order = self.env["sale.order"].create(self._quote_friend())
        order.b2b2c_referral_code = other.code
        return self._write(user, order, b2b2c_referral_code=code)

    # === WAYS: CONTESTS AND PHOTO TASKS === #

    def _compete(self, user):
        """Let the user belong to a shop that competes with Nina's, who won."""
        user.partner_id.parent_id = self.other_shop
        return self._won(self.shop | self.other_shop)

    def way_competitor_excluded(self, user):
        model = "b2b2c.challenge.disqualify"
        values = {
            "round_id": self._compete(user).id,
            "member_id": self.seller.id,
            "reason": "Test",
        }

        def act():
            dialog = self._rpc(user, model, "create", values)
            self._rpc(user, model, "action_disqualify", [dialog])

        return act

    def way_competitors_counted_anew(self, user):
        round_ = self._compete(user)
        model = "b2b2c.challenge.recount"
        values = {"round_id": round_.id, "reason": "Goods came back"}
        recount = self.env[model].with_user(self.asker).create(values)
        return lambda: self._rpc(user, model, "action_approve", recount.ids)

    def way_recount_that_somebody_else_asked_for(self, user):
        model = "b2b2c.challenge.recount"
        values = {"round_id": self._won().id, "reason": "Goods came back"}
        forged = {"default_requested_by_id": self.asker.id}

        def act():
            recount = self._rpc(user, model, "create", values, context=forged)
            self._rpc(user, model, "action_approve", [recount])

        return act

    def _hand_in_shelf(self):
        """Return what Nina handed in of a task that is scored."""
        day = fields.Date.today()
        program = self._create_program({"kind": "fixed", "value": 1, "amount_min": 1e9})
        task = self.env["b2b2c.challenge"].create(
            {
                "name": "Shelf",
                "kind": "activity",
                "program_id": program.id,
                "first_day": day,
                "last_day": day,
                "criterion_ids": [Command.create({"name": "Tidy", "max_score": 10})],
                "prize_ids": [Command.create({"points": 5})],
            }
        )
        task.action_start()
        one = self.env["b2b2c.activity.submission"]._begin(task, self.seller)
        one._add_photo(jpeg())
        one._hand_in({})
        return one

    def way_shelf_of_my_shop_scored(self, user):
        self._be_clerk(user)
        scores = self._hand_in_shelf().score_ids
        return self._write(user, scores, score=10)

    def way_shelf_of_my_shop_scored_on_the_form(self, user):
        self._be_clerk(user)
        one = self._hand_in_shelf()
        line = Command.update(one.score_ids.id, {"score": 10})
        return lambda: self._rpc(
            user, one._name, "web_save", one.ids, {"score_ids": [line]}, {}
        )


@tagged("post_install", "-at_install")
class TestTwoPeopleLater(LaterCommon):
    maxDiff = None

    def test_nobody_decides_for_himself_in_what_came_later(self):
        found = self._try_all(self.roles)
        self.assertEqual(self._list_succeeded(found), [])
        # an attempt without effect would be no attempt
        nothing = [key for key, (outcome, _) in found.items() if outcome == NOTHING]
        self.assertEqual(nothing, [])

    def test_control_without_the_guards_each_way_succeeds(self):
        with self._without_guards():
            found = self._try_all(self.roles)
        succeeded = {way for way, _role in self._list_succeeded(found)}
        self.assertEqual(set(self._ways) - succeeded, set())
