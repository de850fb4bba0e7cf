"""What anybody may send: texts that are none, numbers too large, other types."""

import json

#: Texts that break what takes every text for one.
TEXTS = (
    "\0",
    "a\0b",
    "\ud800",
    "\udfff\ud800",
    "x" * 1500,
    "'; DROP TABLE x; --",
    "%00",
    "../../etc/passwd",
    "９９９",
    "-1",
    "99999999999999999999",
    "\u202e\u200b",
    "",
)
#: Values of types that nobody asked for.
VALUES = (
    *TEXTS,
    None,
    True,
    0,
    -1,
    2**31,
    2**70,
    1.5,
    1e308,
    [],
    [[[]]],
    {},
    {"a": {"b": "\0"}},
    ["\ud800"],
    [{"id": 2**63}],
)
#: Names of exceptions that say what is wrong with a call; others are accidents.
UNDERSTOOD = (
    "odoo.exceptions.",
    "odoo.addons.loyalty_b2b2c.exceptions.",
    "odoo.http.SessionExpiredException",
    "werkzeug.exceptions.",
)


def get_accident(response):
    """Return what went wrong on our side with a request, ``""`` if nothing did."""
    if response.status_code >= 500:
        return f"HTTP {response.status_code}"
    if "json" not in response.headers.get("Content-Type", ""):
        return ""
    answer = response.json()
    error = answer.get("error") if isinstance(answer, dict) else None
    name = (error.get("data") or {}).get("name", "") if isinstance(error, dict) else ""
    return "" if not name or name.startswith(UNDERSTOOD) else name


def to_body(value):
    """Return a value as the bytes of JSON; halves of characters are escaped."""
    return json.dumps(value).encode()


def get_own_methods(env):
    """Return ``(model, method)`` that clients can call and that are ours.

    Those that Odoo itself has on every model are Odoo's, and checked by it.
    """
    own = []
    for name in sorted(env.registry):
        model = env.registry[name]
        for method in dir(model):
            if method.startswith("_") or hasattr(env.registry["base"], method):
                continue
            function = getattr(model, method)
            module = getattr(function, "__module__", "") or ""
            if (
                callable(function)
                and (name.startswith("b2b2c.") or "b2b2c" in method)
                and module.startswith("odoo.addons.loyalty_b2b2c")
                and not getattr(function, "_api_private", False)
            ):
                own.append((name, method))
    return own
