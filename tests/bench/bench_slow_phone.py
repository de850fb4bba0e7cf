"""The participant's pages on a slow phone: a processor four times as slow, a network of
the third generation, as Chromium imitates them.

A server behind something that compresses, as nginx does before a real one.  Each page
is opened with an empty cache, and again as who was here before; what counts is when its
content is painted.  A code is typed on the page for scanning, and its points awaited.
"""

import contextlib
import gzip
import http.client
import os
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

import bench_scan
from bench_codes import make
from harness import limit, median, note

from tools import chromium
from tools.browser import open_page
from tools.web_client import Session

ROUNDS = 3
SLOWER = 4  # times
#: "Fast 3G" of Chromium: bits a second down and up, milliseconds to the server and back
DOWN, UP, LATENCY = 1_600_000 * 0.9, 750_000 * 0.9, 562.5
VISIBLE, RESULT = 2500, 1000  # ms
#: bytes of all scripts of a page before this bench was written, not compressed
SCRIPTS = 1_968_283
PAGES = ("/my/rewards", "/my/rewards/store", "/my/rewards/earn", "/my/rewards/scan")
LOGIN = "seller0"


def run(ctx):
    """Rows: milliseconds until content is painted and until points are shown."""
    folder = str(chromium.find())
    os.environ["PATH"] = os.pathsep.join([os.environ["PATH"], folder])
    with ctx.fresh_database(assets=True) as database:
        with ctx.open_environment(database) as env:
            product = env["product.product"].browse(bench_scan._prepare(env))
            codes = iter(bench_scan._choose(env, make(env, product, 100)))
            env.cr.commit()
        with (
            ctx.odoo_server(database, workers=2) as server,
            compressing(server.url) as url,
            open_page() as page,
        ):
            session = Session(server.url, database, LOGIN, bench_scan.PASSWORD)
            slow_down(page)
            first, again, scripts = {}, {}, 0
            for path in PAGES:
                session.http.get(server.url + path, timeout=120)  # fills its caches
                for _round in range(ROUNDS):
                    page.command("Network.clearBrowserCache")
                    page.be(url, session.http.cookies["session_id"])
                    first.setdefault(path, []).append(see(page, url + path))
                    scripts = max(scripts, count_scripts(page))
                    again.setdefault(path, []).append(see(page, url + path))
                ctx.say(f"{path}: {first[path]} first, {again[path]} again")
            points = [scan(page, next(codes)) for _round in range(ROUNDS + 1)][1:]
    rows = [
        row(
            f"{path}, {when}, ms until its content is seen", median(seen[path]), VISIBLE
        )
        for path in PAGES
        for when, seen in (("first visit", first), ("again", again))
    ]
    return [
        *rows,
        row("ms from a code to its points", median(points), RESULT),
        note("bytes of scripts of a page, and what they were", scripts, SCRIPTS),
        note("bits a second, and ms to the server and back", DOWN, LATENCY),
    ]


def row(name, value, most):
    """Return a row that is right when a value is not above its limit."""
    return limit(name, value, f"<= {most}", value <= most)


# === THE PHONE === #


def slow_down(page):
    """Let a page have the phone's processor and network."""
    page.size(390, 844, mobile=True)
    page.command("Emulation.setCPUThrottlingRate", rate=SLOWER)
    page.command(
        "Network.emulateNetworkConditions",
        offline=False,
        latency=LATENCY,
        downloadThroughput=DOWN / 8,
        uploadThroughput=UP / 8,
    )


def see(page, address):
    """Open an address; the milliseconds until its content was painted."""
    page.command("Page.navigate", url=address)
    seen = None
    end = time.monotonic() + 60
    while not seen and time.monotonic() < end:
        time.sleep(0.2)
        seen = page.value(
            f"location.href === {address!r} && document.readyState === 'complete' &&"
            " performance.getEntriesByName('first-contentful-paint')[0]?.startTime"
        )
    time.sleep(1)  # what is drawn by scripts
    answer = page.command(
        "Runtime.evaluate",
        awaitPromise=True,
        returnByValue=True,
        expression="new Promise((resolve) => new PerformanceObserver((list) =>"
        " resolve(list.getEntries().at(-1).startTime)).observe("
        "{type: 'largest-contentful-paint', buffered: true}))",
    )
    return round(max(seen or 60000, answer["result"].get("value") or 0))


def count_scripts(page):
    """Return the bytes of scripts of the page that is open, once all are there."""
    scripts = (
        "performance.getEntriesByType('resource')"
        ".filter((one) => one.name.includes('.js') && one.decodedBodySize)"
    )
    end = time.monotonic() + 30
    while time.monotonic() < end:
        if page.value(f"{scripts}.some((one) => one.name.includes('lazy'))"):
            break
        time.sleep(0.5)
    return page.value(f"{scripts}.reduce((sum, one) => sum + one.decodedBodySize, 0)")


def scan(page, code):
    """Type a code on the open page; the milliseconds until its points are shown."""
    balance = "document.querySelector('.o_b2b2c_scan_balance').textContent"
    page.wait("#b2b2c_code")
    before = page.value(balance)
    page.value("document.querySelector('#b2b2c_code').value = ''")
    page.fill("#b2b2c_code", code)
    begin = time.perf_counter()
    page.value("document.querySelector('.o_b2b2c_scan_ok').click()")
    while page.value(balance) == before and time.perf_counter() < begin + 30:
        time.sleep(0.02)
    return round(1000 * (time.perf_counter() - begin))


# === WHAT COMPRESSES === #


@contextlib.contextmanager
def compressing(url):
    """Address of a server before another that compresses what that one says."""
    target = urlsplit(url)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def forward(self):
            size = int(self.headers.get("Content-Length") or 0)
            headers = {**self.headers, "Host": target.netloc}
            headers.pop("Accept-Encoding", None)
            upstream = http.client.HTTPConnection(target.netloc, timeout=120)
            upstream.request(self.command, self.path, self.rfile.read(size), headers)
            answer = upstream.getresponse()
            body = gzip.compress(answer.read(), 6)
            self.send_response(answer.status)
            for name, value in answer.getheaders():
                if name.lower() not in ("content-length", "transfer-encoding"):
                    self.send_header(name, value)
            self.send_header("Content-Encoding", "gzip")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        do_GET = do_POST = forward

        def log_message(self, *_arguments):
            """The bench says what there is to say."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
