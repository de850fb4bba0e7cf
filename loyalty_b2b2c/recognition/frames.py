"""Messages between this process and the worker: a JSON head and pieces of bytes."""

import json
import struct

_HEAD = struct.Struct(">I")
MAX_HEAD = 4 * 1024 * 1024


def write(stream, head, blobs=()):
    """Send one message."""
    text = json.dumps({"head": head, "sizes": [len(blob) for blob in blobs]}).encode()
    stream.write(_HEAD.pack(len(text)))
    stream.write(text)
    for blob in blobs:
        stream.write(blob)
    stream.flush()


def read(take):
    """Return the next message as ``(head, [bytes])``, ``None`` at the end.

    :param take: function that returns exactly so many bytes, fewer at the end
    """
    start = take(_HEAD.size)
    if len(start) < _HEAD.size:
        return None
    (size,) = _HEAD.unpack(start)
    if size > MAX_HEAD:
        raise ValueError("a head this long is none")
    message = json.loads(take(size))
    return message["head"], [take(size) for size in message["sizes"]]
