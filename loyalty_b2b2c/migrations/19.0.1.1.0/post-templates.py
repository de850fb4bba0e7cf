"""Templates that were changed by hand keep their words and get the new expressions."""

import json

_BALANCE = 'style="margin: 16px 0; padding: 12px 16px; background-color: #F6F6F6;"'
#: What stood in a template -> what stands there now.
REPLACED = (
    # a letter tells the tiers of the moment it was queued
    ("object.told_tier_id.name", "object._get_letter_words()['before']"),
    # not every message is about an account
    (f"<p {_BALANCE}>", f'<p t-if="object.balance_text" {_BALANCE}>'),
    # the add-on with the pages says where they are
    *(
        (
            f"object.company_id.get_base_url() + '/my/rewards/{page}'",
            f"object.company_id._get_rewards_url('{page}')",
        )
        for page in ("preferences", "dealer", "shop")
    ),
    (
        "object.company_id.get_base_url() + '/my/rewards'",
        "object.company_id._get_rewards_url()",
    ),
)


def migrate(cr, version):
    """Replace expressions in our templates, in every language."""
    for old, new in REPLACED:
        cr.execute(
            """
            UPDATE mail_template t
               SET subject = replace(t.subject::text, %(old)s, %(new)s)::jsonb,
                   body_html = replace(t.body_html::text, %(old)s, %(new)s)::jsonb
              FROM ir_model_data d
             WHERE d.module = 'loyalty_b2b2c' AND d.model = 'mail.template'
               AND d.res_id = t.id
               AND (strpos(t.subject::text, %(old)s) > 0
                    OR strpos(t.body_html::text, %(old)s) > 0)
            """,
            {"old": _quoted(old), "new": _quoted(new)},
        )


def _quoted(text):
    """Return a text as it stands within JSON."""
    return json.dumps(text, ensure_ascii=False)[1:-1]
