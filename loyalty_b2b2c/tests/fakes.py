"""How tests add a capability as an add-on would: by extending models, with one file."""

from contextlib import contextmanager


@contextmanager
def extended(env, model, extension):
    """Let a plain class extend a model, as a file of another add-on does.

    Its methods may call ``super()``, and every model that inherits from ``model`` has
    them. Fields, constraints and anything else that Odoo prepares at its start do not
    work this way.

    :param str model: name of the model
    :param type extension: class without a base class
    """
    model_class = env.registry[model]
    bases = model_class.__bases__
    model_class.__bases__ = (extension, *bases)
    try:
        yield
    finally:
        model_class.__bases__ = bases
