"""Words for what a claim was refused for or looks unusual by, in the reader's language.

Like the ledger, a claim stores codes and figures, never sentences.  Here are the
reasons that any proof of sale can have; packages of the proofs add theirs by
``b2b2c.claim._get_words``.
"""

#: Reason code -> function of environment and parameters that returns the sentence.
WORDS = {
    "in_review": lambda env, p: env._(
        "Received. A person looks at it, then you get a message."
    ),
    "by_person": lambda env, p: env._("Refused by a person."),
    "withdrawn": lambda env, p: env._("Taken back by who handed it in."),
    "returned": lambda env, p: env._("The goods were returned."),
    "unusual": lambda env, p: env._("Something is unusual, see below."),
    "audit": lambda env, p: env._("Drawn by lot for a check."),
}


def word(env, code, params=None):
    """Return the sentence of a reason code; an unknown one is shown as it is."""
    if not code:
        return ""
    sentence = env["b2b2c.claim"]._get_words().get(code)
    return sentence(env, params or {}) if sentence else code


def render(env, findings):
    """Return one sentence per finding, with the points it adds to the score.

    :param findings: list of ``{"code", "points", "params"}``
    """
    return [
        env._(
            "%(sentence)s (+%(points)s)",
            sentence=word(env, finding["code"], finding.get("params")),
            points=finding.get("points", 0),
        )
        for finding in findings
    ]
