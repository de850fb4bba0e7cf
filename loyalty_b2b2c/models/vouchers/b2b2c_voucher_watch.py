from odoo import api, fields, models

#: Codes that nobody got are told about so many days before they are over.
WARN_DAYS = 30


class B2b2cVoucherPool(models.Model):
    """Telling whoever is responsible that codes run out, or that they are about to be
    over and could be given back to the partner."""

    _inherit = "b2b2c.voucher.pool"

    over_told_on = fields.Date(readonly=True, copy=False)

    @api.model
    def _cron_watch(self):
        """Look at the pools that are given out; each is told about once."""
        pools = self.search([("kind", "=", "codes"), ("state", "=", "open")])
        for pool in pools:
            pool._watch_stock()
            pool._watch_days()

    def _watch_stock(self):
        """Tell once that few codes are left; again when it was filled in between."""
        self.ensure_one()
        if not self.low_stock or not self.all_count:
            return
        if not self.is_low:
            self.low_told_at = False
            return
        if self.low_told_at:
            return
        self.low_told_at = fields.Datetime.now()
        self._alert(
            self.env._("Codes left: %s", self.free_count),
            self.env._(
                "Ask %s for more and import them, or close the pool.",
                self.partner_id.display_name,
            ),
        )

    def _watch_days(self):
        """Tell once a month that codes nobody got are about to be over."""
        self.ensure_one()
        today = self._get_today()
        if self.over_told_on and fields.Date.add(self.over_told_on, days=WARN_DAYS) > (
            today
        ):
            return
        last = fields.Date.add(today, days=WARN_DAYS)
        count = self.env["b2b2c.voucher"].search_count(
            [
                ("pool_id", "=", self.id),
                ("state", "=", "free"),
                *self._get_ending_domain(today, last),
            ]
        )
        if not count:
            return
        self.over_told_on = today
        self._alert(
            self.env._("Codes that are over soon: %s", count),
            self.env._(
                "Nobody got them yet, and within %(days)s days they are worth nothing. "
                "Offer them for less, or give them back to %(partner)s.",
                days=WARN_DAYS,
                partner=self.partner_id.display_name,
            ),
        )

    def _get_ending_domain(self, today, last):
        """Return the condition of codes whose last day is near."""
        within = [("expires_on", ">=", today), ("expires_on", "<=", last)]
        if self.valid_until and today <= self.valid_until <= last:
            return ["|", ("expires_on", "=", False), "&", *within]
        return within

    def _alert(self, summary, note):
        """Give whoever is responsible a to-do."""
        user = self.responsible_id or self.company_id._get_loyalty_manager()
        if not user:
            return
        self.activity_schedule(
            "mail.mail_activity_data_warning",
            summary=summary,
            note=note,
            user_id=user.id,
        )
