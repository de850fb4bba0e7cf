"""Dates of documents that people set back: said once, to who must know.

A document whose date a person may write keeps when it happened, and has a method
``_b2b2c_get_set_back``: what its date says and when it happened, ``None`` where the
date says nothing earlier; ``_b2b2c_word_set_back``, which words both; and
``_b2b2c_get_counting_companies``, whose programs count it.
"""

from odoo import fields


def report_set_back(documents):
    """Report documents whose date a person set back to an earlier day.

    Once for each document, and where somebody counts it.

    :param documents: in the environment of who wrote them
    """
    if documents.env.su:
        return
    for document in documents.sudo():
        if document.b2b2c_redated_at or not (told := document._b2b2c_get_set_back()):
            continue
        if companies := document._b2b2c_get_counting_companies():
            document.b2b2c_redated_at = fields.Datetime.now()
            _tell(document.with_env(documents.env), companies, *told)


def find_counting_companies(document):
    """Return the companies whose programs may count what is sold without an order.

    :param document: as superuser
    """
    company = document.company_id
    source = document.env["b2b2c.source"]._for_model(document._name)
    if company.id not in source._get_counting_companies():
        return company.browse()
    awarding = document.env["b2b2c.program"]._get_awarding_companies(company.id)
    return company.browse(awarding) | company


def _tell(document, companies, stated, kept):
    """Say on a document, and to the managers of companies, that its date was set back.

    :param document: in the environment of who did
    :param stated, kept: what the date says, and when it happened, as texts
    """
    text = document._b2b2c_word_set_back(stated, kept)
    shown = document.sudo()
    shown.message_post(body=text, author_id=document.env.user.partner_id.id)
    subject = document.env._("The date of %s was set back", document.display_name)
    for manager in {company.sudo()._get_loyalty_manager() for company in companies}:
        if not manager or not document.with_user(manager).has_access("read"):
            continue
        if "activity_ids" in document._fields:
            shown.activity_schedule(
                "mail.mail_activity_data_warning",
                summary=subject,
                note=text,
                user_id=manager.id,
            )
        else:
            shown.message_notify(
                subject=subject, body=text, partner_ids=manager.partner_id.ids
            )
