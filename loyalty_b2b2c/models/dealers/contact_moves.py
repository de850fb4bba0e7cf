"""Contacts that move into or out of a dealer: who may, and who hears of it.

What such a contact bought stays with the company it was bought for, so a move lifts no
tier.  But it takes the prices of the tier along, and it makes a document read as if
another company had bought, at a price that was never compared.  Without the right
nobody moves a contact whose documents count, or are not invoiced yet; of any other move
of a contact that has bought the ladder's manager hears.
"""

from typing import NamedTuple

from odoo import models
from odoo.exceptions import UserError
from odoo.tools import SQL


class Move(NamedTuple):
    """A contact that belongs to another company now.

    :ivar before, after: the companies, ``res.partner``
    :ivar dealers: ``b2b2c.ladder.standing`` of one of them or of both
    :ivar number: of how many documents it is kept that the contact bought them
    """

    contact: models.BaseModel
    before: models.BaseModel
    after: models.BaseModel
    dealers: models.BaseModel
    number: int


def get_belongings(contacts, vals):
    """Return to which companies contacts, and those below them, will belong.

    :param contacts: ``res.partner`` to be written
    :param vals: with ``parent_id`` or ``is_company``
    :return: list of ``(contact, company before, company after)``; empty without a query
        where nobody has dealers
    """
    env = contacts.env
    if not any(env["b2b2c.ladder.standing"]._get_dealer_companies().values()):
        return []
    partners = env["res.partner"].sudo().with_context(active_test=False)
    belongings = []
    for contact in contacts.sudo():
        before, after = contact.commercial_partner_id, contact
        parent_id = vals.get("parent_id", contact.parent_id.id)
        if parent_id and not vals.get("is_company", contact.is_company):
            after = partners.browse(parent_id).commercial_partner_id
        if before == after:
            continue
        below = partners.search([("id", "child_of", contact.ids)])
        belongings += [
            (person, before, after)
            for person in below
            if person.commercial_partner_id == before
        ]
    return belongings


def get_moves(env, belongings):
    """Return the moves that matter: of contacts with documents, to do with dealers.

    :param belongings: list of ``(contact, company before, company after)``
    :return: list of :class:`Move`
    """
    moved = [belonging for belonging in belongings if belonging[1] != belonging[2]]
    if not moved:
        return []
    partners = env["res.partner"].union(*(before | after for _, before, after in moved))
    standings = env["b2b2c.ladder.standing"].sudo()
    dealers = standings.search([("partner_id", "in", partners.ids)])
    by_company = dealers.grouped("partner_id")
    kept = env["b2b2c.document.buyer"].sudo()
    moves = []
    for contact, before, after in moved:
        touched = by_company.get(before, standings) | by_company.get(after, standings)
        number = touched and kept.search_count([("buyer_id", "=", contact.id)])
        if number:
            moves.append(Move(contact, before, after, touched, number))
    return moves


def get_warning(contact, company):
    """Return what to ask before a contact moves to a company, for a form.

    :param contact: stored ``res.partner`` in the environment of who looks at the form
    :return: dict as an ``onchange`` returns it, ``None`` when there is nothing to ask
    """
    env, before = contact.env, contact.sudo().commercial_partner_id
    for move in get_moves(env, [(contact.sudo(), before, company)]):
        message = env._(
            "What %(contact)s bought until now (documents: %(number)s) counts for "
            "%(before)s as before. The loyalty manager is told of the move; a contact "
            "whose documents count already is moved by a loyalty manager only.",
            contact=contact.name,
            number=move.number,
            before=before.name,
        )
        title = env._("This contact has bought")
        return {"warning": {"title": title, "message": message}}
    return None


def check(env, moves):
    """Refuse to move contacts with documents that count, without the right.

    :param moves: list of :class:`Move`
    :raise UserError: with what to do instead
    """
    for move in moves:
        if not may_move(env) and (has_counted(move.contact) or has_open(move.contact)):
            refuse(env, move.contact, move.dealers)


def may_move(env):
    """Tell whether somebody may move contacts with documents that count."""
    return env.su or env.user.has_group("loyalty_b2b2c.group_manager")


def has_counted(contact):
    """Tell whether points or volume were booked for what a contact bought."""
    [(found,)] = contact.env.execute_query(
        SQL(
            """
            SELECT EXISTS (
                SELECT FROM b2b2c_document_buyer k
                 WHERE k.buyer_id = %s
                   AND (EXISTS (SELECT FROM b2b2c_ledger_entry e
                                 WHERE e.document_model = k.document_model
                                   AND e.document_id = k.document_id)
                     OR EXISTS (SELECT FROM b2b2c_volume_entry v
                                 WHERE v.document_model = k.document_model
                                   AND v.document_id = k.document_id)))
            """,
            contact.id,
        )
    )
    return found


def has_open(contact):
    """Tell whether something that a contact ordered is not invoiced yet, or is invoiced
    in a draft: it would be billed to another company at the price of this one."""
    contact.env["sale.order"].flush_model(["partner_id", "state", "invoice_status"])
    contact.env["account.move"].flush_model(["partner_id", "state", "move_type"])
    [(found,)] = contact.env.execute_query(
        SQL(
            """
            SELECT EXISTS (SELECT FROM sale_order o
                            WHERE o.partner_id = %(id)s AND o.state = 'sale'
                              AND o.invoice_status IS DISTINCT FROM 'invoiced')
                OR EXISTS (SELECT FROM account_move v
                            WHERE v.partner_id = %(id)s AND v.state = 'draft'
                              AND v.move_type IN ('out_invoice', 'out_receipt'))
            """,
            id=contact.id,
        )
    )
    return found


def refuse(env, contact, dealers):
    """Refuse to move a contact.

    :raise UserError: with what to do instead
    """
    raise UserError(
        env._(
            "%(contact)s has documents that count, and %(dealer)s is a dealer of "
            "“%(ladder)s”. Let a loyalty manager move the contact, or create a new one "
            "at the other company.",
            contact=contact.name,
            dealer=dealers[0].partner_id.name,
            ladder=dealers[0].ladder_id.name,
        )
    )


def report(env, moves):
    """Write moves into the chatter of their dealers, and give the manager a to-do about
    what somebody else moved.

    :param moves: list of :class:`Move`
    """
    for move in moves:
        for dealer in move.dealers:
            manager = dealer.company_id._get_loyalty_manager()
            dealer = dealer.with_context(lang=manager.lang or env.lang)
            text = dealer.env._(
                "%(user)s moved %(contact)s from %(before)s to %(after)s. What was "
                "bought until now (documents: %(number)s) counts as before.",
                user=env.user.name,
                contact=move.contact.name,
                before=move.before.name,
                after=move.after.name,
                number=move.number,
            )
            dealer._message_log(body=text)
            if manager and manager != env.user:
                dealer.activity_schedule(
                    "mail.mail_activity_data_warning",
                    user_id=manager.id,
                    summary=dealer.env._("A contact of a dealer was moved"),
                    note=text,
                )
