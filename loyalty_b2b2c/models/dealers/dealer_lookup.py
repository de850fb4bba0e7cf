"""Who is a dealer whose prices follow a ladder: asked once in a transaction.

What is found is kept with the cursor, which forgets it when the transaction, or a
savepoint of it, ends; :func:`forget_dealers` drops it when a dealer, a tier or a ladder
is written meanwhile.  A company without any dealer is known without a query.
"""

from datetime import datetime
from typing import NamedTuple

from odoo import fields
from odoo.tools import SQL

#: Where the dealers that were found are kept, in the cache of the cursor.
_FOUND = "b2b2c_dealers"
#: What the query below reads: a change of it makes what was found wrong.
STANDING_FIELDS = frozenset(
    {"active", "company_id", "head_id", "ladder_id", "next_look_at"}
    | {"partner_id", "tier_id"}
)
_LADDER_FIELDS = ("allow_rewards", "benefit", "counts_branches", "reprice", "state")


class Dealer(NamedTuple):
    """What prices need to know of a dealer.

    :param flags: open quotations are flagged, not priced anew
    :param rewards: promotions lower the prices further
    :param next_look_at: when passing time may change the tier (naive UTC), or ``None``
    """

    standing_id: int
    pricelist_id: int
    flags: bool
    rewards: bool
    next_look_at: datetime | None

    @property
    def is_due(self):
        """Tell whether time has passed that may have changed the tier."""
        return bool(self.next_look_at) and self.next_look_at <= fields.Datetime.now()


def of_dealer_companies(records, or_former=False):
    """Return those of these records whose company has dealers of a ladder that runs.

    Dealers that were let go count: their confirmed orders keep their prices.  Nothing
    is read where no company of the database has one.

    :param records: of a model with a ``company_id``, which is read with sudo
    :param or_former: companies count, too, whose ladders are all closed
    """
    companies = records.env["b2b2c.ladder.standing"]._get_dealer_companies()
    ids = {company for company, is_running in companies.items() if is_running}
    if or_former:
        ids = companies.keys()
    if not ids:
        return records.browse()
    guarded = records.sudo().filtered(lambda row: row.company_id.id in ids)
    return guarded.with_env(records.env)


def get_dealer_key(document):
    """Return (company id, id of the commercial partner) of a document with both."""
    return document.company_id.id, document.partner_id.commercial_partner_id.id


def find_dealers_of(documents):
    """Return ``{document: Dealer}`` of the documents whose partner is a dealer.

    :param documents: orders, invoices or the like, readable for ``env``
    """
    keys = {document: get_dealer_key(document) for document in documents}
    dealers = find_dealers(documents.env, keys.values())
    return {document: dealers[key] for document, key in keys.items() if key in dealers}


def find_dealers(env, keys):
    """Return the dealers whose prices follow a ladder that runs.

    :param keys: iterable of (company id, id of a commercial partner)
    :return: dict (company id, partner id) -> :class:`Dealer`
    """
    companies = env["b2b2c.ladder.standing"]._get_dealer_companies()
    keys = {key for key in keys if all(key) and companies.get(key[0])}
    if not keys:
        return {}
    known = env.cr.cache.setdefault(_FOUND, {})
    if unknown := keys - known.keys():
        known.update(dict.fromkeys(unknown))
        known.update(_read_dealers(env, unknown))
    return {key: known[key] for key in keys if known[key]}


def _read_dealers(env, keys):
    """Return (company id, partner id) -> :class:`Dealer` from the database.

    At a branch a ladder of its own comes before those of the companies above.
    """
    env["b2b2c.ladder.standing"].flush_model(STANDING_FIELDS)
    env["b2b2c.ladder"].flush_model(_LADDER_FIELDS)
    companies, partners = zip(*keys, strict=True)
    rows = env.execute_query(
        SQL(
            """
            SELECT c.id, s.partner_id, s.id, t.pricelist_id,
                   l.reprice = 'flag', l.allow_rewards,
                   coalesce(h.next_look_at, s.next_look_at)
              FROM b2b2c_ladder_standing s
              JOIN b2b2c_ladder l ON l.id = s.ladder_id
              JOIN b2b2c_ladder_tier t ON t.id = s.tier_id
              JOIN res_company own ON own.id = s.company_id
              JOIN res_company c ON c.id = own.id OR (
                   l.counts_branches AND starts_with(c.parent_path, own.parent_path))
         LEFT JOIN b2b2c_ladder_standing h ON h.id = s.head_id
             WHERE s.active AND l.state = 'running' AND l.benefit <> 'bonus'
               AND c.id = ANY(%s) AND s.partner_id = ANY(%s)
          ORDER BY length(own.parent_path)
            """,
            list(set(companies)),
            list(set(partners)),
        )
    )
    dealers = {(company, partner): Dealer(*row) for company, partner, *row in rows}
    return {key: dealers[key] for key in keys & dealers.keys()}


def forget_dealers(env):
    """Forget what this transaction found out about dealers."""
    env.cr.cache.pop(_FOUND, None)


def forget_companies(env):
    """Forget which companies have dealers and which price lists are tiers.

    What somebody else remembers before this transaction is committed is forgotten once
    more when it is.
    """
    forget_dealers(env)
    env.registry.clear_cache()
    env.cr.postcommit.add(env.registry.clear_cache)
