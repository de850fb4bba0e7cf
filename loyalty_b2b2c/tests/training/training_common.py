"""Builders of trainings, for the tests of this room and of the bridges."""

from odoo import Command, fields

from ..challenges.challenge_common import ChallengeCommon


class TrainingCommon(ChallengeCommon):
    """Everybody who sells is trained; passing is worth 50 points, 95 % of it 80."""

    @classmethod
    def _create_training(cls, prizes=None, start=True, **values):
        """Create a training for who sells, that runs for ever.

        :param prizes: ``{score: points}``
        """
        prizes = {0: 50, 95: 80} if prizes is None else prizes
        return cls._create_challenge(
            {},
            start,
            **{
                "name": "Product Expert",
                "kind": "training",
                "first_day": fields.Date.today(),
                "last_day": False,
                "prize_ids": [
                    Command.create({"threshold": score, "points": points})
                    for score, points in prizes.items()
                ],
                **values,
            },
        )

    def _judge(self):
        """Judge what waits, as happens after the commit."""
        self.env["b2b2c.training.attempt"]._process_now()

    def _get_points(self, member):
        """Return how many points of the program a participant has."""
        account = member._get_account(self.program.unit_id)
        account.invalidate_recordset()
        return account.balance_available

    def _get_proofs(self, challenge):
        """Return ``[(participant, state, score)]`` of a training, the oldest first."""
        proofs = self.env["b2b2c.training.proof"].search(
            [("challenge_id", "=", challenge.id)], order="id"
        )
        return [(one.member_id, one.state, one.score) for one in proofs]
