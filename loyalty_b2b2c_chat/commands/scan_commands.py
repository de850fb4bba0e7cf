from odoo.addons.loyalty_b2b2c.engine import product_code
from odoo.addons.loyalty_b2b2c_portal.pages.movements import Movements
from odoo.addons.loyalty_b2b2c_portal.pages.proofs import Proofs

from .commands import Commands

#: Where codes are scanned within a messenger, with the id of the channel behind it.
SCAN_PAGE = "/b2b2c/chat-scan/"
#: With more codes at once the reasons of each would be too much to read.
_EXPLAINED = 3
#: Characters of something mistyped that was meant to be a code.
_LIKE_CODE = range(product_code.LENGTH - 3, product_code.LENGTH + 4)

WORDS = {
    "begin": lambda env, p: env._("📷 Register a code"),
    "next": lambda env, p: env._("📷 Next code"),
    "again": lambda env, p: env._("📷 Try again"),
    "open_camera": lambda env, p: env._("Scan with the camera"),
    "ask": lambda env, p: env._(
        "Type the code, or send a photo of it. There may be several codes on one photo."
    ),
    "no_text": lambda env, p: env._("There is no code in this."),
    "looking": lambda env, p: env._("I am looking for codes on the photo…"),
    "found": lambda env, p: (
        env._("Codes on the photo: %s.", p["count"])
        if p["count"] > 1
        else env._("I found a code on the photo.")
    ),
    "nothing": lambda env, p: env._(
        "I found no code on the photo. Take it from nearer, in good light, or send it "
        "as a file: then it stays sharp."
    ),
    "ask_what": lambda env, p: env._(
        "I found no code on the photo. Is it a receipt? Otherwise take the photo from "
        "nearer, in good light, or send it as a file: then it stays sharp."
    ),
    "is_receipt": lambda env, p: env._("🧾 It is a receipt"),
    "try_again": lambda env, p: env._("📷 Try again"),
    "ask_pin": lambda env, p: env._(
        "Code %s has a PIN: scratch it free and type it.", p["code"]
    ),
    "skip_pin": lambda env, p: env._("Without the PIN: another code"),
    "points": lambda env, p: env._("You get %s.", p["points"]),
    "balance": lambda env, p: env._("Your balance: %s", p["balances"]),
    "mark_credited": lambda env, p: "✅",
    "mark_pending": lambda env, p: "⏳",
    "mark_review": lambda env, p: "⏳",
    "mark_mine": lambda env, p: "ℹ️",
    "mark_refused": lambda env, p: "✖️",
    "mark_wait": lambda env, p: "✋",
    "mark_typo": lambda env, p: "✏️",
    "mark_pin": lambda env, p: "🔑",
}


class ScanCommands(Commands):
    """Codes, typed or on a photo: taken as the scan page takes them."""

    flow = "scan"
    words = WORDS

    def offers(self):
        return ("begin",) if Proofs(self.submitters).codes_earn() else ()

    def page(self):
        """Return the address of a page with the camera: ours within the messenger where
        it tells us who looks at it, else that of the portal."""
        channel = self.link.channel_id
        if channel._get_abilities().can_web_page:
            return f"{self.company.get_base_url()}{SCAN_PAGE}{channel.id}"
        return self.company._get_rewards_url("scan")

    def has_codes(self, texts):
        """Tell whether one of the texts is a code, or was to be one."""
        return bool(self.submitters) and any(map(self._is_like_code, texts))

    def _is_like_code(self, text):
        """Tell whether somebody who was asked nothing meant a code with this."""
        found = product_code.read(text)
        if found.code or found.problem == "typo":
            return True
        plain = product_code.standardize(text)
        if not any(map(str.isdigit, plain)):
            return False
        if self.env["b2b2c.scan"]._get_outside(self.members.company_id, found).code:
            return True
        has_both = not plain.isdigit()
        return has_both and plain.isalnum() and len(plain) in _LIKE_CODE

    def take(self, texts, key, pin):
        """Take codes.

        :param texts: as typed or as scanned
        :param str key: of what came in: the same again is the same scans
        :param str pin: of the only code
        :return: list of answers as of ``b2b2c.scan._take_all``, each with its reasons
            (``why``, list of sentences)
        """
        keys = [f"{self.clerk.get_key(key)}-{number}" for number in range(len(texts))]
        answers = self.env["b2b2c.scan"]._take_all(
            self.submitters,
            [
                {"text": text, "key": one, "pin": pin}
                for text, one in zip(texts, keys, strict=True)
            ],
        )
        reasons = self._get_reasons(keys) if len(texts) <= _EXPLAINED else {}
        return [
            {**answer, "why": reasons.get(one, [])}
            for answer, one in zip(answers, keys, strict=True)
        ]

    def _get_reasons(self, keys):
        """Return what the statement says of these scans: dict key -> sentences."""
        members = self.submitters
        claims = self.env["b2b2c.claim"].sudo()
        claims = claims.search(
            [("submitter_id", "in", members.ids), ("request_key", "in", keys)]
        )
        names = {claim.id: claim.request_key for claim in claims}
        entries = self.env["b2b2c.ledger.entry"].sudo()
        entries = entries.search(
            [
                ("document_model", "=", claims._name),
                ("document_id", "in", claims.ids),
                ("account_id.member_id.partner_id", "in", members.partner_id.ids),
            ],
            order="id",
        )
        reasons = {}
        for entry, row in zip(entries, Movements(entries).rows(), strict=True):
            told = reasons.setdefault(names[entry.document_id], [])
            told += [line for line in row["why"] if line not in told]
        return reasons

    def read_photo(self, file):
        """Return the codes on a photo, as texts."""
        if not self.submitters:
            return []
        content = self.clerk.fetch(file)
        found = self.env["b2b2c.scan"]._read_photo(self.submitters[:1], content)
        return found["codes"]

    def takes_receipts(self):
        """Tell whether a receipt of the person earns something."""
        return Proofs(self.submitters).receipts_earn()
