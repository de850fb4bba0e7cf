from odoo import SUPERUSER_ID, models
from odoo.http import request

from ...exceptions import ApiError


class IrHttp(models.AbstractModel):
    """Lets keys of the loyalty API in, to that API and nothing else."""

    _inherit = "ir.http"

    @classmethod
    def _auth_method_b2b2c_key(cls):
        """Authenticate by ``Authorization: Bearer <key>``; a cookie counts nothing.

        The route then runs as superuser of the key's company: it calls the intake,
        which is closed to clients.

        :raise ApiError: 401, the same for every key that does not open
        """
        header = request.httprequest.headers.get("Authorization", "")
        scheme, _space, token = header.partition(" ")
        env = request.env(user=SUPERUSER_ID)
        grant = env["b2b2c.api.key"]._find_grant(
            token.strip() if scheme.lower() == "bearer" else ""
        )
        if not grant:
            raise ApiError.unauthorized()
        request.b2b2c_grant = grant
        request.update_env(
            user=SUPERUSER_ID,
            su=True,
            context={
                "lang": request.session.context.get("lang"),
                "allowed_company_ids": [grant.company_id],
            },
        )
