"""Sentences about codes: what people read when one cannot be used."""

#: Problem -> function of environment and figures: the sentence.
PROBLEMS = {
    "no_code": lambda env, p: env._("This is no code of a recommendation."),
    "mistyped": lambda env, p: env._(
        "The code has a typing error, or the link was cut on its way. Look at it once "
        "more, or ask who sent it."
    ),
    "unknown": lambda env, p: env._("Nobody recommends with this code."),
    "ended": lambda env, p: env._("This recommendation has ended."),
    "not_now": lambda env, p: env._(
        "This recommendation is not valid at the moment. Ask who sent it."
    ),
    "used_up": lambda env, p: env._("This code has been used as often as it can be."),
    "too_often": lambda env, p: env._(
        "Too many wrong codes came from here. Try again in an hour."
    ),
    "own": lambda env, p: env._("This is your own code: give it to somebody else."),
    "used_before": lambda env, p: env._("You have used this code already."),
    "not_new": lambda env, p: env._(
        "This recommendation is for new customers, and you bought here before."
    ),
    "brought_already": lambda env, p: env._(
        "Somebody else has recommended us to you already."
    ),
}


def word(env, problem, params=None):
    """Return the sentence of a problem, in the reader's language.

    :param str problem: key of :data:`PROBLEMS`, empty for none
    :param dict params: figures of the sentence
    """
    return PROBLEMS[problem](env, params or {}) if problem else ""
