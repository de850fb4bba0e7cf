"""What a phone remembers of a link that was opened: whose, and since when.

The text is signed, so that nobody writes himself the recommendation of last year, or
the one that pays a friend.  It lives in a cookie that the person asked for.
"""

from odoo import fields
from odoo.tools import hash_sign, verify_hash_signed

from ..referrals.b2b2c_referral_link import Found
from ..referrals.referral_words import word

COOKIE = "b2b2c_recommendation"
_SCOPE = "b2b2c_recommendation"
_LONGEST = 400
#: Longer than any link counts: what is older is said to be so, not unknown.
_YEARS = 3


def write_visit(link):
    """Return the signed text of a link that was opened now.

    :param link: ``b2b2c.referral.link``
    """
    opened_at = fields.Datetime.to_string(fields.Datetime.now())
    return hash_sign(
        link.env(su=True),
        _SCOPE,
        [link.id, opened_at],
        expiration_hours=_YEARS * 366 * 24,
    )


def read_visit(env, text, company):
    """Return whose link was opened on this phone, and can still be used.

    :param text: from a cookie: anything
    :param company: ``res.company`` that sells
    :return: :class:`~..referrals.b2b2c_referral_link.Found`
    """
    links = env["b2b2c.referral.link"].sudo()
    link_id, opened_at = _read(env, text)
    link = links.browse(link_id).exists() if link_id else links
    campaigns = env["b2b2c.referral.campaign"]._get_counting(company)
    if not link or link.campaign_id not in campaigns:
        return Found(links, "no_code", word(env, "no_code"))
    since = link.campaign_id._get_touched_since(fields.Datetime.now())
    problem = "ended" if opened_at < since else link._get_state_problem()
    if problem:
        return Found(links, problem, word(env, problem))
    return Found(link, "", "")


def _read(env, text):
    """Return (id of the link, naive UTC), ``(0, None)`` for what we did not sign."""
    if not isinstance(text, str) or not 0 < len(text) < _LONGEST:
        return 0, None
    try:
        values = verify_hash_signed(env(su=True), _SCOPE, text)
    except (ValueError, IndexError):
        values = None
    if not values:
        return 0, None
    link_id, opened_at = values
    return link_id, fields.Datetime.to_datetime(opened_at)
