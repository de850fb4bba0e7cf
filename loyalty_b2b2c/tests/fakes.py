"""How tests add a capability as an add-on would: by extending models, with one file."""

from contextlib import contextmanager

from odoo.orm.model_classes import add_to_registry


@contextmanager
def extended(env, model, extension):
    """Let a plain class extend a model, as a file of another add-on does.

    Its methods may call ``super()``, and every model that inherits from ``model`` has
    them. Fields, constraints and anything else that Odoo prepares at its start do not
    work this way: see :func:`add_models`.

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


def add_models(test_class, *definitions):
    """Let the tests of a class have models, fields and tables of a fake add-on.

    Call it in ``setUpClass``; it takes a second. The models are gone after the last of
    the tests. Tables and columns are made in the tests' transaction, so the database
    stays as it was.

    :param test_class: a ``TransactionCase`` that is being set up
    :param definitions: model classes in the order an add-on would import them, each
        with ``_module = None``, so that Odoo loads it nowhere else
    """
    registry = test_class.registry
    before = dict(registry.models)
    bases = {name: model._base_classes__ for name, model in before.items()}
    children = {name: model._inherit_children for name, model in before.items()}
    for name, model in before.items():
        model._inherit_children = type(children[name])(children[name])

    def remove():
        for name in registry.models.keys() - before.keys():
            del registry.models[name]
        for name, model in before.items():
            model._base_classes__ = bases[name]
            model._inherit_children = children[name]
        registry.registry_invalidated = True  # Odoo's own clean-up sets it up again

    test_class.addClassCleanup(remove)
    load(test_class.env, *definitions)
    registry.registry_invalidated = False  # no other process has to hear of it


def load(env, *definitions):
    """Add models to the registry of this process, with their tables and columns.

    :param env: the tables are made in its transaction
    :param definitions: see :func:`add_models`
    """
    for definition in definitions:
        add_to_registry(env.registry, definition)
    names = list(dict.fromkeys(definition._name for definition in definitions))
    env.registry._setup_models__(env.cr, names)
    env.registry.init_models(env.cr, names, {"module": "loyalty_b2b2c"})
