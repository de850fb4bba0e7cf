"""Words for why something does not count in a challenge.

Reasons that challenges share with rules are worded as those of rules, unless they speak
of a rule.
"""


def _too_early(env, p):
    return env._("It happened before it counted for you.")


def _outside(env, p):
    return env._("It happened after your time was over.")


def _too_late(env, p):
    return env._("It reached us when the hours of grace were over.")


def _not_seller(env, p):
    return env._("Nobody who takes part is named as the seller.")


def _not_for_you(env, p):
    return env._("The challenge is not for who sold it.")


def _not_enrolled(env, p):
    return env._("Who sold it did not take part then.")


def _no_points(env, p):
    return env._("It brought no points of the program.")


def _product(env, p):
    return env._("The product does not count here.")


def _kind(env, p):
    return env._("Such documents do not count here.")


#: Codes of the engine (:mod:`engine.score`, :mod:`engine.own_window`) -> function of
#: environment and parameters.
WORDS = {
    "too_early": _too_early,
    "outside": _outside,
    "too_late": _too_late,
    "not_seller": _not_seller,
    "not_for_you": _not_for_you,
    "not_enrolled": _not_enrolled,
    "no_points": _no_points,
    "product_not_matching": _product,
    "document_kind_not_matching": _kind,
}
