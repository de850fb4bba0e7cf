"""Sentences about codes that cannot be used, and about what is unusual."""

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
    "own_word": lambda env, p: env._(
        "This is your own code: that you brought this customer is for somebody else to "
        "enter."
    ),
    "used_before": lambda env, p: env._("You have used this code already."),
    "not_new": lambda env, p: env._(
        "This recommendation is for new customers, and you bought here before."
    ),
    "brought_already": lambda env, p: env._(
        "Somebody else has recommended us to you already."
    ),
}


#: Sign of ``engine.referral_guard`` -> function of environment and figures.
SIGNS = {
    "same_person": lambda env, p: env._("It is the recommender himself."),
    "own_card": lambda env, p: env._("The recommender's own card was shown with it."),
    "own_company": lambda env, p: env._("It is the recommender's own company."),
    "appeared_before": lambda env, p: env._(
        "Took part in recommendations before the recommender did."
    ),
    "not_new": lambda env, p: env._("Bought here before."),
    "month_limit": lambda env, p: env._(
        "More than %s new customers within the month.", p.get("limit")
    ),
    "year_limit": lambda env, p: env._(
        "More than %s new customers within the year.", p.get("limit")
    ),
    "same_bank": lambda env, p: env._("Both have the same bank account."),
    "same_phone": lambda env, p: env._("Both have the same phone number."),
    "same_email": lambda env, p: env._("Both have the same mailbox."),
    "same_device": lambda env, p: env._("Both used the same browser."),
    "owner": lambda env, p: env._("Owns the shop where the recommender works."),
    "colleague": lambda env, p: env._("Works at the same place as the recommender."),
    "former_address": lambda env, p: env._(
        "One had a phone number or e-mail address of the other."
    ),
    "same_address": lambda env, p: env._("Both have the same postal address."),
    "household": lambda env, p: env._("Both have the same family name."),
    "velocity": lambda env, p: env._(
        "%s or more new customers within a day.", p.get("limit")
    ),
    "coupon_site": lambda env, p: env._(
        "%s people typed the code within a week and hardly anybody opened the link: it "
        "may have been published.",
        p.get("count"),
    ),
    "no_tax_id": lambda env, p: env._("The recommender has no tax number."),
    "no_terms": lambda env, p: env._(
        "The recommender has not agreed to the terms of today."
    ),
}


def word_sign(env, sign):
    """Return the sentence of a stored sign; an unknown one is shown as it is.

    :param dict sign: ``code`` and ``params``
    """
    sentence = SIGNS.get(sign["code"])
    return sentence(env, sign["params"]) if sentence else sign["code"]


def word(env, problem, params=None):
    """Return the sentence of a problem, in the reader's language.

    :param str problem: key of :data:`PROBLEMS`, empty for none
    :param dict params: figures of the sentence
    """
    return PROBLEMS[problem](env, params or {}) if problem else ""
