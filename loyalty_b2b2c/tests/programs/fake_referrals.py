"""Referrals, as a package would bring them: who brought a customer can be chosen."""


class FakePick:
    """Who brought the customer can be chosen, as there is somebody who knows."""

    def _get_picks(self):
        return {**super()._get_picks(), "referrer": "Who brought the customer"}


class FakeSource:
    """Recommenders brought every customer."""

    def _get_referrers(self, document):
        brought = self.env["b2b2c.member"].search([("role", "=", "recommender")])
        return super()._get_referrers(document) | brought
