from werkzeug.wsgi import wrap_file

from odoo.http import Controller, content_disposition, request, route


class LoyaltyCodeFiles(Controller):
    """Files of codes for a print house."""

    @route("/loyalty/codes/<int:print_id>", type="http", auth="user", readonly=True)
    def code_file(self, print_id, **kw):
        """Send what a manager asked for; only who asked gets it."""
        printing = request.env["b2b2c.code.print"].browse(print_id).exists()
        if not printing:
            return request.not_found()
        printing.check_access("read")
        file, name = printing._render_file()
        response = request.make_response(
            wrap_file(request.httprequest.environ, file),
            [
                ("Content-Type", "application/octet-stream"),
                ("Content-Disposition", content_disposition(name)),
                ("X-Content-Type-Options", "nosniff"),
                ("Cache-Control", "no-store"),
            ],
        )
        response.call_on_close(file.close)
        return response
