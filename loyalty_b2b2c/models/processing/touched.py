"""What must be measured with documents that changed."""


def add_touched(env, groups):
    """Add the documents that others, which changed, lower or raise.

    :param groups: dict model -> ``{document id: who acted}``, changed in place
    """
    sources = env["b2b2c.source"]
    for model in sorted(groups.keys() & sources._get_sources().keys()):
        source, actors = sources._for_model(model), dict(groups[model])
        for other, ids in source._get_touched(list(actors)).items():
            touched = groups.setdefault(other, {})
            for document_id in ids:
                touched.setdefault(document_id, next(iter(actors.values())))
