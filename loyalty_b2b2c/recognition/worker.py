"""The process that touches the bytes of strangers: cleans and reads, and may die.

Started by :mod:`.sandbox`; messages come on stdin and go to stdout.
"""

import os
import resource
import sys

from . import frames
from .errors import BadUpload

MEGABYTE = 1024 * 1024
#: task -> (address space in MB, seconds of processor time)
LIMITS = {"clean": (270, 20), "read": (4096, 600), "likeness": (2048, 300)}


def main(task):
    """Serve messages of one task until the other side closes."""
    memory, seconds = LIMITS[task]
    resource.setrlimit(resource.RLIMIT_AS, (memory * MEGABYTE,) * 2)
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 5))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if task != "clean":
        os.nice(10)  # people at their screens come first
    # libraries print what they like; only messages may reach the other side
    output = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    serve = {"clean": _clean, "read": _read, "likeness": _likeness}[task]
    while message := frames.read(sys.stdin.buffer.read):
        head, blobs = serve(*message)
        frames.write(output, head, blobs)


def _clean(_head, blobs):
    from . import upload

    try:
        return {"taken": upload.taken(blobs[0])}, upload.clean(blobs[0])
    except BadUpload as error:
        return {"refused": error.code}, []
    except MemoryError:
        return {"refused": "too_many_pixels"}, []


def _read(head, blobs):
    from . import reader

    wanted = head["engines"], head["many"], head["languages"]
    return {"pages": [reader.read(page, *wanted) for page in blobs]}, []


def _likeness(head, blobs):
    from . import likeness, photo

    if head["do"] == "look":
        return photo.look(blobs[0])
    views, others = blobs[: head["views"]], blobs[head["views"] :]
    return {"likeness": likeness.compare(views, others)}, []
