"""Words for the reasons of the engine that are about dealers."""

#: Reason code -> function of environment and readable parameters: the sentence.
WORDS = {
    "no_tier": lambda env, p: env._(
        "The buyer had no dealer tier with a bonus at that time."
    ),
}
