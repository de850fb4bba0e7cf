from werkzeug.exceptions import BadRequest, NotFound

from odoo import models
from odoo.http import request

from ...engine.typed_text import is_storable

_OURS = "odoo.addons.loyalty_b2b2c"
_PREFIX = "b2b2c."
#: Ids of PostgreSQL's type; a larger number is the id of nothing.
_IDS = range(-(2**31), 2**31)
_DEPTH = 20
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
        """Refuse a call of the suite with a text that cannot be stored.

        :raise NotFound: a page was asked for: there is none
        :raise BadRequest: something was sent
        """
        params = request.params
        if _is_ours(endpoint, params) and not _is_sound(params):
            raise NotFound() if request.httprequest.method == "GET" else BadRequest()
        return super()._dispatch(endpoint)

    @classmethod
    def _post_dispatch(cls, response):
        super()._post_dispatch(response)
        cls._b2b2c_keep_private(response)

    @classmethod
    def _handle_error(cls, exception):
        """Keep refusals private, too: who gets which tells something."""
        response = super()._handle_error(exception)
        if cls._b2b2c_is_private(request.httprequest.path):
            headers = request.future_response.headers
            headers.set("Cache-Control", "no-store")
        return response

    @classmethod
    def _b2b2c_keep_private(cls, response):
        """Let nobody keep a page about a person, or with a token in it.

        Pictures of rewards are about nobody.
        """
        path = request.httprequest.path
        is_picture = (response.mimetype or "").startswith("image/")
        if cls._b2b2c_is_private(path) and not is_picture:
            response.headers["Cache-Control"] = "no-store"

    @classmethod
    def _b2b2c_is_private(cls, path):
        """Tell whether what stands at a path is for one person only."""
        return path.startswith(cls._b2b2c_get_private_paths())

    @classmethod
    def _b2b2c_get_private_paths(cls):
        """Return how paths begin whose pages nobody keeps.

        An add-on with pages adds its own.
        """
        return (*_TOKEN_PAGES, "/loyalty/")


def _is_ours(endpoint, params):
    """Tell whether a call is for a route or a model of the suite."""
    if endpoint.func.__module__.startswith(_OURS):
        return True
    model = params.get("model") or params.get("__model__")
    return isinstance(model, str) and model.startswith(_PREFIX)


def _is_sound(params):
    """Tell whether every text of a call can be stored and every id can be one."""
    if not _is_storable(params, _DEPTH) or not _are_ids([*params.values()]):
        return False
    if not (params.get("model") or params.get("__model__")):
        return True
    context = params.get("context") or (params.get("kwargs") or {}).get("context")
    if context is not None and not isinstance(context, dict):
        return False
    ids = params.get("ids") or [*(params.get("args") or [])][:1]
    return _are_ids(ids)


def _are_ids(value):
    """Tell whether the numbers of a value, or of a list, can be ids."""
    if isinstance(value, list | tuple):
        return all(_are_ids(each) for each in value)
    return not isinstance(value, int) or value in _IDS


def _is_storable(value, depth):
    if isinstance(value, str):
        return is_storable(value)
    if isinstance(value, dict):
        value = [*value, *value.values()]
    if isinstance(value, list | tuple):
        return depth > 0 and all(_is_storable(each, depth - 1) for each in value)
    return True
