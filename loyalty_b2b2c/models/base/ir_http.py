from werkzeug.exceptions import BadRequest, HTTPException, NotFound

from odoo import models
from odoo.http import request

from ...engine.typed_text import is_storable
from . import sound_calls

#: What Odoo says when a method for one record is called for none or several.
_NOT_ONE = "Expected singleton"
#: Odoo's pages that carry a token to sign up or to choose a password.
_TOKEN_PAGES = ("/web/signup", "/web/reset_password")


class IrHttp(models.AbstractModel):
    """What holds for every page and call of the suite.

    What no text can hold is refused before anything sees it, and what a page says to
    one person is kept by no browser and by nothing on the way.
    """

    _inherit = "ir.http"

    @classmethod
    def _match(cls, path_info):
        """Find no route for what cannot be a path."""
        if not is_storable(path_info):
            raise BadRequest()
        return super()._match(path_info)

    @classmethod
    def _dispatch(cls, endpoint):
        """Let a route read nothing but texts, and refuse a remote call with others."""
        params = request.params
        if sound_calls.is_own_route(endpoint):
            request.params = cls._b2b2c_get_sound(params)
            return super()._dispatch(endpoint)
        if not sound_calls.is_own_method(params):
            return super()._dispatch(endpoint)
        if not sound_calls.is_sound(params):
            raise BadRequest()
        if "args" in params and not sound_calls.fits(request.registry, params):
            raise BadRequest()
        try:
            return super()._dispatch(endpoint)
        except ValueError as error:
            if str(error).startswith(_NOT_ONE):
                raise BadRequest("Name one record.") from error
            raise

    @classmethod
    def _b2b2c_get_sound(cls, params):
        """Return what a route gets: wrong values are its own to refuse."""
        try:
            params = sound_calls.get_readable(params)
        except ValueError:
            raise BadRequest() from None
        if not sound_calls.are_ids([*params.values()]):
            raise NotFound()
        return params

    @classmethod
    def _post_dispatch(cls, response):
        result = super()._post_dispatch(response)
        cls._b2b2c_keep_private(response)
        return result

    @classmethod
    def _handle_error(cls, exception):
        """Keep refusals private, too: who gets which tells something."""
        response = super()._handle_error(exception)
        if cls._b2b2c_is_private(request.httprequest.path):
            if isinstance(response, HTTPException):
                response = response.get_response(request.httprequest.environ)
            response.headers["Cache-Control"] = "no-store"
        return response

    @classmethod
    def _b2b2c_keep_private(cls, response):
        """Let nobody keep a page about a person, or with a token in it."""
        path, kind = request.httprequest.path, response.mimetype or ""
        is_open = kind.startswith("image/") and cls._b2b2c_shows_goods(path)
        if cls._b2b2c_is_private(path) and not is_open:
            response.headers["Cache-Control"] = "no-store"

    @classmethod
    def _b2b2c_is_private(cls, path):
        """Tell whether what stands at a path is for one person only."""
        return path.startswith(cls._b2b2c_get_private_paths())

    @classmethod
    def _b2b2c_shows_goods(cls, path):
        """Tell whether a picture is about nobody, as of goods; add-ons name theirs."""
        return False

    @classmethod
    def _b2b2c_get_private_paths(cls):
        """Return how paths begin whose pages nobody keeps; add-ons add theirs."""
        return (*_TOKEN_PAGES, "/loyalty/")
