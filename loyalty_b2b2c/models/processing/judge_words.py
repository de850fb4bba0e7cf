"""Verdicts as rows for those who ask from outside: the terminal, the API."""

from ..programs import explanation


def describe(env, verdicts):
    """Return what is said of a document as plain rows.

    :param env: whose language the reasons are worded in
    :param verdicts: list of :class:`~.judge.Verdict`
    :return: ``{"awards": [{"member_id", "member_name", "role", "program", "rule",
        "unit", "unit_id", "points", "points_pending", "expected_at", "reasons"}],
        "refusals": [{"member_id", "member_name", "program", "rule", "reason"}]}``;
        points are Decimal, reasons sentences
    :raise FactError: the document cannot be measured
    """
    decisions = [verdict.decision for verdict in verdicts]
    return {
        "awards": [
            _describe_award(env, award)
            for decision in decisions
            for award in decision.awards
        ],
        "refusals": [
            _describe_refusal(env, refusal)
            for decision in decisions
            for refusal in decision.refusals
        ],
    }


def _describe_award(env, award):
    program = env["b2b2c.program"].browse(award.program_id)
    member = env["b2b2c.member"].browse(award.member_id)
    return {
        "member_id": member.id,
        "member_name": member.name,
        "role": member.role,
        "program": program.name,
        "rule": env["b2b2c.earning.rule"].browse(award.rule_id).name,
        "unit": program.unit_id.name,
        "unit_id": program.unit_id.id,
        "points": award.points_released,
        "points_pending": award.points_pending,
        "expected_at": award.expected_at,
        "reasons": explanation.render(
            env,
            explanation.to_json(award.explanation),
            currency=program.company_id.currency_id,
        ),
    }


def _describe_refusal(env, refusal):
    member = env["b2b2c.member"].browse(refusal.member_id)
    program = env["b2b2c.program"].browse(refusal.program_id)
    [reason] = explanation.render(
        env,
        explanation.to_json([refusal.reason]),
        currency=program.company_id.currency_id,
    )
    return {
        "member_id": member.id or None,
        "member_name": member.name or None,
        "program": program.name,
        "rule": env["b2b2c.earning.rule"].browse(refusal.rule_id).name or None,
        "reason": reason,
    }
