"""A server that stands for a messenger's: what the servers of all messengers share.

Plain Python: no Odoo.  It listens on 127.0.0.1 on a free port, answers calls by the
methods of its subclass, and brings what people write to the webhook that was told to
it.  Time is a clock that tests move.
"""

import json
import re
import threading
import urllib.error
import urllib.request
from email.parser import BytesParser
from email.policy import HTTP as HTTP_POLICY
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

_SECONDS = 15
#: How soon a server notices that it is closed.
_POLL_SECONDS = 0.01


class Clock:
    """A clock that stands still until somebody moves it; seconds since 1970."""

    def __init__(self, now=1_800_000_000):
        self.now = now

    def __call__(self):
        return self.now

    def pass_by(self, seconds):
        """Let time pass."""
        self.now += seconds


class Request:
    """A call as a server of a messenger got it.

    :ivar path: without the query
    :ivar query: dict of its first values
    :ivar headers: dict with names in lower case
    :ivar body: bytes
    """

    def __init__(self, method, target, headers, body):
        parts = urlsplit(target)
        self.method, self.path, self.body = method, parts.path, body
        self.query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        self.headers = {name.lower(): value for name, value in headers.items()}

    def read_json(self):
        """Return the object in the body, ``None`` when it is none."""
        try:
            value = json.loads(self.body)
        except ValueError:
            return None
        return value if isinstance(value, dict) else None

    def read_form(self):
        """Return the parts of a multipart body: name -> text, or (name, bytes) of a
        file."""
        head = f"Content-Type: {self.headers.get('content-type', '')}\r\n\r\n"
        message = BytesParser(policy=HTTP_POLICY).parsebytes(head.encode() + self.body)
        parts = {}
        for part in message.iter_parts() if message.is_multipart() else ():
            name = part.get_param("name", header="content-disposition")
            content, file = part.get_payload(decode=True), part.get_filename()
            parts[name] = (file, content) if file else content.decode()
        return parts


class Response:
    """An answer of a server: an object as JSON, or bytes."""

    def __init__(self, content, status=200, content_type="application/json"):
        is_raw = isinstance(content, bytes)
        self.body = content if is_raw else json.dumps(content).encode()
        self.status, self.content_type = status, content_type


class MessengerServer:
    """What listens, answers and delivers; a subclass says what it answers.

    :ivar base: its address, to be used in place of the messenger's
    :ivar calls: all calls so far, a list of :class:`Request`
    :ivar failures: answers that the next calls get whatever they ask, in order
    """

    #: List of (method, pattern of the path, name of the method that answers)
    routes = ()

    def __init__(self, clock=None, port=0):
        self.clock = clock or Clock()
        self.calls, self.failures = [], []
        self._lock = threading.RLock()
        self._server = ThreadingHTTPServer(("127.0.0.1", port), _make_handler(self))
        self._server.daemon_threads = True
        self.base = f"http://127.0.0.1:{self._server.server_port}"
        listen = {"target": self._server.serve_forever, "args": (_POLL_SECONDS,)}
        threading.Thread(**listen, daemon=True).start()

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.close()

    def close(self):
        """Stop listening."""
        self._server.shutdown()
        self._server.server_close()

    def answer(self, request):
        """Return the :class:`Response` to a call."""
        with self._lock:
            self.calls.append(request)
            if self.failures:
                return self.failures.pop(0)
        for method, pattern, name in self.routes:
            found = re.fullmatch(pattern, request.path)
            if found and method == request.method:
                return getattr(self, name)(request, *found.groups())
        return Response({"error": {"message": "Unknown path", "code": 2500}}, 404)

    def post(self, url, body, headers):
        """Bring something to a webhook, without following a redirect.

        :return: (HTTP status, body); 0 when nobody listens
        """
        request = urllib.request.Request(url, body, headers, method="POST")
        return self._open(request)

    def get(self, url):
        """Ask a webhook; see :meth:`post`."""
        return self._open(urllib.request.Request(url))

    def _open(self, request):
        opener = urllib.request.build_opener(_NoRedirect)
        try:
            with opener.open(request, timeout=_SECONDS) as response:
                return response.status, response.read()
        except urllib.error.HTTPError as error:
            with error:
                return error.code, error.read()
        except OSError:
            return 0, b""


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *arguments):
        """Follow nothing: messengers do not."""
        return None


def _make_handler(server):
    """Return the class that reads calls for a server and writes its answers."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self):
            self._answer()

        def do_POST(self):
            self._answer()

        def do_DELETE(self):
            self._answer()

        def _answer(self):
            size = int(self.headers.get("Content-Length") or 0)
            body = self.rfile.read(size)
            request = Request(self.command, self.path, self.headers, body)
            response = server.answer(request)
            self.send_response(response.status)
            self.send_header("Content-Type", response.content_type)
            self.send_header("Content-Length", str(len(response.body)))
            self.end_headers()
            self.wfile.write(response.body)

        def log_message(self, *arguments):
            """Write nothing: what was called stands in ``server.calls``."""

    return Handler
