"""Why a reward cannot be had, in the participant's words."""


def sentence(offer):
    """Return the sentence of an offer's refusal.

    :param offer: see ``b2b2c_reward_offer.Offer``
    """
    return word(offer.reward.env, offer.refusal, **_values(offer))


def word(env, code, **values):
    """Return the sentence of a reason code."""
    return _SENTENCES[code](env, values)


def _values(offer):
    unit = offer.reward.unit_id
    return {
        "amounts": offer.reward._word_amounts(),
        "minimum": unit._format(unit.spending_minimum),
        "missing": unit._format(offer.missing),
        "left": offer.reward.stock_left,
        "limit": offer.reward.member_limit,
        "period": dict(
            offer.reward._fields["limit_period"]._description_selection(
                offer.reward.env
            )
        )[offer.reward.limit_period].lower(),
    }


_SENTENCES = {
    "not_offered": lambda env, v: env._("This reward is not offered any more."),
    "quantity": lambda env, v: env._("Choose how many, at least one."),
    "suspended": lambda env, v: env._(
        "Your participation is paused: for now you cannot spend points."
    ),
    "sold_out": lambda env, v: env._("There is none left at the moment."),
    "few_left": lambda env, v: env._("Only %s left.", v["left"]),
    "limit": lambda env, v: env._(
        "You have had all you can have of it: %(limit)s %(period)s.",
        limit=v["limit"],
        period=v["period"],
    ),
    "amount": lambda env, v: env._("Choose how much: %s.", v["amounts"]),
    "minimum": lambda env, v: env._(
        "%s is the least that can be spent at once.", v["minimum"]
    ),
    "not_spendable": lambda env, v: env._(
        "What you have cannot be spent on this kind of reward."
    ),
    "points": lambda env, v: env._("%s more are needed.", v["missing"]),
    "price": lambda env, v: env._(
        "The price has changed in the meantime. Please look again."
    ),
}
