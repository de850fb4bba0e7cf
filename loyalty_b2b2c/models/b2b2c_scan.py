import secrets
from dataclasses import asdict, dataclass
from datetime import timedelta

from psycopg2.extras import Json

from odoo import api, fields, models
from odoo.tools import SQL, format_datetime

from ..engine import product_code
from ..engine.suspicion import ScanFact, ScanLimits, judge
from ..exceptions import LoyaltyError
from ..values import shown
from . import claim_words
from .b2b2c_code import OPEN, is_usable

KEY_LENGTHS = range(8, 65)
_OLDEST = timedelta(days=30)
_ADJACENT_SPAN = 50  # numbers on each side
_PIN_TRIES = 5
_HIDDEN = "not_accepted"

#: What a scan reads of each model: Odoo would fetch every column otherwise, and that is
#: what most of a scan's time went to.
_READ = {
    "b2b2c.member": (
        "active", "company_id", "employer_id", "merged_into_id", "partner_id", "role",
        "state",
    ),
    "res.partner": ("commercial_partner_id", "partner_latitude", "partner_longitude"),
    "res.company": (
        "currency_id", "b2b2c_scan_adjacent", "b2b2c_scan_adjacent_minutes",
        "b2b2c_scan_address_failures", "b2b2c_scan_audit", "b2b2c_scan_failures",
        "b2b2c_scan_late_hours", "b2b2c_scan_member_hour", "b2b2c_scan_other_shop",
        "b2b2c_scan_radius", "b2b2c_scan_review_score", "b2b2c_scan_shop_hour",
    ),
    "product.product": ("default_code", "product_tmpl_id"),
    "product.template": ("categ_id", "list_price", "name", "uom_id"),
}  # fmt: skip


@dataclass(frozen=True)
class Scan:
    """One scan as it came in; all records with superuser rights."""

    member: models.Model
    code: str
    pin: str  # empty when the code has none
    key: str
    occurred_at: object
    address: str = ""
    place: tuple | None = None

    @property
    def company(self):
        """The company of the program."""
        return self.member.company_id

    @property
    def shop(self):
        """Where the submitter works."""
        return self.member.employer_id.commercial_partner_id

    @property
    def scopes(self):
        """Whose wrong codes are counted: the person's, the address's."""
        return f"failed/m{self.member.id}", f"failed/a{self.address or '-'}"


class B2b2cScan(models.AbstractModel):
    """Takes the code a participant scanned.

    What must hold: a code pays once, whoever scans it how often from where; nobody
    finds codes by trying; a person learns in one sentence what happened.  A code that
    does not exist, is not active, belongs to somebody else or is blocked gets the same
    answer by the same statements, and the attempt is stored for the manager.
    """

    _name = "b2b2c.scan"
    _description = "Scanning of Product Codes"

    @api.model
    def _take(self, members, text, key, pin="", occurred_at=None, **origin):
        """Take a scanned or typed code.

        :param members: memberships of the person in force, the chosen one first
        :param str text: what was scanned or typed
        :param str key: chosen by the phone; sending again answers the same
        :param occurred_at: when it was scanned (naive UTC), now by default
        :param origin: ``address`` (IP) and ``place`` (latitude, longitude), if known
        :return: dict with ``status`` (``credited``, ``pending``, ``review``, ``mine``,
            ``refused``, ``wait``, ``typo``, ``pin``), ``message``, ``points``,
            ``product``, ``quantity``, ``balances``
        """
        if not isinstance(key, str) or len(key) not in KEY_LENGTHS:
            raise LoyaltyError(self.env._("This page is outdated. Open it again."))
        found = product_code.read(text)
        if not found.code:
            found = self._get_outside(members.company_id, found)
        if not found.code:
            return self._answer("typo", claim_words.word(self.env, found.problem))
        pin = product_code.read_pin(pin)
        if found.wants_pin and not pin:
            return self._answer("pin", self.env._("Scratch and enter the PIN, too."))
        members = members.sudo()
        self._fetch(members)
        row = self._look_up(found.code)
        member = self._choose(members, row)
        scan = Scan(
            member, found.code, found.wants_pin and pin, key,
            self._read_moment(occurred_at), **origin,
        )  # fmt: skip
        service = self.sudo().with_context(allowed_company_ids=scan.company.ids)
        return service._take_code(scan, row, members)

    def _take_code(self, scan, row, members):
        first = self._get_first(row)
        if first.submitter_id in members and first.request_key == scan.key:
            return self._describe(first)  # sent again: the answer was lost
        counted = self.env["b2b2c.scan.limit"]._get(scan.company, *scan.scopes)
        if self._is_locked(scan, counted):
            return self._answer("wait", claim_words.word(self.env, "locked"))
        reason = self._get_refusal(scan, row)
        if reason:
            return self._refuse(scan, row, reason, members)
        return self._accept(scan, row, counted, members)

    # === LOOKING UP === #

    def _fetch(self, members):
        """Fetch what a scan needs of people, their shops and companies."""
        members.fetch(_READ[members._name])
        members.employer_id.fetch(_READ["res.partner"])
        members.company_id.fetch(_READ["res.company"])

    def _look_up(self, code):
        """Return what is stored about a code as a dict, ``None`` when it is unknown."""
        cr = self.env.cr
        self.env["b2b2c.code.batch"].flush_model()
        cr.execute(
            SQL(
                """
                SELECT c.id, c.batch_id, c.level, c.serial, c.state, c.pin_hash,
                       c.package_id, c.picking_id, c.shop_id, c.claim_id,
                       b.company_id, b.product_id, b.content, b.state AS batch_state,
                       b.valid_until, %s AS usable,
                       c.level != b.level AS is_parent
                  FROM b2b2c_code c JOIN b2b2c_code_batch b ON b.id = c.batch_id
                 WHERE c.code = %s
                """,
                is_usable(fields.Datetime.now()),
                code,
            )
        )
        return next(iter(cr.dictfetchall()), None)

    def _get_outside(self, companies, found):
        """Return a code of another maker, if this company took over such codes.

        :return: ``Scanned`` with a code, or ``found`` as it was
        """
        if not found.outside:
            return found
        imported = (
            self.env["b2b2c.code.batch"]
            .sudo()
            .search_fetch(
                [
                    ("origin", "=", "import"),
                    ("company_id", "in", companies.ids),
                    ("state", "in", ("printed", "active", "frozen")),
                ],
                ["with_pin"],
            )
        )
        if not imported:
            return found
        # asked for with every such code, or it would tell which codes exist
        pin = any(imported.mapped("with_pin"))
        return product_code.Scanned(code=found.outside, wants_pin=pin)

    def _choose(self, members, row):
        """Return the membership a scan is for: of the shop the goods went to."""
        able = members.filtered(lambda member: member.state == "enrolled")
        if row:
            able = able.filtered(lambda m: m.company_id.id == row["company_id"]) or able
            there = able.filtered(
                lambda m: m.employer_id.commercial_partner_id.id == row["shop_id"]
            )
            able = there or able
        if not able:
            raise LoyaltyError(self.env._("You do not take part at the moment."))
        return able[0]

    def _read_moment(self, occurred_at):
        """Return when somebody scanned: never in the future, never long ago."""
        now = fields.Datetime.now()
        if not occurred_at:
            return now
        return min(max(occurred_at, now - _OLDEST), now)

    # === DECIDING === #

    def _is_locked(self, scan, counted):
        person, address = (counted[scope] for scope in scan.scopes)
        company = scan.company
        return bool(
            company.b2b2c_scan_failures
            and person >= company.b2b2c_scan_failures
            or company.b2b2c_scan_address_failures
            and address >= company.b2b2c_scan_address_failures
        )

    def _get_refusal(self, scan, row):
        """Return why a code cannot be claimed, ``None`` when it can."""
        is_ours = row and row["company_id"] == scan.company.id
        right_pin = self._is_right_pin(scan, row["pin_hash"] if is_ours else "")
        if not is_ours:
            return "unknown"
        if not right_pin:
            return "wrong_pin"
        if row["state"] == "claimed":
            return "claimed"
        if row["state"] in ("blocked", "returned"):
            return row["state"]
        if row["batch_state"] in ("frozen", "closed"):
            return row["batch_state"]
        if not row["usable"]:
            expired = row["valid_until"] and row["valid_until"] <= fields.Datetime.now()
            return "expired" if expired else "not_active"
        if self._is_other_shop(scan, row) and (
            scan.company.b2b2c_scan_other_shop == "refuse"
        ):
            return "other_shop"
        return None

    def _is_right_pin(self, scan, stored):
        """Tell whether the PIN is right; after some wrong ones none is any more.

        Tries are counted for codes that do not exist, too: it takes as long.

        :param stored: hash of the PIN, nothing for a code without
        """
        if not scan.pin:
            return not stored
        pepper = self.env["b2b2c.code.batch"]._get_pepper()
        given = product_code.hash_pin(pepper, scan.code, scan.pin)
        tries = f"pin/{product_code.hash_pin(pepper, scan.code, '')}"
        limits = self.env["b2b2c.scan.limit"]
        is_left = limits._get(scan.company, tries)[tries] < _PIN_TRIES
        if stored is not None and secrets.compare_digest(given, stored):
            return is_left
        limits._count(scan.company, tries)
        return stored is None

    def _is_other_shop(self, scan, row):
        return bool(row["shop_id"]) and row["shop_id"] != scan.shop.id

    def _accept(self, scan, row, counted, members):
        """Claim a code and everything in it for the submitter."""
        company = scan.company
        if not self.env["b2b2c.scan.limit"]._count(
            company, f"scans/m{scan.member.id}", company.b2b2c_scan_member_hour
        ):
            return self._answer("wait", claim_words.word(self.env, "member_rate"))
        judged = judge(self._get_fact(scan, row, counted), self._get_limits(company))
        code_ids, lines = self._get_lines(scan, row)
        if not code_ids:  # all that is packed in it was scanned one by one
            return self._refuse(scan, row, "emptied", members)
        claim, created = self.env["b2b2c.claim"]._submit(
            scan.member,
            {
                **self._get_values(scan, row),
                "state": "review" if judged.needs_review else "accepted",
                "reason_code": "unusual" if judged.needs_review else None,
                "score": judged.score,
                "findings": self._to_json(judged.findings),
            },
            lines,
        )
        if not created:  # the same request, for another code: what it did first
            return self._describe(claim)
        self._claim_codes(code_ids, claim)
        if claim.state == "accepted":
            self.env["b2b2c.event"]._settle(claim)
        return self._describe(claim)

    def _get_fact(self, scan, row, counted):
        """Return what is known about a scan, for the judgement."""
        company, shop = scan.company, scan.shop
        latitude, longitude = shop.partner_latitude, shop.partner_longitude
        return ScanFact(
            age=fields.Datetime.now() - scan.occurred_at,
            is_other_shop=(
                self._is_other_shop(scan, row)
                and company.b2b2c_scan_other_shop == "review"
            ),
            adjacent=self._count_adjacent(scan, row),
            shop_scans=self._count_of_shop(scan),
            failures=counted[scan.scopes[0]],
            place=scan.place,
            shop_place=(latitude, longitude) if latitude or longitude else None,
            draw=secrets.randbelow(100),
        )

    def _get_limits(self, company):
        return ScanLimits(
            adjacent=company.b2b2c_scan_adjacent,
            shop_scans=company.b2b2c_scan_shop_hour,
            radius=company.b2b2c_scan_radius,
            late=timedelta(hours=company.b2b2c_scan_late_hours),
            audit=company.b2b2c_scan_audit,
            review_score=company.b2b2c_scan_review_score,
        )

    def _count_adjacent(self, scan, row):
        """Return how many neighbours of a code the person scanned within minutes."""
        if not scan.company.b2b2c_scan_adjacent:
            return 0
        minutes = scan.company.b2b2c_scan_adjacent_minutes
        return self.env.execute_query(
            SQL(
                """
                SELECT count(*) FROM b2b2c_code c
                  JOIN b2b2c_claim m ON m.id = c.claim_id
                 WHERE c.batch_id = %s AND c.serial BETWEEN %s AND %s
                   AND c.level = %s AND m.submitter_id = %s AND m.occurred_at > %s
                """,
                row["batch_id"],
                row["serial"] - _ADJACENT_SPAN,
                row["serial"] + _ADJACENT_SPAN,
                row["level"],
                scan.member.id,
                scan.occurred_at - timedelta(minutes=minutes),
            )
        )[0][0]

    def _count_of_shop(self, scan):
        """Return how many claims the shop's people made within the hour."""
        limit = scan.company.b2b2c_scan_shop_hour
        if not limit:
            return 0
        return self.env.execute_query(
            SQL(
                """
                SELECT count(*) FROM (
                    SELECT FROM b2b2c_claim
                     WHERE partner_id = %s AND create_date > %s
                       AND kind = 'scan' AND state IN ('accepted', 'review')
                     LIMIT %s) t
                """,
                scan.shop.id,
                fields.Datetime.now() - timedelta(hours=1),
                limit,
            )
        )[0][0]

    # === CLAIMING === #

    def _get_lines(self, scan, row):
        """Return the codes a scan claims and the lines of its claim.

        A code on a block or pallet stands for all units in it nobody scanned yet.

        :return: ``(code ids, lines)``, no ids when there is nothing left
        """
        ids, quantity = [row["id"]], row["content"]
        if row["package_id"]:
            quantity = self._get_packed(row) or quantity
        if row["is_parent"] or row["package_id"]:
            open_ids, leaves = self._get_packed_codes(row["id"])
            if row["is_parent"] and not leaves:
                return [], []
            ids = open_ids
            if leaves:
                quantity = leaves * row["content"]
        product = self.env["product.product"].browse(row["product_id"])
        product.fetch(_READ[product._name])
        product.product_tmpl_id.fetch(_READ["product.template"])
        amount = shown(product.lst_price * quantity)
        line = {
            "product_id": product.id,
            "product_uom_id": product.uom_id.id,
            "name": product.display_name,
            "quantity": quantity,
            "amount_untaxed": amount,
            "amount_total": amount,
        }
        return ids, [line]

    def _get_packed(self, row):
        """Return how much of the product is in the package of a code."""
        return self.env.execute_query(
            SQL(
                """SELECT sum(quantity) FROM stock_quant
                    WHERE package_id = %s AND product_id = %s""",
                row["package_id"],
                row["product_id"],
            )
        )[0][0]

    def _get_packed_codes(self, code_id):
        """Return the unclaimed codes in a code, and how many of them hold no others."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT c.id, NOT EXISTS (
                           SELECT FROM b2b2c_code d WHERE d.parent_id = c.id)
                       AND c.id != %(root)s
                  FROM b2b2c_code c
                 WHERE c.id IN (%(tree)s) AND c.state IN %(open)s
              ORDER BY c.id
                """,
                root=code_id,
                tree=self.env["b2b2c.code"]._select_tree(SQL("SELECT %s", code_id)),
                open=OPEN,
            )
        )
        return [row[0] for row in rows], sum(row[1] for row in rows)

    def _claim_codes(self, code_ids, claim):
        """Give codes to a claim: the statement that makes a code pay once.

        Of two scans at once the second waits, fails with a serialization error and is
        repeated; then it finds the code claimed.

        :raise LoyaltyError: one of them is not free any more
        """
        rows = self.env.execute_query(
            SQL(
                """
                UPDATE b2b2c_code
                   SET state = 'claimed', claim_id = %s, claimed_at = %s
                 WHERE id = ANY(%s) AND state IN %s RETURNING id
                """,
                claim.id,
                fields.Datetime.now(),
                code_ids,
                OPEN,
            )
        )
        if len(rows) != len(code_ids):
            raise LoyaltyError(self.env._("Please scan again."))

    def _get_values(self, scan, row):
        """Return the columns of a claim that do not depend on the outcome."""
        return {
            "kind": "scan",
            "reference": product_code.masked(scan.code),
            "request_key": scan.key,
            "occurred_at": scan.occurred_at,
            "code_id": row["id"] if row else None,
            "batch_id": row["batch_id"] if row else None,
            "address": scan.address or None,
        }

    # === REFUSING === #

    def _refuse(self, scan, row, reason, members):
        """Store an attempt, count it, and say no.

        The same statements and the same words whether the code exists or not.
        """
        first = self._get_first(row)
        if reason == "claimed":
            reason = self._classify(scan, first, members)
        self.env["b2b2c.claim"]._submit(
            scan.member,
            {
                **self._get_values(scan, row),
                "state": "refused",
                "reason_code": reason,
                "findings": None,
            },
        )
        if reason == "retry":
            return self._describe_first(first)
        limits = self.env["b2b2c.scan.limit"]
        for scope in scan.scopes:
            limits._count(scan.company, scope)
        return self._answer("refused", claim_words.word(self.env, _HIDDEN))

    def _get_first(self, row):
        """Return the claim that has a code, of a code that is claimed."""
        claim_id = row["claim_id"] if row and row["state"] == "claimed" else None
        return self.env["b2b2c.claim"].browse(claim_id)

    def _classify(self, scan, first, members):
        """Return what a second scan of a claimed code looks like.

        ``retry``: the same person; ``sharing``: a colleague, or the same address;
        ``copy``: somebody at another shop, so the code was probably copied.
        """
        if first.submitter_id in members:
            return "retry"
        if first.partner_id == scan.shop or (
            scan.address and first.address == scan.address
        ):
            return "sharing"
        return "copy"

    # === ANSWERS === #

    def _answer(self, status, message="", **values):
        return {
            "status": status,
            "message": message,
            "points": "",
            "product": "",
            "quantity": "",
            "balances": [],
            **values,
        }

    def _describe(self, claim):
        """Return the answer to a claim as it is now."""
        if claim.state == "refused":
            return self._answer("refused", claim_words.word(self.env, _HIDDEN))
        mine = claim._get_points_of(claim.submitter_id)
        line = claim.line_ids[:1]
        values = {
            "product": line.product_id.display_name or line.name or "",
            "quantity": f"{line.quantity:g}" if line.quantity != 1 else "",
            "balances": claim.submitter_id._get_balance_texts(),
            "points": mine["text"],
        }
        if claim.state in ("review", "draft"):
            return self._answer(
                "review", claim_words.word(self.env, "in_review"), **values
            )
        if mine["posted"]:
            return self._answer("credited", self.env._("Done!"), **values)
        if mine["pending"]:
            return self._answer(
                "pending", self.env._("Registered. The points are pending."), **values
            )
        return self._answer(
            "credited", self.env._("Registered for your shop."), **values
        )

    def _describe_first(self, first):
        """Return the answer to who scans a code again he had scanned before."""
        answer = self._describe(first)
        when = format_datetime(self.env, first.occurred_at, dt_format="short")
        return dict(
            answer,
            status="mine",
            message=self.env._("You registered this code already, on %s.", when),
        )

    def _to_json(self, findings):
        return Json([asdict(finding) for finding in findings]) if findings else None
