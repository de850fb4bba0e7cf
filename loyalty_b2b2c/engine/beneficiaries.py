"""Who benefits from a source under a rule."""

from collections.abc import Collection

from .awards import Reason
from .facts import DocumentFact, MemberFact
from .rules import Share

#: A member (``None``: nobody in particular) and why there is nothing for it.
Refused = tuple[MemberFact | None, Reason]


#: Picks that mean one named person: who it is, and the reason when there is none.
_NAMED = {
    "contact": ("is_contact", Reason("not_the_contact")),
    "seller": ("is_seller", Reason("not_the_seller")),
    "referrer": ("is_referrer", Reason("not_the_referrer")),
}


def members_in_role(role: str, document: DocumentFact) -> list[MemberFact]:
    """Return the members in a role, who enrolled first comes first."""
    members = (member for member in document.members if member.role == role)
    return sorted(members, key=lambda member: (member.enrolled_at, member.member_id))


def choose(
    share: Share, document: DocumentFact, prior: Collection[int], only_prior: bool
) -> tuple[list[MemberFact], list[Refused]]:
    """Return the members who get a share, and those who do not, with reasons.

    :param prior: members the rule was already booked to for the same source; they
        need no enrolment any more.
    :param only_prior: the source does not qualify (any more) for anybody else.
    """
    in_role = members_in_role(share.role, document)
    if not in_role:
        return [], [(None, Reason("no_member", {"role": share.role}))]
    if only_prior:
        in_role = [member for member in in_role if member.member_id in prior]
    if share.pick in _NAMED:
        attribute, nobody = _NAMED[share.pick]
        in_role = [member for member in in_role if getattr(member, attribute)]
        if not in_role:
            return [], [(None, Reason(nobody.code, {"role": share.role}))]
    able = [m for m in in_role if m.member_id in prior or _enrolled(m, document)]
    refused = [(m, _not_enrolled(m, document)) for m in in_role if m not in able]
    if share.pick in ("each", "split"):
        return able, refused
    # The person on the document, else whoever has it already, else the first.
    able.sort(key=lambda m: (not m.is_contact, m.member_id not in prior))
    return able[:1], [] if able else refused


def _enrolled(member: MemberFact, document: DocumentFact) -> bool:
    return member.is_enrolled(document.occurred_at)


def _not_enrolled(member: MemberFact, document: DocumentFact) -> Reason:
    if document.occurred_at < member.enrolled_at:
        return Reason(
            "not_enrolled_yet", {"enrolled_at": member.enrolled_at.isoformat()}
        )
    return Reason("left", {"left_at": member.left_at.isoformat()})
