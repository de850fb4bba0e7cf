"""Runs the worker process and talks to it, with a deadline for every answer."""

import importlib.util
import os
import select
import subprocess
import sys
import time
from contextlib import contextmanager, suppress
from ctypes.util import find_library
from dataclasses import dataclass, field
from pathlib import Path

from . import frames, sniff
from .errors import BadUpload, ReadingFailed

FOLDER = Path(__file__).resolve().parent.parent
CLEAN_SECONDS = 25
READ_SECONDS = 120
COMPARE_SECONDS = 60
_PROGRAM = (
    "import sys; sys.path.append(sys.argv[1]); "
    "from recognition.worker import main; main(sys.argv[2])"
)


@dataclass(frozen=True, slots=True)
class Page:
    """What machines saw on one page.

    :param codes: ``(format, text)`` of the codes on it
    :param texts: engine -> rows of text, top to bottom
    :param fingerprint: 64 hexadecimal digits, alike for pictures that look alike
    """

    codes: tuple[tuple[str, str], ...] = ()
    texts: dict[str, tuple[str, ...]] = field(default_factory=dict)
    fingerprint: str = ""

    def to_json(self):
        """Return the page as JSON."""
        return {
            "codes": [list(code) for code in self.codes],
            "texts": {name: list(rows) for name, rows in self.texts.items()},
            "fingerprint": self.fingerprint,
        }

    @classmethod
    def from_json(cls, value):
        """Return a page out of :meth:`to_json` or :func:`.reader.read`."""
        return cls(
            codes=tuple((code[0], code[1]) for code in value["codes"]),
            texts={name: tuple(rows) for name, rows in value["texts"].items()},
            fingerprint=value["fingerprint"],
        )


# === WHAT IS THERE === #


def available():
    """Return which parts work here: a set of ``"codes"``, ``"text"``, ``"pdf"``,
    ``"heic"`` and ``"names"`` (the second look at Cyrillic words)."""
    libraries = {"codes": "zxingcpp", "pdf": "pypdfium2", "heic": "pi_heif"}
    abilities = {ability for ability, name in libraries.items() if _has(name)}
    if "codes" not in abilities and _has("pyzbar") and find_library("zbar"):
        abilities.add("codes")
    if engines():
        abilities.add("text")
    if "tesseract" in engines():
        abilities.add("names")
    return abilities


def engines():
    """Return the engines that read text here, the best first."""
    names = []
    if all(map(_has, ("rapidocr", "onnxruntime", "cv2"))):
        names.append("rapidocr")
    if _has("tesserocr") and _has("cv2") and tessdata():
        names.append("tesseract")
    return tuple(names)


def tessdata():
    """Return the folder with Tesseract's Ukrainian, or any, letters; or ``None``."""
    places = [os.environ.get("TESSDATA_PREFIX", "")]
    places += sorted(map(str, Path("/usr/share/tesseract-ocr").glob("*/tessdata")))
    for place in filter(None, places):
        if any(Path(place).glob("*.traineddata")):
            return place
    return None


def languages():
    """Return the languages Tesseract has networks for here, in its own names."""
    if "tesseract" not in engines():
        return []
    names = {path.stem for path in Path(tessdata()).glob("*.traineddata")}
    return sorted(names - {"osd", "equ"})


def _has(name):
    try:
        return importlib.util.find_spec(name) is not None
    except (ImportError, ValueError):
        return False


# === TASKS === #


def clean(data):
    """Return the pages of an upload as JPEGs encoded anew.

    :param bytes data: what a stranger sent
    :raise BadUpload: it is refused
    """
    return _clean(data)[1]


def clean_photo(data):
    """Return ``(JPEG encoded anew, when the camera says it was taken)`` of a photo.

    :param bytes data: what a stranger sent
    :return: the time as :func:`.upload.taken` has it
    :raise BadUpload: it is refused; a PDF is no photo
    """
    if sniff.kind(data) == "pdf":
        raise BadUpload("not_image")
    head, [page] = _clean(data)
    return page, head["taken"]


def _clean(data):
    sniff.kind(data)  # the cheap refusals need no process
    try:
        with _process("clean") as ask:
            head, pages = ask({}, [data], CLEAN_SECONDS)
    except ReadingFailed:
        # out of memory or time: a bomb, not a photo
        raise BadUpload("too_many_pixels") from None
    if "refused" in head:
        raise BadUpload(head["refused"])
    return head, pages


class _Worker:
    """A process for one task, started when it is first asked; a context manager.

    :raise ReadingFailed: (when used) the process died or took too long; the next call
        starts another one
    """

    _task = None

    def __init__(self):
        self._context = self._send = None

    def __enter__(self):
        return self

    def __exit__(self, *_exc):
        self._close()

    def _ask(self, head, blobs, seconds):
        """Return the answer of the process: ``(head, blobs)``."""
        if not self._send:
            self._context = _process(self._task)
            self._send = self._context.__enter__()
        try:
            return self._send(head, blobs, seconds)
        except BaseException:
            self._close()
            raise

    def _close(self):
        if self._context:
            context, self._context, self._send = self._context, None, None
            context.__exit__(None, None, None)


class Reader(_Worker):
    """Reads pictures, several with one start of the engines.

    :param names: engines to use; all that are installed when left out
    """

    _task = "read"

    def __init__(self, names=None):
        super().__init__()
        self.names = engines() if names is None else tuple(names)

    def look(self, pages, seconds=READ_SECONDS, many=False, languages=()):
        """Return a :class:`Page` for each JPEG.

        :param bool many: whether to look for many codes, not for the one of a receipt
        :param languages: what texts are written in, as Tesseract calls them
        :raise ReadingFailed: nothing came back
        """
        wanted = {"engines": self.names, "many": many, "languages": languages}
        head, _blobs = self._ask(wanted, pages, seconds)
        return [Page.from_json(page) for page in head["pages"]]


class Comparer(_Worker):
    """Knows photos again, several with one start."""

    _task = "likeness"

    def look(self, page):
        """Return ``(what is seen, marks)`` of a clean JPEG, see :func:`.photo.look`."""
        return self._ask({"do": "look"}, [page], COMPARE_SECONDS)

    def compare(self, views, others):
        """Return for each of other marks how surely it is the same photo, 0 to 1.

        :param views: the marks of one photo that :meth:`look` found
        """
        task = {"do": "compare", "views": len(views)}
        head, _blobs = self._ask(task, [*views, *others], COMPARE_SECONDS)
        return head["likeness"]


@contextmanager
def _process(task):
    """Start a worker; the block gets ``ask(head, blobs, seconds)``."""
    worker = subprocess.Popen(
        [sys.executable, "-c", _PROGRAM, str(FOLDER), task],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=_environment(),
    )

    def ask(head, blobs, seconds):
        deadline = time.monotonic() + seconds
        try:
            frames.write(worker.stdin, head, blobs)
            answer = frames.read(lambda size: _take(worker.stdout, size, deadline))
        except (OSError, ValueError) as error:
            raise ReadingFailed(str(error)) from error
        if answer is None:
            raise ReadingFailed("the process that reads pictures ended")
        return answer

    try:
        yield ask
    finally:
        worker.kill()
        for stream in (worker.stdin, worker.stdout):
            with suppress(OSError):  # it had died with something left to say
                stream.close()
        worker.wait()


def _environment():
    """Return the variables of a worker: nothing secret, one thread."""
    names = ("PATH", "LANG", "LD_LIBRARY_PATH", "PYTHONPATH", "PYTHONPYCACHEPREFIX")
    names += ("RAPIDOCR_MODELS",)
    values = {name: os.environ[name] for name in names if name in os.environ}
    values.update(OMP_NUM_THREADS="1", OPENBLAS_NUM_THREADS="1")
    folder = tessdata()
    if folder:
        values["TESSDATA_PREFIX"] = folder
    return values


def _take(stream, size, deadline):
    """Return ``size`` bytes of a pipe, fewer at its end.

    :raise TimeoutError: they did not come in time
    """
    chunks, missing = [], size
    while missing:
        left = deadline - time.monotonic()
        if left <= 0 or not select.select([stream], [], [], left)[0]:
            raise TimeoutError("no answer in time")
        chunk = os.read(stream.fileno(), min(missing, 1 << 20))
        if not chunk:
            break
        chunks.append(chunk)
        missing -= len(chunk)
    return b"".join(chunks)
