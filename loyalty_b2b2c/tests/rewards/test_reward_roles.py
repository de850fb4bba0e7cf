"""Rewards are for people in some roles, or for everybody; roles may be added."""

from odoo.modules.migration import load_script
from odoo.tests import Form, tagged
from odoo.tools.misc import file_path

from ..fakes import extended
from ..people.fake_role import FakeRole
from .test_redemption import RedemptionCommon


@tagged("post_install", "-at_install")
class TestRewardRoles(RedemptionCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.roles = cls.env["b2b2c.reward.role"]
        cls.owner = cls._create_member(
            name="Ihor", email="ihor@example.com", role="owner"
        )

    def _refusals(self, *members):
        """Return why each of these people cannot have the mug."""
        return [self.mug._get_offer(member).refusal for member in members]

    def test_nobody_chosen_means_everybody(self):
        self.assertEqual(self._refusals(self.member, self.owner), ["points", "points"])

    def test_only_for_the_chosen_roles(self):
        self.mug.role_ids = self.roles._get_rows("owner", "dealer")
        self.assertEqual(
            self._refusals(self.member, self.owner), ["not_offered", "points"]
        )

    def test_the_manager_chooses_among_all_roles(self):
        manager = self._create_user("managing", "loyalty_b2b2c.group_manager")
        choices = self.roles.with_user(manager).name_search("")
        self.assertEqual(
            [label for _id, label in choices],
            [
                "Buyer's employee",
                "Shop owner",
                "Shop salesperson",
                "Recommender",
                "End customer",
                "Dealer",
            ],
        )
        with Form(self.mug.with_user(manager)) as form:
            form.role_ids.add(self.roles._get_rows("owner"))
        self.assertEqual(self.mug.role_ids.display_name, "Shop owner")

    def test_roles_are_found_by_a_part_of_their_label(self):
        found = self.roles.name_search("shop")
        self.assertEqual(
            [label for _id, label in found], ["Shop owner", "Shop salesperson"]
        )
        self.mug.role_ids = self.roles._get_rows("owner")
        rewards = self.env["b2b2c.reward"]
        for operator, value in (("ilike", "owner"), ("=", "Shop owner")):
            domain = [("role_ids", operator, value), ("id", "=", self.mug.id)]
            self.assertEqual(rewards.search(domain), self.mug)
        domain = [("role_ids", "not ilike", "owner"), ("id", "=", self.mug.id)]
        self.assertFalse(rewards.search(domain))

    def test_a_new_role_can_be_chosen(self):
        """The catalogue crashed over a role without a column of its own."""
        with extended(self.env, "b2b2c.role", FakeRole):
            self.roles._register_hook()  # as a start of the server does
            trainer = self._create_member(
                name="Taras", email="taras@example.com", role="trainer"
            )
            people = self.member, self.owner, trainer
            self.assertEqual(self._refusals(*people), ["points"] * 3)
            self.mug.role_ids = self.roles._get_rows("owner")
            self.assertEqual(
                self._refusals(*people), ["not_offered", "points", "not_offered"]
            )
            self.mug.role_ids = self.roles._get_rows("trainer")
            self.assertEqual(self.mug.role_ids.display_name, "Shop trainer")
            self.assertEqual(
                self._refusals(*people), ["not_offered", "not_offered", "points"]
            )
        # its add-on is gone: it is not offered any more, and nothing crashes
        self.assertNotIn("trainer", dict(self.roles.name_search("")).values())
        self.assertEqual(
            self._refusals(self.member, trainer), ["not_offered", "points"]
        )

    def test_roles_fill_themselves_once(self):
        before = self.roles.search([])
        self.assertEqual(len(before), 6)
        for _start in range(2):
            self.roles._register_hook()
        self.assertEqual(self.roles.search([]), before)

    def test_columns_of_roles_become_rows(self):
        """A database of version 19.0.1.0.0, and a second run of the script."""
        cup = self._create_reward("Cup", 10)
        self.env.flush_all()
        self.env.cr.execute(
            """
            ALTER TABLE b2b2c_reward ADD COLUMN for_owner boolean,
                                     ADD COLUMN for_dealer boolean,
                                     ADD COLUMN for_customer boolean
            """
        )
        self.env.cr.execute(
            """UPDATE b2b2c_reward SET for_owner = TRUE, for_dealer = TRUE,
                      for_customer = FALSE WHERE id = %s""",
            (self.mug.id,),
        )
        path = "loyalty_b2b2c/migrations/19.0.1.1.0/post-rewards.py"
        script = load_script(file_path(path), "post-rewards")
        for _run in range(2):
            script.migrate(self.env.cr, "19.0.1.0.0")
        self.env.invalidate_all()
        self.assertEqual(self.mug.role_ids, self.roles._get_rows("owner", "dealer"))
        self.assertFalse(cup.role_ids)
