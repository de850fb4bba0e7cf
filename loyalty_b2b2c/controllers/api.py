"""The HTTP API for other systems: ``/loyalty/api/v1``, described by ``openapi.json``.

It computes nothing: ``b2b2c.intake`` records documents, ``b2b2c.ledger.entry`` returns
what was booked.
"""

import logging

from odoo import http
from odoo.http import request
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY

from ..exceptions import AmbiguousPerson, ApiError
from . import api_schema
from .api_dispatcher import BULK_BODY_LIMIT, PREFIX, not_allowed

_logger = logging.getLogger(__name__)


def operation(path, method, right, **options):
    """Return the decorator of a method that serves an operation of the API.

    The dispatcher checks the key, its rights and the call before it runs the method.

    :param str path: as in the description
    :param str method: of HTTP
    :param str right: one of :data:`~..models.api.b2b2c_api_key.RIGHTS`
    :param options: of ``http.route``, and ``idempotent`` and ``body_limit`` (bytes)
    """
    return http.route(
        f"{PREFIX}{path}",
        type="b2b2c_api",
        auth="b2b2c_key",
        methods=[method],
        save_session=False,
        operation=path,
        right=right,
        **{"idempotent": method == "POST", **options},
    )


class LoyaltyApi(http.Controller):
    """One method per operation.

    Each gets a :class:`~.api_dispatcher.Call` and returns a HTTP status and a JSON
    value.
    """

    # === RECORDING === #

    @operation("/sales", "POST", "record")
    def record_sale(self, call):
        return self._record_alone(call, "sale")

    @operation("/shipments", "POST", "record")
    def record_shipment(self, call):
        return self._record_alone(call, "shipment")

    @operation("/events", "POST", "record")
    def record_event(self, call):
        return self._record_alone(call, "event")

    @operation("/bulk", "POST", "record", body_limit=BULK_BODY_LIMIT)
    def record_many(self, call):
        """Record what can be recorded; a bad document stops no other."""
        documents = call.env["b2b2c.external.document"]
        rows = []
        for index, values in enumerate(call.body["documents"]):
            row = {"index": index}
            try:
                with call.env.cr.savepoint():
                    api_schema.check(values, "BulkDocument")
                    document, created = self._record(call, values)
                row.update(document=document, created=created)
                row["status"] = _get_status(document, created)
                documents |= document
            except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
                raise  # the whole call is repeated
            except Exception as exc:  # noqa: BLE001
                row.update(self._get_failure(exc, index))
            rows.append(row)
        call.env["b2b2c.intake"]._settle(documents)
        results = call.env["b2b2c.intake"]._results(documents)
        for row in rows:
            if "document" in row:
                document, created = row["document"], row.pop("created")
                row["document"] = self._to_json(
                    call, document, created, results[document.id]
                )
        statuses = [row["status"] for row in rows]
        created, known, waiting = map(statuses.count, (201, 200, 202))
        return 200, {
            "created": created,
            "known": known,
            "waiting": waiting,
            "failed": len(rows) - created - known - waiting,
            "results": rows,
        }

    def _get_failure(self, exc, index):
        """Return status and error of a document in a bulk call that failed."""
        error = request.dispatcher.to_error(exc)
        if error.code == 500:
            _logger.exception("Document %s of a bulk call failed", index)
        return {"status": error.code, "error": request.dispatcher.to_body(error)}

    def _record_alone(self, call, document_type):
        """Record the only document of a call and book what it earns."""
        document, created = self._record(call, {"type": document_type, **call.body})
        call.env["b2b2c.intake"]._settle(document)
        answer = self._get_answer(call, document, created)
        return _get_status(document, created), answer

    def _record(self, call, values):
        """Store a document.

        :return: ``(document, whether it is new)``
        :raise IntakeError: it cannot be recorded
        """
        return call.env["b2b2c.intake"]._record(values, **self._origin(call))

    def _origin(self, call):
        """Return the reporter and the company as keywords for the intake."""
        return {
            "company": call.env.company,
            "reporter": call.grant.get_reporter(call.env),
            "mandate": call.grant.mandate,
            "channel": "api",
        }

    def _get_answer(self, call, document, created):
        """Return a document with what is booked for it as JSON value."""
        results = call.env["b2b2c.intake"]._results(document)
        return self._to_json(call, document, created, results[document.id])

    def _to_json(self, call, document, created, results):
        """Return a document as JSON value, with the people its reporter knows.

        :param results: see ``b2b2c.intake``, ``_results``
        """
        reporter = call.grant.get_reporter(call.env)
        if reporter:
            intake = call.env["b2b2c.intake"]
            results = intake._hide_strangers(results, document, reporter)
        return _document(document, created, results)

    # === ASKING AND TAKING BACK === #

    @operation("/preview", "POST", "preview", idempotent=False)
    def preview(self, call):
        """Tell what a document would earn; nothing is stored."""
        answer = call.env["b2b2c.intake"]._preview(call.body, **self._origin(call))
        for row in answer["awards"]:
            del row["member_name"]  # who asks may know the person, or may not
            del row["unit_id"]
            row["expected_at"] = _moment(row["expected_at"])
        for row in answer["refusals"]:
            del row["member_name"]
        return 200, answer

    @operation("/cancel", "POST", "cancel")
    def cancel(self, call):
        """Cancel a document that the reporter of this key recorded, of a type that this
        key may report itself: a till cancels no shipments of its office."""
        intake = call.env["b2b2c.intake"]
        intake._check_type(call.grant.mandate, call.body["type"])
        document = intake._find_document(
            call.env.company,
            call.body["type"],
            call.body["reference"],
            call.grant.get_reporter(call.env),
        )
        if not document:
            message = call.env._("There is no such document.")
            raise ApiError(404, "unknown_document", message, "reference")
        reason = call.body.get("reason") or call.env._("Cancelled by the API.")
        if intake._cancel(document, reason=reason):
            intake._settle(document)
        return 200, self._get_answer(call, document, False)

    # === READING === #

    @operation("/balance", "POST", "read", readonly=True, idempotent=False)
    def find_balance(self, call):
        """Return the balances of a person who is named in the body: an address stands
        in the logs of every server on the way."""
        return self._get_balance(call, call.body)

    @operation("/balance", "GET", "read", readonly=True)
    def get_balance(self, call):
        """Return the balances of a person who is named in the address."""
        return self._get_balance(call, call.query)

    def _get_balance(self, call, person):
        """Return the balances of the person with this phone, e-mail or code."""
        if not person:
            message = call.env._("Name the person by phone, e-mail or code.")
            raise ApiError(422, "missing_value", message)
        intake = call.env["b2b2c.intake"]
        members = call.env["b2b2c.member"]._search_in_force(call.env.company, **person)
        reporter = call.grant.get_reporter(call.env)
        if reporter and "code" not in person:
            # who shows the code is at the till; others are nobody's business
            members = intake._known_to(members, reporter)
        if not members:
            # unknown, not enrolled and a stranger: the same words
            message = call.env._("This person does not take part.")
            raise ApiError(404, "unknown_member", message)
        try:
            members._check_one_person()
        except AmbiguousPerson as error:
            raise ApiError(422, "ambiguous_member", str(error)) from None
        return 200, {"memberships": [_membership(member) for member in members]}

    @operation("/entries", "GET", "read")
    def list_entries(self, call):
        """Return the ledger entries that became final after a cursor."""
        return 200, call.env["b2b2c.ledger.entry"]._get_feed(
            call.env.company,
            reporter=call.grant.get_reporter(call.env),
            after=call.query.get("after"),
            limit=call.query["limit"],
        )

    # === FOR EVERYBODY === #

    @http.route(
        f"{PREFIX}/openapi.json",
        type="b2b2c_api",
        auth="none",
        methods=["GET"],
        save_session=False,
        idempotent=False,
    )
    def get_description(self, call):
        """Return the description of the API."""
        return 200, api_schema.description()

    @http.route(
        [PREFIX, f"{PREFIX}/<path:rest>"],
        type="b2b2c_api",
        auth="none",
        save_session=False,
        idempotent=False,
    )
    def refuse_path(self, call):
        """Refuse, as JSON, a path or method that no operation has."""
        path = request.httprequest.path.removeprefix(PREFIX).rstrip("/")
        if path in api_schema.description()["paths"]:
            raise not_allowed(path)
        raise ApiError(404, "not_found", "There is no such path.")


def _get_status(document, created):
    """Return the HTTP status of a document that was told: 202 while it waits."""
    if document.state == "review":
        return 202
    return 201 if created else 200


def _document(document, created, results):
    """Return a reported document as JSON value, without names of people.

    :param results: see ``b2b2c.intake``, ``_results``
    """
    return {
        "type": document.document_type,
        "reference": document.reference,
        "state": document.state,
        "status": document.status,
        "occurred_at": _moment(document.occurred_at),
        "created": created,
        "results": [
            {
                "member_id": row["member_id"],
                "unit": row["unit"],
                "points": row["points"],
                "points_pending": row["points_pending"],
            }
            for row in results
        ],
    }


def _membership(member):
    """Return a membership with its balances as JSON value."""
    accounts = member.account_ids
    balances = accounts._get_balances()
    return {
        "member_id": member.id,
        "role": member.role,
        "state": member.state,
        "balances": [
            _balance(account.unit_id, balances[account.id]) for account in accounts
        ],
    }


def _balance(unit, balance):
    """Return the balance of an account as JSON value.

    :param dict balance: see ``b2b2c.account``, ``_get_balances``
    """
    return {
        "unit": unit.name,
        "available": max(balance["posted"] - balance["held"] - balance["debt"], 0),
        "pending": balance["pending"],
        "reserved": balance["held"],
        "debt": balance["debt"],
    }


def _moment(instant):
    """Return a naive UTC or aware moment as ISO 8601 in UTC."""
    if not instant:
        return None
    return f"{instant.replace(tzinfo=None, microsecond=0).isoformat()}Z"
