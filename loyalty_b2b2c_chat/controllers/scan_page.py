from werkzeug.exceptions import BadRequest, NotFound

from odoo.exceptions import UserError
from odoo.http import Controller, request, route

from odoo.addons.loyalty_b2b2c.engine.typed_text import read_token
from odoo.addons.loyalty_b2b2c_portal.pages import membership

from ..commands.scan_commands import SCAN_PAGE

_CHANNEL = f"{SCAN_PAGE}<int:channel_id>"
_MAX_CODES, _MAX_TEXT = 20, 300
_KEY = (8, 40)


class ChatScanPage(Controller):
    """A page within the messenger that scans with the messenger's own scanner.

    It tells nothing about anybody, and nobody is signed in on it: each call brings what
    the messenger signed, and does for whom that names what a message with the same code
    would do.
    """

    # a messenger opens exactly this address
    @route(
        _CHANNEL,
        type="http",
        auth="public",
        methods=["GET"],
        sitemap=False,
        readonly=True,
    )
    def chat_scan_page(self, channel_id, **kw):
        """Show the page."""
        channel = self._get_channel(channel_id)
        return request.render(
            "loyalty_b2b2c_chat.scan_page",
            {
                "company": channel.company_id.name,
                "take": f"{SCAN_PAGE}{channel.id}/take",
            },
            headers={"X-Robots-Tag": "noindex"},
        )

    @route(f"{_CHANNEL}/take", type="jsonrpc", auth="public")
    def chat_scan_take(self, channel_id, told="", codes=None, key="", pin="", **kw):
        """Take codes for whoever the messenger says is looking.

        :param str told: what the messenger told the page, signed
        :param list codes: texts, as scanned
        :param str key: of this scan, chosen by the page; repeating is harmless
        :return: list of answers, ``status``, ``message``, ``product``, ``points`` and
            ``balances``; or ``error`` in words
        """
        channel = self._get_channel(channel_id)
        texts = self._read_codes(codes)
        if not read_token(key, *_KEY):
            raise BadRequest(request.env._("This page is outdated. Open it again."))
        members = self._find_members(channel, told)
        if not members:
            return {"error": request.env._("Open this page from the chat again.")}
        scans = [
            {"text": text, "key": f"{key}-{number}", "pin": pin}
            for number, text in enumerate(texts)
        ]
        try:
            answers = members.env["b2b2c.scan"]._take_all(
                members, scans, address=request.httprequest.remote_addr or ""
            )
        except UserError as error:
            return {"error": str(error)}
        shown = ("status", "message", "product", "points", "balances")
        return {"answers": [{name: one[name] for name in shown} for one in answers]}

    def _get_channel(self, channel_id):
        """Return an active channel (sudo).

        :raise NotFound: there is none
        """
        channel = request.env["b2b2c.chat.channel"].sudo().browse(channel_id).exists()
        if channel.state != "active":
            raise NotFound()
        return channel

    def _read_codes(self, codes):
        """Return what was scanned, as texts.

        :raise BadRequest: it is no list of texts
        """
        is_list = isinstance(codes, list) and 0 < len(codes) <= _MAX_CODES
        if not is_list or not all(isinstance(code, str) for code in codes):
            raise BadRequest(request.env._("This page is outdated. Open it again."))
        return [code[:_MAX_TEXT] for code in codes]

    def _find_members(self, channel, told):
        """Return the memberships in force of who looks, in the person's language.

        :param told: what the messenger signed: anything
        """
        members = request.env["b2b2c.member"].sudo()
        user = channel._get_messenger().read_page(told)
        link = request.env["b2b2c.chat.link"].sudo()
        link = link.search(
            [
                ("channel_id", "=", channel.id),
                ("external_user", "=", user),
                ("partner_id", "!=", False),
            ]
        )
        if not user or not link:
            return members.browse()
        reader = link._for_reader()
        own = reader.env["b2b2c.member"]._get_portal_members(link.partner_id)
        return membership.submitters(own).with_env(reader.env)
