"""Words for the reasons of the engine that are about recommenders."""


def _level(env, p):
    """Say over how many people a customer came."""
    if p.get("level") == 1:
        return env._("Brought the customer.")
    return env._(
        "Brought who brought the customer: level %(level)s, %(percent)s%% of the "
        "award.",
        level=p.get("level"),
        percent=p.number("percent"),
    )


#: Reason code -> function of environment and readable parameters: the sentence.
WORDS = {
    "level": _level,
    "too_deep": lambda env, p: env._(
        "The customer came over %(level)s recommenders; the rule rewards the nearest "
        "%(levels)s.",
        level=p.get("level"),
        levels=p.get("levels"),
    ),
    "no_sale": lambda env, p: env._(
        "Recommenders are paid for sales only, and this is none."
    ),
    "pool_exhausted": lambda env, p: env._(
        "Nearer recommenders got all that one sale gives its recommenders: %s.",
        p.number("limit"),
    ),
}
