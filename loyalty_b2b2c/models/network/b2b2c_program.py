from odoo import api, fields, models, tools

from ..mechanics.mechanic import NextStep


class B2b2cProgram(models.Model):
    """Programs of the network give points at partners by agreement only."""

    _inherit = "b2b2c.program"

    is_network = fields.Boolean(
        string="At Partners by Agreement Only",
        tracking=True,
        help="What partners sell earns here only under an agreement in force on the "
        "day of the sale. An agreement that names the program ticks this.",
    )

    @api.model
    @tools.ormcache("company_id", cache="default")
    def _get_network_ids(self, company_id):
        """Return the ids of a company's programs that need an agreement at partners.

        Cached: every change of a program clears the registry cache.
        """
        programs = self.sudo().with_context(active_test=False)
        domain = [("company_id", "=", company_id), ("is_network", "=", True)]
        return frozenset(programs.search(domain).ids)

    # === NEXT STEPS === #

    def _get_next_steps(self):
        steps = super()._get_next_steps()
        return [*steps, self._get_agreement_step()] if self.is_network else steps

    def _get_agreement_step(self):
        agreements = self.env["b2b2c.partner.agreement"].search(
            [("company_id", "=", self.company_id.id), ("state", "!=", "ended")]
        )
        named = agreements.filtered(lambda one: self in one.program_ids)
        active = named.filtered(lambda one: one.state == "active")
        return NextStep(
            code="agreements",
            order=15,
            label=self.env._("Agree with partners"),
            note=self.env._(
                "Agreements in force: %(active)s, drafts: %(drafts)s",
                active=len(active),
                drafts=len(named - active),
            ),
            is_done=bool(active),
            button=self.env._("Agreements") if named else self.env._("New Agreement"),
            act=lambda: (
                self.env["ir.actions.act_window"]._for_xml_id(
                    "loyalty_b2b2c.b2b2c_partner_agreement_action"
                )
                if named
                else self._open_in_dialog(
                    agreements._name,
                    self.env._("New Agreement"),
                    default_program_ids=self.ids,
                    default_company_id=self.company_id.id,
                )
            ),
        )
