from werkzeug.exceptions import NotFound

from odoo.exceptions import UserError
from odoo.http import content_disposition, request, route
from odoo.tools.mimetypes import guess_mimetype

from odoo.addons.loyalty_b2b2c.models.joining.join_input import clean
from odoo.addons.portal.controllers.portal import pager as portal_pager

from ..addresses import PATHS, path
from ..pages.settlements import PER_PAGE, Settlements
from ..pages.tiles import Tile
from .portal import LoyaltyPortal

_LIST = PATHS["settlements"]
_ONE = PATHS["settlement"].format(settlement="<int:settlement_id>")
_SETTLEMENTS = 20
_REASON = 1000
_MOST_FILE = 10 * 1024 * 1024
#: What a file that is handed in with a dispute may be.
_KINDS = ("application/pdf", "image/jpeg", "image/png", "image/webp", "text/plain")


class LoyaltySettlementsPortal(LoyaltyPortal):
    """A partner looks at settlements, agrees, and disputes lines.

    Found through the logged-in person's agreements, never through an id of the request
    alone; for everybody else the pages do not exist.
    """

    def _prepare_home_portal_values(self, counters):
        values = super()._prepare_home_portal_values(counters)
        if "b2b2c_settlement_count" in counters:
            page = Settlements(request.env.user)
            values["b2b2c_settlement_count"] = len(page.search())
        return values

    def _get_tiles(self, members):
        """Who keeps a partner's books finds the settlements here as well."""
        tiles = super()._get_tiles(members)
        if not Settlements(request.env.user).search():
            return tiles
        title = request.env._("Settlements")
        return [*tiles, Tile("settlements", title, _LIST, "fa-balance-scale")]

    @route(
        [_LIST, f"{_LIST}/page/<int:page>"],
        type="http",
        auth="user",
        website=True,
        sitemap=False,
        readonly=True,
    )
    def portal_my_settlements(self, page=1, **kw):
        settlements = self._get_settlements()
        pager = portal_pager(
            url=_LIST, total=len(settlements.search()), page=page, step=_SETTLEMENTS
        )
        values = self._prepare_portal_layout_values()
        values.update(
            page_name="b2b2c_settlements",
            rows=settlements.rows(pager["offset"], _SETTLEMENTS),
            pager=pager,
        )
        return request.render("loyalty_b2b2c_portal.portal_my_settlements", values)

    @route(
        [_ONE, f"{_ONE}/page/<int:page>"],
        type="http",
        auth="user",
        website=True,
        sitemap=False,
        readonly=True,
    )
    def portal_my_settlement(
        self, settlement_id, page=1, query="", side="", said="", **kw
    ):
        return self._render_settlement(
            settlement_id, page, clean(query, 64), side, said=said
        )

    @route(
        [f"{_ONE}/<any(paper,table):what>"],
        type="http",
        auth="user",
        website=True,
        sitemap=False,
        readonly=True,
    )
    def portal_my_settlement_file(self, settlement_id, what, **kw):
        """What was sent: the paper or the table, as it was then."""
        _page, settlement = self._get_settlement(settlement_id)
        attachment = settlement[f"{what}_id"]
        if not attachment:
            raise NotFound()
        return request.make_response(
            attachment.raw,
            [
                ("Content-Type", attachment.mimetype),
                ("Content-Disposition", content_disposition(attachment.name)),
                ("X-Content-Type-Options", "nosniff"),
                (
                    "Content-Security-Policy",
                    "default-src 'none'; style-src 'unsafe-inline'",
                ),
                ("Cache-Control", "no-store"),
            ],
        )

    @route(f"{_ONE}/agree", type="http", auth="user", website=True, methods=["POST"])
    def portal_my_settlement_agree(self, settlement_id, **post):
        _page, settlement = self._get_settlement(settlement_id)
        return self._act(
            settlement, "agreed", settlement._agree_for_partner, request.env.user
        )

    @route(f"{_ONE}/dispute", type="http", auth="user", website=True, methods=["POST"])
    def portal_my_settlement_dispute(self, settlement_id, line="", reason="", **post):
        """Say what is wrong with a line, with a file if there is one."""
        _page, settlement = self._get_settlement(settlement_id)
        number = self._parse_id(str(line))
        lines = settlement.line_ids.browse()
        if number:  # there may be 100,000: not read to find one
            lines = lines.search(
                [("id", "=", number), ("counted_in_id", "=", settlement.id)]
            )
        if not lines:
            raise NotFound()
        words = clean(reason, _REASON)
        return self._act(settlement, "disputed", self._open_dispute, lines, words)

    @route(f"{_ONE}/write", type="http", auth="user", website=True, methods=["POST"])
    def portal_my_settlement_write(self, settlement_id, dispute="", text="", **post):
        """Write one more sentence about a disputed line."""
        _page, settlement = self._get_settlement(settlement_id)
        found = settlement.dispute_ids.filtered(
            lambda one: one.id == self._parse_id(str(dispute)) and one.state == "open"
        )
        words = clean(text, _REASON)
        if not found:
            raise NotFound()
        return self._act(settlement, "written", self._keep_file, found, words)

    # === HELPERS === #

    def _get_settlements(self):
        """Return the page of the logged-in partner.

        :raise NotFound: the person is no partner's contact
        """
        settlements = Settlements(request.env.user)
        if not settlements.agreements:
            raise NotFound()
        return settlements

    def _get_settlement(self, settlement_id):
        """Return the page and a settlement of the logged-in partner (sudo).

        :raise NotFound: unknown, not sent, or somebody else's: the answer is the same
        """
        settlements = self._get_settlements()
        found = settlements.search([("id", "=", settlement_id)])
        if not found:
            raise NotFound()
        return settlements, found

    def _act(self, settlement, said, act, *args):
        """Do what a form asks for, all of it or nothing, and answer with the page.

        :param str said: what the page says when it was done
        :param act: called with the arguments; a ``UserError`` is shown on the page
        """
        try:
            with request.env.cr.savepoint():
                act(*args)
        except UserError as error:
            return self._render_settlement(settlement.id, error=error.args[0])
        return request.redirect(
            path("settlement", settlement=settlement.id, said=said), code=303
        )

    def _open_dispute(self, lines, reason):
        """Dispute lines, with the file that came with the form.

        :raise UserError: they cannot be disputed, or the file cannot be taken
        """
        disputes = request.env["b2b2c.settlement.dispute"]
        self._keep_file(disputes._open(lines, reason, request.env.user))

    def _keep_file(self, dispute, words=""):
        """Add a sentence, and the file that came with the form, to a dispute.

        :raise UserError: the file is too big, or of another kind
        """
        upload = request.httprequest.files.get("file")
        files = []
        if upload and upload.filename:
            content = upload.read(_MOST_FILE + 1)
            if len(content) > _MOST_FILE or guess_mimetype(content) not in _KINDS:
                raise UserError(
                    request.env._("Please add a photo, a PDF or a text, up to 10 MB.")
                )
            files = [(clean(upload.filename, 100) or "file", content)]
        if words or files:
            dispute.message_post(
                body=words,
                author_id=request.env.user.partner_id.id,
                message_type="comment",
                attachments=files,
            )

    def _render_settlement(
        self, settlement_id, page=1, query="", side="", said="", error=None
    ):
        settlements, settlement = self._get_settlement(settlement_id)
        row = settlements.row(settlement)
        url = path("settlement", settlement=settlement.id)
        pager = portal_pager(
            url=url,
            total=settlements.count(settlement, query, side),
            page=page,
            step=PER_PAGE,
            url_args={"query": query, "side": side} if query or side else {},
        )
        values = self._prepare_portal_layout_values()
        values.update(
            page_name="b2b2c_settlement",
            row=row,
            url=url,
            shops=settlement._get_by_shop(),
            documents=settlements.documents(settlement),
            lines=settlements.lines(settlement, max(page, 1), query, side),
            paper=settlement.paper_id,
            table=settlement.table_id,
            query=query,
            side=side,
            said=said,
            pager=pager,
            error=error,
        )
        return self._respond("portal_my_settlement", values, error)
