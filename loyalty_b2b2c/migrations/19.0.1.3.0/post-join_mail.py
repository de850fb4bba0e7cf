"""Mails about joining do not pass on what a stranger calls himself, word by word."""

import json

_NAME = """t-out="object.name or ''\""""
_QUOTED = 't-out="object._get_quoted_name()"'
#: Template -> what stood there, what stands there now; words changed by hand stay.
_REPLACED = {
    # it goes to an address that nobody proved
    "mail_template_join_code": [
        (f" <t {_NAME}>Olena</t>", ""),
        (f" <t {_NAME}></t>", ""),
        (f" <t {_NAME}/>", ""),
        (_NAME, "t-out=\"''\""),
    ],
    "mail_template_join_waiting": [
        (_NAME, _QUOTED),
        ("{{ object.name }}", "{{ object._get_quoted_name() }}"),
    ],
    "mail_template_join_decision": [(_NAME, _QUOTED)],
}


def migrate(cr, version):
    """Replace the expressions in our templates, in every language."""
    for name, replaced in _REPLACED.items():
        for old, new in replaced:
            cr.execute(
                """
                UPDATE mail_template t
                   SET subject = replace(t.subject::text, %(old)s, %(new)s)::jsonb,
                       body_html = replace(t.body_html::text, %(old)s, %(new)s)::jsonb
                  FROM ir_model_data d
                 WHERE d.module = 'loyalty_b2b2c' AND d.model = 'mail.template'
                   AND d.name = %(name)s AND d.res_id = t.id
                """,
                {"name": name, "old": _quoted(old), "new": _quoted(new)},
            )


def _quoted(text):
    """Return a text as it stands within JSON."""
    return json.dumps(text, ensure_ascii=False)[1:-1]
