from odoo.http import Controller, content_disposition, request, route


class LoyaltyVoucherFiles(Controller):
    """The list of codes that went back to a partner."""

    @route("/loyalty/vouchers/<int:pool_id>/returned", type="http", auth="user")
    def returned_codes(self, pool_id, **kw):
        """Send the list to a manager; that is written down."""
        pool = request.env["b2b2c.voucher.pool"].browse(pool_id).exists()
        if not pool or not pool.has_access("write"):
            return request.not_found()
        return request.make_response(
            pool._render_returned(),
            [
                ("Content-Type", "text/csv; charset=utf-8"),
                ("Content-Disposition", content_disposition("returned.csv")),
                ("X-Content-Type-Options", "nosniff"),
            ],
        )
