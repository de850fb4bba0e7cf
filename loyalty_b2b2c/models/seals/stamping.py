"""Time stamps (RFC 3161): somebody else signs that a statement existed at a time.

Two options of Odoo's configuration file, so that the database's owner has no say:
``b2b2c_seal_stamp_url`` is the address of a time stamping authority, and
``b2b2c_seal_stamp_ca`` a file with the root certificates that its stamps lead to (PEM).
The library ``rfc3161-client`` asks and proves.
"""

import base64
import logging
from datetime import UTC, datetime
from pathlib import Path

import requests
from asn1crypto import cms, tsp
from cryptography.x509 import load_pem_x509_certificates

from odoo.tools import config

try:
    import rfc3161_client
except ImportError:  # only those need it who have stamps
    rfc3161_client = None

_logger = logging.getLogger(__name__)

URL_OPTION = "b2b2c_seal_stamp_url"
CA_OPTION = "b2b2c_seal_stamp_ca"

_SECONDS = 10  # to wait for an answer
_LARGEST = 2**16  # bytes of an answer; usual ones have some thousand


def fetch(statement: str) -> str | None:
    """Return a time stamp of a statement, as base64 text.

    :return: ``None`` when no authority is configured, or it gave none that can be
        proved; the log says why
    """
    url = config.get(URL_OPTION)
    if not url:
        return None
    try:
        return _fetch(url, statement)
    except Exception:
        # whatever it is: the statement is made all the same, without a stamp
        _logger.exception("%s: no time stamp from %s", URL_OPTION, url)
        return None


def _fetch(url, statement):
    roots = _read_roots()
    if not roots:
        raise ValueError(f"{CA_OPTION} names no certificates")
    request = (
        rfc3161_client.TimestampRequestBuilder()
        .data(statement.encode())
        .hash_algorithm(rfc3161_client.HashAlgorithm.SHA256)
        .cert_request(cert_request=True)
        .build()
    )
    answer = requests.post(
        url,
        data=request.as_bytes(),
        headers={"Content-Type": "application/timestamp-query"},
        timeout=_SECONDS,
        stream=True,
    )
    answer.raise_for_status()
    der = answer.raw.read(_LARGEST, decode_content=True)
    _prove(der, statement, roots, nonce=request.nonce)
    return base64.b64encode(der).decode()


def get_problem(stamp: str, statement: str) -> str:
    """Return why a time stamp proves nothing, empty when it does.

    Where no root certificates are configured it can not be proved, and is believed.

    :param stamp: what :func:`fetch` returned
    :param statement: what it is a stamp of
    """
    roots = _read_roots()
    if not roots:
        return ""
    try:
        _prove(base64.b64decode(stamp), statement, roots)
    except Exception:  # a parser of strangers' bytes
        return "a time stamp that proves nothing"
    return ""


def get_time(stamp: str) -> datetime | None:
    """Return what time a stamp says (naive UTC), ``None`` when it cannot be read."""
    if rfc3161_client is None:
        return None
    try:
        answer = _decode(base64.b64decode(stamp))
        return answer.tst_info.gen_time.astimezone(UTC).replace(tzinfo=None)
    except Exception:  # a parser of strangers' bytes
        return None


def _prove(der, statement, roots, nonce=None):
    """Check an answer: of this statement, signed by whom the roots vouch for.

    :raise Exception: it is not
    """
    verifier = rfc3161_client.VerifierBuilder(roots=roots, nonce=nonce).build()
    verifier.verify_message(_decode(der), statement.encode())


def _decode(der):
    """Return an answer read by the library, which wants the certificates in order.

    Many authorities send them in another one; no signature covers it.
    """
    answer = tsp.TimeStampResp.load(der)
    if answer["time_stamp_token"].native:
        signed = answer["time_stamp_token"]["content"]
        certificates = sorted(signed["certificates"], key=lambda one: one.dump())
        signed["certificates"] = cms.CertificateSet(certificates)
    return rfc3161_client.decode_timestamp_response(answer.dump())


def _read_roots():
    """Return the certificates that are believed; none, and a line in the log, when
    they cannot be read or the library is missing."""
    path = config.get(CA_OPTION)
    if not path:
        return []
    if rfc3161_client is None:
        _logger.error("%s: the Python package rfc3161-client is missing", CA_OPTION)
        return []
    try:
        return load_pem_x509_certificates(Path(path).read_bytes())
    except (OSError, ValueError):
        _logger.exception("%s: %s cannot be read as certificates", CA_OPTION, path)
        return []
