from odoo.addons.loyalty_b2b2c_portal.pages.proofs import Proofs
from odoo.addons.loyalty_b2b2c_portal.pages.receipts import ReceiptsPage

from .commands import Commands

_SHOWN = 5

WORDS = {
    "begin": lambda env, p: env._("🧾 Hand in a receipt"),
    "list": lambda env, p: env._("My receipts"),
    "ask": lambda env, p: env._(
        "Take a photo of the whole receipt, in good light, and send it here. A long "
        "one may be several photos."
    ),
    "ask_more": lambda env, p: env._(
        "I have the photo. Does the receipt go on? Send the next part. Otherwise press "
        "“Hand in”."
    ),
    "full": lambda env, p: env._("These are as many photos as I can take."),
    "send": lambda env, p: env._("✅ Hand in"),
    "anew": lambda env, p: env._("Begin anew"),
    "cancel": lambda env, p: env._("✖ Never mind"),
    "reading": lambda env, p: env._("I am reading your receipt…"),
    "sent": lambda env, p: env._("I write to you as soon as I know what you get."),
    "none": lambda env, p: env._("You have not handed in a receipt yet."),
}


class ReceiptCommands(Commands):
    """Receipts: stored and read as those of the receipts' page."""

    flow = "receipt"
    words = WORDS

    def offers(self):
        return ("begin",) if Proofs(self.submitters).receipts_earn() else ()

    def upload(self, files, key):
        """Hand photos in as one receipt and return its row, see ``ReceiptsPage``."""
        submitters = self.submitters
        receipt = self.env["b2b2c.receipt"]._upload(
            submitters[:1],
            [self.clerk.fetch(file) for file in files],
            self.clerk.get_key(key),
        )
        return self._get_row(receipt.id)

    def list(self):
        """Return the rows of the latest receipts."""
        return ReceiptsPage(self.submitters).rows()[:_SHOWN]

    def _get_row(self, receipt_id):
        rows = ReceiptsPage(self.submitters).rows()
        return next(row for row in rows if row["id"] == receipt_id)


def word_row(row):
    """Return a receipt as lines.

    :param dict row: of ``ReceiptsPage``
    """
    lines = [f"{row['title']} · {row['day']}", row["status"], row["reason"]]
    return "\n".join(line for line in lines if line)
