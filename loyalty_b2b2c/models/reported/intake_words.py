"""Why a document cannot be recorded, in words for the person who reported it."""


def word(env, code, path, params):
    """Return the sentence of a refusal code.

    :param code: see ``b2b2c.intake``
    :param path: of the value that is wrong, ``"lines.3.product"``
    :param dict params: what the sentence names besides
    """
    return _SENTENCES[code](env, path, params)


_SENTENCES = {
    "missing_value": lambda env, path, p: env._("“%s” is missing.", path),
    "invalid_value": lambda env, path, p: env._(
        "“%s” has a value that cannot be used.", path
    ),
    "unknown_type": lambda env, path, p: env._(
        "The type must be one of: %s.", p["options"]
    ),
    "unknown_product": lambda env, path, p: env._(
        "There is no product “%s”.", p["name"]
    ),
    "unknown_uom": lambda env, path, p: env._(
        "There is no unit of measure “%s”.", p["name"]
    ),
    "uom_mismatch": lambda env, path, p: env._(
        "“%(uom)s” cannot be converted into %(own)s, the unit of this product.",
        uom=p["uom"],
        own=p["own"],
    ),
    "unknown_partner": lambda env, path, p: env._("There is no such company or shop."),
    "unknown_member": lambda env, path, p: env._("This person does not take part."),
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
