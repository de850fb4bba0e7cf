"""How every call of the HTTP API is served.

The steps, in this order: the key is checked (``ir.http``), the call is counted, the
right of the key is checked, the body or query is read and checked, an answer given
before is looked for; then the method of the route runs.  Answers are always JSON,
refusals too.

The API has a type of route of its own, because Odoo's ``http`` type would read a form
out of the body before its size was checked, and would answer errors as web pages.
Calls carry a key in a header and never a cookie, so no other site can abuse a session,
and no token against that (CSRF) is needed.
"""

import hashlib
import logging
import random
import re
import time
import uuid
from dataclasses import dataclass, field

from werkzeug.exceptions import HTTPException

from odoo.exceptions import AccessDenied, UserError
from odoo.http import Dispatcher, Response
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY

from ..exceptions import ApiError, IntakeError
from ..values import to_json
from . import api_schema

_logger = logging.getLogger(__name__)

PREFIX = "/loyalty/api/v1"
BODY_LIMIT = 1_000_000
BULK_BODY_LIMIT = 5_000_000
#: A body up to this size is read before it is refused: a client that is still sending
#: would see a broken connection instead of the answer.
_DRAIN_LIMIT = 16_000_000
_TRIES = 6
_IDEMPOTENCY_KEY = re.compile(r"[!-~]{1,255}")
#: HTTP status of the codes of the intake that are not answered with 422.
_STATUS = {
    "reference_conflict": 409,
    "type_not_allowed": 403,
    "foreign_document": 403,
    "own_shipment": 403,
}


@dataclass
class Call:
    """A call as the method of its route gets it.

    :param grant: :class:`~..models.api.b2b2c_api_key.Grant` of the key
    :param env: environment of the superuser in the company of the key
    :param body: the JSON value that was sent, checked
    :param query: dict of query parameters, checked
    """

    grant: object
    env: object
    body: object = None
    query: dict = field(default_factory=dict)


class ApiDispatcher(Dispatcher):
    """Serves routes of ``type="b2b2c_api"``, see :func:`~.api.operation`."""

    routing_type = "b2b2c_api"
    mimetypes = ("application/json",)

    def __init__(self, request):
        super().__init__(request)
        self.request_id = uuid.uuid4().hex
        self._usage = None
        self._raw = None

    @classmethod
    def is_compatible_with(cls, request):
        """Tell whether a request belongs to the API: only its path counts."""
        return request.httprequest.path.startswith(PREFIX)

    # === SERVING === #

    def dispatch(self, endpoint, args):
        """Serve a call in the transaction of the request.

        After a conflict with another transaction the call is repeated at once; Odoo
        would wait for seconds first.
        """
        routing = endpoint.routing
        method = self.request.httprequest.method
        self.request.params = {}  # other modules look into it afterwards
        if routing["methods"] and method not in routing["methods"]:
            raise not_allowed(routing["operation"])  # Odoo adds OPTIONS to every route
        if routing["auth"] == "none":
            return self._answer(*self._call(endpoint, None))
        self._count()
        grant = self.request.b2b2c_grant
        if routing["right"] not in grant.rights:
            raise self._error(403, "forbidden", "This key may not do this.")
        read = self._read_query if method == "GET" else self._read_body
        values = read(routing)
        for attempt in range(1, _TRIES + 1):
            call = Call(grant, self.request.env, **values)
            try:
                return self._serve(endpoint, call)
            except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
                if attempt == _TRIES:
                    raise
                self.request.env.cr.rollback()
                self.request.env.transaction.reset()
                time.sleep(random.uniform(0, 0.01 * 2**attempt))
        return None

    def _serve(self, endpoint, call):
        """Answer a call; a call that was answered before gets the stored answer."""
        name = self._get_idempotency_key() if endpoint.routing["idempotent"] else None
        if not name:
            return self._answer(*self._call(endpoint, call))
        store = call.env["b2b2c.api.answer"]
        path = self.request.httprequest.path
        fingerprint = hashlib.sha256(path.encode() + b"\0" + self._raw).hexdigest()
        row = store._begin(call.grant.key_id, name)
        if row.fingerprint:
            if row.fingerprint != fingerprint:
                raise self._error(
                    409,
                    "idempotency_conflict",
                    "This Idempotency-Key was used for another request.",
                    "Idempotency-Key",
                )
            replayed = {"Idempotency-Replayed": "true"}
            return self._respond(row.status, row.body, replayed)
        status, payload = self._call(endpoint, call)
        text = to_json(payload)
        store._keep(row.id, fingerprint, status, text)
        return self._respond(status, text)

    def _call(self, endpoint, call):
        """Run the method of the route; its refusals become errors of the API."""
        self.request.params = {"call": call}
        try:
            result = self.request.registry["ir.http"]._dispatch(endpoint)
            if call:
                call.env.flush_all()  # a conflict shows here, where it is repeated
            return result
        except (IntakeError, api_schema.Violation) as error:
            raise self.to_error(error) from None

    def _answer(self, status, payload):
        """Return the response with a JSON value."""
        return self._respond(status, to_json(payload))

    def _respond(self, status, text, more_headers=None):
        """Return the response with a body of JSON text."""
        headers = {**self._get_headers(), **(more_headers or {})}
        return Response(text, status=status, headers=headers)

    def _get_headers(self):
        headers = {
            "Content-Type": "application/json",
            "X-Request-Id": self.request_id,
            "Cache-Control": "no-store",
            "X-Content-Type-Options": "nosniff",
        }
        if self._usage:
            headers.update(self._usage.headers())
        return headers

    # === BEFORE THE ROUTE === #

    def _count(self):
        """Count this call against the limit of its key, once."""
        if self._usage:
            return  # Odoo repeats the call after a conflict
        grant = self.request.b2b2c_grant
        self._usage = self.request.env["b2b2c.api.window"]._count(grant)
        if self._usage.refused:
            raise self._error(
                429,
                "rate_limited",
                "Too many requests; come back later.",
                headers={"Retry-After": str(self._usage.wait)},
            )

    def _read_query(self, routing):
        """Return the checked query."""
        sent = self.request.httprequest
        try:
            query = api_schema.check_query(
                sent.args, routing["operation"], sent.method.lower()
            )
        except api_schema.Violation as violation:
            raise self.to_error(violation) from None
        return {"query": query}

    def _read_body(self, routing):
        """Return the checked body; what is too large is not read."""
        if self.request.httprequest.args:
            self._read_query(routing)  # no parameter is known, so this refuses
        self._get_idempotency_key()
        if self._raw is None:
            self._raw = self._read_raw(routing.get("body_limit", BODY_LIMIT))
        try:
            value = api_schema.parse(self._raw)
        except ValueError as error:
            raise self._error(
                400, "malformed_json", f"The body is no usable JSON: {error}."
            ) from None
        operation = api_schema.description()["paths"][routing["operation"]]
        try:
            api_schema.check_body(value, operation["post"])
        except api_schema.Violation as violation:
            raise self.to_error(violation) from None
        return {"body": value}

    def _read_raw(self, limit):
        """Return the bytes of the body."""
        sent = self.request.httprequest
        encoding = sent.headers.get("Content-Encoding", "identity")
        if sent.mimetype != "application/json" or encoding.lower() != "identity":
            raise self._error(
                415, "unsupported_media_type", "Send application/json, not compressed."
            )
        if sent.content_length is None:
            raise self._error(411, "length_required", "Send a Content-Length.")
        if sent.content_length > limit:
            if sent.content_length <= _DRAIN_LIMIT:
                sent.max_content_length = _DRAIN_LIMIT
                sent.get_data(cache=False)
            raise self._error(
                413, "body_too_large", f"The body is larger than {limit} bytes."
            )
        return sent.get_data(cache=False)

    def _get_idempotency_key(self):
        """Return the Idempotency-Key of the call, ``None`` when it has none."""
        name = self.request.httprequest.headers.get("Idempotency-Key")
        if name is not None and not _IDEMPOTENCY_KEY.fullmatch(name):
            raise self._error(
                400,
                "invalid_idempotency_key",
                "An Idempotency-Key is 1 to 255 visible ASCII characters.",
                "Idempotency-Key",
            )
        return name

    # === REFUSALS === #

    def _error(self, status, code, message, name=None, headers=None):
        return ApiError(status, code, message, name, headers)

    def to_error(self, exc):
        """Return any exception as :class:`~..exceptions.ApiError`."""
        if isinstance(exc, ApiError):
            return exc
        if isinstance(exc, IntakeError):
            status = _STATUS.get(exc.code, 422)
            return ApiError(status, exc.code, str(exc), exc.field)
        if isinstance(exc, api_schema.Violation):
            return ApiError(422, exc.code, _word(self.request.env, exc), exc.path)
        if isinstance(exc, AccessDenied):
            return ApiError.unauthorized()
        if isinstance(exc, HTTPException) and exc.code:
            return ApiError(exc.code, "refused", exc.description or exc.name)
        if isinstance(exc, PG_CONCURRENCY_EXCEPTIONS_TO_RETRY):
            message = "Too much traffic on the same rows; repeat it."
            return ApiError(503, "busy", message, headers={"Retry-After": "1"})
        if isinstance(exc, UserError):
            return ApiError(422, "refused", str(exc))
        return ApiError(500, "internal_error", "Something went wrong on our side.")

    def to_body(self, error):
        """Return the JSON value that tells an :class:`~..exceptions.ApiError`."""
        return {
            "code": error.error_code,
            "message": error.description,
            "field": error.field,
            "request_id": self.request_id,
        }

    def handle_error(self, exc):
        """Return the answer that tells an exception."""
        error = self.to_error(exc)
        if error.code == 500:
            _logger.warning("Call %s of the loyalty API failed", self.request_id)
        text = to_json({"error": self.to_body(error)})
        return self._respond(error.code, text, error.headers)


def not_allowed(path):
    """Return the error for a method that a path does not have; another route may have
    some of those it has.

    :param str path: as in the description
    """
    methods = [method.upper() for method in api_schema.description()["paths"][path]]
    message = f"Allowed here: {', '.join(methods)}."
    headers = {"Allow": ", ".join(methods)}
    return ApiError(405, "method_not_allowed", message, headers=headers)


def _word(env, violation):
    """Return the sentence of a violation."""
    path = violation.path
    words = {
        "missing_value": env._("“%s” is missing.", path),
        "unknown_field": env._("There is no field “%s”.", path),
        "unknown_parameter": env._("There is no parameter “%s”.", path),
        "amount_out_of_range": env._(
            "“%s” must be between 0 and 10,000,000,000.", path
        ),
        "quantity_out_of_range": env._(
            "“%s” must be above 0 and below 1,000,000,000.", path
        ),
        "too_many_lines": env._("A document can have %s lines at most.", 1000),
        "too_many_documents": env._("A call can have %s documents at most.", 1000),
    }
    fallback = env._("“%s” has a value that cannot be used.", path or "body")
    return words.get(violation.code, fallback)
