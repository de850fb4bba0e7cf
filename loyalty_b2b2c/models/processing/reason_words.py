"""Words for reasons about documents: what was measured, what was undone."""


def _basis(env, p):
    """Say what was measured: the moment in the words of its document."""
    moment = _get_moment(env, p)
    quantity, amount = p.number("quantity"), p.money("amount")
    if not amount:  # a delivery of gifts, a proof without a price
        return env._(
            "%(moment)s: quantity %(quantity)s.", moment=moment, quantity=quantity
        )
    return env._(
        "%(moment)s: quantity %(quantity)s, amount %(amount)s.",
        moment=moment,
        quantity=quantity,
        amount=amount,
    )


def _get_moment(env, p):
    """Return the words of the moment of the document whose lines were measured."""
    model = (p.get("lines") or "").partition(",")[0]
    source = env["b2b2c.source"]._find_for_line(model)
    words = source._get_moment_words() if source is not None else {}
    return words.get(p.get("trigger")) or p.trigger()


def _undone(env, p):
    """Say why points were taken back, and what changed: so many instead of so many."""
    document = p.get("document") or ""
    words = {
        "cancelled": env._("%s was cancelled.", document),
        "unpaid": env._("The payment of %s was undone.", document),
        "given_up": env._("A part of %s will never be paid.", document),
        "credited": env._("A credit note was posted for %s.", document),
        "returned": env._("Goods of %s were returned.", document),
        "changed": env._("%s was changed.", document),
    }
    cause = words.get(p.get("cause"), words["changed"])
    change = _word_change(env, p)
    return f"{cause} {change}" if change else cause


def _word_change(env, p):
    """Return how many points there are instead of how many, and for how much.

    Nothing when all was undone, or for entries that do not know.
    """
    if not (p.get("before") and p.get("after")) or p["after"] == "0":
        return ""
    points = {"after": p.number("after"), "before": p.number("before")}
    if p.get("quantity_after") != p.get("quantity_before"):
        return env._(
            "Quantity %(now)s instead of %(then)s: %(after)s points instead of "
            "%(before)s.",
            now=p.number("quantity_after"),
            then=p.number("quantity_before"),
            **points,
        )
    if p.get("amount_after") != p.get("amount_before"):
        return env._(
            "Amount %(now)s instead of %(then)s: %(after)s points instead of "
            "%(before)s.",
            now=p.money("amount_after") or p.number("amount_after"),
            then=p.money("amount_before"),
            **points,
        )
    return env._("%(after)s points instead of %(before)s.", **points)


#: Reason code -> function of environment and readable parameters: the sentence.
WORDS = {"basis": _basis, "undone": _undone}
