from datetime import timedelta
from typing import NamedTuple

from odoo import api, fields, models
from odoo.tools import SQL

from ...engine.rotating_code import read_digits
from ...engine.typed_text import read_token
from ..base.rows import insert_rows

#: Tries of a person, and of everybody, within an hour.
TRIES = 30
TRIES_OF_COMPANY = 5000
#: People come before it starts.
_EARLY = timedelta(minutes=30)


class Confirmed(NamedTuple):
    """What became of a confirmation.

    :ivar status: ``"there"``, ``"again"``, ``"own"``, ``"shop"``, ``"wrong"`` or
        ``"wait"``
    :ivar message: for the person
    :ivar presentation: ``b2b2c.presentation`` (sudo), empty for a wrong code
    """

    status: str
    message: str
    presentation: models.BaseModel


class B2b2cPresentationAttendee(models.Model):
    """Somebody who was at a presentation, confirmed with the code on its screen."""

    _name = "b2b2c.presentation.attendee"
    _description = "Attendee of a Presentation"
    _inherit = "b2b2c.closed"
    _order = "confirmed_at, id"
    _rec_name = "member_id"

    presentation_id = fields.Many2one(
        "b2b2c.presentation", required=True, readonly=True, ondelete="restrict"
    )
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True, ondelete="restrict"
    )
    member_id = fields.Many2one(
        "b2b2c.member",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
        string="Participant",
    )
    employer_id = fields.Many2one(
        "res.partner",
        required=True,
        readonly=True,
        ondelete="restrict",
        string="Company or Shop",
    )
    confirmed_at = fields.Datetime(required=True, readonly=True, string="Confirmed")
    is_scanned = fields.Boolean(
        readonly=True, string="Scanned", help="Otherwise the code was typed."
    )

    _once = models.UniqueIndex(
        "(presentation_id, member_id)", "This person confirmed already."
    )

    # === CONFIRMING === #

    @api.model
    def _confirm(self, members, text, token=""):
        """Take the confirmation of somebody who is there.

        A code nobody shows, one that is over and a presentation that does not exist get
        the same answer.

        :param members: ``b2b2c.member`` in force of one person
        :param text: the code as scanned or typed: anything
        :param token: of the presentation, when it was scanned; anything
        :return: :class:`Confirmed`
        """
        nothing = self.env["b2b2c.presentation"].sudo()
        if not members:
            return Confirmed(
                "wrong", self.env._("You do not take part at the moment."), nothing
            )
        if not self._count_try(members):
            return Confirmed(
                "wait", self.env._("Too many tries. Wait an hour, please."), nothing
            )
        presentation = self._find_shown(members, text, token)
        if not presentation:
            return Confirmed(
                "wrong",
                self.env._(
                    "This code is not shown any more. Scan the one on the screen, or "
                    "type its digits."
                ),
                nothing,
            )
        return self._enter(members, presentation, bool(token))

    def _count_try(self, members):
        """Count one more try of a person.

        :return: whether it is not too much
        """
        counts, person = self.env["b2b2c.hour.count"].sudo(), members.partner_id[:1]
        limits = {f"attend/p{person.id}": TRIES, "attend": TRIES_OF_COMPANY}
        return counts._count_apart(members.company_id[:1], limits)

    def _find_shown(self, members, text, token):
        """Return the open presentation on whose screen a code stands (sudo)."""
        now = fields.Datetime.now()
        domain = [
            ("state", "=", "open"),
            ("starts_at", "<=", now + _EARLY),
            ("ends_at", ">", now),
            ("company_id", "in", members.company_id.ids),
        ]
        if token:
            domain.append(("token", "=", read_token(token)))
        presentations = self.env["b2b2c.presentation"].sudo()
        if not read_digits(text):
            return presentations
        found = presentations.search(domain).filtered(lambda one: one._is_code(text))
        # one in millions: two screens show the same; who typed scans then
        return found if len(found) == 1 else presentations

    def _enter(self, members, presentation, is_scanned):
        """Add somebody to those who were there, once."""
        challenge = presentation.challenge_id
        own = members.sudo().filtered(
            lambda one: one.company_id == presentation.company_id
        )
        if self._is_presenter(own, presentation):
            message = self.env._("You hold this presentation: others confirm it.")
            return Confirmed("own", message, presentation)
        place = presentation.employer_id.commercial_partner_id
        meant = own.filtered(
            lambda one: challenge._counts_attendee(one.employer_id, place)
        ).sorted("id")
        if not meant:
            return Confirmed("shop", challenge._word_attendees(), presentation)
        # in whichever role the person came before
        known = self.sudo().search_count(
            [
                ("presentation_id", "=", presentation.id),
                ("member_id.partner_id", "in", own.partner_id.ids),
            ],
            limit=1,
        )
        added = not known and self._insert(meant[0], presentation, is_scanned)
        if not added:
            message = self.env._("You confirmed already. Thank you.")
            return Confirmed("again", message, presentation)
        return Confirmed("there", self.env._("Thank you for coming!"), presentation)

    def _is_presenter(self, members, presentation):
        """Tell whether somebody confirms the own presentation, as another participant
        perhaps: people of a shop share a phone, so that alone is not it."""
        presenter = presentation.member_id
        own = presenter.partner_id | presenter.contact_id
        if own & (members.partner_id | members.contact_id):
            return True
        reach = presenter.partner_id._get_loyalty_reach()
        return any(
            person._get_loyalty_reach().is_same(reach) for person in members.partner_id
        )

    def _insert(self, member, presentation, is_scanned):
        """Add a row while the presentation is open.

        :return: whether it was added
        """
        self.env.execute_query(
            SQL(
                "SELECT FROM b2b2c_presentation WHERE id = %s AND state = 'open'"
                " FOR SHARE",
                presentation.id,
            )
        )
        ids = insert_rows(
            self.sudo(),
            [
                {
                    "presentation_id": presentation.id,
                    "company_id": presentation.company_id.id,
                    "member_id": member.id,
                    "employer_id": member.employer_id.id,
                    "confirmed_at": fields.Datetime.now(),
                    "is_scanned": is_scanned,
                }
            ],
        )
        presentation.invalidate_recordset(["attendee_ids", "attendee_count"])
        return bool(ids)
