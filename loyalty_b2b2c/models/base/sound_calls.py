"""Whether a call can be for something: texts fit to store, ids that can be one."""

import inspect

from ...engine import typed_text

_OURS = "odoo.addons.loyalty_b2b2c"
_PREFIX = "b2b2c."
#: Ids of PostgreSQL's type; a larger number is the id of nothing.
_IDS = range(-(2**31), 2**31)
_DEPTH = 20


def is_own_route(endpoint):
    """Tell whether a route is one of the suite."""
    return endpoint.func.__module__.startswith(_OURS)


def is_own_method(params):
    """Tell whether a remote call is for a method of the suite.

    :param dict params: of ``call_kw`` or of ``/json/2``
    """
    model = params.get("model") or params.get("__model__")
    method = params.get("method") or params.get("__method__")
    if not isinstance(model, str) or not isinstance(method, str):
        return False
    return model.startswith(_PREFIX) or "b2b2c" in method


def are_ids(value):
    """Tell whether the numbers of a value, or of a list, can be ids."""
    if isinstance(value, list | tuple):
        return all(map(are_ids, value))
    return not isinstance(value, int) or value in _IDS


def get_readable(value, depth=_DEPTH):
    """Return what was sent with signs in the places of what no text can hold.

    :raise ValueError: lists in lists without end
    """
    if isinstance(value, str):
        return typed_text.get_readable(value)
    if not isinstance(value, dict | list | tuple):
        return value
    if not depth:
        raise ValueError("nested too deeply")
    if isinstance(value, dict):
        return {
            get_readable(key, depth - 1): get_readable(each, depth - 1)
            for key, each in value.items()
        }
    return [get_readable(each, depth - 1) for each in value]


def is_sound(params):
    """Tell whether a remote call can be for something.

    Every text of it can be stored, every id can be one, and a context is none by
    another name.
    """
    try:
        if get_readable(params) != params:
            return False
    except ValueError:
        return False
    named = params.get("kwargs")
    for given in (params, named if isinstance(named, dict) else {}):
        if not isinstance(given.get("context", {}), dict):
            return False
    if "__model__" in params:
        ids = params.get("ids", ())
        return isinstance(ids, list | tuple) and all(map(_is_id, ids))
    args = params.get("args")
    return not isinstance(args, list) or are_ids(args[:1])


def fits(registry, params):
    """Tell whether what the web client's way of calling gives is what a method takes.

    Odoo finds out by an accident: there are too many arguments, or the first one, which
    names the records, names none.

    :param registry: of the database
    :param dict params: of ``call_kw``
    """
    args, named = params.get("args"), params.get("kwargs")
    function = getattr(registry.get(params.get("model")), str(params["method"]), None)
    if not callable(function) or not isinstance(args, list):
        return True  # Odoo knows what to say
    named = dict(named) if isinstance(named, dict) else {}
    named.pop("context", None)
    if not getattr(function, "_api_model", False):
        if not args or not _are_records(args[0]):
            return False
        args = args[1:]
    try:
        inspect.signature(function).bind(registry, *args, **named)
    except TypeError:
        return False
    return True


def _are_records(value):
    """Tell whether a value names records, or none."""
    if isinstance(value, list | tuple):
        return all(map(_is_id, value))
    return value is False or value is None or _is_id(value)


def _is_id(value):
    return isinstance(value, int) and not isinstance(value, bool) and value in _IDS
