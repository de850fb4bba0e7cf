"""Words for the reasons that processing adds to those of the engine."""


def _undone(env, p):
    document = p.get("document") or ""
    words = {
        "cancelled": env._("%s was cancelled.", document),
        "unpaid": env._("The payment of %s was undone.", document),
        "credited": env._("A credit note was posted for %s.", document),
        "returned": env._("Goods of %s were returned.", document),
        "changed": env._("%s was changed.", document),
    }
    return words.get(p.get("cause"), words["changed"])


#: Reason code -> function of environment and readable parameters: the sentence.
WORDS = {"undone": _undone}
