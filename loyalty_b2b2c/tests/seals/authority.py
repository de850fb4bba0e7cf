"""A time stamping authority of one's own: the protocol as OpenSSL speaks it."""

import subprocess
import threading
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
)
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

_CONFIG = """
[tsa]
serial = {folder}/serial
signer_cert = {folder}/tsa.pem
certs = {folder}/ca.pem
signer_key = {folder}/tsa.key
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256, sha512
ess_cert_id_alg = sha256
"""


class Authority:
    """Answers requests on a port of this machine, and keeps them.

    :param folder: an empty folder for its certificates
    """

    def __init__(self, folder: Path):
        self.folder = folder
        #: What is answered instead of a stamp: a function of the request's bytes that
        #: returns (status, bytes), ``None``: a stamp.
        self.instead = None
        self.requests = []
        self._make_certificates()
        (folder / "serial").write_text("01\n")
        (folder / "tsa.cnf").write_text(_CONFIG.format(folder=folder))
        self._server = HTTPServer(("127.0.0.1", 0), self._get_handler())
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    @property
    def url(self):
        return f"http://127.0.0.1:{self._server.server_port}/tsa"

    @property
    def roots(self):
        """Path of the root certificate."""
        return self.folder / "ca.pem"

    def stop(self):
        self._server.shutdown()
        self._server.server_close()

    def stamp(self, request: bytes) -> bytes:
        """Return the answer to a request."""
        query, reply = self.folder / "query.tsq", self.folder / "reply.tsr"
        query.write_bytes(request)
        self._openssl(
            "ts", "-reply", "-config", self.folder / "tsa.cnf", "-section", "tsa",
            "-queryfile", query, "-out", reply,
        )  # fmt: skip
        return reply.read_bytes()

    def verify(self, stamp: bytes, statement: str):
        """Check a stamp without any program of ours, as docs/seals.md tells auditors.

        :raise subprocess.CalledProcessError: it is not right
        """
        (self.folder / "stamp.tsr").write_bytes(stamp)
        (self.folder / "statement.txt").write_text(statement)
        self._openssl(
            "ts", "-verify", "-in", self.folder / "stamp.tsr", "-data",
            self.folder / "statement.txt", "-CAfile", self.roots,
        )  # fmt: skip

    @staticmethod
    def _openssl(*arguments):
        subprocess.run(["openssl", *arguments], check=True, capture_output=True)

    def _get_handler(self):
        authority = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                request = self.rfile.read(int(self.headers["Content-Length"]))
                authority.requests.append((self.headers["Content-Type"], request))
                if authority.instead:
                    status, answer = authority.instead(request)
                else:
                    status, answer = 200, authority.stamp(request)
                self.send_response(status)
                self.send_header("Content-Type", "application/timestamp-reply")
                self.send_header("Content-Length", str(len(answer)))
                self.end_headers()
                self.wfile.write(answer)

            def log_message(self, *args):
                pass

        return Handler

    def _make_certificates(self):
        root = ec.generate_private_key(ec.SECP256R1())
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Root")])
        self._write("ca", root, name, name, root, ca=True)
        own = ec.generate_private_key(ec.SECP256R1())
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Time Stamps")])
        self._write("tsa", own, subject, name, root, ca=False)

    def _write(self, file, key, subject, issuer, issuer_key, ca):
        now = datetime.now()
        builder = (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(issuer)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - timedelta(days=2))
            .not_valid_after(now + timedelta(days=2))
            .add_extension(x509.BasicConstraints(ca=ca, path_length=None), True)
            .add_extension(
                x509.SubjectKeyIdentifier.from_public_key(key.public_key()), False
            )
            .add_extension(
                x509.AuthorityKeyIdentifier.from_issuer_public_key(
                    issuer_key.public_key()
                ),
                False,
            )
        )
        if ca:
            usage = x509.KeyUsage(
                False, False, False, False, False, True, True, False, False
            )
        else:
            usage = x509.KeyUsage(
                True, False, False, False, False, False, False, False, False
            )
            builder = builder.add_extension(
                x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]), True
            )
        builder = builder.add_extension(usage, True)
        certificate = builder.sign(issuer_key, hashes.SHA256())
        (self.folder / f"{file}.pem").write_bytes(
            certificate.public_bytes(Encoding.PEM)
        )
        (self.folder / f"{file}.key").write_bytes(
            key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        )
