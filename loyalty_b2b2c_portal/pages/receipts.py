from ..addresses import path
from . import words

_SHOWN = 20


class ReceiptsPage:
    """The page on which a participant sends photos of receipts.

    :param submitters: memberships that may hand in, see :func:`membership.submitters`
    """

    def __init__(self, submitters):
        self.submitters, self.env = submitters, submitters.env

    def rows(self):
        """Return what these people handed in, newest first.

        :return: list of dict with the keys ``id``, ``title``, ``day``, ``status``,
            ``tone`` (of Bootstrap), ``reason``, ``is_reading``, ``is_open`` (nobody
            decided on it yet) and ``photo`` (address of its picture, empty without one)
        """
        return [self._get_row(receipt) for receipt in self._search(limit=_SHOWN)]

    def get(self, receipt_id):
        """Return a receipt of these people, empty when it is somebody else's."""
        return self._search([("id", "=", receipt_id)])

    def _search(self, domain=(), **options):
        own = [("claim_id.submitter_id", "in", self.submitters.ids)]
        return self.env["b2b2c.receipt"].sudo().search([*own, *domain], **options)

    def _get_row(self, receipt):
        claim = receipt.claim_id
        number = receipt.serial or receipt.fiscal_number or receipt.number
        status, tone = self._get_status(receipt)
        return {
            "id": receipt.id,
            "title": self.env._("No. %s", number) if number else self._name(receipt),
            "day": words.moment(self.env, claim.create_date),
            "status": status,
            "tone": tone,
            "reason": " ".join(claim._get_refused_texts())
            if receipt.state == "refused"
            else "",
            "is_reading": _is_reading(receipt),
            "is_open": receipt.state in ("draft", "review"),
            "photo": path("receipt_photo", receipt=receipt.id)
            if receipt.page_ids
            else "",
        }

    def _name(self, receipt):
        """Return what a receipt is called whose number nobody knows yet."""
        is_stamp = receipt.kind == "tax_stamp"
        return self.env._("Tax stamp") if is_stamp else self.env._("Receipt")

    def _get_status(self, receipt):
        """Return ``(text, tone)`` of how far a receipt is."""
        if _is_reading(receipt):
            return self.env._("Being read"), "info"
        if receipt.state == "accepted":
            claim = receipt.claim_id
            points = claim._get_points()[claim.id]["text"]
            return points or self.env._("Accepted"), "success"
        if receipt.state == "cancelled":
            return self.env._("Taken back"), "secondary"
        if receipt.state == "refused":
            return self.env._("Not accepted"), "danger"
        return self.env._("Being checked"), "warning"


def _is_reading(receipt):
    return receipt.state == "draft" and receipt.read_state in ("waiting", "reading")
