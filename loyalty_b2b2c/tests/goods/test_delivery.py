"""Goods for points: the delivery proves what was given, piece by piece."""

from odoo.exceptions import UserError, ValidationError
from odoo.tests import Form, tagged
from odoo.tools import SQL

from ..rewards.test_redemption import RedemptionCommon


class DeliveryCommon(RedemptionCommon):
    """Five kettles in stock at 20 points; 200 points to spend; a home address."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.account._earn(200, source_key="earn/goods")
        cls.warehouse = cls.env["stock.warehouse"].search(
            [("company_id", "=", cls.company.id)], limit=1
        )
        cls.kettle = cls._create_product("Kettle", 30, is_storable=True)
        cls._stock_up(5)
        cls.reward = cls._create_reward(
            "Kettle",
            20,
            kind="delivery",
            product_id=cls.kettle.id,
            is_from_stock=True,
        )
        cls.person = cls.member.partner_id
        cls.person.write({"street": "Khreshchatyk 1", "zip": "01001", "city": "Kyiv"})
        cls.keeper = cls._create_user("keeper", "stock.group_stock_user")

    @classmethod
    def _stock_up(cls, quantity):
        cls.env["stock.quant"]._update_available_quantity(
            cls.kettle, cls.warehouse.lot_stock_id, quantity
        )

    def _ask_kettles(self, quantity=1, key="k-1", **values):
        values.setdefault("answers", {"address": str(self.person.id)})
        return self._ask(self.reward, key, quantity=quantity, **values)

    @classmethod
    def _create_owner(cls):
        """Return who owns the client's shop, with an address there and 100 points."""
        cls.client.write({"street": "Market 5", "city": "Kyiv"})
        owner = cls._create_member(
            name="Ostap", email="ostap@example.com", phone="+380 67 765 43 21",
            role=cls.env["b2b2c.role"]._get_role_codes("owns")[0],
        )  # fmt: skip
        owner._get_account(cls.unit)._earn(100, source_key="earn/owner")
        return owner

    def _send_to_shop(self):
        """Return the transfer of a kettle the owner had sent to the shop."""
        home = {"address": str(self.client.id)}
        owner = self._create_owner()
        return self._send(self._ask(self.reward, member=owner, answers=home), 1)

    def _picking(self, request):
        """Return the transfer of a request that is not done yet."""
        return request.reference_id.move_ids.picking_id.filtered(
            lambda picking: picking.state not in ("done", "cancel")
        )

    def _send(self, request, quantity, backorder=True):
        """Ship some pieces, as the storekeeper does."""
        picking = self._picking(request).with_user(self.keeper)
        picking.move_ids.quantity = quantity
        picking.move_ids.picked = True
        context = {"skip_backorder": True, "skip_sms": True}
        if not backorder:
            context["picking_ids_not_to_backorder"] = picking.ids
        picking.with_context(**context).button_validate()
        self.env.invalidate_all()
        return picking

    def _pieces(self, request):
        return request.state, request.quantity_given, request.quantity_returned


@tagged("post_install", "-at_install")
class TestDelivery(DeliveryCommon):
    def test_a_request_becomes_a_transfer(self):
        request = self._ask_kettles(2)
        self.assertEqual(request.state, "requested")
        self.assertEqual(self._figures(), (160, 200, 40, 0))
        picking = self._picking(request)
        self.assertEqual(picking.picking_type_id, self.warehouse.out_type_id)
        self.assertEqual(picking.partner_id, self.person)
        self.assertEqual(picking.origin, request.name)
        self.assertEqual(picking.state, "assigned")
        self.assertEqual(picking.move_ids.product_uom_qty, 2)
        self.assertFalse(picking.sale_id)
        self._send(request, 2)
        self.assertEqual(self._pieces(request), ("fulfilled", 2, 0))
        self.assertEqual(request.decided_by_id, self.keeper)
        self.assertEqual(self._figures(), (160, 160, 0, 0))
        self.assertEqual(self.kettle.qty_available, 3)

    def test_two_requests_are_two_transfers(self):
        first, second = self._ask_kettles(key="1"), self._ask_kettles(key="2")
        self.assertFalse(self._picking(first) & self._picking(second))

    def test_officers_do_not_fulfil_it_by_hand(self):
        request = self._ask_kettles()
        self.assertFalse(request.is_by_hand)
        with self.assertRaisesRegex(UserError, "own document"):
            request.with_user(self.officer).action_fulfil()

    def test_part_is_spent_and_the_rest_waits(self):
        request = self._ask_kettles(3)
        self._send(request, 2)
        self.assertEqual(self._pieces(request), ("requested", 2, 0))
        self.assertEqual(self._figures(), (140, 160, 20, 0))
        self.assertIn("2 of 3 pieces are delivered.", request._describe().lines)
        self._send(request, 1)
        self.assertEqual(self._pieces(request), ("fulfilled", 3, 0))
        self.assertEqual(self._figures(), (140, 140, 0, 0))

    def test_part_without_a_backorder_frees_the_rest(self):
        request = self._ask_kettles(3)
        self._send(request, 2, backorder=False)
        self.assertEqual(self._pieces(request), ("fulfilled", 2, 0))
        self.assertEqual(self._figures(), (160, 160, 0, 0))

    def test_a_cancelled_backorder_frees_the_rest(self):
        request = self._ask_kettles(3)
        self._send(request, 1)
        self._picking(request).with_user(self.keeper).action_cancel()
        self.assertEqual(self._pieces(request), ("fulfilled", 1, 0))
        self.assertEqual(self._figures(), (180, 180, 0, 0))

    def test_a_refused_rest_cancels_the_backorder(self):
        request = self._ask_kettles(3)
        self._send(request, 1)
        request._refuse(self.officer, "No more")
        self.assertFalse(self._picking(request))
        self.assertEqual(self._pieces(request), ("fulfilled", 1, 0))
        self.assertEqual(self._figures(), (180, 180, 0, 0))

    def test_a_cancelled_transfer_refuses_with_a_reason(self):
        request = self._ask_kettles(2)
        self._picking(request).with_user(self.keeper).action_cancel()
        self.assertEqual(request.state, "refused")
        self.assertIn("cancelled", request.note)
        self.assertEqual(self._figures(), (200, 200, 0, 0))
        told = self.env["b2b2c.notification"].search([("kind", "=", "refused")])
        self.assertEqual(told.points, 40)

    def test_a_called_off_request_cancels_the_transfer(self):
        request = self._ask_kettles(2)
        moves = request.reference_id.move_ids
        request._cancel(self.env.user)
        self.assertEqual(set(moves.mapped("state")), {"cancel"})
        self.assertEqual(request.state, "cancelled")
        self.assertEqual(self.kettle.free_qty, 5)

    def test_what_is_packed_is_not_called_off(self):
        request = self._ask_kettles()
        self._picking(request).move_ids.picked = True
        self.assertFalse(request._may_cancel())
        with self.assertRaises(UserError):
            request._cancel(self.env.user)

    def test_the_suspended_get_nothing(self):
        request = self._ask_kettles()
        self.member.action_suspend()
        with self.assertRaises(UserError):
            self._send(request, 1)
        self.env.invalidate_all()
        self.assertEqual(self.kettle.qty_available, 5)

    def test_a_wait_for_stock_where_the_reward_lets(self):
        self.reward.is_from_stock = False
        request = self._ask_kettles(7)
        self.assertEqual(self._picking(request).move_ids.quantity, 5)
        self.assertEqual(self._picking(request).move_ids.product_uom_qty, 7)

    def test_what_is_more_than_ordered_costs_no_more(self):
        request = self._ask_kettles(1)
        self._send(request, 2)
        self.assertEqual(self._pieces(request), ("fulfilled", 1, 0))
        self.assertEqual(self._figures(), (180, 180, 0, 0))


@tagged("post_install", "-at_install")
class TestReturns(DeliveryCommon):
    def test_points_come_back_in_proportion(self):
        request = self._ask_kettles(3)
        picking = self._send(request, 3)
        self._return(picking.sudo(), 1)
        self.env.invalidate_all()
        self.assertEqual(self._pieces(request), ("fulfilled", 3, 1))
        self.assertEqual(self._figures(), (160, 160, 0, 0))
        self._return(picking.sudo(), 2)
        self.env.invalidate_all()
        self.assertEqual(self._pieces(request), ("returned", 3, 3))
        self.assertEqual(self._figures(), (200, 200, 0, 0))

    def test_a_part_of_a_part(self):
        request = self._ask_kettles(3)
        picking = self._send(request, 2)
        self._return(picking.sudo(), 1)
        self.env.invalidate_all()
        self.assertEqual(self._pieces(request), ("requested", 2, 1))
        self.assertEqual(self._figures(), (160, 180, 20, 0))
        self._send(request, 1)
        self.assertEqual(self._pieces(request), ("fulfilled", 3, 1))
        self.assertEqual(self._figures(), (160, 160, 0, 0))

    def test_an_exchange_returns_no_points(self):
        request = self._ask_kettles(1)
        picking = self._send(request, 1)
        wizard = (
            self.env["stock.return.picking"]
            .with_context(active_id=picking.id, active_model="stock.picking")
            .create({})
        )
        wizard.product_return_moves.quantity = 1
        action = wizard.action_create_exchanges()
        back = self.env["stock.picking"].browse(action["res_id"])
        back.move_ids.write({"quantity": 1, "picked": True})
        back.with_context(skip_backorder=True).button_validate()
        self.env.invalidate_all()
        self.assertEqual(self._pieces(request), ("fulfilled", 1, 0))
        self._send(request, 1)
        self.assertEqual(self._pieces(request), ("fulfilled", 1, 0))
        self.assertEqual(self._figures(), (180, 180, 0, 0))


@tagged("post_install", "-at_install")
class TestSteps(DeliveryCommon):
    """A warehouse that picks first and ships then."""

    def setUp(self):
        super().setUp()
        self.warehouse.delivery_steps = "pick_ship"

    def test_only_the_last_step_gives(self):
        request = self._ask_kettles(3)
        self._send(request, 2)  # picked; one is still to be picked
        self.assertEqual(self._pieces(request), ("requested", 0, 0))
        ship = self._picking(request).filtered(
            lambda picking: picking.picking_type_id == self.warehouse.out_type_id
        )
        ship.move_ids.write({"quantity": 2, "picked": True})
        ship.with_context(skip_backorder=True).button_validate()
        self.env.invalidate_all()
        self.assertEqual(self._pieces(request), ("requested", 2, 0))
        self.assertEqual(self._figures(), (140, 160, 20, 0))
        self.assertFalse(request.sudo()._is_packed())
        self._picking(request).action_cancel()
        self.assertEqual(self._pieces(request), ("fulfilled", 2, 0))
        self.assertEqual(self._figures(), (160, 160, 0, 0))

    def test_what_is_picked_is_not_called_off(self):
        request = self._ask_kettles(1)
        self._send(request, 1)
        self.assertFalse(request._may_cancel())


@tagged("post_install", "-at_install")
class TestStock(DeliveryCommon):
    def test_sold_out_and_few_left(self):
        self.assertRefused("few_left", reward=self.reward, quantity=6)
        self._ask_kettles(5)
        self.assertRefused("sold_out", reward=self.reward)
        offer = self.reward._get_offer(self.member)
        self.assertEqual(offer.sentence, "There is none left at the moment.")

    def test_gone_after_the_look(self):
        """The look says yes, the guard says no: nothing stays behind."""
        handler = type(self.env["b2b2c.reward.handler.delivery"])
        self.patch(handler, "_check", lambda *_args: None)
        home = {"address": str(self.person.id)}
        self.assertRefused("few_left", reward=self.reward, quantity=6, answers=home)
        self.assertEqual(self.kettle.free_qty, 5)

    def test_what_somebody_looks_at_first_is_promised_too(self):
        self.reward.needs_approval = True
        first = self._ask_kettles(3, "1")
        self.assertFalse(first.reference_id)
        self.assertTrue(first.needs_delivery)
        self.assertRefused("few_left", reward=self.reward, quantity=3)
        second = self._ask_kettles(2, "2")
        requests = (first | second).with_user(self.officer)
        requests.action_deliver()
        self.assertEqual(self._picking(first).move_ids.product_uom_qty, 3)
        requests.action_deliver()  # a double click
        self.assertEqual(len(first.sudo().reference_id.move_ids), 1)
        self._send(second, 2)
        self.assertEqual(second.state, "fulfilled")

    def test_sold_before_it_was_looked_at(self):
        self.reward.needs_approval = True
        first, second = self._ask_kettles(2, "1"), self._ask_kettles(2, "2")
        self._stock_up(-3)  # two left: one of both can have them
        first.with_user(self.officer).action_deliver()
        with self.assertRaisesRegex(UserError, "none left"):
            second.with_user(self.officer).action_deliver()
        self.assertEqual(second.state, "requested")

    def test_goods_that_are_not_counted_are_never_sold_out(self):
        self.kettle.is_storable = False
        self.account._earn(1000, source_key="earn/more")
        self.assertEqual(self._ask_kettles(50).state, "requested")


@tagged("post_install", "-at_install")
class TestAddress(DeliveryCommon):
    def _questions(self):
        handler = self.reward._get_handler()
        return {
            question.name: question
            for question in handler._get_questions(self.reward._get_offer(self.member))
        }

    def test_own_contacts_are_proposed(self):
        cottage = self.env["res.partner"].create(
            {"name": "Cottage", "parent_id": self.person.id, "type": "delivery",
             "street": "Lisova 7", "city": "Irpin"}
        )  # fmt: skip
        stranger = self.env["res.partner"].create(
            {"name": "Stranger", "street": "Elsewhere 1", "city": "Lviv"}
        )
        options = dict(self._questions()["address"].options)
        self.assertEqual(options[str(self.person.id)], "Khreshchatyk 1, 01001, Kyiv")
        self.assertEqual(options[str(cottage.id)], "Lisova 7, Irpin")
        for foreign in (stranger.id, self.client.id, 0, -1, "x"):
            with self.subTest(foreign):
                self.assertRefused(
                    "answer", reward=self.reward, answers={"address": str(foreign)}
                )

    def test_the_shop_of_who_owns_it(self):
        self.client.write({"street": "Market 5", "city": "Kyiv"})
        self.assertNotIn(
            str(self.client.id), dict(self._questions()["address"].options)
        )
        owner = self._create_owner()
        questions = self.reward._get_handler()._get_questions(
            self.reward._get_offer(owner)
        )
        self.assertEqual(
            questions[0].options[0], (str(self.client.id), "Market 5, Kyiv")
        )

    def test_another_address_is_kept_once(self):
        typed = {"address": "new", "street": "Sadova 3", "zip": "", "city": "Bucha"}
        first = self._ask_kettles(key="1", answers=typed)
        contact = first.delivery_contact_id
        self.assertEqual((contact.parent_id, contact.type), (self.person, "delivery"))
        self.assertEqual((contact.street, contact.city), ("Sadova 3", "Bucha"))
        second = self._ask_kettles(key="2", answers=typed)
        self.assertEqual(second.delivery_contact_id, contact)
        self.assertEqual(first._describe().lines, ("Delivered to: Sadova 3, Bucha",))

    def test_an_address_is_needed(self):
        self.assertRefused(
            "answer", reward=self.reward, answers={"address": "new", "street": "Only"}
        )
        self.assertRefused("answer", reward=self.reward, answers={})
        self.person.street = False
        self.assertNotIn("address", self._questions())
        self.assertRefused("answer", reward=self.reward, answers={"street": "S 1"})
        request = self._ask_kettles(answers={"street": "S 1", "city": "Kyiv"})
        self.assertEqual(request.delivery_contact_id.street, "S 1")

    def test_what_is_collected_asks_for_no_address(self):
        self.reward.pickup_place = "Reception"
        self.assertEqual(self._questions(), {})
        request = self._ask_kettles(answers={})
        self.assertEqual(request._describe().status, "Ready to collect")
        desk = self.env["b2b2c.redemption.handover"].with_user(self.officer)
        desk.create({"code": request.handover_code}).action_hand_over()
        self.env.invalidate_all()
        self.assertEqual(self._pieces(request), ("fulfilled", 1, 0))
        self.assertEqual(self.kettle.qty_available, 4)

    def _get_ready(self):
        """Return the messages that a reward is ready to collect."""
        return self.env["b2b2c.notification"].search(
            [("kind", "=", "ready_to_collect"), ("account_id", "=", self.account.id)]
        )

    def test_who_collects_is_told_when_it_is_there(self):
        self.reward.write({"pickup_place": "Reception", "is_from_stock": False})
        request = self._ask_kettles(6, answers={})
        self.assertFalse(self._get_ready())  # five are there
        self._stock_up(1)
        move = request._get_open_moves()
        for _time in range(2):
            move._action_assign()
            self.assertEqual(len(self._get_ready()), 1)
            move._do_unreserve()
        self.assertEqual(
            self._get_ready().message_text,
            "Ready to collect: Kettle\nCollect it at: Reception\n"
            "Show the code of your request there.",
        )

    def test_what_is_sent_home_is_not_called_ready_to_collect(self):
        self._ask_kettles()
        self.assertFalse(self._get_ready())

    def test_what_is_not_ready_is_not_handed_over(self):
        self.reward.write({"pickup_place": "Reception", "is_from_stock": False})
        request = self._ask_kettles(6, answers={})
        desk = self.env["b2b2c.redemption.handover"].with_user(self.officer)
        with self.assertRaisesRegex(UserError, "not ready"):
            desk.create({"code": request.handover_code}).action_hand_over()
        self.assertEqual(request.state, "requested")


@tagged("post_install", "-at_install")
class TestNoSale(DeliveryCommon):
    """A reward is nobody's sale."""

    def test_it_earns_nothing(self):
        self._create_program({"role": "owner", "trigger": "delivered",
                              "kind": "per_unit", "value": 5})  # fmt: skip
        picking = self._send_to_shop()
        self.assertFalse(self._events(picking))
        source = self.env["b2b2c.source.delivery"]
        found = self.env["stock.picking"].search(source._get_happened_domain())
        self.assertNotIn(picking.id, found.ids)

    def test_control_the_same_goods_without_a_request_earn(self):
        self._create_program({"role": "owner", "trigger": "delivered",
                              "kind": "per_unit", "value": 5})  # fmt: skip
        moves = type(self.env["stock.move"])
        self.patch(moves, "_b2b2c_get_requests",
                   lambda moves: moves.env["b2b2c.redemption"])  # fmt: skip
        picking = self._send_to_shop()
        self._process()
        earned = self.env["b2b2c.ledger.entry"].search(
            [("document_id", "=", picking.id)]
        )
        self.assertEqual(earned.filtered("rule_id").mapped("points"), [5])

    def test_it_is_no_goods_the_shop_received(self):
        picking = self._send_to_shop()
        source = self.env["b2b2c.source.delivery"]
        shops = SQL(
            "(VALUES (%s, %s, '2000-01-01'::timestamp)) AS shop"
            " (shop_id, company_id, since)" ,
            self.client.id, self.company.id,
        )  # fmt: skip
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                "WITH shop AS (SELECT * FROM %s) %s",
                shops,
                source._get_goods(SQL("shop")),
            )
        )
        self.assertNotIn(picking.id, [row[0] for row in rows])

    def test_it_leaves_at_cost_to_an_account_of_its_own(self):
        expense = self.env["account.account"].create(
            {"name": "Rewards", "code": "REW1", "account_type": "expense"}
        )
        customers = self.env.ref("stock.stock_location_customers")
        location = self.env["stock.location"].create(
            {"name": "Rewards", "location_id": customers.id, "usage": "customer",
             "valuation_account_id": expense.id}
        )  # fmt: skip
        self.company.b2b2c_goods_location_id = location
        self.kettle.categ_id = self.env["product.category"].create(
            {"name": "Valued", "property_valuation": "real_time"}
        )
        self.kettle.standard_price = 12
        request = self._ask_kettles(2)
        picking = self._send(request, 2)
        self.assertEqual(picking.location_dest_id, location)
        lines = self.env["account.move.line"].search([("account_id", "=", expense.id)])
        self.assertEqual(sum(lines.mapped("balance")), 24)
        self.assertEqual(request.cost, 24)


@tagged("post_install", "-at_install")
class TestReward(DeliveryCommon):
    def test_goods_are_named_and_have_a_price(self):
        service = self._create_product("Course", 5, type="service")
        for values in (
            {"product_id": False},
            {"product_id": service.id},
            {"product_id": self.kettle.id, "price_kind": "chosen"},
        ):
            with self.subTest(values), self.assertRaises(ValidationError):
                self._create_reward("X", 5, kind="delivery", **values)

    def test_the_manager_makes_one(self):
        manager = self._create_user("making", "loyalty_b2b2c.group_manager")
        with Form(self.env["b2b2c.reward"].with_user(manager)) as form:
            form.points = 20
            form.product_id = self.kettle
            form.kind = "delivery"
            self.assertTrue(form.is_from_stock)
            self.assertEqual(form.name, "Kettle")
        self.assertEqual(form.save().kind, "delivery")

    def test_a_product_that_cannot_be_delivered(self):
        self.warehouse.delivery_route_id.rule_ids.active = False
        self.env["stock.rule"].search([]).active = False
        error = self._catch(UserError, lambda: self._ask_kettles())
        self.assertEqual(str(error), "This cannot be delivered at the moment.")
        self.assertEqual(self._figures(), (200, 200, 0, 0))

    def test_free_goods(self):
        self.reward.write({"price_kind": "free", "points": 0, "member_limit": 1})
        request = self._ask_kettles()
        picking = self._send(request, 1)
        self.assertEqual(request.state, "fulfilled")
        self._return(picking.sudo(), 1)
        self.env.invalidate_all()
        self.assertEqual(request.state, "returned")
        self.assertEqual(self._figures(), (200, 200, 0, 0))

    def test_copies_of_a_person_s_data_name_the_deliveries(self):
        request = self._ask_kettles()
        data = self.member.sudo()._get_personal_data()
        self.assertEqual(
            [row["origin"] for row in data["reward_deliveries"]], [request.name]
        )
