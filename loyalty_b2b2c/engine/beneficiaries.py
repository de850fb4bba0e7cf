"""Who benefits from a source under a rule."""

from collections.abc import Collection

from .awards import Reason
from .facts import DocumentFact, MemberFact
from .rules import DEEPEST, Rule, Share

#: A member (``None``: nobody in particular) and why there is nothing for it.
Refused = tuple[MemberFact | None, Reason]


#: Picks that mean one named person: who it is, and the reason when there is none.
_NAMED = {
    "contact": ("is_contact", Reason("not_the_contact")),
    "seller": ("is_seller", Reason("not_the_seller")),
}


def members_in_role(role: str, document: DocumentFact) -> list[MemberFact]:
    """Return the members in a role, who enrolled first comes first."""
    members = (member for member in document.members if member.role == role)
    return sorted(members, key=lambda member: (member.enrolled_at, member.member_id))


def choose(
    share: Share,
    document: DocumentFact,
    prior: Collection[int],
    only_prior: bool,
    program_id: int,
    party: str = "buyer",
) -> tuple[list[MemberFact], list[Refused]]:
    """Return the members who get a share, and those who do not, with reasons.

    :param prior: members the rule was already booked to for the same source; they
        need no enrolment any more.
    :param only_prior: the source does not qualify (any more) for anybody else.
    :param program_id: of the rule; a member may take part in other programs only.
    :param party: whose people the rule is for.
    """
    in_role = members_in_role(share.role, document)
    if not in_role:
        return [], [(None, Reason("no_member", {"role": share.role}))]
    if only_prior:
        in_role = [member for member in in_role if member.member_id in prior]
    if share.pick == "referrer":
        in_role = [m for m in in_role if m.referral_level == share.level]
        if not in_role:
            # that nobody brought who brought the buyer is nothing to tell
            nobody = Reason("not_the_referrer", {"role": share.role})
            return [], [(None, nobody)] if share.level == 1 else []
    elif share.pick in _NAMED:
        attribute, nobody = _NAMED[share.pick]
        in_role = [member for member in in_role if getattr(member, attribute)]
        if not in_role:
            return [], [(None, Reason(nobody.code, {"role": share.role}))]
    problems = {
        member.member_id: problem
        for member in in_role
        if member.member_id not in prior
        if (
            problem := _other_party(share, member, party)
            or _problem(member, document, program_id)
        )
    }
    able = [m for m in in_role if m.member_id not in problems]
    refused = [(m, problems[m.member_id]) for m in in_role if m not in able]
    if share.pick in ("each", "split"):
        return able, refused
    # The person on the document, else whoever has it already, else the first.
    able.sort(key=lambda m: (not m.is_contact, m.member_id not in prior))
    return able[:1], [] if able else refused


def too_deep(rule: Rule, document: DocumentFact) -> list[Refused]:
    """Return the recommenders of levels that a rule gives nothing, with the reason."""
    levels: dict[str, int] = {}
    for part in rule.parts:
        if part.pick == "referrer":
            levels[part.role] = max(part.level, levels.get(part.role, 0))
    return [
        (
            member,
            Reason(
                "too_deep",
                {"level": member.referral_level, "levels": levels[member.role]},
            ),
        )
        for member in document.members
        if (member.referral_level or 0) > levels.get(member.role, DEEPEST)
    ]


def _other_party(share: Share, member: MemberFact, party: str) -> Reason | None:
    """Return that a member belongs to the other party of the document, or to none."""
    if share.pick in ("seller", "referrer"):
        return None
    if not (member.is_buyer or member.is_receiver):
        return Reason("other_employer")
    if member.is_receiver if party == "receiver" else member.is_buyer:
        return None
    return Reason("other_party", {"party": party})


def _problem(
    member: MemberFact, document: DocumentFact, program_id: int
) -> Reason | None:
    """Return why a member gets nothing of a program for a document."""
    at = document.occurred_at
    if not member.is_enrolled(at):
        if at < member.enrolled_at:
            params = {"enrolled_at": member.enrolled_at.isoformat()}
            return Reason("not_enrolled_yet", params)
        return Reason("left", {"left_at": member.left_at.isoformat()})
    if member.program_ids and program_id not in member.program_ids:
        return Reason("other_programs")
    return None
