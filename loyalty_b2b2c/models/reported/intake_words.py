"""Why a document cannot be recorded, in words for the person who reported it."""

from .intake_values import MAX_TEXT


def word(env, code, path, params):
    """Return the sentence of a refusal code.

    :param code: see ``b2b2c.intake``
    :param path: of the value that is wrong, ``"lines.3.product"``
    :param dict params: what the sentence names besides
    """
    return _SENTENCES[code](env, path, params)


def _word_invalid(env, path, params):
    if path == "occurred_at" and "text" in params:
        return env._(
            "“%s” is no date from 2000 on as ISO 8601 writes it: 2026-03-31 or "
            "2026-03-31T14:30:00+02:00.",
            params["text"][:MAX_TEXT],
        )
    return env._("“%s” has a value that cannot be used.", path)


_SENTENCES = {
    "missing_value": lambda env, path, p: env._("“%s” is missing.", path),
    "invalid_value": _word_invalid,
    "ambiguous_number": lambda env, path, p: env._(
        "“%(text)s” can be read as %(larger)s or as %(smaller)s; write the one that is "
        "meant.",
        text=p["text"],
        larger=p["readings"][0],
        smaller=p["readings"][1],
    ),
    "unknown_type": lambda env, path, p: env._(
        "The type must be one of: %s.", p["options"]
    ),
    "unknown_product": lambda env, path, p: env._(
        "There is no product “%s”.", p["name"]
    ),
    "ambiguous_product": lambda env, path, p: env._(
        "“%(name)s” can be %(one)s or %(other)s; name the one that is meant by a code "
        "of its own.",
        name=p["name"],
        one=p["one"],
        other=p["other"],
    ),
    "unknown_uom": lambda env, path, p: env._(
        "There is no unit of measure “%s”.", p["name"]
    ),
    "ambiguous_uom": lambda env, path, p: env._(
        "There are several units of measure “%s”; rename them, so that each has a name "
        "of its own.",
        p["name"],
    ),
    "uom_mismatch": lambda env, path, p: env._(
        "“%(uom)s” cannot be converted into %(own)s, the unit of this product.",
        uom=p["uom"],
        own=p["own"],
    ),
    "unknown_partner": lambda env, path, p: env._("There is no such company or shop."),
    "unknown_member": lambda env, path, p: env._("This person does not take part."),
    # without their names: a distributor is told of nobody's other customers
    "ambiguous_partner": lambda env, path, p: env._(
        "There are several such companies or shops; name the one that is meant by a "
        "reference of its own."
    ),
    "ambiguous_member": lambda env, path, p: env._(
        "Several people take part with this phone number or e-mail; name the person by "
        "the participant's code."
    ),
    "unknown_currency": lambda env, path, p: env._("There is no such currency."),
    "no_exchange_rate": lambda env, path, p: env._(
        "There is no exchange rate for %(currency)s; enter one and retry.",
        currency=p["currency"],
    ),
    "future_date": lambda env, path, p: env._("The date lies in the future."),
    "amount_out_of_range": lambda env, path, p: env._(
        "“%s” must be between 0 and 10,000,000,000.", path
    ),
    "quantity_out_of_range": lambda env, path, p: env._(
        "“%s” must be above 0 and below 1,000,000,000.", path
    ),
    "too_many_lines": lambda env, path, p: env._(
        "A document can have %s lines at most.", p["limit"]
    ),
}
