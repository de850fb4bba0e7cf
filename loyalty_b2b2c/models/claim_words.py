"""Words for what a claim was refused for or looks unusual by, in the reader's language.

Like the ledger, a claim stores codes and figures, never sentences.
"""


def word(env, code, params=None):
    """Return the sentence of a reason code; an unknown one is shown as it is."""
    if not code:
        return ""
    sentence = _WORDS.get(code)
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


_WORDS = {
    "by_person": lambda env, p: env._("Refused by a person."),
}
