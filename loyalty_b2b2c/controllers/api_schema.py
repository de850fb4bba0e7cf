"""Checks what callers send against the API's own description (``openapi.json``).

The file is what callers read, so it is also what refuses: both cannot drift apart.
``fastjsonschema`` makes a function of each schema, once in each process.
"""

import json
import re
from decimal import Decimal
from functools import cache
from pathlib import Path

import fastjsonschema

FILE = Path(__file__).with_name("openapi.json")
# what no text can hold: NUL, which PostgreSQL refuses, and halves of characters
_STORABLE = r"^[^\x00\ud800-\udfff]*$"


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


def check(value, name):
    """Check a JSON value.

    :param name: of a schema of the description
    :raise Violation: the first thing that does not fit
    """
    _run(_get_check(name), value)


def check_body(value, operation):
    """Check the body of a call.

    :param dict operation: of the description
    :raise Violation: the first thing that does not fit
    """
    schema = operation["requestBody"]["content"]["application/json"]["schema"]
    check(value, schema["$ref"].rsplit("/", 1)[1])


def check_query(values, path, method="get"):
    """Check query parameters and return them, integers as such, defaults filled in.

    :param values: multi-dict of texts
    :param path: of the operation, as in the description
    :param method: of HTTP, in small letters
    :raise Violation: the first thing that does not fit
    """
    query = {}
    for name in values:
        texts = values.getlist(name)
        value = texts[0] if len(texts) == 1 else texts
        schema = _get_query_schemas(path, method).get(name, {})
        if schema.get("type") == "integer" and re.fullmatch("[0-9]{1,9}", str(value)):
            value = int(value)
        query[name] = value
    return _run(_get_query_check(path, method), query)


def _run(check_function, value):
    try:
        return check_function(value)
    except fastjsonschema.JsonSchemaValueException as error:
        raise _to_violation(error) from None


def _to_violation(error):
    """Return an error of the library with the code the description gives it.

    ``x-code-<word>`` in a schema is the code for breaking that word of JSON Schema,
    ``x-code`` the code for breaking any other word.
    """
    schema, word, names = error.definition, error.rule, []
    code = schema.get("x-code", "invalid_value")
    if word == "type":
        code = "invalid_value"
    elif word == "required":
        code = "missing_value"
        names = [name for name in schema["required"] if name not in error.value]
    elif word == "additionalProperties":
        code = "unknown_field"
        names = [name[:64] for name in error.value if name not in schema["properties"]]
    steps = [step for step in error.path[1:] if step]  # the first is the value itself
    return Violation(schema.get(f"x-code-{word}", code), ".".join(steps + names[:1]))


# === FUNCTIONS MADE BY THE LIBRARY === #


@cache
def _get_check(name):
    """Return the function that checks a named schema."""
    schema = {
        "$ref": f"#/components/schemas/{name}",
        "components": _checked_description()["components"],
    }
    return fastjsonschema.compile(schema, use_default=False)


@cache
def _get_query_check(path, method):
    """Return the function that checks the query of an operation."""
    schema = {
        "type": "object",
        "properties": _get_query_schemas(path, method),
        "additionalProperties": False,
        "x-code-additionalProperties": "unknown_parameter",
    }
    return fastjsonschema.compile(schema)


@cache
def _get_query_schemas(path, method):
    """Return query parameter -> its schema."""
    operation = _checked_description()["paths"][path].get(method, {})
    parameters = operation.get("parameters", [])
    return {row["name"]: row["schema"] for row in parameters if row["in"] == "query"}


@cache
def _checked_description():
    """Return the description as it is checked.

    Every text without a pattern gets one.  Formats are left out: the intake reads dates
    itself and refuses them in its own words.  The library does not tell what is wrong
    inside of alternatives, so the type of a value chooses between two.
    """
    return json.loads(FILE.read_text(), object_hook=_prepare)


def _prepare(schema):
    schema.pop("format", None)
    if "anyOf" in schema:
        first, second = schema.pop("anyOf")
        schema.update({"if": {"type": first["type"]}, "then": first, "else": second})
    types = schema.get("type")
    if isinstance(types, str | list) and "string" in types:
        schema.setdefault("pattern", _STORABLE)
    return schema


# === READING JSON === #

_MAX_DIGITS = 40


def parse(raw):
    """Return the JSON value of a body, with exact numbers.

    :param bytes raw: UTF-8
    :return: numbers with a decimal point are Decimal
    :raise ValueError: it is no JSON, or two readers may understand it differently
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
    values = dict(pairs)
    if len(values) != len(pairs):
        raise ValueError("a key is repeated")
    return values


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
