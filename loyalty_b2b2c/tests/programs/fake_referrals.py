"""Recommendations as they would be without the package, and with one of a fake."""


class WithoutPick:
    """Nobody knows who brought a customer."""

    def _get_picks(self):
        picks = super()._get_picks()
        del picks["referrer"]
        return picks


class FakeSource:
    """Recommenders brought every customer."""

    def _get_referrers(self, document):
        brought = self.env["b2b2c.member"].search([("role", "=", "recommender")])
        return [*super()._get_referrers(document), brought]
