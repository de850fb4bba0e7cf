"""Controls: a race without its guard, which has to be lost."""


def replace_methods(owner, **methods):
    """Put what looks safe and is not in the place of methods.

    A guard that was renamed would stay where it is, and the control would prove
    nothing; so each of them has to be there.

    :param owner: class, module or model of a registry that has the methods
    :param methods: name -> function that takes the place
    :raise AttributeError: the owner has no such method
    """
    for name in methods:
        getattr(owner, name)
    for name, method in methods.items():
        setattr(owner, name, method)
