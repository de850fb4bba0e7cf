"""Whether a call can be for something: texts fit to store, ids that can be one."""

from ...engine import typed_text

_OURS = "odoo.addons.loyalty_b2b2c"
_PREFIX = "b2b2c."
#: Ids of PostgreSQL's type; a larger number is the id of nothing.
_IDS = range(-(2**31), 2**31)
_DEPTH = 20


def is_ours(endpoint, params):
    """Tell whether a call is for a route or a model of the suite."""
    if endpoint.func.__module__.startswith(_OURS):
        return True
    model = params.get("model") or params.get("__model__")
    method = params.get("method") or params.get("__method__")
    if not isinstance(model, str) or not isinstance(method, str):
        return False
    return model.startswith(_PREFIX) or "b2b2c" in method


def is_sound(params):
    """Tell whether every text of a call can be stored and every id can be one."""
    if not _is_storable(params, _DEPTH) or not _are_ids([*params.values()]):
        return False
    if not (params.get("model") or params.get("__model__")):
        return True
    named = params.get("kwargs")
    for given in (params, named if isinstance(named, dict) else {}):
        if not isinstance(given.get("context", {}), dict):
            return False
    if "__model__" in params:
        ids = params.get("ids", ())
        return isinstance(ids, list | tuple) and all(map(_is_id, ids))
    args = params.get("args")
    return not isinstance(args, list) or _are_ids(args[:1])


def _is_id(value):
    return isinstance(value, int) and not isinstance(value, bool) and value in _IDS


def _are_ids(value):
    """Tell whether the numbers of a value, or of a list, can be ids."""
    if isinstance(value, list | tuple):
        return all(_are_ids(each) for each in value)
    return not isinstance(value, int) or value in _IDS


def _is_storable(value, depth):
    if isinstance(value, str):
        return typed_text.is_storable(value)
    if isinstance(value, dict):
        value = [*value, *value.values()]
    if isinstance(value, list | tuple):
        return depth > 0 and all(_is_storable(each, depth - 1) for each in value)
    return True
