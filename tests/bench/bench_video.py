"""A video of 300 MB over a connection that is cut ten times: whole, in little memory.

A real server with one worker; a proxy between it and the phone closes every connection
at ten moments, in the middle of a piece.  The phone does what the page does: it asks
what is missing, sends it, waits a moment when the network is gone.
"""

import hashlib
import json
import random
import socket
import threading
import time
from datetime import date, timedelta
from urllib.parse import urlsplit

import psutil
import requests
from harness import limit, note

MEGABYTE = 1024 * 1024
SIZE = 300 * MEGABYTE
CUTS = 10
MEMORY = 200  # MB that the server may need beside what it has when it is idle
PIECE = 2 * MEGABYTE
PASSWORD = "bench-password"


def run(ctx):
    """Rows: cuts, pieces sent, whether it arrived whole, megabytes, seconds."""
    with ctx.fresh_database() as database:
        task_id = _prepare(ctx, database)
        with ctx.odoo_server(database, workers=1) as server:
            with _Cutter(server.url) as cutter, _Watch(server.pid) as watch:
                phone = _Phone(cutter, database)
                watch.begin()
                taken = phone.send(task_id)
                played = phone.play()
        with ctx.open_environment(database) as env:
            clip = env["b2b2c.activity.video"].search([])
            whole = clip.state == "ready" and clip.digest == _digest()
            left = env["b2b2c.activity.piece"].search_count([])
            stored = clip.attachment_id.file_size
    used = watch.highest - watch.idle
    return [
        limit("megabytes of the video", stored / MEGABYTE, "= 300", stored == SIZE),
        limit("cuts of the connection", cutter.cuts, ">= 10", cutter.cuts >= CUTS),
        note("pieces sent", phone.sent, SIZE // PIECE),
        limit("it arrived whole, in parts it is played", whole and played, "= 1",
              whole and played),
        limit("pieces left over", left, "= 0", not left),
        limit("memory of the server above idle, MB", used, f"<= {MEMORY}",
              used <= MEMORY),
        note("memory of the server, idle, MB", watch.idle),
        note("seconds", taken),
        note("seconds to put it together", phone.joining),
    ]  # fmt: skip


def _prepare(ctx, database):
    """Make a task with a video, and Olena who does it."""
    with ctx.open_environment(database) as env:
        import shop

        from odoo.addons.loyalty_b2b2c.tests.activities import activity_common

        made = type(
            "World",
            (activity_common.ActivityCommon,),
            {
                "env": env,
                "company": env.company,
                "days": {
                    "first_day": date.today() - timedelta(days=1),
                    "last_day": date.today() + timedelta(days=9),
                },
            },
        )
        made._ensure_chart()
        made.unit = env.ref("loyalty_b2b2c.unit_points")
        made.client = made._create_shop("Client")
        made.program = made._create_program({}, name="Prizes")
        member = made._create_seller("Olena", made._create_shop("North Shop"))
        shop.open_portal(env, member, "olena", PASSWORD)
        task = made._create_task(photo_min=0, video_use="required", video_megabytes=500)
        env.cr.commit()
        return task.id


# === THE VIDEO === #


def _piece(number):
    """Return a piece of the video: heads that are right, frames of noise."""
    data = random.Random(number).randbytes(min(PIECE, SIZE - number * PIECE))
    if number == 0:
        head = b"\0\0\0\x18ftypisom\0\0\2\0isommp42"
        data = head + data[len(head) :]
    return data


def _digest():
    digest = hashlib.sha256()
    for number in range(SIZE // PIECE):
        digest.update(_piece(number))
    return digest.hexdigest()


class _Phone:
    """What the page does, on a network that breaks."""

    def __init__(self, cutter, database):
        self.cutter, self.sent, self.joining = cutter, 0, 0
        self.http = requests.Session()
        self.http.trust_env = False
        login = {"db": database, "login": "olena", "password": PASSWORD}
        self._call("/web/session/authenticate", login)

    def send(self, task_id):
        """Send the video; the seconds it took."""
        begun = time.monotonic()
        page = self.http.get(
            f"{self.cutter.url}/my/rewards/tasks/{task_id}/photos"
        ).text
        self.csrf = page.split('name="csrf_token" value="')[1].split('"')[0]
        self.cutter.arm(SIZE, CUTS)
        while not self._try(task_id):
            time.sleep(0.2)
        return time.monotonic() - begun

    def _try(self, task_id):
        """Send what is missing; whether all has arrived."""
        base = f"/my/rewards/tasks/{task_id}/photos/video"
        words = {"token": "bench", "name": "shelf.mp4", "size": SIZE, "member": 0}
        try:
            clip = self._call(base, words)
            self.url = f"/my/rewards/tasks/video/{clip['id']}"
            for number in clip["missing"]:
                self._send_piece(number)
            before = time.monotonic()
            done = self._call(f"{self.url}/finish", {})
            self.joining = time.monotonic() - before
            return done["state"] == "ready"
        except (requests.RequestException, json.JSONDecodeError):
            return False

    def _send_piece(self, number):
        data = _piece(number)
        self.sent += 1
        answer = self.http.post(
            f"{self.cutter.url}{self.url}/{number}?csrf_token={self.csrf}",
            data=data,
            headers={
                "Content-Type": "application/octet-stream",
                "X-Piece-Sha256": hashlib.sha256(data).hexdigest(),
            },
            timeout=60,
        )
        answer.raise_for_status()

    def play(self):
        """Tell whether a part in the middle is what was sent."""
        at = 77 * PIECE - 5
        part = self.http.get(
            f"{self.cutter.url}{self.url}",
            headers={"Range": f"bytes={at}-{at + 9}"},
            timeout=60,
        )
        return part.status_code == 206 and part.content == (
            _piece(76)[-5:] + _piece(77)[:5]
        )

    def _call(self, path, params):
        body = {"jsonrpc": "2.0", "method": "call", "params": params}
        answer = self.http.post(f"{self.cutter.url}{path}", json=body, timeout=300)
        return answer.json()["result"]


# === THE NETWORK === #


class _Cutter:
    """A proxy that closes every connection after so many bytes, several times."""

    def __init__(self, url):
        split = urlsplit(url)
        self.target = (split.hostname, split.port)
        self.cuts, self._passed, self._marks = 0, 0, []
        self._open, self._lock = set(), threading.Lock()

    def __enter__(self):
        self._door = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._door.getsockname()[1]}"
        threading.Thread(target=self._listen, daemon=True).start()
        return self

    def __exit__(self, *_exception):
        self._door.close()
        self._close_all()

    def arm(self, size, cuts):
        """Cut so often, at even distances that fall into the middle of a piece."""
        step = size // (cuts + 1)
        self._marks = [self._passed + step * (one + 1) for one in range(cuts)]

    def _listen(self):
        while True:
            try:
                client, _address = self._door.accept()
            except OSError:
                return
            server = socket.create_connection(self.target)
            with self._lock:
                self._open |= {client, server}
            for pair, counts in (((client, server), True), ((server, client), False)):
                threading.Thread(
                    target=self._pass, args=(*pair, counts), daemon=True
                ).start()

    def _pass(self, source, target, counts):
        try:
            while data := source.recv(64 * 1024):
                if counts:
                    self._count(len(data))
                target.sendall(data)
        except OSError:
            return  # cut
        finally:
            for end in (source, target):
                end.close()

    def _count(self, size):
        self._passed += size
        if self._marks and self._passed >= self._marks[0]:
            self._marks.pop(0)
            self.cuts += 1
            self._close_all()

    def _close_all(self):
        with self._lock:
            ends, self._open = self._open, set()
        for end in ends:
            try:
                end.shutdown(socket.SHUT_RDWR)
            except OSError:
                continue  # closed already


# === MEMORY === #


class _Watch:
    """The most memory of a server and its workers, looked at ten times a second."""

    def __init__(self, pid):
        self._process, self._stop = psutil.Process(pid), threading.Event()
        self.idle = self.highest = 0

    def __enter__(self):
        return self

    def begin(self):
        """Take what it has now as idle: somebody has signed in."""
        self.idle = self.highest = self._measure()
        self._thread = threading.Thread(target=self._look, daemon=True)
        self._thread.start()

    def __exit__(self, *_exception):
        self._stop.set()
        self._thread.join()

    def _look(self):
        while not self._stop.wait(0.1):
            self.highest = max(self.highest, self._measure())

    def _measure(self):
        """Return the megabytes that are the processes' own."""
        total = 0
        for one in [self._process, *self._process.children(recursive=True)]:
            try:
                total += one.memory_full_info().uss
            except psutil.NoSuchProcess:
                continue
        return total / MEGABYTE
