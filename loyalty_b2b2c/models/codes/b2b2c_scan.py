import secrets
from dataclasses import asdict
from datetime import timedelta

from psycopg2.extras import Json

from odoo import api, fields, models

from ...engine import product_code
from ...engine.suspicion import ScanFact, ScanLimits, judge
from ...engine.typed_text import read_token
from ...exceptions import LoyaltyError
from ...values import shown
from ..base.days import word_moment
from ..base.rows import remember
from ..claims import claim_words
from ..people.b2b2c_member_fact import FACT_FIELDS
from . import scan_lookup
from .scan_lookup import ScanLookup
from .scan_values import Scan, Taken

KEY_LENGTHS = (8, 64)
_OLDEST = timedelta(days=30)

#: What a scan reads of a shop: Odoo would fetch every column otherwise, and that is
#: what most of a scan's time went to.
_SHOP = ("commercial_partner_id", "partner_latitude", "partner_longitude")
_PREFIX = "b2b2c_scan_"


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
        if it had come alone: it sees what those before it did.  Neighbouring codes are
        looked at all together: in which order they come proves nothing.

        :param members: memberships of the person in force
        :param scans: list of dict with ``text`` (scanned or typed), ``key`` (chosen by
            the phone; sending again answers the same) and, optionally, ``pin``,
            ``occurred_at`` (what the phone says, naive UTC), ``place`` (latitude,
            longitude) and ``member``, the membership the person chose
        :param address: IP address of the phone
        :return: list of dict with ``status`` (``credited``, ``pending``, ``review``,
            ``mine``, ``refused``, ``wait``, ``typo``, ``pin``), ``message``,
            ``points``, ``product``, ``quantity``, ``balances``
        """
        texts = [self._read(members, scan) for scan in scans]
        codes = {code for code, _pin, answer in texts if not answer}
        if not codes:
            return [answer for _code, _pin, answer in texts]
        members = members.sudo()
        members.fetch(FACT_FIELDS)
        members.employer_id.fetch(_SHOP)
        lookup = ScanLookup(members, codes, address)
        outcomes = []
        for (code, pin, answer), values in zip(texts, scans, strict=True):
            outcome = answer or self._take_known(lookup, code, pin, values, address)
            outcomes.append(outcome)
        return self._tell(outcomes)

    def _take_known(self, lookup, code, pin, values, address):
        """Return what became of a scan whose text is a code: ``Taken`` or an answer."""
        scan = self._get_scan(lookup, code, pin, values, address)
        # all that is asked of the company below
        remember(scan.company, {"currency_id": scan.settings["currency_id"]})
        service = self.sudo().with_context(allowed_company_ids=scan.company.ids)
        outcome = service._take_code(scan, lookup)
        if isinstance(outcome, Taken):
            lookup.take(outcome.code_ids, outcome.claim)
        return outcome

    def _take_code(self, scan, lookup):
        """Return what became of a scan (:class:`Taken`), or an answer.

        :param lookup: what is known of the request's codes; learns of wrong ones
        """
        first = scan.first
        if first.submitter_id in lookup.members and first.request_key == scan.key:
            return Taken(first)  # sent again: the answer was lost
        if self._is_locked(scan, lookup):
            return self._answer_wait("locked")
        reason = self._get_refusal(scan)
        if reason:
            return self._refuse(scan, lookup, reason)
        return self._accept(scan, lookup)

    def _tell(self, outcomes):
        """Book what was taken, all at once; return the answers."""
        taken = [outcome for outcome in outcomes if isinstance(outcome, Taken)]
        claims = self.env["b2b2c.claim"].sudo().union(*(item.claim for item in taken))
        claims.browse(item.claim.id for item in taken if item.code_ids)._book()
        points = claims._get_points()
        return [
            self._answer_taken(outcome, points[outcome.claim.id])
            if isinstance(outcome, Taken)
            else outcome
            for outcome in outcomes
        ]

    # === READING WHAT CAME IN === #

    def _read(self, members, scan):
        """Return ``(code, PIN, answer)``; an answer when there is nothing to look up.

        :raise LoyaltyError: the page is an old one
        """
        pin = product_code.read_pin(scan.get("pin"))
        if not read_token(scan["key"], *KEY_LENGTHS):
            raise LoyaltyError(self.env._("This page is outdated. Open it again."))
        scanned = product_code.read(scan["text"])
        if not scanned.code:
            scanned = self._get_outside(members.company_id, scanned)
        answer = None
        if not scanned.code:
            answer = self._answer_typo(scanned.problem)
        elif scanned.wants_pin and not pin:
            answer = self._answer_pin()
        return scanned.code, scanned.wants_pin and pin, answer

    def _get_outside(self, companies, scanned):
        """Return a code of another maker, if this company took over such codes.

        :param scanned: what was read, a ``Scanned`` without a code
        :return: ``Scanned`` with a code, or ``scanned`` as it was
        """
        if not scanned.outside:
            return scanned
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
            return scanned
        # asked for with every such code, or it would tell which codes exist
        pin = any(imported.mapped("with_pin"))
        return product_code.Scanned(code=scanned.outside, wants_pin=pin)

    def _get_scan(self, lookup, code, pin, values, address):
        """Return a :class:`Scan` of what a phone sent, for the right membership."""
        row = lookup.rows.get(code)
        now, stated_at = fields.Datetime.now(), values.get("occurred_at")
        chosen = values.get("member", lookup.members.browse()).sudo()
        member = self._choose(chosen | lookup.members, row)
        return Scan(
            member=member,
            code=code,
            row=row,
            pin=pin,
            key=values["key"],
            arrived_at=now,
            age=min(max(now - (stated_at or now), timedelta(0)), _OLDEST),
            address=address,
            place=values.get("place"),
            settings=self._get_settings(member.company_id.id),
        )

    def _choose(self, members, row):
        """Return the membership a scan is for: of the shop the goods went to."""
        members = members.filtered(lambda member: member.state == "enrolled")
        if not members:
            raise LoyaltyError(self.env._("You do not take part at the moment."))
        if not row:
            return members[0]
        company_id, shop_id = row["company_id"], row["shop_id"]
        in_company = members.filtered(lambda member: member.company_id.id == company_id)
        members = in_company or members
        at_shop = members.filtered(
            lambda member: member.employer_id.commercial_partner_id.id == shop_id
        )
        return (at_shop or members)[0]

    @api.model
    def _get_settings(self, company_id):
        """Return what a company set up for scans, names without ``b2b2c_scan_``."""
        values = self.env["res.company"]._get_loyalty_settings(company_id, "scan")
        return {name.removeprefix(_PREFIX): value for name, value in values.items()}

    # === DECIDING === #

    def _is_locked(self, scan, lookup):
        """Tell whether there were too many wrong codes within the hour."""
        limits = self._get_failure_limits(scan)
        return any(
            limit and lookup.failures[scan.name(scope)] >= limit
            for scope, limit in zip(scan.scopes, limits, strict=True)
        )

    def _get_refusal(self, scan):
        """Return why a code cannot be claimed, ``None`` when it can."""
        row = scan.row
        is_ours = row and row["company_id"] == scan.company.id
        right_pin = self._is_right_pin(scan, row["pin_hash"] if is_ours else "")
        if not is_ours:
            return "unknown"
        if not right_pin:
            return "wrong_pin"
        if row["state"] in ("claimed", "blocked", "returned"):
            return row["state"]
        if row["batch_state"] in ("frozen", "closed"):
            return row["batch_state"]
        if not row["usable"]:
            expired = row["valid_until"] and row["valid_until"] <= fields.Datetime.now()
            return "expired" if expired else "not_active"
        if scan.is_other_shop and scan.settings["other_shop"] == "refuse":
            return "other_shop"
        return None

    def _is_right_pin(self, scan, stored):
        """Tell whether the PIN is right; after some wrong ones none is any more, until
        an officer opens the code again.

        Tries are counted for codes that do not exist, too: it takes as long.

        :param stored: hash of the PIN, nothing for a code without
        """
        if not scan.pin:
            return not stored
        pepper = self.env["b2b2c.code.batch"]._get_pepper()
        given = product_code.hash_pin(pepper, scan.code, scan.pin)
        tries = self.env["b2b2c.pin.try"]
        is_open = tries._is_open(scan)
        if stored is not None and secrets.compare_digest(given, stored):
            if is_open:
                tries._forgive(scan)
            return is_open
        tries._count(scan)
        return stored is None

    def _get_fact(self, scan, lookup):
        """Return what is known about a scan, for the judgement."""
        latitude, longitude = scan.shop.partner_latitude, scan.shop.partner_longitude
        adjacent, shop_scans = scan_lookup.count_around(scan)
        if scan.settings["adjacent"]:
            # in which order a phone sends them, and with which gaps, proves nothing
            adjacent += lookup.count_with(scan.row)
        return ScanFact(
            age=scan.age,
            is_other_shop=(
                scan.is_other_shop and scan.settings["other_shop"] == "review"
            ),
            adjacent=adjacent,
            shop_scans=shop_scans,
            failures=lookup.failures[scan.name(scan.scopes[0])],
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

    # === CLAIMING === #

    def _accept(self, scan, lookup):
        """Claim a code and everything in it for the submitter."""
        if not self.env["b2b2c.hour.count"]._count(
            scan.company, f"scans/m{scan.member.id}", scan.settings["member_hour"]
        ):
            return self._answer_wait("member_rate")
        judged = judge(self._get_fact(scan, lookup), self._get_limits(scan.settings))
        # what the claim asks of its code: which goods it names
        names = ("lot_id", "package_id", "level")
        code = self.env["b2b2c.code"].browse(scan.row["id"])
        remember(code, {name: scan.row[name] for name in names})
        code_ids, lines = self._get_lines(scan.row)
        if not code_ids:  # all that is packed in it was scanned one by one
            return self._refuse(scan, lookup, "emptied")
        claim, is_new = self.env["b2b2c.claim"]._store(
            scan.member,
            {
                **self._get_values(scan),
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

    def _get_lines(self, row):
        """Return the codes a scan claims and the lines of its claim.

        A code on a block or pallet stands for all units in it nobody scanned yet.

        :return: ``(code ids, lines)``, no ids when there is nothing left
        """
        ids, quantity = [row["id"]], row["content"]
        if row["package_id"]:
            quantity = scan_lookup.get_packed_quantity(self.env, row) or quantity
        if row["is_parent"] or row["package_id"]:
            open_ids, leaves = scan_lookup.get_open_codes(self.env, row["id"])
            if row["is_parent"] and not leaves:
                return [], []
            ids = open_ids
            if leaves:
                quantity = leaves * row["content"]
        product = scan_lookup.remember_product(self.env, row)
        # sellers read it, who know no internal reference
        named = product.with_context(display_default_code=False)
        amount = shown(product.lst_price * quantity)
        line = {
            "product_id": product.id,
            "product_uom_id": product.uom_id.id,
            "name": named.display_name,
            "quantity": quantity,
            "amount_untaxed": amount,
            "amount_total": amount,
        }
        return ids, [line]

    def _get_values(self, scan):
        """Return the columns of a claim that do not depend on the outcome."""
        return {
            "kind": "scan",
            "reference": product_code.masked(scan.code),
            "request_key": scan.key,
            "occurred_at": scan.occurred_at,
            "arrived_at": scan.arrived_at,
            "code_id": scan.row["id"] if scan.row else None,
            "batch_id": scan.row["batch_id"] if scan.row else None,
            "address": scan.address or None,
        }

    def _to_json(self, findings):
        return Json([asdict(finding) for finding in findings]) if findings else None

    # === REFUSING === #

    def _refuse(self, scan, lookup, reason):
        """Store an attempt, count it, and say no.

        The same statements and the same words whether the code exists or not.
        """
        if reason == "claimed":
            reason = self._classify(scan, lookup.members)
        if reason != "retry" and not self._count_failure(scan, lookup):
            return self._answer_wait("locked")
        self.env["b2b2c.claim"]._store(
            scan.member,
            {
                **self._get_values(scan),
                "state": "refused",
                "reason_code": reason,
                "findings": None,
            },
        )
        if reason == "retry":
            return Taken(scan.first, is_again=True)
        return self._answer_refused()

    def _count_failure(self, scan, lookup):
        """Count a wrong code; tell whether person and address were still allowed it."""
        lookup.failures.update(scan.name(scope) for scope in scan.scopes)
        limits = self._get_failure_limits(scan)
        return self.env["b2b2c.hour.count"]._count_apart(
            scan.company, dict(zip(scan.scopes, limits, strict=True))
        )

    def _get_failure_limits(self, scan):
        """Return how many wrong codes an hour may have, in the order of the scopes."""
        return scan.settings["failures"], scan.settings["address_failures"]

    def _classify(self, scan, members):
        """Return what a second scan of a claimed code looks like.

        ``retry``: the same person; ``sharing``: a colleague, or the same address;
        ``copy``: somebody at another shop, so the code was probably copied.
        """
        first = scan.first
        if first.submitter_id in members:
            return "retry"
        if first.partner_id == scan.shop or (
            scan.address and first.address == scan.address
        ):
            return "sharing"
        return "copy"

    # === ANSWERS === #

    def _answer(self, status, message, **values):
        """Return an answer as the page expects it, see :meth:`_take_all`."""
        return {
            "status": status,
            "message": message,
            "points": "",
            "product": "",
            "quantity": "",
            "balances": [],
            **values,
        }

    def _answer_typo(self, problem):
        """Say what is wrong with a text that is no code.

        :param str problem: of a ``Scanned``
        """
        return self._answer("typo", claim_words.word(self.env, problem))

    def _answer_pin(self):
        """Ask for the PIN."""
        return self._answer("pin", self.env._("Scratch and enter the PIN, too."))

    def _answer_wait(self, reason):
        """Say that a limit within the hour is reached.

        :param str reason: ``locked`` or ``member_rate``
        """
        return self._answer("wait", claim_words.word(self.env, reason))

    def _answer_refused(self):
        """Say no: always in the same words, whatever the reason."""
        return self._answer("refused", claim_words.word(self.env, "not_accepted"))

    def _answer_taken(self, taken, points):
        """Say what became of a scan, by its claim as it is now.

        :param dict points: what the claim brought, see ``b2b2c.claim._get_points``
        """
        claim = taken.claim
        if claim.state == "refused":
            return self._answer_refused()
        status, message = self._word_taken(taken, points)
        line = claim.line_ids[:1]
        return self._answer(
            status,
            message,
            product=line.name or line.product_id.display_name or "",
            quantity=f"{line.quantity:g}" if line.quantity != 1 else "",
            balances=points["balances"],
            points=points["text"],
        )

    def _word_taken(self, taken, points):
        """Return ``(status, message)`` of a claim that stands."""
        claim = taken.claim
        if taken.is_again:
            when = word_moment(self.env, claim.occurred_at)
            again = self.env._("You registered this code already, on %s.", when)
            return "mine", again
        if claim.state in ("review", "draft"):
            return "review", claim_words.word(self.env, "in_review")
        if points["posted"]:
            return "credited", self.env._("Done!")
        if points["pending"]:
            return "pending", self.env._("Registered. The points are pending.")
        counted = claim.with_env(self.env)._get_counted_text()
        if counted:
            return "mine", counted
        return "credited", self.env._("Registered for your shop.")
