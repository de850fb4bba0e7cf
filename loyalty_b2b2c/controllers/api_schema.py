"""Checks what callers send against the API's own description (``openapi.json``).

The file is what callers read, so it is also what refuses: both cannot drift apart.
Only the part of JSON Schema that the file uses is known here; an unknown word in it is
an error of ours, found by a test.
"""

import json
import re
from decimal import Decimal
from functools import cache
from pathlib import Path

FILE = Path(__file__).with_name("openapi.json")
_DESCRIPTIVE = {"description", "default", "format", "example"}
_TYPES = {
    "object": lambda value: isinstance(value, dict),
    "array": lambda value: isinstance(value, list),
    "string": lambda value: isinstance(value, str),
    "number": lambda value: _is_number(value),
    "integer": lambda value: _is_number(value) and isinstance(value, int),
    "boolean": lambda value: isinstance(value, bool),
    "null": lambda value: value is None,
}
# what no text can hold: NUL, which PostgreSQL refuses, and halves of characters
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


class Violation(Exception):
    """A value that does not fit.

    :param code: of the API
    :param path: of the value, ``"lines.3.product"``
    """

    def __init__(self, code, path):
        super().__init__(code)
        self.code, self.path = code, path


@cache
def description():
    """Return the whole description as a dict."""
    return json.loads(FILE.read_text())


def schema(name):
    """Return a named schema of the description."""
    return description()["components"]["schemas"][name]


def check(value, wanted, path=""):
    """Check a JSON value.

    :param dict wanted: schema
    :raise Violation: the first thing that does not fit
    """
    for word, argument in wanted.items():
        if word in _DESCRIPTIVE or word.startswith("x-"):
            continue
        code = wanted.get(f"x-code-{word}") or wanted.get("x-code") or "invalid_value"
        _WORDS[word](value, argument, path, code, wanted)


def check_query(values, parameters):
    """Check query parameters and return them, integers as such, defaults filled in.

    :param values: multi-dict of texts
    :param parameters: the description's list
    """
    known = {one["name"]: one["schema"] for one in parameters if one["in"] == "query"}
    found = {name: one["default"] for name, one in known.items() if "default" in one}
    for name in values:
        if name not in known:
            raise Violation("unknown_parameter", name[:64])
        given = values.getlist(name)
        if len(given) != 1:
            raise Violation("invalid_value", name)
        value = given[0]
        if known[name]["type"] == "integer":
            if not re.fullmatch(r"[0-9]{1,9}", value):
                raise Violation("invalid_value", name)
            value = int(value)
        check(value, known[name], name)
        found[name] = value
    return found


# === THE WORDS OF JSON SCHEMA THE DESCRIPTION USES === #


def _is_number(value):
    return isinstance(value, int | Decimal) and not isinstance(value, bool)


def _join(path, key):
    return f"{path}.{key}" if path else str(key)


def _ref(value, argument, path, _code, _wanted):
    check(value, schema(argument.rsplit("/", 1)[1]), path)


def _type(value, argument, path, _code, _wanted):
    names = [argument] if isinstance(argument, str) else argument
    if not any(_TYPES[name](value) for name in names):
        raise Violation("invalid_value", path)
    if isinstance(value, str) and _UNSTORABLE.search(value):
        raise Violation("invalid_value", path)


def _properties(value, argument, path, _code, wanted):
    for key, item in value.items():
        if key in argument:
            check(item, argument[key], _join(path, key))
        elif wanted.get("additionalProperties") is False:
            raise Violation("unknown_field", _join(path, key[:64]))


def _required(value, argument, path, _code, _wanted):
    for key in argument:
        if key not in value:
            raise Violation("missing_value", _join(path, key))


def _items(value, argument, path, _code, _wanted):
    for index, item in enumerate(value):
        check(item, argument, _join(path, index))


def _any_of(value, argument, path, _code, _wanted):
    worst = None
    for option in argument:
        try:
            return check(value, option, path)
        except Violation as violation:
            # the complaint from deepest inside is about the option that was meant
            if not worst or len(violation.path) > len(worst.path):
                worst = violation
    raise worst


def _is(allowed):
    """Return a check that holds when ``allowed(value, argument)`` is true."""

    def word(value, argument, path, code, _wanted):
        if not allowed(value, argument):
            raise Violation(code, path)

    return word


_WORDS = {
    "$ref": _ref,
    "type": _type,
    "properties": _properties,
    "additionalProperties": lambda *_: None,  # by `properties`
    "required": _required,
    "items": _items,
    "anyOf": _any_of,
    "enum": _is(lambda value, options: value in options),
    # all are anchored; Python's own "$" would let a line feed pass
    "pattern": _is(lambda value, pattern: re.fullmatch(pattern.strip("^$"), value)),
    "minLength": _is(lambda value, limit: len(value) >= limit),
    "maxLength": _is(lambda value, limit: len(value) <= limit),
    "minItems": _is(lambda value, limit: len(value) >= limit),
    "maxItems": _is(lambda value, limit: len(value) <= limit),
    "minProperties": _is(lambda value, limit: len(value) >= limit),
    "minimum": _is(lambda value, limit: value >= limit),
    "maximum": _is(lambda value, limit: value <= limit),
    "exclusiveMinimum": _is(lambda value, limit: value > limit),
    "exclusiveMaximum": _is(lambda value, limit: value < limit),
}


# === READING JSON === #

_MAX_DIGITS = 40


def parse(raw):
    """Return the JSON value of a body, numbers exact.

    :param bytes raw: UTF-8
    :raise ValueError: it is none, or two readers may understand it differently
    """
    try:
        return json.loads(
            raw.decode("utf-8"),
            object_pairs_hook=_unique,
            parse_float=_decimal,
            parse_int=_integer,
            parse_constant=_no_constant,
        )
    except RecursionError:
        raise ValueError("nested too deeply") from None


def _unique(pairs):
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key is repeated")
    return found


def _decimal(text):
    if len(text) > _MAX_DIGITS:
        raise ValueError("a number is too long")
    return Decimal(text)


def _integer(text):
    if len(text) > _MAX_DIGITS:
        raise ValueError("a number is too long")
    return int(text)


def _no_constant(text):
    raise ValueError(f"{text} is no number")
