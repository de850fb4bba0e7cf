"""Memberships of a person: who may do what on the pages, and how they are called."""

from . import words


def owners(members):
    """Return the memberships whose shops' deliveries and staff the person may see."""
    return members.filtered(
        lambda member: member._owns() and member.state == "enrolled"
    )


def submitters(members):
    """Return the memberships that may hand in proofs of sale."""
    return members.filtered(lambda member: member.state == "enrolled")


def accounts(members):
    """Return the accounts of memberships, the oldest account first."""
    return members.account_ids.sorted("id")


def title(member):
    """Return role and company in words: "Shop owner, Corner Shop"."""
    return member.env._(
        "%(role)s, %(employer)s",
        role=member._get_role_label(),
        employer=member.employer_id.name,
    )


def note(member):
    """Return what a person should know about the state of a membership."""
    env = member.env
    if member.state == "suspended":
        return env._(
            "Your participation is paused: for now you do not earn or spend. "
            "Your points stay yours."
        )
    if member.state == "left":
        return env._(
            "Your participation ended on %s. You keep the points shown here.",
            words.day(env, member.left_at),
        )
    if member.state == "merged":
        return env._(
            "Earlier statement: your points were moved to your other membership."
        )
    return ""
