from odoo import fields, models

from odoo.addons.base.models.res_partner import _tz_get

from ..joining.b2b2c_invitation import APPROVALS


class ResCompany(models.Model):
    _inherit = "res.company"

    b2b2c_adjust_limit = fields.Float(
        string="Adjustment Limit",
        digits=False,
        default=1000,
        help="What one person corrects within 24 hours beyond this many points "
        "needs the approval of a second person.",
    )
    b2b2c_manager_id = fields.Many2one(
        "res.users",
        string="Loyalty Manager",
        help="Gets a to-do when a document could not be rewarded.",
    )

    b2b2c_terminal_cancel_minutes = fields.Integer(
        string="Cancel Within",
        default=15,
        help="For so many minutes an operator of the terminal can cancel what he "
        "recorded.",
    )
    b2b2c_terminal_max_amount = fields.Monetary(
        string="Most per Operation",
        currency_field="currency_id",
        help="The largest amount of one terminal operation; 0: no limit.",
    )
    b2b2c_terminal_day_operations = fields.Integer(
        string="Operations per Day",
        default=300,
        help="How much one operator of the terminal records on a day; 0: no limit.",
    )
    b2b2c_terminal_day_amount = fields.Monetary(
        string="Amount per Day",
        currency_field="currency_id",
        help="The total amount one operator of the terminal records on a day; "
        "0: no limit.",
    )
    b2b2c_terminal_day_points = fields.Float(
        string="Points per Day",
        digits=False,
        help="The points one operator of the terminal gives on a day; 0: no limit.",
    )
    b2b2c_terminal_lookups = fields.Integer(
        string="Failed Searches per Hour",
        default=30,
        help="After so many searches without a result an operator waits: nobody "
        "tries out phone numbers. 0: no limit.",
    )

    b2b2c_scan_member_hour = fields.Integer(
        string="Scans per Person",
        default=120,
        help="So many codes a participant may register within an hour; 0: no limit.",
    )
    b2b2c_scan_shop_hour = fields.Integer(
        string="Scans per Shop",
        default=600,
        help="Above so many codes of a shop within an hour a person decides; "
        "0: no limit.",
    )
    b2b2c_scan_failures = fields.Integer(
        string="Wrong Codes per Person",
        default=20,
        help="After so many codes that could not be registered within an hour a "
        "participant waits: nobody finds codes by trying. 0: no limit.",
    )
    b2b2c_scan_address_failures = fields.Integer(
        string="Wrong Codes per Address",
        default=100,
        help="The same for everybody behind one network address; 0: no limit.",
    )
    b2b2c_scan_other_shop = fields.Selection(
        [
            ("review", "A person decides"),
            ("refuse", "Refused"),
            ("accept", "Accepted"),
        ],
        required=True,
        string="Goods of Another Shop",
        default="review",
        help="A code whose goods were shipped to another shop than the scanner's.",
    )
    b2b2c_scan_adjacent = fields.Integer(
        string="Neighbouring Codes",
        default=12,
        help="So many codes with neighbouring numbers within a few minutes look like "
        "an opened box: a person decides. 0: not looked at.",
    )
    b2b2c_scan_adjacent_minutes = fields.Integer(string="Within Minutes", default=2)
    b2b2c_scan_radius = fields.Integer(
        string="Distance from the Shop",
        help="In kilometres; farther away a person decides. The phone is asked for its "
        "place only when this is set and the shop's place is known. 0: not looked at.",
    )
    b2b2c_scan_late_hours = fields.Integer(
        string="Offline For",
        default=72,
        help="Scans a phone sends later than so many hours are unusual; 0: never.",
    )
    b2b2c_scan_audit = fields.Integer(
        string="Random Checks",
        help="So many of 100 scans are looked at by a person, whatever they look like.",
    )
    b2b2c_scan_review_score = fields.Integer(
        string="Score for a Check",
        default=50,
        help="From this score on a person decides; what adds to it stands on each "
        "scan. 0: only random checks.",
    )

    b2b2c_join_approval = fields.Selection(
        APPROVALS,
        required=True,
        default="owner",
        string="Joining Counts",
        help="What new invitations begin with.",
    )

    b2b2c_receipt_auto = fields.Selection(
        [
            ("never", "None: a person looks at every receipt"),
            ("agreed", "When two readings agree on everything"),
            ("code", "Also when only the QR code of the tax office was read"),
        ],
        string="Receipts Credited Without a Person",
        required=True,
        default="agreed",
    )
    b2b2c_receipt_limit = fields.Monetary(
        string="Two People Above",
        currency_field="currency_id",
        help="Receipts over a larger total are looked at by two people; 0: no limit.",
    )
    b2b2c_receipt_audit = fields.Integer(
        string="Looked At by Chance",
        default=5,
        help="So many of a hundred receipts a person looks at, though all agrees.",
    )
    b2b2c_receipt_days = fields.Integer(
        string="Oldest Receipt",
        default=60,
        help="Receipts of more days ago are refused; 0: no limit.",
    )
    b2b2c_receipt_day_limit = fields.Integer(
        string="Receipts per Participant and Day",
        default=50,
        help="0: no limit.",
    )
    b2b2c_receipt_whole = fields.Boolean(
        string="Count Unknown Products",
        help="Lines whose product is not in the catalogue count by their amount.",
    )
    b2b2c_receipt_keep_days = fields.Integer(
        string="Keep Photos",
        default=365,
        help="Photos are deleted so many days after the decision, what was read "
        "stays; 0: they are kept.",
    )

    b2b2c_timezone = fields.Selection(
        _tz_get,
        string="Time Zone of Figures",
        required=True,
        default=lambda self: self.env.user.tz or "UTC",
        help="The dashboards count days and months in this time zone.",
    )

    _receipt_audit = models.Constraint(
        "CHECK (b2b2c_receipt_audit BETWEEN 0 AND 100)",
        "The share of receipts looked at by chance is between 0 and 100.",
    )

    def write(self, vals):
        """Days change with the time zone: count them again."""
        if any(name.startswith(("b2b2c_scan_", "currency_id")) for name in vals):
            self.env.registry.clear_cache()
        changed = "b2b2c_timezone" in vals and any(
            company.b2b2c_timezone != vals["b2b2c_timezone"] for company in self
        )
        result = super().write(vals)
        if changed:
            self.env["b2b2c.stat.range"].sudo()._restart()
        return result

    def _get_loyalty_manager(self):
        """Return who is alerted: the chosen manager, else any loyalty manager."""
        self.ensure_one()
        if self.b2b2c_manager_id:
            return self.b2b2c_manager_id
        group = self.env.ref("loyalty_b2b2c.group_manager")
        return group.all_user_ids.filtered(
            lambda user: self in user.company_ids and user.active
        )[:1]
