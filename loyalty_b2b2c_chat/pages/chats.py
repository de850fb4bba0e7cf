from odoo.addons.loyalty_b2b2c.models.base.code_picture import draw_code
from odoo.addons.loyalty_b2b2c.models.base.days import word_moment
from odoo.addons.loyalty_b2b2c_portal.pages import membership

from ..models.b2b2c_chat_key import MINUTES

_QR_SIZE = 320  # pixels


class Chats:
    """The chats of a person: which are connected, and how to connect one.

    :param partner: ``res.partner`` of who is signed in
    :param members: the memberships of the person, with superuser rights
    """

    def __init__(self, partner, members):
        self.partner, self.env = partner, members.env
        companies = membership.submitters(members).company_id
        self.channels = (
            self.env["b2b2c.chat.channel"]
            .sudo()
            .search([("state", "=", "active"), ("company_id", "in", companies.ids)])
        )
        self.links = (
            self.env["b2b2c.chat.link"]
            .sudo()
            .search([("partner_id", "=", partner.id), ("partner_id", "!=", False)])
        )

    def rows(self):
        """Return the channels one can be connected with, and those connected.

        :return: list of dict with the keys ``id``, ``name``, ``company`` and ``link``:
            None, or dict with ``id``, ``name`` and ``since``
        """
        return [
            {
                "id": channel.id,
                "name": channel.name,
                "company": channel.company_id.name,
                "link": self._get_link(channel),
            }
            for channel in self.channels | self.links.channel_id
        ]

    def _get_link(self, channel):
        link = self.links.filtered(lambda one: one.channel_id == channel)[:1]
        if not link:
            return None
        since = word_moment(self.env, link.linked_at)
        return {"id": link.id, "name": link.name or "", "since": since}

    def begin(self, channel_id):
        """Make a one-time link to a channel.

        :param str channel_id: as posted
        :return: dict with ``url``, ``qr`` (picture), ``name``, ``minutes``; ``None``:
            there is no such channel, or too many links were made
        """
        channel = self.channels.filtered(lambda one: str(one.id) == channel_id)
        if not channel:
            return None
        url = self.env["b2b2c.chat.key"]._new_link(channel, self.partner)
        if not url:
            return None
        return {
            "url": url,
            "qr": draw_code(self.env, url, _QR_SIZE),
            "name": channel.name,
            "minutes": MINUTES,
        }

    def remove(self, link_id):
        """Cut an own chat; anything else changes nothing."""
        self.links.filtered(lambda one: str(one.id) == link_id)._unbind()


def get_start_links(env, company, start):
    """Return the chats of a company: list of ``(name, address that opens one)``.

    :param str start: what the first message carries
    """
    channels = env["b2b2c.chat.channel"].sudo()
    found = channels.search([("state", "=", "active"), ("company_id", "=", company.id)])
    return [(channel.name, channel._get_link(start)) for channel in found]
