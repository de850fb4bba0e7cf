"""The cable between a browser and a server, which can be pulled out.

A browser can pretend to have no network, but not for a page and its worker alike.  Here
nobody pretends: connections end, and new ones are refused.
"""

import contextlib
import socket
import threading

_CHUNK = 65536
_SECONDS = 20


class Cable:
    """Passes on what comes to a port of its own.

    :param str host: where the server listens
    :param int port: where the server listens
    """

    def __init__(self, host, port):
        self.target = (host, port)
        self._listener, self._pairs = None, set()
        self._lock = threading.Lock()
        self.port = 0
        self.plug_in()

    @property
    def url(self):
        """Where a browser finds the server."""
        return f"http://127.0.0.1:{self.port}"

    def plug_in(self):
        """Let everything through, at the same address as before."""
        listener = socket.socket()
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(("127.0.0.1", self.port))
        listener.listen(64)
        self.port = listener.getsockname()[1]
        self._listener = listener
        threading.Thread(target=self._accept, args=(listener,), daemon=True).start()

    def pull_out(self):
        """Let nothing through any more."""
        listener, self._listener = self._listener, None
        if listener:
            # a thread that waits in accept() keeps a socket open that is only closed
            with contextlib.suppress(OSError):
                listener.shutdown(socket.SHUT_RDWR)
            listener.close()
        with self._lock:
            pairs, self._pairs = self._pairs, set()
        for one in (end for pair in pairs for end in pair):
            _end(one)

    def _accept(self, listener):
        while True:
            try:
                near, _address = listener.accept()
                far = socket.create_connection(self.target, timeout=_SECONDS)
                far.settimeout(None)
            except OSError:
                if self._listener is not listener:
                    return
                continue
            with self._lock:
                self._pairs.add((near, far))
            for ends in ((near, far), (far, near)):
                threading.Thread(target=_pass_on, args=ends, daemon=True).start()


def _pass_on(source, target):
    with contextlib.suppress(OSError):
        while chunk := source.recv(_CHUNK):
            target.sendall(chunk)
    _end(target)
    _end(source)


def _end(one):
    with contextlib.suppress(OSError):
        one.shutdown(socket.SHUT_RDWR)
    one.close()


@contextlib.contextmanager
def cable(url):
    """A cable to a server for the block, plugged in.

    :param str url: of the server
    """
    host, _colon, port = url.rpartition("//")[2].partition(":")
    made = Cable(host, int(port))
    try:
        yield made
    finally:
        made.pull_out()
