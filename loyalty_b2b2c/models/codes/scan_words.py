"""Words about scans: what a person is told, why a scan was refused, what is unusual."""

#: Reason code -> function of environment and parameters that returns the sentence.
WORDS = {
    # to the person at the phone
    "not_accepted": lambda env, p: env._(
        "This code cannot be registered. Compare it with the package, or show it to "
        "the manager of the program."
    ),
    "locked": lambda env, p: env._(
        "Too many codes that could not be registered. Try again in an hour."
    ),
    "member_rate": lambda env, p: env._(
        "You reached the number of scans for one hour. Go on a little later."
    ),
    "empty": lambda env, p: env._("Scan or type a code first."),
    "foreign": lambda env, p: env._("This is another kind of code."),
    "short": lambda env, p: env._("Some characters are missing: a code has 16."),
    "long": lambda env, p: env._("These are too many characters: a code has 16."),
    "typo": lambda env, p: env._(
        "One of the characters is wrong. Compare them with the package."
    ),
    # to the manager: why a scan was refused
    "unknown": lambda env, p: env._("There is no such code."),
    "not_active": lambda env, p: env._(
        "The code is not active: its day has not come, or the goods were not shipped."
    ),
    "expired": lambda env, p: env._("The batch is not valid any more."),
    "frozen": lambda env, p: env._("The batch is frozen."),
    "closed": lambda env, p: env._("The batch is closed."),
    "blocked": lambda env, p: env._("The code is blocked."),
    "wrong_pin": lambda env, p: env._("The PIN was wrong, or wrong too often."),
    "emptied": lambda env, p: env._(
        "Everything in this package was scanned one by one before."
    ),
    "retry": lambda env, p: env._(
        "Scanned again by the same person; nothing to worry about."
    ),
    "sharing": lambda env, p: env._(
        "Claimed before by a colleague or from the same address: probably shared."
    ),
    "copy": lambda env, p: env._(
        "Claimed before by somebody at another shop: the code was probably copied."
    ),
    # to the manager: what is unusual
    "other_shop": lambda env, p: env._("The goods were shipped to another shop."),
    "adjacent": lambda env, p: env._(
        "%s codes with neighbouring numbers within minutes: scanned from one box.",
        p.get("count"),
    ),
    "shop_rate": lambda env, p: env._(
        "The %sth scan of this shop within an hour.", p.get("count")
    ),
    "far": lambda env, p: env._(
        "Scanned %s km away from the shop.", p.get("kilometres")
    ),
    "no_place": lambda env, p: env._("The phone did not tell where it is."),
    "failures": lambda env, p: env._(
        "%s wrong codes of the same person within the hour.", p.get("count")
    ),
    "late": lambda env, p: env._("Sent %s hours after it was scanned.", p.get("hours")),
}
