from dataclasses import replace

from odoo import models
from odoo.fields import Domain

from ..processing.judge import Trial
from .mechanic import NextStep

#: So many names are told, the others are counted.
_NAMED = 3


class B2b2cProgram(models.Model):
    """What is to do until a program pays, and how a sale is tried with it."""

    _name = "b2b2c.program"
    _inherit = ["b2b2c.program", "b2b2c.checklist"]

    # === ACTION METHODS === #

    def action_try(self):
        """Open the dialog that plays one sale; nothing of it is stored."""
        self.ensure_one()
        self.check_access("write")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Try It: %s", self.name),
            "res_model": "b2b2c.mechanic.try",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_program_id": self.id, "dialog_size": "extra-large"},
        }

    # === WHAT IT IS FOR === #

    def _get_trial(self):
        """Return this program as if it ran, for the judge."""
        self.ensure_one()
        program = replace(self._to_engine(), state="running", closed_at=None)
        return Trial(self.company_id, program, self._get_own_domain_rules())

    def _get_rewarded_roles(self):
        """Return the roles whose people its rules reward, each once."""
        rules = self.rule_ids
        roles = [role for rule in rules for role in rule._get_rewarded_roles()]
        return list(dict.fromkeys(roles))

    def _counts_kind(self, *codes):
        """Tell whether a rule of it is for documents of one of these kinds."""
        return bool(set(codes) & set(self.rule_ids.document_kind_ids.mapped("code")))

    # === NEXT STEPS === #

    def _get_next_steps(self):
        steps = super()._get_next_steps()
        if not self.rule_ids:
            return [*steps, self._get_rule_step(), self._get_start_step()]
        return [
            *steps,
            self._get_product_step(),
            *map(self._get_people_step, self._get_rewarded_roles()),
            self._get_start_step(),
        ]

    def _get_rule_step(self):
        return NextStep(
            code="rule",
            order=10,
            label=self.env._("Say what it pays"),
            note=self.env._("A rule says who gets how much for what."),
            is_done=self._can_give(),
            button=self.env._("Add a Rule"),
            act=lambda: self._open_in_dialog(
                "b2b2c.earning.rule",
                self.env._("New Rule"),
                default_program_id=self.id,
            ),
        )

    def _get_product_step(self):
        rule = self.rule_ids[0]
        sold = self.env["product.product"].search_count(
            Domain("sale_ok", "=", True), limit=1
        )
        return NextStep(
            code="products",
            order=10,
            label=self.env._("Choose what is rewarded"),
            note=rule._name_products() if sold else self.env._("No product is sold."),
            is_done=bool(sold),
            button=self.env._("Look at It"),
            act=lambda: self._open_in_dialog(rule._name, rule.name, res_id=rule.id),
        )

    def _get_people_step(self, role):
        members = self.env["b2b2c.member"].sudo()
        label = dict(members._get_role_selection()).get(role, role)
        count = members.search_count(
            [
                ("company_id", "=", self.company_id.id),
                ("role", "=", role),
                ("state", "=", "enrolled"),
            ]
        )
        return NextStep(
            code=f"people_{role}",
            order=30,
            label=self.env._("Let people take part: %s", label),
            note=self.env._("Taking part: %s", count),
            is_done=bool(count),
            button=self.env._("Enroll Somebody"),
            act=lambda: self._open_in_dialog(
                "b2b2c.enroll",
                self.env._("Enroll a Participant"),
                default_role=role,
                default_company_id=self.company_id.id,
            ),
        )

    def _get_start_step(self):
        notes = {
            "running": self.env._("It runs: what happens from now on is paid."),
            "closed": self.env._("It is closed: nothing new is paid."),
        }
        return NextStep(
            code="start",
            order=90,
            label=self.env._("Start it"),
            note=notes.get(self.state, self.env._("Nothing is paid before.")),
            is_done=self.state == "running",
            button=self.env._("Start"),
            act=self.action_start,
        )


class B2b2cEarningRule(models.Model):
    """Whom and what a rule rewards, for the checklist of its program."""

    _inherit = "b2b2c.earning.rule"

    def _get_rewarded_roles(self):
        """Return the roles whose people this rule rewards."""
        self.ensure_one()
        return self.share_ids.mapped("role") or [self.role]

    def _name_products(self):
        """Return for which products this rule is, in a few words."""
        self.ensure_one()
        goods = (self.product_ids, self.category_ids, self.tag_ids)
        names = [one.display_name for records in goods for one in records]
        if self._has_domain("product_domain"):
            return self.env._("What the product filter finds.")
        if not names:
            return self.env._("Every product.")
        if len(names) <= _NAMED:
            return ", ".join(names)
        return self.env._(
            "%(names)s and %(count)s more",
            names=", ".join(names[:_NAMED]),
            count=len(names) - _NAMED,
        )
