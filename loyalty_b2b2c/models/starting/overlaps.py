"""What programs pay twice: asks the engine, and words its answer."""

from itertools import chain

from odoo.tools.i18n import format_list

from ...engine import LineFact
from ...engine.double_pay import Catalogue, find_double_pay
from ..processing.facts import get_category_path


def find_overlaps(programs, others, same_goods):
    """Return what rules pay one participant twice.

    :param programs: ``b2b2c.program`` records whose rules are looked at
    :param others: further programs of the same company
    :param same_goods: see ``b2b2c.document.kind._get_goods_pairs``
    :return: list of ``engine.double_pay.DoublePay``
    """
    programs, others = programs.sudo(), others.sudo()
    rules = (programs | others).with_context(active_test=False).rule_ids
    return find_double_pay(
        [program._to_engine() for program in programs],
        [program._to_engine() for program in others],
        same_goods,
        get_catalogue(rules),
    )


def get_catalogue(rules):
    """Return what the engine has to know of products and categories of rules."""
    products = rules.product_ids.with_context(prefetch_fields=False)
    matching = {
        rule.id: set(products.filtered_domain(rule._get_domain("product_domain")).ids)
        for rule in rules
        if rule._has_domain("product_domain")
    }
    facts = [
        LineFact(
            key=f"product.product,{product.id}",
            product_id=product.id,
            template_id=product.product_tmpl_id.id,
            measures={},
            category_ids=get_category_path(product.categ_id),
            tag_ids=frozenset(product.all_product_tag_ids.ids),
            domain_rule_ids=frozenset(
                rule_id for rule_id, ids in matching.items() if product.id in ids
            ),
        )
        for product in products
    ]
    categories = rules.category_ids
    return Catalogue(facts, {one.id: get_category_path(one) for one in categories})


def word_overlaps(env, overlaps):
    """Return what is paid twice, as one text for each two rules.

    Rules of the same names, as the versions of one, are told once.

    :param overlaps: list of ``engine.double_pay.DoublePay``
    :return: list of str
    """
    kinds = env["b2b2c.document.kind"].sudo().search([])
    names = {kind.code: kind.name for kind in kinds}
    texts = (_word_overlap(env, overlap, names) for overlap in overlaps)
    return list(dict.fromkeys(texts))


def _word_overlap(env, overlap, names):
    """Return what two rules pay twice in words.

    :param names: code of a kind of documents -> how people call it
    """
    rules = env["b2b2c.earning.rule"].sudo()
    roles = [rules._word_role(role) for role in overlap.roles]
    sentence = env._(
        "“%(rule)s” and %(other)s can both pay %(who)s for the same goods%(goods)s.",
        rule=overlap.rule.name,
        other=_word_other(env, overlap),
        who=format_list(env, roles, "or"),
        goods=_word_goods(env, overlap.product_ids),
    )
    ways = []
    if overlap.kinds:
        kinds = format_list(env, [names.get(kind, kind) for kind in overlap.kinds])
        ways.append(env._("With one document: %s.", kinds))
    if overlap.pairs:
        ways.append(
            env._(
                "With two documents of the same goods: %s.",
                format_list(env, _word_pairs(env, overlap.pairs, names)),
            )
        )
    return " ".join(chain([sentence], ways))


def _word_other(env, overlap):
    """Return the other rule, with its program if that is another one."""
    if overlap.program.id == overlap.other_program.id:
        return env._("“%(name)s”", name=overlap.other_rule.name)
    return env._(
        "“%(rule)s” of the program “%(program)s”",
        rule=overlap.other_rule.name,
        program=overlap.other_program.name,
    )


def _word_goods(env, product_ids):
    """Return the products that both rules name, in brackets."""
    if not product_ids:
        return ""
    products = env["product.product"].sudo().browse(product_ids)
    names = products.with_context(display_default_code=False)
    shown = [product.display_name for product in names[:3]]
    if len(products) > len(shown):
        shown.append(env._("%s more", len(products) - len(shown)))
    return f" ({', '.join(shown)})"


def _word_pairs(env, pairs, names):
    """Return kinds of documents of the same goods, each two once."""
    told = {tuple(sorted(pair)): pair for pair in pairs}
    return [
        env._(
            "%(kind)s and %(other)s",
            kind=names.get(kind, kind),
            other=names.get(other, other),
        )
        for kind, other in told.values()
    ]
