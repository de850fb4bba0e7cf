"""Words for the reasons of the engine that are about partners."""

#: Reason code -> function of environment and readable parameters: the sentence.
WORDS = {
    "place_not_agreed": lambda env, p: env._(
        "With the partner who sold it nothing is agreed about this program for that "
        "day."
    ),
}
