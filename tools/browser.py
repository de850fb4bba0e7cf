"""A headless Chromium for pictures, driven over its own DevTools protocol."""

import base64
import contextlib
import itertools
import json
import os
import shutil
import subprocess
import tempfile
import time
from pathlib import Path

import requests
import websocket

from tools.chromium import NAMES
from tools.steps import UserError

FLAGS = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--hide-scrollbars",
    "--force-color-profile=srgb",
    "--remote-debugging-port=0",
    "--remote-allow-origins=*",
)
WAIT_SECONDS = 40


class Page:
    """One tab.

    :param connection: an open websocket of the tab
    """

    def __init__(self, connection):
        self.connection = connection
        self.numbers = itertools.count(1)
        self.command("Page.enable")
        self.command("Runtime.enable")
        self.command("Network.enable")

    def command(self, method, **params):
        """Send a command and return its result."""
        number = next(self.numbers)
        self.connection.send(
            json.dumps({"id": number, "method": method, "params": params})
        )
        while True:
            answer = json.loads(self.connection.recv())
            if answer.get("id") == number:
                if "error" in answer:
                    raise UserError(f"Chromium: {method}: {answer['error']['message']}")
                return answer["result"]

    def size(self, width, height, mobile=False):
        """Look like a screen of this size in CSS pixels."""
        self.command(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=height,
            deviceScaleFactor=2 if mobile else 1,
            mobile=mobile,
        )

    def be(self, url, session_id):
        """Use the Odoo session of somebody."""
        self.command("Network.clearBrowserCookies")
        self.command("Network.setCookie", name="session_id", value=session_id, url=url)

    def open(self, url, until):
        """Open an address and wait until the selector is there."""
        self.command("Page.navigate", url=url)
        self.wait(until)

    def wait(self, selector):
        """Wait until the selector matches something visible.

        :raise UserError: it never did
        """
        query = (
            f"[...document.querySelectorAll({json.dumps(selector)})]"
            ".some(e => e.getClientRects().length)"
        )
        end = time.monotonic() + WAIT_SECONDS
        while not self.value(query):
            if time.monotonic() > end:
                raise UserError(f"nothing on the page matches {selector}")
            time.sleep(0.1)

    def click(self, selector):
        """Click the first visible match."""
        self.wait(selector)
        self.value(
            f"[...document.querySelectorAll({json.dumps(selector)})]"
            ".find(e => e.getClientRects().length).click()"
        )

    def fill(self, selector, text):
        """Type a text into the first visible match."""
        self.click(selector)
        self.value(
            f"[...document.querySelectorAll({json.dumps(selector)})]"
            ".find(e => e.getClientRects().length).focus()"
        )
        self.command("Input.insertText", text=text)

    def value(self, expression):
        """Return the value of a JavaScript expression, ``None`` while it fails."""
        result = self.command(
            "Runtime.evaluate", expression=expression, returnByValue=True
        )
        return result["result"].get("value")

    def picture(self, path):
        """Write what is on the screen as PNG."""
        time.sleep(0.6)  # animations and fonts
        data = self.command("Page.captureScreenshot", format="png")["data"]
        Path(path).write_bytes(base64.b64decode(data))


@contextlib.contextmanager
def open_page(*flags):
    """A tab of a new, empty browser for the block.

    :param flags: more command line options of Chromium
    """
    program = next((found for name in NAMES if (found := shutil.which(name))), None)
    if not program:
        raise UserError("there is no Chromium on PATH")
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        process = subprocess.Popen(
            [program, *FLAGS, *flags, f"--user-data-dir={profile}", "about:blank"],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env={**os.environ, "HOME": profile},
        )
        try:
            connection = websocket.create_connection(_tab(profile), timeout=60)
            yield Page(connection)
            connection.close()
        finally:
            process.terminate()
            process.wait(20)


def _tab(profile):
    """Return the websocket address of the first tab."""
    port_file = Path(profile) / "DevToolsActivePort"
    end = time.monotonic() + WAIT_SECONDS
    while time.monotonic() < end:
        # the file is there before its text is
        with contextlib.suppress(OSError, LookupError, ValueError, StopIteration):
            port = int(port_file.read_text().split()[0])
            tabs = requests.get(f"http://127.0.0.1:{port}/json", timeout=5).json()
            return next(t for t in tabs if t["type"] == "page")["webSocketDebuggerUrl"]
        time.sleep(0.1)
    raise UserError("Chromium did not start")
