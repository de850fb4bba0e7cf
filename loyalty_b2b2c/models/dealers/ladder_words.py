"""Why a dealer has its tier, what is missing to the next one, what comes: in words.

Used by the dealer's form, orders, contacts, the portal, the chatter and mails, so that
all say the same.  Written in the language and for the reader of ``env``.
"""

from odoo.tools.misc import formatLang

from ...engine import local_day
from ...values import aware, shown
from ..base.days import word_day, word_day_of_year


def explain(standing, now):
    """Return everything there is to say about a dealer's standing.

    :param standing: one dealer; it has the figures of the dealer it counts with
    :param now: naive UTC
    :return: dict of texts, empty where there is nothing to say: ``tier`` ("5 %"),
        ``because``, ``missing``, ``ahead``; and ``progress`` (percent of the next
        tier's volume, 0 to 100)
    """
    head = standing.head_id or standing
    if not head.ladder_id:  # a form that is being filled in
        return dict.fromkeys(("tier", "because", "missing", "ahead"), "") | {
            "progress": 0
        }
    today = get_today(standing, now)
    return {
        "tier": standing.tier_id.name or "",
        "because": _because(standing, head, today),
        "missing": _missing(standing, head, today),
        "ahead": _ahead(standing, head, today),
        "progress": get_progress(head),
    }


def with_order(standing, missing):
    """Return how far the next tier is with an order at hand, empty: nothing to say.

    :param missing: what is missing when the order counts (Decimal)
    """
    head = standing.head_id or standing
    env, above = standing.env, head.next_tier_id
    if not above or not standing.tier_id:
        return ""
    if missing <= 0:
        return env._("With this order %(tier)s is reached.", tier=above.name)
    return env._(
        "With this order %(missing)s more → %(tier)s.",
        missing=volume(head.ladder_id, missing),
        tier=above.name,
    )


def get_today(standing, now):
    """Return the day a dealer is in; never before the one that was looked at."""
    head = standing.head_id or standing
    day = local_day(aware(now), head._get_timezone())
    return max(day, head.state_day or day)


def get_progress(head):
    """Return how much of the next tier's volume there is, in whole percent."""
    goal = head.next_tier_id.volume_from
    if not goal:
        return 100
    return min(max(int(100 * head.volume / goal), 0), 99)


def volume(ladder, value):
    """Return a volume as the reader writes it: with currency, units or weight."""
    number = shown(value)
    text = formatLang(ladder.env, number, digits=0 if number == int(number) else 2)
    if ladder.basis == "amount" and ladder.currency_id.position == "before":
        return f"{ladder.volume_label}\N{NO-BREAK SPACE}{text}"
    return f"{text}\N{NO-BREAK SPACE}{ladder.volume_label}"


def day(env, value, today=None):
    """Return a day in words; the year only when it is another one than ``today``'s."""
    same = today and value.year == today.year
    return word_day_of_year(env, value) if same else word_day(env, value)


def proof(standing, value, window, today=None):
    """Return "300,000 were paid from 13 Aug to 12 Nov"."""
    env = standing.env
    words = {
        "volume": volume(standing.ladder_id, value),
        "first": day(env, window[0], today),
        "last": day(env, window[1], today),
    }
    sentence = {
        "confirmed": env._("%(volume)s ordered from %(first)s to %(last)s", **words),
        "delivered": env._("%(volume)s delivered from %(first)s to %(last)s", **words),
        "invoiced": env._("%(volume)s invoiced from %(first)s to %(last)s", **words),
        "paid": env._("%(volume)s paid from %(first)s to %(last)s", **words),
    }
    return sentence[standing.ladder_id.moment]


def _because(standing, head, today):
    env, ladder = standing.env, head.ladder_id._to_engine()
    tier = standing.tier_id
    if not tier:
        return ""
    words = {
        "tier": tier.name,
        "proof": proof(head, head.volume, ladder.window.days(today), today),
    }
    if standing != head:
        words["proof"] = env._(
            "%(proof)s, together with %(dealer)s",
            proof=words["proof"],
            dealer=head.partner_id.name,
        )
    deserved = tier.browse(ladder.deserved(head.volume).id)
    if head.contract_id:
        return env._(
            "%(tier)s by contract until %(until)s; by volume it would be %(other)s: "
            "%(proof)s.",
            until=day(env, head.contract_id.date_to, today),
            other=head.volume_tier_id.name,
            **words,
        )
    if deserved.volume_from < tier.volume_from:
        return env._(
            "%(tier)s is kept for now, though %(proof)s deserve %(other)s.",
            other=deserved.name,
            **words,
        )
    if deserved.volume_from > tier.volume_from:
        return env._(
            "%(tier)s today; tomorrow %(other)s, because of %(proof)s.",
            other=deserved.name,
            **words,
        )
    return env._("%(tier)s because of %(proof)s.", **words)


def _missing(standing, head, today):
    env, tier, above = standing.env, standing.tier_id, head.next_tier_id
    if not tier:
        return ""
    if not above:
        return env._("The highest tier is reached.")
    words = {"missing": volume(head.ladder_id, head.missing), "tier": above.name}
    if above.volume_from > tier.volume_from:
        if not head.missing_until:
            return env._("%(missing)s more → %(tier)s.", **words)
        return env._(
            "%(missing)s more until %(until)s → %(tier)s.",
            until=day(env, head.missing_until, today),
            **words,
        )
    if head.contract_id:
        return env._("%(missing)s more deserve %(tier)s without the contract.", **words)
    return env._("%(missing)s more keep %(tier)s.", **words)


def _ahead(standing, head, today):
    env, tier = standing.env, standing.tier_id
    if not tier:
        return ""
    leaves = head.leaves_on and env._(
        "On %(day)s %(volume)s stop counting",
        day=day(env, head.leaves_on, today),
        volume=volume(head.ladder_id, head.leaves),
    )
    if not head.fall_on:
        return env._("%s.", leaves) if leaves else ""
    words = {
        "leaves": leaves or "",
        "day": day(env, head.fall_on, today),
        "tier": head.fall_tier_id.name,
    }
    if head.contract_id:
        text = env._("By volume alone it is %(tier)s from %(day)s on.", **words)
        return env._("%s.", leaves) + " " + text if leaves else text
    if head.fall_on == head.leaves_on:
        return env._(
            "%(leaves)s; if nothing more is bought, the tier is then %(tier)s.", **words
        )
    if leaves:
        return env._(
            "%(leaves)s. If nothing more is bought, the tier is %(tier)s from %(day)s "
            "on.",
            **words,
        )
    return env._(
        "If nothing more is bought, the tier is %(tier)s from %(day)s on.", **words
    )
