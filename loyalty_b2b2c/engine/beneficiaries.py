"""Who benefits from a source under a rule."""

from collections.abc import Collection

from .awards import Reason
from .facts import DocumentFact, MemberFact
from .rules import Rule

#: A member (``None``: nobody in particular) and why there is nothing for it.
Refused = tuple[MemberFact | None, Reason]


def members_in_role(rule: Rule, document: DocumentFact) -> list[MemberFact]:
    """Return the members the rule is meant for, enrolled first, first."""
    members = (member for member in document.members if member.role == rule.role)
    return sorted(members, key=lambda member: (member.enrolled_at, member.member_id))


def choose(
    rule: Rule, document: DocumentFact, prior: Collection[int], only_prior: bool
) -> tuple[list[MemberFact], list[Refused]]:
    """Return the members who get the award, and those who do not, with reasons.

    :param prior: members this rule was already booked to for the same source; they
        need no enrolment any more.
    :param only_prior: the source does not qualify (any more) for anybody else.
    """
    in_role = members_in_role(rule, document)
    if not in_role:
        return [], [(None, Reason("no_member", {"role": rule.role}))]
    if only_prior:
        in_role = [member for member in in_role if member.member_id in prior]
    named = [member for member in in_role if member.is_contact]
    if rule.pick == "contact":
        if not named:
            return [], [(None, Reason("not_the_contact", {"role": rule.role}))]
        in_role = named
    able = [m for m in in_role if m.member_id in prior or _enrolled(m, document)]
    refused = [(m, _not_enrolled(m, document)) for m in in_role if m not in able]
    if rule.pick in ("each", "split"):
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
