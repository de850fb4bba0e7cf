from odoo.http import content_disposition, request, route

from ..addresses import PATHS, path
from ..pages.accounts import AccountCards
from ..pages.paper import draw
from ..pages.statement import Statement, read_asked
from .portal import LoyaltyPortal

_ACCOUNT = PATHS["statement"].format(account="<int:account_id>")


class LoyaltyStatementPortal(LoyaltyPortal):
    """What happened to the points of an account: on the screen and on paper."""

    @route(_ACCOUNT, type="http", auth="user", website=True, readonly=True)
    def portal_my_rewards_statement(self, account_id, before=None, **query):
        account = self._get_portal_account(account_id)
        statement = Statement(account, read_asked(query, self._parse_id))
        before = self._parse_id(before)
        rows, older = statement.page(before=before)
        asked = statement.asked.to_query()
        values = self._prepare_portal_layout_values()
        values.update(
            page_name="b2b2c_statement",
            card=AccountCards(account).rows()[0],
            rows=rows,
            before=before,
            asked=statement.asked,
            periods=statement.periods(),
            programs=statement.programs(),
            page_url=path("statement", account=account.id),
            newest_url=path("statement", account=account.id, **asked),
            older_url=older
            and path("statement", account=account.id, before=older, **asked),
            paper_url=path("statement_paper", account=account.id, **asked),
        )
        return request.render("loyalty_b2b2c_portal.portal_my_statement", values)

    @route(
        PATHS["statement_paper"].format(account="<int:account_id>"),
        type="http",
        auth="user",
        website=True,
        sitemap=False,
        readonly=True,
    )
    def portal_my_rewards_statement_paper(self, account_id, **query):
        """Return the statement as a file to keep or to print."""
        account = self._get_portal_account(account_id)
        statement = Statement(account, read_asked(query, self._parse_id))
        name = f"{request.env._('Statement')}.pdf"
        return request.make_response(
            draw(statement),
            [
                ("Content-Type", "application/pdf"),
                ("Content-Disposition", content_disposition(name, "inline")),
            ],
        )
