from odoo import models
from odoo.fields import Domain

from ..mechanics.mechanic import NextStep


class B2b2cLadder(models.Model):
    """What is to do until a ladder gives its dealers something."""

    _name = "b2b2c.ladder"
    _inherit = ["b2b2c.ladder", "b2b2c.checklist"]

    def _get_next_steps(self):
        steps = [*super()._get_next_steps(), self._get_tier_step()]
        if self.benefit != "bonus":
            steps.append(self._get_pricelist_step())
        if self.benefit != "price":
            steps.append(self._get_bonus_step())
        return [*steps, self._get_start_step(), self._get_dealer_step()]

    def _get_tier_step(self):
        given = "bonus" if self.benefit == "bonus" else "discount"
        tiers = self.tier_ids.sorted("volume_from")
        return NextStep(
            code="tiers",
            order=10,
            label=self.env._("Say what each tier gives"),
            note=", ".join(
                f"{one.volume_from:,.0f} → {one[given]:g} %" for one in tiers
            ),
            is_done=any(tiers.mapped(given)),
        )

    def _get_pricelist_step(self):
        is_on = self.env["res.groups"]._is_feature_enabled(
            "product.group_product_pricelist"
        )
        may_set = self.env.user.has_group("base.group_system")
        return NextStep(
            code="pricelists",
            order=20,
            label=self.env._("Switch pricelists on"),
            note=self.env._("Tiers are pricelists: a switch in the settings of Sales."),
            is_done=is_on,
            button=self.env._("Open the Settings") if may_set else "",
            act=lambda: self.env["ir.actions.act_window"]._for_xml_id(
                "sale.action_sale_config_settings"
            ),
        )

    def _get_bonus_step(self):
        rules = self.env["b2b2c.earning.rule"].search(
            Domain("kind", "=", "tier") & Domain("company_id", "=", self.company_id.id)
        )
        running = rules.program_id.filtered(lambda one: one.state == "running")
        waiting = rules.program_id.filtered(lambda one: one.state == "draft")
        note = self.env._("No rule pays the bonus of a tier.")
        if shown := waiting or running:
            note = shown[0].name
        return NextStep(
            code="bonus",
            order=30,
            label=self.env._("Let a program pay the bonus"),
            note=note,
            # another program may pay for another ladder: a draft is for this one
            is_done=bool(running) and not waiting,
            button=self.env._("Start It") if waiting else "",
            act=waiting[:1].action_start,
        )

    def _get_start_step(self):
        return NextStep(
            code="start",
            order=40,
            label=self.env._("Start it"),
            note=self.env._("It runs.")
            if self.state == "running"
            else self.env._("Nothing changes for anybody before."),
            is_done=self.state == "running",
            button=self.env._("Start"),
            act=self.action_start,
        )

    def _get_dealer_step(self):
        is_running = self.state == "running"
        return NextStep(
            code="dealers",
            order=50,
            label=self.env._("Add the dealers"),
            note=self.env._("Dealers: %s", self.standing_count)
            if is_running
            else self.env._("Dealers are added once it runs."),
            is_done=bool(self.standing_count),
            button=self.env._("Add a Dealer") if is_running else "",
            act=lambda: self._open_in_dialog(
                "b2b2c.ladder.standing",
                self.env._("New Dealer"),
                default_ladder_id=self.id,
            ),
        )
