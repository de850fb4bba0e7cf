from odoo import api, fields, models


class B2b2cPartnerAgreement(models.Model):
    """What follows from an agreement: programs open, sales are looked at again, the
    partner hears of it, and the form says what is still missing."""

    _inherit = "b2b2c.partner.agreement"

    has_rates = fields.Boolean(compute="_compute_steps", compute_sudo=True)
    has_shops = fields.Boolean(compute="_compute_steps", compute_sudo=True)
    has_way_in = fields.Boolean(compute="_compute_steps", compute_sudo=True)
    has_sales = fields.Boolean(compute="_compute_steps", compute_sudo=True)
    way_in_text = fields.Char(compute="_compute_way_in_text")
    visit_count = fields.Integer("Sales", compute="_compute_counts", compute_sudo=True)
    spend_count = fields.Integer(
        "Payments", compute="_compute_counts", compute_sudo=True
    )
    incident_count = fields.Integer(
        "Incidents", compute="_compute_counts", compute_sudo=True
    )

    # === COMPUTE METHODS === #

    @api.depends("rate_ids", "shop_ids", "partner_id", "way")
    def _compute_steps(self):
        for agreement in self:
            agreement.has_rates = bool(agreement.rate_ids)
            agreement.has_shops = bool(agreement.shop_ids or agreement.partner_id)
            agreement.has_way_in = agreement._has_way_in()
            agreement.has_sales = bool(agreement.visit_count or agreement.spend_count)

    @api.depends("way")
    def _compute_way_in_text(self):
        words = {
            "company": self.env._("A till of that company is open"),
            "odoo": self.env._("Its Odoo has an API key that reports for it"),
            "api": self.env._("Its system has an API key that reports for it"),
            "terminal": self.env._("Somebody there may use the terminal"),
        }
        for agreement in self:
            agreement.way_in_text = words.get(agreement.way)

    @api.depends("partner_id")
    def _compute_counts(self):
        for agreement in self:
            domain = [("agreement_id", "=", agreement.id)]
            visits, spends = self.env["b2b2c.partner.visit"], self.env["b2b2c.spend"]
            agreement.visit_count = visits.search_count(domain)
            agreement.spend_count = spends.search_count(domain)
            agreement.incident_count = self.env["b2b2c.spend.incident"].search_count(
                agreement._get_incident_domain()
            )

    def _has_way_in(self):
        """Tell whether the partner can reach us the way it takes part.

        Packages answer for the ways they are: extend with ``super()``.
        """
        self.ensure_one()
        return self.way == "company" and bool(self.partner_company_id)

    def _get_places_domain(self, name):
        """Return the domain of what names the partner or one of its shops."""
        return [(name, "child_of", self.partner_id.ids)]

    def _get_incident_domain(self):
        return [
            ("company_id", "=", self.company_id.id),
            "|",
            ("spend_id.agreement_id", "=", self.id),
            *self._get_places_domain("shop_id"),
        ]

    # === WHAT FOLLOWS === #

    def _open_programs(self):
        """Let the programs that an agreement names give points there.

        They are programs of the network then, and count what a company of this
        database sells.
        """
        for program in self.program_ids:
            company = self.partner_company_id if self.way == "company" else None
            values = {} if program.is_network else {"is_network": True}
            if company and company not in program.source_company_ids:
                values["source_company_ids"] = [fields.Command.link(company.id)]
            if values:
                program.write(values)

    def action_look_again(self):
        """Look again at sales of this partner that earned nothing (managers)."""
        self._check_manager()._look_again()
        return True

    def _look_again(self):
        """Let sales that nothing was agreed about be judged anew."""
        events = self.env["b2b2c.event"].sudo()
        for agreement in self.sudo().filtered(lambda one: one.state == "active"):
            waiting = self.env["b2b2c.spend.incident"].sudo()
            waiting = waiting.search(
                [
                    ("company_id", "=", agreement.company_id.id),
                    ("kind", "=", "unagreed"),
                    ("state", "=", "open"),
                    *agreement._get_places_domain("shop_id"),
                ]
            )
            for model, incidents in waiting.grouped("document_model").items():
                ids = sorted(incidents.mapped("document_id"))
                events._insert_events(model, ids, event_type="recheck")
            if waiting:
                self.env.ref("loyalty_b2b2c.cron_sweep").sudo()._trigger()

    # === WHAT THE PARTNER HEARS === #

    def _tell_state(self):
        """Write to the partner that its agreement is in force, paused or ended."""
        self.ensure_one()
        reader = self.contact_id or self.partner_id
        if not reader.email:
            return
        count = (
            self.env["mail.message"]
            .sudo()
            .search_count([("model", "=", self._name), ("res_id", "=", self.id)])
        )
        self.env["b2b2c.notification"].sudo()._tell(
            [
                {
                    "kind": f"agreement_{self.state}",
                    "key": f"agreement/{self.id}/{self.state}/{count}",
                    "contact_id": reader.id,
                    "company_id": self.company_id.id,
                    "document_name": self.company_id.name,
                    "res_model": self._name,
                    "res_id": self.id,
                }
            ]
        )

    # === WHERE TO LOOK === #

    def action_open_visits(self):
        """Open the sales that were noted at this partner."""
        return self._open(
            "b2b2c.partner.visit", self.env._("Sales"), [("agreement_id", "=", self.id)]
        )

    def action_open_spends(self):
        """Open what people paid with points at this partner."""
        return self._open(
            "b2b2c.spend", self.env._("Payments"), [("agreement_id", "=", self.id)]
        )

    def action_open_incidents(self):
        """Open what somebody has to look at."""
        return self._open(
            "b2b2c.spend.incident",
            self.env._("Incidents"),
            self._get_incident_domain(),
        )

    def _open(self, model, name, domain):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": name,
            "res_model": model,
            "views": [(False, "list"), (False, "form")],
            "domain": domain,
        }
