from datetime import timedelta

from markupsafe import Markup

from odoo import api, fields, models
from odoo.tools import format_date

from ...drawing import volume_chart
from ...engine import add_months, series, to_decimal
from . import ladder_words

#: Days the chart looks back, and ahead, at least and at most.
CHART_DAYS = (92, 366)
CHART_AHEAD = 183


class B2b2cLadderStanding(models.Model):
    """What a dealer's standing looks like: words, progress, chart."""

    _inherit = "b2b2c.ladder.standing"

    because = fields.Char(compute="_compute_words", string="Why")
    missing_text = fields.Char(compute="_compute_words", string="To the Next Tier")
    ahead_text = fields.Char(compute="_compute_words", string="What Comes")
    progress = fields.Integer(compute="_compute_progress", string="Progress (%)")
    chart = fields.Html(compute="_compute_chart", sanitize=False)
    volume_text = fields.Char(compute="_compute_volume_text", string="Volume")

    @api.depends(
        "tier_id", "volume", "missing", "leaves_on", "fall_on", "contract_id", "head_id"
    )
    @api.depends_context("lang")
    def _compute_words(self):
        now = fields.Datetime.now()
        for standing in self:
            words = ladder_words.explain(standing, now)
            standing.because = words["because"]
            standing.missing_text = words["missing"]
            standing.ahead_text = words["ahead"]

    @api.depends("volume", "next_tier_id", "head_id.volume", "head_id.next_tier_id")
    def _compute_progress(self):
        for standing in self:
            standing.progress = ladder_words.get_progress(standing.head_id or standing)

    @api.depends("volume", "head_id.volume")
    @api.depends_context("lang")
    def _compute_volume_text(self):
        for standing in self:
            head = standing.head_id or standing
            standing.volume_text = ladder_words.volume(head.ladder_id, head.volume)

    @api.depends("volume", "tier_id", "head_id")
    @api.depends_context("lang")
    def _compute_chart(self):
        for standing in self:
            known = standing.ladder_id and standing.state_day or standing.head_id
            standing.chart = standing._get_chart() if known else False

    def _get_chart(self):
        """Return the picture of the volume (Markup): the past, and what lies ahead if
        nothing more is bought."""
        self.ensure_one()
        head = self.head_id or self
        ladder = head.ladder_id._to_engine()
        today = ladder_words.get_today(head, fields.Datetime.now())
        length = (today - ladder.window.days(today)[0]).days
        shown_days = min(max(length, CHART_DAYS[0]), CHART_DAYS[1])
        first = today - timedelta(days=shown_days)
        last = today + timedelta(days=min(shown_days, CHART_AHEAD))
        [volumes] = head._get_volumes(ladder.window.days(first)[0]).values()
        points = series(ladder.window, volumes, first, last)
        volume = dict(points)[today]
        lines = []
        for tier in head.ladder_id.tier_ids:
            figure = ladder_words.volume(head.ladder_id, tier.volume_from)
            lines.append(
                volume_chart.Line(
                    to_decimal(tier.volume_from),
                    f"{tier.name} · {figure}",
                    reached=volume >= to_decimal(tier.volume_from),
                )
            )
        return Markup(
            volume_chart.render(
                volume_chart.Chart(
                    points=points,
                    today=today,
                    today_label=self.env._("Today"),
                    volume_label=ladder_words.volume(head.ladder_id, volume),
                    title=self.env._("Volume of %s, day by day", head.partner_id.name),
                    lines=lines,
                    months=self._get_chart_months(first, last),
                    loss=head._get_chart_loss(today),
                )
            )
        )

    def _get_chart_months(self, first, last):
        """Return ``(day, name)`` of the months that begin between two days."""
        months, day = [], add_months(first.replace(day=1), 1)
        while day <= last:
            months.append((day, format_date(self.env, day, date_format="LLL")))
            day = add_months(day, 1)
        return months

    def _get_chart_loss(self, today):
        """Return ``(day, words)`` of what leaves next, ``None``: nothing does."""
        if not self.leaves_on:
            return None
        return self.leaves_on, self.env._(
            "−%(volume)s on %(day)s",
            volume=ladder_words.volume(self.ladder_id, self.leaves),
            day=ladder_words.day(self.env, self.leaves_on, today),
        )

    def _get_info(self, more=0):
        """Return the standing in a few lines (Markup), for contacts and orders.

        Read with sudo: who sees the order may know what its price follows from.

        :param more: the volume of the order at hand, not counted yet (Decimal)
        """
        self.ensure_one()
        words = ladder_words.explain(self, fields.Datetime.now())
        bar = Markup(
            '<div class="progress my-1" style="height: 6px; max-width: 22rem" '
            'role="progressbar" aria-valuenow="%(progress)s" aria-valuemin="0" '
            'aria-valuemax="100"><div class="progress-bar" '
            'style="width: %(progress)s%%"></div></div>'
        )
        text = Markup("<div>%s</div>") % words["because"]
        if words["progress"] < 100:
            text += bar % words
        words["with_order"] = ""
        if more:
            missing = to_decimal((self.head_id or self).missing) - more
            words["with_order"] = ladder_words.with_order(self, missing)
        for name in ("missing", "with_order", "ahead"):
            if words[name]:
                text += Markup('<div class="text-muted">%s</div>') % words[name]
        return text

    # === ACTIONS === #

    def action_why(self):
        """Ask why this dealer had its tier at a moment."""
        self.ensure_one()
        self.check_access("read")
        return self.env["b2b2c.ladder.why"]._open(self)

    def action_open_partner(self):
        """Open the dealer's contact."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "res.partner",
            "res_id": self.partner_id.id,
            "views": [(False, "form")],
        }

    def action_open_orders(self):
        """Open the dealer's orders."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("sale.action_orders")
        return dict(
            action,
            domain=[("partner_id", "child_of", self._get_group().partner_id.ids)],
            context={},
        )
