import secrets
from collections import Counter
from dataclasses import asdict, dataclass
from datetime import timedelta

from psycopg2.extras import Json

from odoo import api, fields, models
from odoo.tools import SQL, format_datetime

from ...engine import product_code
from ...engine.suspicion import ScanFact, ScanLimits, judge
from ...exceptions import LoyaltyError
from ...values import shown
from ..base.rows import remember
from ..claims import claim_words
from ..people.b2b2c_member_fact import FACT_FIELDS
from .b2b2c_code import OPEN, is_usable

KEY_LENGTHS = range(8, 65)
_OLDEST = timedelta(days=30)
_ADJACENT_SPAN = 50  # numbers on each side
_PIN_TRIES = 5
_HIDDEN = "not_accepted"

#: What a scan reads of a shop: Odoo would fetch every column otherwise, and that is
#: what most of a scan's time went to.
_SHOP = ("commercial_partner_id", "partner_latitude", "partner_longitude")
_PREFIX = "b2b2c_scan_"
#: What is asked of the claim that has a code already, read along with the code.
_FIRST = ("submitter_id", "partner_id", "request_key", "address")


@dataclass(frozen=True)
class Scan:
    """One scan as it came in; all records with superuser rights."""

    member: models.Model
    code: str
    pin: str  # empty when the code has none
    key: str
    occurred_at: object
    address: str
    place: tuple | None
    settings: dict  # of the company, without their prefix

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
        return _scopes(self.member.id, self.address)

    def name(self, scope):
        """Return what a scope is called among those of several companies."""
        return f"{self.company.id}/{scope}"


@dataclass(frozen=True)
class Taken:
    """What became of a scan: the claim that has its code."""

    claim: models.Model
    code_ids: tuple = ()  # which this scan claimed just now
    is_again: bool = False  # the same person scanned a code once more


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
    def _take(self, members, text, key, address="", **values):
        """Take one code; see :meth:`_take_all`."""
        scan = {"text": text, "key": key, **values}
        [answer] = self._take_all(members, [scan], address)
        return answer

    @api.model
    def _take_all(self, members, scans, address=""):
        """Take scanned or typed codes, one after the other; book them together.

        A phone sends together what it could not send at once.  Each scan is judged as
        if it had come alone: it sees what those before it did.

        :param members: memberships of the person in force
        :param scans: list of dict with ``text`` (scanned or typed), ``key`` (chosen by
            the phone; sending again answers the same) and, optionally, ``pin``,
            ``occurred_at`` (naive UTC, now by default), ``place`` (latitude,
            longitude) and ``member``, the membership the person chose
        :param address: IP address of the phone
        :return: list of dict with ``status`` (``credited``, ``pending``, ``review``,
            ``mine``, ``refused``, ``wait``, ``typo``, ``pin``), ``message``,
            ``points``, ``product``, ``quantity``, ``balances``
        """
        read = [self._read(members, scan) for scan in scans]
        codes = {code for code, _pin, answer in read if not answer}
        if not codes:
            return [answer for _code, _pin, answer in read]
        members = members.sudo()
        members.fetch(FACT_FIELDS)
        members.employer_id.fetch(_SHOP)
        rows, counted = self._look_up(codes, members, address)
        taken = []
        for (code, pin, answer), asked in zip(read, scans, strict=True):
            if not answer:
                row = rows.get(code)
                able = asked.get("member", members.browse()).sudo() | members
                scan = self._get_scan(able, row, code, pin, asked, address)
                # all that is asked of the company below
                currency = {"currency_id": scan.settings["currency_id"]}
                remember(scan.company, currency)
                answer = (
                    self.sudo()
                    .with_context(allowed_company_ids=scan.company.ids)
                    ._take_code(scan, row, counted, members)
                )
                self._mark(rows, answer)
            taken.append(answer)
        return self._tell(taken)

    def _read(self, members, scan):
        """Return ``(code, PIN, answer)``; an answer when there is nothing to look up.

        :raise LoyaltyError: the page is an old one
        """
        key, pin = scan["key"], product_code.read_pin(scan.get("pin"))
        if not isinstance(key, str) or len(key) not in KEY_LENGTHS:
            raise LoyaltyError(self.env._("This page is outdated. Open it again."))
        found = product_code.read(scan["text"])
        if not found.code:
            found = self._get_outside(members.company_id, found)
        answer = None
        if not found.code:
            answer = self._answer("typo", claim_words.word(self.env, found.problem))
        elif found.wants_pin and not pin:
            answer = self._answer("pin", self.env._("Scratch and enter the PIN, too."))
        return found.code, found.wants_pin and pin, answer

    def _get_scan(self, members, row, code, pin, asked, address):
        member = self._choose(members, row)
        return Scan(
            member, code, pin, asked["key"],
            self._read_moment(asked.get("occurred_at")), address, asked.get("place"),
            self._get_settings(member.company_id.id),
        )  # fmt: skip

    def _take_code(self, scan, row, counted, members):
        """Return what became of a scan (:class:`Taken`), or an answer.

        :param dict counted: see :meth:`_look_up`; wrong codes are added
        """
        first = self._get_first(row)
        if first.submitter_id in members and first.request_key == scan.key:
            return Taken(first)  # sent again: the answer was lost
        if self._is_locked(scan, counted):
            return self._answer("wait", claim_words.word(self.env, "locked"))
        reason = self._get_refusal(scan, row)
        if reason:
            return self._refuse(scan, row, reason, counted, members)
        return self._accept(scan, row, counted, members)

    def _mark(self, rows, taken):
        """Let the next scans see which codes a scan took."""
        if isinstance(taken, Taken) and taken.code_ids:
            for row in rows.values():
                if row["id"] in taken.code_ids:
                    row.update(state="claimed", claim_id=taken.claim.id)

    def _tell(self, taken):
        """Book what was taken, all at once; return the answers."""
        done = [one for one in taken if isinstance(one, Taken)]
        claims = self.env["b2b2c.claim"].sudo().union(*(one.claim for one in done))
        claims.browse(one.claim.id for one in done if one.code_ids)._book()
        points = claims._get_points()
        return [
            self._describe(one, points[one.claim.id]) if isinstance(one, Taken) else one
            for one in taken
        ]

    # === LOOKING UP === #

    @api.model
    def _get_settings(self, company_id):
        """Return what a company set up for scans, names without ``b2b2c_scan_``."""
        values = self.env["res.company"]._get_loyalty_settings(company_id, "scan")
        return {name.removeprefix(_PREFIX): value for name, value in values.items()}

    def _look_up(self, codes, members, address):
        """Return what is stored about codes, and who tried how often.

        One statement, whether there are such codes or not.

        :return: ``(code -> dict, none for a code nobody knows; Counter "company
            id/scope" -> how much was counted within the hour)``
        """
        cr, now = self.env.cr, fields.Datetime.now()
        self.env["b2b2c.code.batch"].flush_model()
        cr.execute(
            SQL(
                """
                SELECT q.*, counted.by_scope
                  FROM (SELECT jsonb_object_agg(company_id || '/' || scope, number)
                          FROM b2b2c_hour_count
                         WHERE scope = ANY(%(scopes)s) AND company_id = ANY(%(own)s)
                           AND since > %(now)s - interval '1 hour'
                       ) AS counted (by_scope)
             LEFT JOIN (
                SELECT c.code, c.id, c.batch_id, c.level, c.serial, c.state, c.pin_hash,
                       c.package_id, c.picking_id, c.shop_id, c.claim_id,
                       b.company_id, b.product_id, b.content, b.state AS batch_state,
                       b.valid_until, %(usable)s AS usable,
                       EXISTS (SELECT FROM b2b2c_code d WHERE d.parent_id = c.id)
                       AS is_parent,
                       m.submitter_id, m.partner_id, m.request_key, m.address,
                       p.default_code, p.product_tmpl_id, t.name AS product_name,
                       t.uom_id, t.categ_id, t.list_price, g.parent_path,
                       ARRAY(SELECT product_template_attribute_value_id
                               FROM product_variant_combination
                              WHERE product_product_id = p.id) AS values
                  FROM b2b2c_code c
                  JOIN b2b2c_code_batch b ON b.id = c.batch_id
                  JOIN product_product p ON p.id = b.product_id
                  JOIN product_template t ON t.id = p.product_tmpl_id
             LEFT JOIN product_category g ON g.id = t.categ_id
             LEFT JOIN b2b2c_claim m ON m.id = c.claim_id
                 WHERE c.code = ANY(%(codes)s)
                       ) q ON TRUE
                """,
                scopes=[s for member in members for s in _scopes(member.id, address)],
                own=members.company_id.ids,
                now=now,
                usable=is_usable(now),
                codes=list(codes),
            )
        )
        rows = cr.dictfetchall()
        claims = self.env["b2b2c.claim"]
        for row in rows:
            if row["claim_id"]:
                # reading it later would take longer than saying there is no such code
                remember(
                    claims.browse(row["claim_id"]), {name: row[name] for name in _FIRST}
                )
        counted = Counter(rows[0]["by_scope"])
        return {row["code"]: row for row in rows if row["id"]}, counted

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
        limits = scan.settings["failures"], scan.settings["address_failures"]
        return any(
            limit and counted[scan.name(scope)] >= limit
            for scope, limit in zip(scan.scopes, limits, strict=True)
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
        if self._is_other_shop(scan, row) and (scan.settings["other_shop"] == "refuse"):
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
        limits = self.env["b2b2c.hour.count"]
        is_left = limits._get(scan.company, tries)[tries] < _PIN_TRIES
        if stored is not None and secrets.compare_digest(given, stored):
            return is_left
        limits._count(scan.company, tries)
        return stored is None

    def _is_other_shop(self, scan, row):
        return bool(row["shop_id"]) and row["shop_id"] != scan.shop.id

    def _accept(self, scan, row, counted, members):
        """Claim a code and everything in it for the submitter."""
        if not self.env["b2b2c.hour.count"]._count(
            scan.company, f"scans/m{scan.member.id}", scan.settings["member_hour"]
        ):
            return self._answer("wait", claim_words.word(self.env, "member_rate"))
        judged = judge(
            self._get_fact(scan, row, counted), self._get_limits(scan.settings)
        )
        code_ids, lines = self._get_lines(scan, row)
        if not code_ids:  # all that is packed in it was scanned one by one
            return self._refuse(scan, row, "emptied", counted, members)
        claim, is_new = self.env["b2b2c.claim"]._store(
            scan.member,
            {
                **self._get_values(scan, row),
                "state": "review" if judged.needs_review else "accepted",
                "reason_code": "unusual" if judged.needs_review else None,
                "score": judged.score,
                "findings": self._to_json(judged.findings),
            },
            lines,
            code_ids=code_ids,
        )
        # not new: the same request, for another code; what it did first
        return Taken(claim, tuple(code_ids) if is_new else ())

    def _get_fact(self, scan, row, counted):
        """Return what is known about a scan, for the judgement."""
        shop = scan.shop
        latitude, longitude = shop.partner_latitude, shop.partner_longitude
        adjacent, shop_scans = self._count_around(scan, row)
        return ScanFact(
            age=fields.Datetime.now() - scan.occurred_at,
            is_other_shop=(
                self._is_other_shop(scan, row)
                and scan.settings["other_shop"] == "review"
            ),
            adjacent=adjacent,
            shop_scans=shop_scans,
            failures=counted[scan.name(scan.scopes[0])],
            place=scan.place,
            shop_place=(latitude, longitude) if latitude or longitude else None,
            draw=secrets.randbelow(100),
        )

    def _get_limits(self, settings):
        return ScanLimits(
            adjacent=settings["adjacent"],
            shop_scans=settings["shop_hour"],
            radius=settings["radius"],
            late=timedelta(hours=settings["late_hours"]),
            audit=settings["audit"],
            review_score=settings["review_score"],
        )

    def _count_around(self, scan, row):
        """Return how many neighbours of a code the person scanned within minutes, and
        how many claims the shop's people made within the hour."""
        minutes = scan.settings["adjacent_minutes"]
        return self.env.execute_query(
            SQL(
                """
                SELECT (SELECT count(*) FROM (
                            SELECT c.claim_id FROM b2b2c_code c
                             WHERE c.batch_id = %(batch)s AND c.level = %(level)s
                               AND c.serial BETWEEN %(first)s AND %(last)s
                               AND c.claim_id IS NOT NULL AND %(adjacent)s != 0
                            OFFSET 0) t
                          JOIN b2b2c_claim m ON m.id = t.claim_id
                         WHERE m.submitter_id = %(submitter)s
                           AND m.occurred_at > %(since)s),
                       (SELECT count(*) FROM (
                            SELECT FROM b2b2c_claim
                             WHERE partner_id = %(shop)s AND create_date > %(hour)s
                               AND kind = 'scan' AND state IN ('accepted', 'review')
                             LIMIT %(limit)s) t)
                """,
                batch=row["batch_id"],
                level=row["level"],
                first=row["serial"] - _ADJACENT_SPAN,
                last=row["serial"] + _ADJACENT_SPAN,
                adjacent=scan.settings["adjacent"],
                submitter=scan.member.id,
                since=scan.occurred_at - timedelta(minutes=minutes),
                shop=scan.shop.id,
                hour=fields.Datetime.now() - timedelta(hours=1),
                limit=scan.settings["shop_hour"],
            )
        )[0]

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
        product = self._remember_product(row)
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

    def _remember_product(self, row):
        """Return the product of a code, with what was read along with the code.

        Odoo would read it by three statements, and hundred columns.
        """
        product = self.env["product.product"].browse(row["product_id"])
        template = self.env["product.template"].browse(row["product_tmpl_id"])
        values = self.env["product.template.attribute.value"].browse(row["values"])
        lang = self.env.lang or "en_US"
        name = row["product_name"]
        remember(
            product,
            {"default_code": row["default_code"], "product_tmpl_id": template.id},
            product_template_attribute_value_ids=values,
        )
        remember(
            template,
            {
                "name": name.get(lang) or name["en_US"],
                "uom_id": row["uom_id"],
                "categ_id": row["categ_id"],
                "list_price": row["list_price"] or 0,
            },
        )
        if row["categ_id"]:
            remember(template.categ_id, {"parent_path": row["parent_path"]})
        return product

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

    def _refuse(self, scan, row, reason, counted, members):
        """Store an attempt, count it, and say no.

        The same statements and the same words whether the code exists or not.
        """
        first = self._get_first(row)
        if reason == "claimed":
            reason = self._classify(scan, first, members)
        if reason != "retry" and not self._count_failure(scan, counted):
            return self._answer("wait", claim_words.word(self.env, "locked"))
        self.env["b2b2c.claim"]._store(
            scan.member,
            {
                **self._get_values(scan, row),
                "state": "refused",
                "reason_code": reason,
                "findings": None,
            },
        )
        if reason == "retry":
            return Taken(first, is_again=True)
        return self._answer("refused", claim_words.word(self.env, _HIDDEN))

    def _count_failure(self, scan, counted):
        """Count a wrong code; tell whether person and address were still allowed it."""
        counted.update(scan.name(scope) for scope in scan.scopes)
        company = scan.company
        allowed = company.b2b2c_scan_failures, company.b2b2c_scan_address_failures
        return self.env["b2b2c.hour.count"]._count_apart(
            company, dict(zip(scan.scopes, allowed, strict=True))
        )

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

    def _describe(self, taken, points):
        """Return the answer to a scan, by its claim as it is now.

        :param dict points: what the claim brought, see ``b2b2c.claim``
        """
        claim = taken.claim
        if claim.state == "refused":
            return self._answer("refused", claim_words.word(self.env, _HIDDEN))
        if claim.state in ("review", "draft"):
            status, message = "review", claim_words.word(self.env, "in_review")
        elif points["posted"]:
            status, message = "credited", self.env._("Done!")
        elif points["pending"]:
            status = "pending"
            message = self.env._("Registered. The points are pending.")
        else:
            status, message = "credited", self.env._("Registered for your shop.")
        if taken.is_again:
            when = format_datetime(self.env, claim.occurred_at, dt_format="short")
            status = "mine"
            message = self.env._("You registered this code already, on %s.", when)
        line = claim.line_ids[:1]
        return self._answer(
            status,
            message,
            product=line.name or line.product_id.display_name or "",
            quantity=f"{line.quantity:g}" if line.quantity != 1 else "",
            balances=points["balances"],
            points=points["text"],
        )

    def _to_json(self, findings):
        return Json([asdict(finding) for finding in findings]) if findings else None


def _scopes(member_id, address):
    """Return whose wrong codes are counted: the person's, the address's."""
    return f"failed/m{member_id}", f"failed/a{address or '-'}"
