from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import email_normalize


class B2b2cChallenge(models.Model):
    """A training may be an event."""

    _inherit = "b2b2c.challenge"

    training_way = fields.Selection(
        selection_add=[("event", "An event is attended")],
        ondelete={"event": lambda challenges: challenges._end_training_way()},
    )
    event_ids = fields.Many2many(
        "event.event",
        "b2b2c_challenge_event_rel",
        string="Events",
        domain="['|', ('company_id', '=', False), ('company_id', '=', company_id)]",
        ondelete="restrict",
        help="Each of them pays, or one of them: see how often it pays.",
    )

    @api.constrains("event_ids", "training_way", "kind")
    def _check_events(self):
        for challenge in self:
            is_event = challenge._is_training() and challenge.training_way == "event"
            if is_event and not challenge.event_ids:
                raise ValidationError(
                    self.env._("Choose the events that have to be attended.")
                )

    def _get_training_settled(self):
        return super()._get_training_settled() | {"event_ids"}


class B2b2cTrainingWayEvent(models.AbstractModel):
    """An event of Odoo somebody came to.

    Who came is whose proved e-mail or phone number stands on the registration; who
    booked the seats may have booked them for others.
    """

    _name = "b2b2c.training.way.event"
    _description = "An Event Is Attended"
    _inherit = "b2b2c.training.way"

    _has_occasions = True
    _staff_groups = ("event.group_event_registration_desk",)

    def _get_content(self, challenge):
        events = challenge.sudo().event_ids
        return {event._get_b2b2c_subject(): "" for event in events}

    def _get_problems(self, challenge):
        gone = challenge.sudo().event_ids.filtered(
            lambda event: event.is_finished or not event.active
        )
        return [
            self.env._("“%s” is over: choose an event that still comes.", event.name)
            for event in gone
        ]

    def _get_advice(self, challenge):
        return self.env._(
            "Whoever stands at the desk of an event says who came, and so rewards "
            "people. Scan the participants' cards there: they are their tickets."
        )

    def _get_path(self, challenge, member):
        events = challenge.sudo().event_ids.filtered(lambda one: not one.is_finished)
        event = events.sorted("date_begin")[:1]
        return event.website_url or "" if "website_url" in event._fields else ""

    def _get_memberships(self, challenge, attempt):
        registration = self.env["event.registration"].sudo().browse(attempt.res_id)
        registration = registration.exists()
        members = self.env["b2b2c.member"].sudo()
        if not registration:
            return members
        find, company = members._search_in_force, challenge.company_id
        mail = email_normalize(registration.email or "")
        found = find(company, email=mail) if mail else members
        found |= find(company, phone=registration._get_b2b2c_phone() or None)
        return found._check_one_person()
